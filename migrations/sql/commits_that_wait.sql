-- A commit is acknowledged when it is on the server's disk and, where the plant has a synchronous standby, on the second copy too.

-- Any session may ask for less (`synchronous_commit`): by a start-up option or a setting of its own role. Nothing but its own last rows is at risk by it,
-- and the server cannot forbid it; so the login that begins that way says so for good. What the server's own settings say is the plant's decision.
CREATE FUNCTION weakened_commit() RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN current_setting('synchronous_commit') IN ('off', 'local', 'remote_write')        -- seldom: all settings are read only then
    THEN (SELECT setting FROM pg_settings WHERE name = 'synchronous_commit' AND source IN ('client', 'user', 'database user')) END
$$;
REVOKE EXECUTE ON FUNCTION weakened_commit FROM PUBLIC;
ALTER TABLE login_record ADD COLUMN weakened text CHECK (weakened IN ('off', 'local', 'remote_write'));     -- NULL: its commits wait as the server says
ALTER TABLE login_record ALTER COLUMN weakened SET DEFAULT lineside.weakened_commit();                      -- whatever function writes the record

-- Somebody may end a commit's wait for the second copy, or the server may come back from a crash in the middle of it: the row is there and nobody has promised
-- that it stays. Asked again, nothing would be written and PostgreSQL would not wait. One empty message in the log makes the second answer wait like the first.
-- begin_command asks for it too (stored_as_said.sql).
CREATE FUNCTION wait_as_the_first_time() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_logical_emit_message(true, 'lineside', '');
END $$;
REVOKE EXECUTE ON FUNCTION wait_as_the_first_time FROM PUBLIC;

CREATE OR REPLACE FUNCTION outcome(p_id uuid) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  told jsonb;
BEGIN
  SELECT jsonb_build_object('result', c.result, 'at', c.at) INTO told FROM lineside.command c
   WHERE c.id = p_id AND (c.who = session_user OR c.station = (lineside.this_login()).station);
  IF told IS NOT NULL THEN PERFORM lineside.wait_as_the_first_time(); END IF;
  RETURN told;
END $$;

CREATE OR REPLACE FUNCTION store_samples(p_id uuid, p_machine text, p_channels text[], p_at timestamptz[], p_values numeric[], p_qualities text[], p_cycles bigint[], p_raw text[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' AS $$
DECLARE
  here lineside.station;
  the_machine lineside.asset;
  n integer := coalesce(array_length(p_channels, 1), 0);
  earliest timestamptz; latest timestamptz; known integer;
  told bytea;
BEGIN
  SELECT * INTO here FROM lineside.station s WHERE s.role_name = session_user AND s.enabled;
  SELECT * INTO the_machine FROM lineside.asset a WHERE a.code = p_machine AND lineside.is_machine(a.kind) AND a.active;
  IF here.id IS NULL OR the_machine.site IS DISTINCT FROM here.site THEN
    RAISE EXCEPTION 'machine % does not stand at the site of a station of ours', p_machine USING ERRCODE = 'LS066', DETAIL = jsonb_build_object('machine', p_machine)::text;
  END IF;
  SELECT min(a), max(a), count(*) INTO earliest, latest, known FROM unnest(p_at) a;
  IF n NOT BETWEEN 1 AND 10000 OR known <> n OR NOT (array_length(p_values, 1), array_length(p_qualities, 1), array_length(p_cycles, 1), array_length(p_raw, 1)) = (n, n, n, n)
     OR latest > clock_timestamp() + interval '1 hour' OR earliest < clock_timestamp() - interval '60 days' THEN
    RAISE EXCEPTION 'a batch of % has no form that can be stored', p_machine USING ERRCODE = 'LS067', DETAIL = jsonb_build_object('machine', p_machine)::text;
  END IF;
  SELECT sha256(convert_to(string_agg(lineside.part(c.id::text, s.at::text, s.value::text, s.quality, s.cycle::text, s.raw), ';' ORDER BY c.id, s.at), 'UTF8')), count(c.id)
    INTO told, known
    FROM unnest(p_channels, p_at, p_values, p_qualities, p_cycles, p_raw) AS s (name, at, value, quality, cycle, raw)
    LEFT JOIN lineside.channel c ON c.machine = the_machine.id AND c.name = s.name;
  IF known <> n THEN
    RAISE EXCEPTION 'machine % has a channel that nobody entered', p_machine USING ERRCODE = 'LS066', DETAIL = jsonb_build_object('machine', p_machine)::text;
  END IF;
  -- Before the first row is written: making a month locks the tables it refers to, and two stations that both wrote would wait for each other.
  PERFORM lineside.sample_month(m) FROM (SELECT DISTINCT date_trunc('month', a) AS m FROM unnest(p_at) a) months;
  INSERT INTO lineside.sample_batch (id, machine, station, samples, first_at, last_at, digest) VALUES (p_id, the_machine.id, here.code, n, earliest, latest, told)
  ON CONFLICT (id) DO NOTHING;
  IF NOT FOUND THEN
    IF (SELECT b.digest FROM lineside.sample_batch b WHERE b.id = p_id) IS DISTINCT FROM told THEN
      RAISE EXCEPTION 'batch % was stored with other content', p_id USING ERRCODE = 'LS068';
    END IF;
    PERFORM lineside.wait_as_the_first_time();
    RETURN;
  END IF;
  INSERT INTO lineside.sample (channel, at, value, quality, cycle, raw, batch)
  SELECT c.id, s.at, s.value, s.quality, s.cycle, s.raw, p_id
    FROM unnest(p_channels, p_at, p_values, p_qualities, p_cycles, p_raw) AS s (name, at, value, quality, cycle, raw)
    JOIN lineside.channel c ON c.machine = the_machine.id AND c.name = s.name;
END $$;

CREATE OR REPLACE FUNCTION call_from_station(p_command uuid, p_topic text, OUT call_id uuid, OUT called_at timestamptz, OUT is_new boolean) LANGUAGE plpgsql SECURITY DEFINER
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
  IF FOUND THEN
    PERFORM lineside.wait_as_the_first_time();
    RETURN;
  END IF;
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
