-- People and stations as roles. These functions belong to lineside_people, the only role that may make or alter logins.
-- Clients send a SCRAM verifier made on their side; no clear password reaches the server or its log.

CREATE FUNCTION check_verifier(p_verifier text) RETURNS void LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- exactly what the server itself would store (salt of 16 bytes or more, two keys of 32): anything else it would take for a clear password
  IF p_verifier !~ '^SCRAM-SHA-256\$[1-9][0-9]{3,6}:([A-Za-z0-9+/]{4}){5,}([A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$' THEN
    RAISE EXCEPTION 'a SCRAM-SHA-256 verifier is wanted, never a clear password' USING ERRCODE = 'LS014';
  END IF;
END $$;

-- A new person may sign in with the first secret, and must set an own one before anything can be signed (own_secret is false until then).
CREATE FUNCTION create_person(p_id uuid, p_login text, p_name_en text, p_name_zh text, p_badge text, p_identity_check text, p_verifier text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  PERFORM lineside.demand_or_installer('manage_people', NULL);
  PERFORM lineside.check_verifier(p_verifier);
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = p_login) OR EXISTS (SELECT FROM lineside.person WHERE login = p_login) THEN
    RAISE EXCEPTION 'the name % was used before', p_login USING ERRCODE = 'LS018', DETAIL = jsonb_build_object('login', p_login)::text;
  END IF;
  INSERT INTO lineside.person (id, login, name_en, name_zh, badge, enabled_check) VALUES (p_id, p_login, p_name_en, p_name_zh, p_badge, p_identity_check);
  EXECUTE format('CREATE ROLE %I LOGIN PASSWORD %L CONNECTION LIMIT 12', p_login, p_verifier);
  EXECUTE format('GRANT lineside_person TO %I WITH SET FALSE, INHERIT TRUE', p_login);
END $$;

