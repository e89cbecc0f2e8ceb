-- Five wrong passwords of one person at one station within a quarter of an hour close that station to that person for a quarter of an hour, whatever comes then;
-- a right password in between begins the count anew. Other stations stay open: nobody locks a colleague out of the plant. A supervisor is called.
-- What the server refuses it does not tell to SQL: the station reports it. Past the stations (psql) the server's own auth_delay stands in the way.

CREATE INDEX login_record_who ON login_record (who, station, at) WHERE station IS NOT NULL;                -- locked_until: asked at every login at a station
CREATE INDEX sign_in_failure_who ON sign_in_failure (login, station, at);

CREATE FUNCTION failures_since(p_login text, p_station text) RETURNS TABLE (many integer, last_at timestamptz) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT count(*)::integer, max(f.at) FROM lineside.sign_in_failure f
   WHERE f.login = p_login AND f.station = p_station
     AND f.at > greatest(clock_timestamp() - interval '15 min', (SELECT max(l.at) FROM lineside.login_record l WHERE l.who = p_login AND l.station = p_station))
$$;
CREATE FUNCTION locked_until(p_login text, p_station text) RETURNS timestamptz LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT last_at + interval '15 min' FROM lineside.failures_since(p_login, p_station) WHERE many >= 5
$$;

-- Only the database calls for this, in the name of the station.
ALTER TABLE task DROP CONSTRAINT task_call_known;
ALTER TABLE task ADD CONSTRAINT task_call_known CHECK (kind <> 'call' OR coalesce(facts ->> 'topic' IN ('material', 'quality', 'maintenance', 'safety')
  OR (facts ->> 'topic' = 'sign_in' AND starts_with(opened_by, 'lineside_station_')), false));

CREATE OR REPLACE FUNCTION report_failed_sign_in(p_login text) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  here lineside.station;
  so_far integer;
BEGIN
  SELECT * INTO here FROM lineside.station WHERE role_name = session_user;
  IF here.code IS NULL THEN RAISE EXCEPTION 'only a station reports failed sign-ins' USING ERRCODE = 'LS010'; END IF;
  SELECT count(*) INTO so_far FROM lineside.sign_in_failure WHERE login = p_login AND station = here.code AND at > clock_timestamp() - interval '15 min';
  -- Names that do not exist are not stored, and nobody's more than 20 times in 15 minutes: a flood leaves the table bounded.
  IF so_far < 20 AND EXISTS (SELECT FROM lineside.person WHERE login = p_login) THEN
    INSERT INTO lineside.sign_in_failure (login, station) VALUES (p_login, here.code);
    so_far := so_far + 1;
  END IF;
  IF (SELECT many FROM lineside.failures_since(p_login, here.code)) = 5 THEN
    INSERT INTO lineside.task (id, kind, subject_kind, subject_id, site, station, for_job, facts)
    VALUES (uuidv7(), 'call', 'station', here.id, here.site, here.code, 'supervisor', jsonb_build_object('topic', 'sign_in', 'login', p_login))
    ON CONFLICT DO NOTHING;                                                                                -- one stands there for this station already
  END IF;
  RETURN so_far;
END $$;

CREATE OR REPLACE FUNCTION on_login() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  started timestamptz;
  asked text := current_setting('lineside.purpose', true);
  ticket text := current_setting('lineside.ticket', true);
  here text;
  closed timestamptz;
  person_row lineside.person;
  station_row lineside.station;
BEGIN
  IF pg_is_in_recovery() THEN RETURN; END IF;
  SELECT backend_start INTO started FROM pg_stat_get_activity(pg_backend_pid());
  SELECT * INTO person_row FROM lineside.person WHERE login = session_user;
  IF FOUND AND NOT person_row.enabled THEN
    RAISE EXCEPTION 'the account % is locked', session_user USING ERRCODE = 'LS101';
  END IF;
  SELECT * INTO station_row FROM lineside.station WHERE role_name = session_user;
  IF FOUND THEN
    IF NOT station_row.enabled THEN
      RAISE EXCEPTION 'the station % is locked', station_row.code USING ERRCODE = 'LS101';
    END IF;
    here := station_row.code;
    INSERT INTO lineside.login_record (who, pid, backend_start, purpose, station, own_secret) VALUES (session_user, pg_backend_pid(), started, 'station', here, false);
    RETURN;
  END IF;
  IF ticket IS NOT NULL AND ticket <> '' THEN
    DELETE FROM lineside.station_ticket t USING lineside.station s
     WHERE t.digest = sha256(convert_to(ticket, 'UTF8')) AND s.id = t.station AND s.enabled AND t.made_at > clock_timestamp() - interval '60 s'
    RETURNING s.code INTO here;
    closed := lineside.locked_until(session_user, here);
    IF closed > clock_timestamp() THEN
      RAISE EXCEPTION 'LS121 closed here for % min', ceil(extract(epoch FROM closed - clock_timestamp()) / 60) USING ERRCODE = 'LS121';
    END IF;
  END IF;
  INSERT INTO lineside.login_record (who, pid, backend_start, purpose, station, own_secret)
  VALUES (session_user, pg_backend_pid(), started, CASE WHEN asked IN ('work', 'sign') THEN asked ELSE 'shell' END, here,
          lineside.secret_is_own(session_user));
END $$;

REVOKE EXECUTE ON FUNCTION failures_since, locked_until FROM PUBLIC;
