-- Rows of `command` are written by begin_command alone: what its caller says is looked at once there, instead of by a constraint per column
-- at every insert (a constraint's expression is read anew by every statement; seven of them cost a tenth of an audited command).
DO $drop$
DECLARE
  rule text;
BEGIN
  FOR rule IN SELECT conname FROM pg_constraint WHERE conrelid = 'lineside.command'::regclass AND contype = 'c' AND conname LIKE '%\_plain' LOOP
    EXECUTE format('ALTER TABLE lineside.command DROP CONSTRAINT %I', rule);
  END LOOP;
END
$drop$;

-- The same rule as plain_text.sql: a length, no control character, no sign that turns the writing direction round.
CREATE FUNCTION demand_plain(p_text text, p_longest integer, p_table text, p_column text) RETURNS void LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  IF length(p_text) > p_longest OR p_text ~ '[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]' THEN
    RAISE EXCEPTION '% of % is too long or holds signs that cannot be seen', p_column, p_table USING ERRCODE = 'check_violation',
      TABLE = p_table, COLUMN = p_column, CONSTRAINT = p_table || '_' || p_column || '_plain';
  END IF;
END $$;
REVOKE EXECUTE ON FUNCTION demand_plain FROM PUBLIC;

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
  VALUES (p_id, p_name, session_user, here.station, my_chain, p_digest, nullif(btrim(p_reason), ''))
  ON CONFLICT (id) DO NOTHING;
  IF FOUND THEN
    IF p_right IS NOT NULL THEN PERFORM lineside.demand_somewhere(p_right); END IF;
    RETURN NULL;
  END IF;
  SELECT * INTO first_time FROM lineside.command WHERE id = p_id;
  IF first_time.who <> session_user OR first_time.digest <> p_digest THEN
    RAISE EXCEPTION 'command % was already given by % with other content', p_id, first_time.who USING ERRCODE = 'LS001';
  END IF;
  RETURN jsonb_build_object('result', first_time.result);
END $$;

CREATE OR REPLACE FUNCTION finish_command(p_result jsonb) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF length(p_result::text) > 20000 THEN PERFORM lineside.demand_plain(p_result::text, 20000, 'command', 'result'); END IF;
  UPDATE lineside.command SET result = p_result WHERE tx = pg_current_xact_id_if_assigned() AND who = session_user;
END $$;
