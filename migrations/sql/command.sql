-- One command = one transaction, with an identity the client made: asking again returns the first answer.

-- Returns NULL when the command is new and may go on; else {"result": …}, the answer of the first time.
-- The station's chain is locked first, so that two connections of one station cannot lock each other out (40P01).
-- p_right: what the command declares (NULL: everybody's, or signed, where the signature asks for it); a command cannot forget it. Its gates ask again, with the site.
CREATE FUNCTION begin_command(p_id uuid, p_name text, p_digest bytea, p_reason text, p_right text DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  here lineside.login_record;
  my_chain text;
  first_time lineside.command;
BEGIN
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

CREATE FUNCTION finish_command(p_result jsonb) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  UPDATE lineside.command SET result = p_result WHERE tx = pg_current_xact_id_if_assigned() AND who = session_user
$$;

-- After a lost reply: did it go through? NULL = no trace of it (yet); asked by the same person, or by any person for a signed command of this station.
CREATE FUNCTION outcome(p_id uuid) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT jsonb_build_object('result', c.result, 'at', c.at) FROM lineside.command c
   WHERE c.id = p_id AND (c.who = session_user OR c.station = (lineside.this_login()).station)
$$;
