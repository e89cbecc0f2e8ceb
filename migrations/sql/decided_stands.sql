-- A decided deviation counts for a release only while everything its disposition demands still stands: signed over this version and this content.
CREATE FUNCTION decisions_stand(p_kind text, p_subject uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT NOT EXISTS (SELECT FROM lineside.deviation d JOIN lineside.disposition_rule r ON r.class = d.class AND r.disposition = d.disposition
                     WHERE d.subject_kind = p_kind AND d.subject_id = p_subject AND d.status = 'decided'
                       AND NOT r.meanings <@ lineside.standing_meanings('deviation', d.id))
$$;
GRANT EXECUTE ON FUNCTION decisions_stand TO lineside_person;

CREATE FUNCTION lot_decisions_stand() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF NOT lineside.decisions_stand('lot', NEW.id) THEN
    RAISE EXCEPTION 'a deviation of lot % was changed after it was signed', NEW.code USING ERRCODE = 'LS035', DETAIL = jsonb_build_object('lot', NEW.code)::text;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER lot_decisions_stand AFTER UPDATE OF status ON lot DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.status IS DISTINCT FROM NEW.status AND NEW.status = 'released') EXECUTE FUNCTION lot_decisions_stand();
ALTER TABLE lot ENABLE ALWAYS TRIGGER lot_decisions_stand;
REVOKE EXECUTE ON FUNCTION lot_decisions_stand FROM PUBLIC;

-- The verdict of a complete inspection is said of the packs that were here: another pack would be released unseen.
-- The inspection's row is locked by who completes it; the share lock here makes one of the two wait and see what the other left.
CREATE FUNCTION receipt_before_verdict() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  done text;
BEGIN
  PERFORM FROM lineside.inspection i WHERE i.lot = NEW.lot FOR SHARE;
  SELECT l.code INTO done FROM lineside.inspection i JOIN lineside.lot l ON l.id = i.lot WHERE i.lot = NEW.lot AND i.status = 'complete' LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the inspection of lot % is complete: nothing is added to it', done USING ERRCODE = 'LS048', DETAIL = jsonb_build_object('lot', done)::text;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER receipt_before_verdict BEFORE INSERT ON receipt FOR EACH ROW EXECUTE FUNCTION receipt_before_verdict();
ALTER TABLE receipt ENABLE ALWAYS TRIGGER receipt_before_verdict;
REVOKE EXECUTE ON FUNCTION receipt_before_verdict FROM PUBLIC;
