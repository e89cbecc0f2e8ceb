-- What somebody said is stored as it was said, or refused; it is not shortened and not trimmed. The lengths stand in the tables' own constraints.

CREATE OR REPLACE FUNCTION destroy_label(p_label uuid, p_reason text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  known lineside.label;
  piece lineside.unit;
BEGIN
  SELECT * INTO known FROM lineside.label WHERE id = p_label AND kind = 'unit';
  piece := lineside.demand_labelling(known.subject_id);
  SELECT * INTO known FROM lineside.label WHERE id = p_label FOR NO KEY UPDATE;
  IF coalesce(btrim(p_reason), '') = '' THEN
    RAISE EXCEPTION 'why is it destroyed?' USING ERRCODE = 'LS011', DETAIL = jsonb_build_object('table', 'label')::text;
  END IF;
  UPDATE lineside.label SET status = 'destroyed', detail = p_reason, ended_by = session_user, ended_at = clock_timestamp() WHERE id = p_label;
  IF known.status = 'applied' AND piece.status = 'labelled' THEN UPDATE lineside.unit SET status = 'made' WHERE id = piece.id; END IF;
END $$;

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
    RETURN NULL;
  END IF;
  SELECT * INTO first_time FROM lineside.command WHERE id = p_id;
  IF first_time.who <> session_user OR first_time.digest <> p_digest THEN
    RAISE EXCEPTION 'command % was already given by % with other content', p_id, first_time.who USING ERRCODE = 'LS001';
  END IF;
  PERFORM lineside.wait_as_the_first_time();
  RETURN jsonb_build_object('result', first_time.result);
END $$;
