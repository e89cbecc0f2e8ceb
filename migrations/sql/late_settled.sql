-- A draft comes to its end once: its author gives it as the order it is, a second person signs for it, or it is dropped with a reason. Nobody settles silently.

CREATE FUNCTION late_is_on_record(p_id uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT EXISTS (SELECT FROM lineside.command c WHERE c.id = p_id)
$$;

CREATE FUNCTION demand_late_waits(p_id uuid) RETURNS late_entry LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  kept lineside.late_entry;
BEGIN
  SELECT * INTO kept FROM lineside.late_entry e WHERE e.id = p_id FOR NO KEY UPDATE;     -- of two who settle it at once one waits and sees the other
  IF kept.id IS NULL OR EXISTS (SELECT FROM lineside.late_settlement s WHERE s.id = p_id) THEN
    RAISE EXCEPTION 'entry % does not wait any more', p_id USING ERRCODE = 'LS182';
  END IF;
  RETURN kept;
END $$;

-- The author gives it under its own identity: begin_command calls this. Anybody else, or other content, is refused.
CREATE FUNCTION confirm_own_late(p_id uuid, p_name text, p_digest bytea) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  kept lineside.late_entry := lineside.demand_late_waits(p_id);
BEGIN
  IF kept.author <> session_user THEN
    RAISE EXCEPTION 'entry % is of %', p_id, kept.author USING ERRCODE = 'LS183', DETAIL = jsonb_build_object('who', kept.author)::text;
  END IF;
  IF kept.kind <> p_name OR kept.digest <> p_digest THEN
    RAISE EXCEPTION 'entry % was kept with other content', p_id USING ERRCODE = 'LS184';
  END IF;
  INSERT INTO lineside.late_settlement (id, how, record) VALUES (p_id, 'confirmed', kept.record);
END $$;

-- A second person signs for it, in one transaction with the record it becomes.
CREATE FUNCTION confirm_late_entry(p_id uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  kept lineside.late_entry := lineside.demand_late_waits(p_id);
BEGIN
  IF lineside.late_is_on_record(p_id) THEN RAISE EXCEPTION 'entry % is on record', p_id USING ERRCODE = 'LS182'; END IF;
  IF NOT lineside.signed_in_this_transaction('late_entry', p_id, 'confirmed') THEN
    RAISE EXCEPTION 'entry % is of %', p_id, kept.author USING ERRCODE = 'LS183', DETAIL = jsonb_build_object('who', kept.author)::text;
  END IF;
  INSERT INTO lineside.late_settlement (id, how, record) VALUES (p_id, 'signed', kept.record);
END $$;

CREATE FUNCTION drop_late_entry(p_id uuid, p_reason text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  kept lineside.late_entry := lineside.demand_late_waits(p_id);
BEGIN
  IF lineside.late_is_on_record(p_id) THEN RAISE EXCEPTION 'entry % is on record', p_id USING ERRCODE = 'LS182'; END IF;
  IF coalesce(btrim(p_reason), '') = '' THEN
    RAISE EXCEPTION 'why is it dropped?' USING ERRCODE = 'LS011', DETAIL = jsonb_build_object('table', 'late_entry')::text;
  END IF;
  IF kept.author <> session_user AND NOT lineside.signed_in_this_transaction('late_entry', p_id, 'set aside') THEN
    RAISE EXCEPTION 'entry % is of %', p_id, kept.author USING ERRCODE = 'LS183', DETAIL = jsonb_build_object('who', kept.author)::text;
  END IF;
  INSERT INTO lineside.late_settlement (id, how, reason) VALUES (p_id, 'dropped', p_reason);
END $$;

-- At commit, whatever the order of statements: what is called late is on record, and is what was kept.
CREATE FUNCTION late_record_stands() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  kept lineside.late_entry;
BEGIN
  SELECT * INTO kept FROM lineside.late_entry e WHERE e.id = NEW.id;
  IF lineside.late_record_is(kept, NEW.settled_by) IS NOT TRUE THEN
    RAISE EXCEPTION 'the record is not what was kept of entry %', NEW.id USING ERRCODE = 'LS184';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER late_record_stands AFTER INSERT ON late_settlement DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.how <> 'dropped')
  EXECUTE FUNCTION late_record_stands();
ALTER TABLE late_settlement ENABLE ALWAYS TRIGGER late_record_stands;

-- As before; an order whose identity lies here as a draft is that draft, or it is refused.
CREATE OR REPLACE FUNCTION begin_command(p_id uuid, p_name text, p_digest bytea, p_reason text, p_right text DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  here lineside.login_record;
  my_chain text;
  first_time lineside.command;
BEGIN
  PERFORM lineside.demand_plain(p_name, 200, 'command', 'name');
  IF p_reason IS NOT NULL THEN PERFORM lineside.demand_plain(p_reason, 500, 'command', 'reason'); END IF;
  IF length(p_digest) > 2048 THEN PERFORM lineside.demand_plain(encode(p_digest, 'hex'), 4096, 'command', 'digest'); END IF;
  here := lineside.this_login();
  my_chain := lineside.chain_of(here);
  PERFORM pg_advisory_xact_lock(hashtextextended(my_chain, 4951763));
  INSERT INTO lineside.command (id, name, who, station, chain, digest, reason)
  VALUES (p_id, p_name, session_user, here.station, my_chain, p_digest, CASE WHEN btrim(p_reason) <> '' THEN p_reason END)
  ON CONFLICT (id) DO NOTHING;
  IF FOUND THEN
    IF p_right IS NOT NULL THEN PERFORM lineside.demand_somewhere(p_right); END IF;
    IF EXISTS (SELECT FROM lineside.late_entry e WHERE e.id = p_id) THEN PERFORM lineside.confirm_own_late(p_id, p_name, p_digest); END IF;
    RETURN NULL;
  END IF;
  SELECT * INTO first_time FROM lineside.command WHERE id = p_id;
  IF first_time.who <> session_user OR first_time.digest <> p_digest THEN
    RAISE EXCEPTION 'command % was already given by % with other content', p_id, first_time.who USING ERRCODE = 'LS001';
  END IF;
  PERFORM lineside.wait_as_the_first_time();
  RETURN jsonb_build_object('result', first_time.result);
END $$;

REVOKE EXECUTE ON FUNCTION late_is_on_record, demand_late_waits, confirm_own_late, confirm_late_entry, drop_late_entry, late_record_stands FROM PUBLIC;
GRANT EXECUTE ON FUNCTION confirm_late_entry, drop_late_entry TO lineside_person;
