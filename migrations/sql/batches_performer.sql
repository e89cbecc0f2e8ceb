-- "Performed" is signed by somebody who did some of what it covers. Who verifies had no hand in any of it (performers).

CREATE FUNCTION performer_has_a_hand() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM lineside.batch_step s JOIN lineside.batch_step c ON c.batch = s.batch AND s.spec -> 'signs' ? c.key
                 CROSS JOIN LATERAL lineside.hands_in_step(c.id) h WHERE s.id = NEW.subject_id AND h = NEW.signer) THEN
    RAISE EXCEPTION '% had no hand in what is signed as performed', NEW.signer USING ERRCODE = 'LS114', DETAIL = jsonb_build_object('who', NEW.signer)::text;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER performer_has_a_hand BEFORE INSERT ON signature FOR EACH ROW
  WHEN (NEW.subject_kind = 'batch_step' AND NEW.meaning = 'performed') EXECUTE FUNCTION performer_has_a_hand();
ALTER TABLE signature ENABLE ALWAYS TRIGGER performer_has_a_hand;
