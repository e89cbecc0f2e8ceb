-- A station calls for help before anybody has signed in: who cannot sign in needs help most. Its role may do this and nothing else with tasks.

-- Which job a call goes to; NULL: nobody is called for such a thing.
CREATE FUNCTION job_called(p_topic text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE p_topic WHEN 'material' THEN 'supervisor' WHEN 'quality' THEN 'quality' WHEN 'maintenance' THEN 'supervisor' WHEN 'safety' THEN 'supervisor' END
$$;
-- Nor does a call stand for anything else, by whatever way it came: every station reads them aloud. (The words again: a function here would cost 4 µs a row.)
ALTER TABLE task ADD CONSTRAINT task_call_known CHECK (kind <> 'call' OR coalesce(facts ->> 'topic' IN ('material', 'quality', 'maintenance', 'safety'), false));

-- The bound of a flood, held against any number of connections and snapshots. A call that somebody takes makes room for the next one.
CREATE UNIQUE INDEX task_station_call ON task (opened_by, (facts ->> 'topic')) WHERE kind = 'call' AND status = 'open' AND starts_with(opened_by, 'lineside_station_');

-- p_command: asking again with the same one calls nobody twice. The identity of the call is the database's: a stolen station names no row of its choice.
-- Gives the call that stands, which may be an earlier one by whomever (is_new = false): a second shout for the same at the same place helps nobody.
CREATE FUNCTION call_from_station(p_command uuid, p_topic text, OUT call_id uuid, OUT called_at timestamptz, OUT is_new boolean) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  here lineside.station;
  job text := lineside.job_called(p_topic);
BEGIN
  SELECT * INTO here FROM lineside.station WHERE role_name = session_user AND enabled;
  IF NOT FOUND THEN RAISE EXCEPTION 'only an enabled station calls without a person' USING ERRCODE = 'LS010'; END IF;
  IF job IS NULL THEN RAISE EXCEPTION 'nobody is called for %', coalesce(p_topic, 'nothing') USING ERRCODE = 'LS091'; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended(lineside.current_chain(), 4951763));       -- the chain it writes to: two at once find each other
  SELECT t.id, t.opened_at, true INTO call_id, called_at, is_new FROM lineside.command c JOIN lineside.task t ON t.id = (c.result ->> 'call')::uuid
   WHERE c.id = p_command AND c.who = session_user AND c.name = 'CallFromStation' AND t.station = here.code AND t.facts ->> 'topic' = p_topic;
  IF FOUND THEN RETURN; END IF;
  SELECT t.id, t.opened_at, false INTO call_id, called_at, is_new FROM lineside.task t
   WHERE t.site = here.site AND t.station = here.code AND t.kind = 'call' AND t.status = 'open' AND t.facts ->> 'topic' = p_topic ORDER BY t.opened_at LIMIT 1;
  IF FOUND THEN RETURN; END IF;
  PERFORM lineside.begin_command(p_command, 'CallFromStation', sha256(convert_to('CallFromStation ' || p_topic, 'UTF8')), NULL);
  INSERT INTO lineside.task (id, kind, subject_kind, subject_id, site, station, for_job, facts)
  VALUES (uuidv7(), 'call', 'station', here.id, here.site, here.code, job, jsonb_build_object('topic', p_topic))
  RETURNING id, opened_at INTO call_id, called_at;
  PERFORM lineside.finish_command(jsonb_build_object('call', call_id));
  is_new := true;
END $$;

-- What the sign-in shows: this station's own calls that nobody has ended, and who is coming.
CREATE FUNCTION calls_here() RETURNS TABLE (id uuid, topic text, opened_at timestamptz, taken_by_en text, taken_by_zh text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT t.id, t.facts ->> 'topic', t.opened_at, p.name_en, p.name_zh
    FROM lineside.task t JOIN lineside.station s ON s.code = t.station AND s.site = t.site LEFT JOIN lineside.person p ON p.login = t.taken_by
   WHERE s.role_name = session_user AND t.kind = 'call' AND t.status <> 'done' ORDER BY t.opened_at, t.id LIMIT 20
$$;

REVOKE EXECUTE ON FUNCTION job_called, call_from_station, calls_here FROM PUBLIC;
GRANT EXECUTE ON FUNCTION job_called TO lineside_person;
GRANT EXECUTE ON FUNCTION call_from_station, calls_here TO lineside_station;
