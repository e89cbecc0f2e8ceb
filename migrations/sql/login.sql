-- Who is at the other end of this connection, said by the server and not by the client.

CREATE FUNCTION secret_is_own(p_login text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT EXISTS (SELECT FROM pg_authid a JOIN lineside.person p ON p.login = a.rolname JOIN lineside.person_secret s ON s.id = p.id
                 WHERE a.rolname = p_login AND s.digest = sha256(convert_to(a.rolpassword, 'UTF8')))
$$;

CREATE FUNCTION on_login() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  started timestamptz;
  asked text := current_setting('lineside.purpose', true);
  ticket text := current_setting('lineside.ticket', true);
  here text;
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
  END IF;
  INSERT INTO lineside.login_record (who, pid, backend_start, purpose, station, own_secret)
  VALUES (session_user, pg_backend_pid(), started, CASE WHEN asked IN ('work', 'sign') THEN asked ELSE 'shell' END, here,
          lineside.secret_is_own(session_user));
END $$;

-- Every login of a server process writes its record before anything else can happen on it: the newest record of this process is this login.
CREATE FUNCTION this_login() RETURNS login_record LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  mine lineside.login_record;
BEGIN
  SELECT * INTO mine FROM lineside.login_record WHERE pid = pg_backend_pid() ORDER BY id DESC LIMIT 1;
  IF mine.who IS DISTINCT FROM session_user THEN RETURN NULL; END IF;
  RETURN mine;
END $$;

-- A chain per station and kind; whoever comes past the stations has a chain of his own.
CREATE FUNCTION chain_of(p_login login_record) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN p_login.station IS NULL THEN 'direct:' || session_user
              ELSE p_login.station || CASE p_login.purpose WHEN 'sign' THEN '/sign' WHEN 'station' THEN '/device' ELSE '/ui' END END
$$;
CREATE FUNCTION current_chain() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT lineside.chain_of(lineside.this_login())
$$;

-- A right counts with a scope: membership of the right's role, through a job the person has at that site and line.
CREATE FUNCTION may(p_right text, p_site uuid, p_line text DEFAULT NULL) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT pg_has_role(session_user, 'lineside_may_' || p_right, 'USAGE')
     AND EXISTS (SELECT FROM lineside.scope s JOIN lineside.person p ON p.id = s.person
                 WHERE p.login = session_user AND p.enabled AND (p_site IS NULL OR s.site = p_site)
                   AND (s.line IS NULL OR p_line IS NULL OR s.line = p_line)
                   AND pg_has_role(session_user, 'lineside_' || s.job, 'USAGE')
                   AND pg_has_role('lineside_' || s.job, 'lineside_may_' || p_right, 'USAGE'))
$$;

-- No site, no right: what hangs on nothing (a lot that does not exist) is refused here and not waved through.
CREATE FUNCTION demand(p_right text, p_site uuid) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF p_site IS NULL OR NOT lineside.may(p_right, p_site) THEN
    RAISE EXCEPTION '% may not % at this site', session_user, p_right USING ERRCODE = 'LS010', DETAIL = jsonb_build_object('right', p_right, 'who', session_user)::text;
  END IF;
END $$;

-- For what belongs to no single site (items, suppliers, accounts): the right at any site.
CREATE FUNCTION demand_somewhere(p_right text) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF NOT lineside.may(p_right, NULL) THEN
    RAISE EXCEPTION '% may not %', session_user, p_right USING ERRCODE = 'LS010', DETAIL = jsonb_build_object('right', p_right, 'who', session_user)::text;
  END IF;
END $$;

-- Readings come from instruments, and instruments stand at stations: a connection that proves no station has none.
CREATE FUNCTION demand_station() RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF (lineside.this_login()).station IS NULL THEN
    RAISE EXCEPTION 'a reading is taken at a station, and this connection proves none' USING ERRCODE = 'LS057';
  END IF;
END $$;