CREATE FUNCTION give_job(p_id uuid, p_person uuid, p_job text, p_site uuid, p_line text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  who text := (SELECT login FROM lineside.person WHERE id = p_person);
BEGIN
  -- a site that has no administrator yet is staffed by any other's
  PERFORM lineside.demand_or_installer('manage_people', CASE WHEN EXISTS (SELECT FROM lineside.scope WHERE site = p_site AND job = 'administrator') THEN p_site END);
  IF who = session_user THEN
    RAISE EXCEPTION 'nobody gives himself a job' USING ERRCODE = 'LS017';
  END IF;
  IF p_job NOT IN ('operator', 'receiver', 'inspector', 'supervisor', 'quality', 'regulatory', 'engineer', 'planner', 'administrator', 'auditor') THEN
    RAISE EXCEPTION 'there is no job %', p_job USING ERRCODE = 'LS015';
  END IF;
  INSERT INTO lineside.scope (id, person, job, site, line) VALUES (p_id, p_person, p_job, p_site, p_line);
  EXECUTE format('GRANT %I TO %I WITH SET FALSE, INHERIT TRUE', 'lineside_' || p_job, who);
END $$;

-- Stripping: only here, as the grantor; a superuser's plain REVOKE would warn and leave the right (PostgreSQL >= 16).
CREATE FUNCTION take_job(p_person uuid, p_job text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  who text := (SELECT login FROM lineside.person WHERE id = p_person);
BEGIN
  PERFORM lineside.demand_or_installer('manage_people', NULL);
  DELETE FROM lineside.scope WHERE person = p_person AND job = p_job;
  EXECUTE format('REVOKE %I FROM %I GRANTED BY lineside_people', 'lineside_' || p_job, who);
  IF pg_has_role(who, 'lineside_' || p_job, 'USAGE') THEN
    RAISE EXCEPTION '% still has the job %: somebody else granted it too', who, p_job USING ERRCODE = 'LS016';
  END IF;
END $$;

-- Disable, never delete: the account cannot log in, and its open sessions end.
CREATE FUNCTION disable_person(p_person uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  who text := (SELECT login FROM lineside.person WHERE id = p_person);
  held record;
BEGIN
  PERFORM lineside.demand_or_installer('manage_people', NULL);
  UPDATE lineside.person SET enabled = false WHERE id = p_person;
  FOR held IN SELECT DISTINCT job FROM lineside.scope WHERE person = p_person LOOP
    PERFORM lineside.take_job(p_person, held.job);
  END LOOP;
  EXECUTE format('REVOKE lineside_person FROM %I GRANTED BY lineside_people', who);     -- for a session that slips in while this is not committed yet
  EXECUTE format('ALTER ROLE %I NOLOGIN', who);
  PERFORM lineside.end_sessions(who);
END $$;

CREATE FUNCTION end_sessions(p_login text) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = p_login AND pid <> pg_backend_pid()
$$;

CREATE FUNCTION set_own_secret(p_verifier text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  me uuid := (SELECT id FROM lineside.person WHERE login = session_user);
BEGIN
  IF me IS NULL THEN RAISE EXCEPTION 'only a person has a secret' USING ERRCODE = 'LS010'; END IF;
  PERFORM lineside.check_verifier(p_verifier);
  EXECUTE format('ALTER ROLE %I PASSWORD %L', session_user, p_verifier);
  INSERT INTO lineside.person_secret (id, digest) VALUES (me, sha256(convert_to(p_verifier, 'UTF8')))
  ON CONFLICT (id) DO UPDATE SET digest = excluded.digest;
  UPDATE lineside.person SET secret_set_at = clock_timestamp() WHERE id = me;
END $$;

CREATE FUNCTION enrol_station(p_id uuid, p_code text, p_name_en text, p_name_zh text, p_site uuid, p_line text, p_workbench text, p_verifier text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  role_name text := 'lineside_station_' || replace(lower(p_code), '-', '_');
BEGIN
  PERFORM lineside.demand_or_installer('manage_stations', p_site);
  PERFORM lineside.check_verifier(p_verifier);
  INSERT INTO lineside.station (id, code, name_en, name_zh, site, line, role_name, workbench) VALUES (p_id, p_code, p_name_en, p_name_zh, p_site, p_line, role_name, p_workbench);
  EXECUTE format('CREATE ROLE %I LOGIN PASSWORD %L CONNECTION LIMIT 4', role_name, p_verifier);
  EXECUTE format('GRANT lineside_station TO %I WITH SET FALSE, INHERIT TRUE', role_name);
  RETURN role_name;
END $$;

-- The installer is the superuser who runs `db install` and makes the first site and administrator.
CREATE FUNCTION demand_or_installer(p_right text, p_site uuid) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF (SELECT rolsuper FROM pg_roles WHERE rolname = session_user) THEN RETURN; END IF;
  IF p_site IS NULL THEN PERFORM lineside.demand_somewhere(p_right); ELSE PERFORM lineside.demand(p_right, p_site); END IF;
END $$;

-- What a station may ask before anybody signed in.
CREATE FUNCTION people_here() RETURNS TABLE (login text, name_en text, name_zh text, job text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT p.login, p.name_en, p.name_zh, min(s.job) FROM lineside.station st JOIN lineside.scope s ON s.site = st.site JOIN lineside.person p ON p.id = s.person
   WHERE st.role_name = session_user AND p.enabled GROUP BY p.login, p.name_en, p.name_zh ORDER BY p.name_en
$$;
CREATE FUNCTION person_of_badge(p_badge text) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT login FROM lineside.person WHERE badge = p_badge AND enabled
$$;
CREATE FUNCTION take_ticket() RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  here uuid := (SELECT id FROM lineside.station WHERE role_name = session_user AND enabled);
  ticket text := replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
BEGIN
  IF here IS NULL THEN RAISE EXCEPTION 'only an enabled station has tickets' USING ERRCODE = 'LS010'; END IF;
  DELETE FROM lineside.station_ticket WHERE made_at < clock_timestamp() - interval '5 min';
  INSERT INTO lineside.station_ticket (digest, station) VALUES (sha256(convert_to(ticket, 'UTF8')), here);
  RETURN ticket;
END $$;
CREATE FUNCTION report_failed_sign_in(p_login text) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  here text := (SELECT code FROM lineside.station WHERE role_name = session_user);
  so_far integer;
BEGIN
  IF here IS NULL THEN RAISE EXCEPTION 'only a station reports failed sign-ins' USING ERRCODE = 'LS010'; END IF;
  SELECT count(*) INTO so_far FROM lineside.sign_in_failure WHERE login = p_login AND station = here AND at > clock_timestamp() - interval '15 min';
  -- Names that do not exist are not stored, and nobody's more than 20 times in 15 minutes: a flood leaves the table bounded.
  IF so_far < 20 AND EXISTS (SELECT FROM lineside.person WHERE login = p_login) THEN
    INSERT INTO lineside.sign_in_failure (login, station) VALUES (p_login, here);
    so_far := so_far + 1;
  END IF;
  RETURN so_far;
END $$;
CREATE FUNCTION this_station() RETURNS SETOF station LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT s.* FROM lineside.station s WHERE s.role_name = session_user OR s.code = (SELECT l.station FROM lineside.this_login() l)
$$;

-- People, stations and sites are disabled, never deleted; a login's name is frozen, because everything ever done names it.
CREATE FUNCTION name_stands() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'the name of a login in % stands for good', TG_TABLE_NAME USING ERRCODE = 'LS012';
END $$;
CREATE TRIGGER name_stands BEFORE UPDATE OF login ON person FOR EACH ROW WHEN (NEW.login <> OLD.login) EXECUTE FUNCTION name_stands();
CREATE TRIGGER name_stands BEFORE UPDATE OF role_name ON station FOR EACH ROW WHEN (NEW.role_name <> OLD.role_name) EXECUTE FUNCTION name_stands();
CREATE TRIGGER stays BEFORE DELETE ON person FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER stays BEFORE DELETE ON station FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER stays BEFORE DELETE ON site FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE person ENABLE ALWAYS TRIGGER name_stands, ENABLE ALWAYS TRIGGER stays;
ALTER TABLE station ENABLE ALWAYS TRIGGER name_stands, ENABLE ALWAYS TRIGGER stays;
ALTER TABLE site ENABLE ALWAYS TRIGGER stays;
