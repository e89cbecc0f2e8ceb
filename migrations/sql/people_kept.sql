-- People over the years: a new first password, a badge, coming back, a password's age, the account for an emergency. Owned by lineside_people where logins are altered.

ALTER TABLE person
  ADD COLUMN checked_by text NOT NULL DEFAULT session_user,                    -- who recorded the check of the identity that stands in enabled_check, and when
  ADD COLUMN checked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ADD COLUMN break_glass boolean NOT NULL DEFAULT false;                       -- for an emergency: every use calls people, and nothing is signed with it
CALL keep_plain('person');
UPDATE person SET checked_at = created_at WHERE checked_at <> created_at;

-- How long an own password lasts. 21 CFR 11.300(b) wants them revised in time; the plant decides, an administrator writes it with a reason.
INSERT INTO setting (id, key, value) VALUES (uuidv7(), 'secret_days', '365');
CREATE FUNCTION secret_days() RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT (value #>> '{}')::integer FROM lineside.setting WHERE key = 'secret_days'
$$;
ALTER TABLE setting ADD CONSTRAINT secret_days_known CHECK (key <> 'secret_days' OR coalesce(value #>> '{}' ~ '^[0-9]{2,3}$' AND (value #>> '{}')::integer BETWEEN 30 AND 730, false));
CREATE FUNCTION set_secret_days(p_days integer) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  PERFORM lineside.demand_or_installer('manage_people', NULL);
  UPDATE lineside.setting SET value = to_jsonb(p_days) WHERE key = 'secret_days';
END $$;

-- Until when somebody's own password is good; NULL: there is none yet.
CREATE FUNCTION secret_ends(p_person person) RETURNS timestamptz LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT p_person.secret_set_at + make_interval(days => lineside.secret_days())
$$;
CREATE FUNCTION my_secret() RETURNS TABLE (set_at timestamptz, ends_at timestamptz, is_good boolean) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT p.secret_set_at, lineside.secret_ends(p), coalesce(lineside.secret_ends(p) > clock_timestamp(), false) FROM lineside.person p WHERE p.login = session_user
$$;

-- The last log-ins under one's own name, wrong passwords among them: nobody sees sooner that somebody else knows it. One line a minute and place.
CREATE INDEX login_record_whose ON login_record (who, at);
CREATE FUNCTION my_logins() RETURNS TABLE (at timestamptz, station text, failed boolean) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT max(t.at), t.station, t.failed
    FROM ((SELECT l.at, l.station, false AS failed FROM lineside.login_record l WHERE l.who = session_user ORDER BY l.at DESC LIMIT 100)
          UNION ALL (SELECT f.at, f.station, true FROM lineside.sign_in_failure f WHERE f.login = session_user ORDER BY f.at DESC LIMIT 100)) t
   GROUP BY date_trunc('minute', t.at), t.station, t.failed ORDER BY 1 DESC LIMIT 20
$$;

-- A right counts through a job somebody has here, with a password of their own that is not past its age.
-- Here: at the site, and for a job that was given on one line, at a station of that line; past the stations such a job opens nothing.
CREATE OR REPLACE FUNCTION may(p_right text, p_site uuid, p_line text DEFAULT NULL) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT pg_has_role(session_user, 'lineside_may_' || p_right, 'USAGE')
     AND EXISTS (SELECT FROM lineside.scope s JOIN lineside.person p ON p.id = s.person
                 WHERE p.login = session_user AND p.enabled AND (p_site IS NULL OR s.site = p_site)
                   AND lineside.secret_ends(p) > clock_timestamp()
                   AND (s.line IS NULL OR s.line = coalesce(p_line, (SELECT t.line FROM lineside.station t WHERE t.code = (lineside.this_login()).station)))
                   AND pg_has_role(session_user, 'lineside_' || s.job, 'USAGE')
                   AND pg_has_role('lineside_' || s.job, 'lineside_may_' || p_right, 'USAGE'))
$$;
CREATE OR REPLACE FUNCTION people_here() RETURNS TABLE (login text, name_en text, name_zh text, job text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT p.login, p.name_en, p.name_zh, min(s.job)
    FROM lineside.station st JOIN lineside.scope s ON s.site = st.site AND (s.line IS NULL OR s.line = st.line) JOIN lineside.person p ON p.id = s.person
   WHERE st.role_name = session_user AND p.enabled AND NOT p.break_glass GROUP BY p.login, p.name_en, p.name_zh ORDER BY p.name_en
$$;

-- A job on a line: one that a station of the site stands at, else a misspelt line would be a job that opens nothing and nobody sees why.
CREATE FUNCTION scope_line_known() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF NEW.line IS NOT NULL AND NOT EXISTS (SELECT FROM lineside.station t WHERE t.site = NEW.site AND t.line = NEW.line) THEN
    RAISE EXCEPTION 'no station stands at line %', NEW.line USING ERRCODE = 'LS143',
      DETAIL = jsonb_build_object('line', NEW.line, 'lines', (SELECT string_agg(DISTINCT t.line, ', ') FROM lineside.station t WHERE t.site = NEW.site))::text;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER scope_line_known BEFORE INSERT OR UPDATE ON scope FOR EACH ROW EXECUTE FUNCTION scope_line_known();
ALTER TABLE scope ENABLE ALWAYS TRIGGER scope_line_known;

-- One place of a job is taken away; with the last one the job itself goes.
CREATE FUNCTION take_place(p_scope uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  held lineside.scope;
BEGIN
  SELECT * INTO held FROM lineside.scope WHERE id = p_scope;
  PERFORM lineside.demand_or_installer('manage_people', held.site);
  IF (SELECT count(*) FROM lineside.scope WHERE person = held.person AND job = held.job) = 1 THEN
    PERFORM lineside.take_job(held.person, held.job);
  ELSE
    DELETE FROM lineside.scope WHERE id = p_scope;
  END IF;
END $$;

-- The name a person goes by, whom to phone, the badge that identifies (and never authenticates). Signatures keep the name they were given under.
CREATE FUNCTION describe_person(p_person uuid, p_name_en text, p_name_zh text, p_phone text, p_badge text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  PERFORM lineside.demand_over_account(p_person, NULL);
  UPDATE lineside.person SET name_en = p_name_en, name_zh = p_name_zh, phone = p_phone, badge = p_badge WHERE id = p_person;
END $$;

-- A forgotten password, or somebody who comes back: who they are is checked again, and the new first password lets them in to set their own.
CREATE FUNCTION let_in_again(p_person uuid, p_identity_check text, p_verifier text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  who text := (SELECT login FROM lineside.person WHERE id = p_person);
BEGIN
  PERFORM lineside.demand_over_account(p_person, NULL);
  PERFORM lineside.check_verifier(p_verifier);
  IF who = session_user THEN
    RAISE EXCEPTION 'nobody hands a password to himself' USING ERRCODE = 'LS017';
  END IF;
  UPDATE lineside.person SET enabled = true, enabled_check = p_identity_check, checked_by = session_user, checked_at = clock_timestamp(), secret_set_at = NULL WHERE id = p_person;
  EXECUTE format('ALTER ROLE %I LOGIN PASSWORD %L', who, p_verifier);
  EXECUTE format('GRANT lineside_person TO %I WITH SET FALSE, INHERIT TRUE', who);
  PERFORM lineside.end_sessions(who);
END $$;

CREATE FUNCTION mark_break_glass(p_person uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  PERFORM lineside.demand_over_account(p_person, NULL);
  UPDATE lineside.person SET break_glass = true WHERE id = p_person;
END $$;
-- Once marked it stays so, and the check of an identity is never taken back: these say what an account was when it acted.
CREATE FUNCTION break_glass_stands() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'an account for emergencies stays one' USING ERRCODE = 'LS012';
END $$;
CREATE TRIGGER break_glass_stands BEFORE UPDATE OF break_glass ON person FOR EACH ROW WHEN (OLD.break_glass AND NOT NEW.break_glass) EXECUTE FUNCTION break_glass_stands();
ALTER TABLE person ENABLE ALWAYS TRIGGER break_glass_stands;

-- It stands for whoever opened the envelope, not for one person: 21 CFR 11.100(a) leaves it no signature.
CREATE FUNCTION no_signature_of_break_glass() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM lineside.person WHERE login = NEW.signer AND break_glass) THEN
    RAISE EXCEPTION '% is an account for emergencies', NEW.signer USING ERRCODE = 'LS144';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER no_signature_of_break_glass BEFORE INSERT ON signature FOR EACH ROW EXECUTE FUNCTION no_signature_of_break_glass();
ALTER TABLE signature ENABLE ALWAYS TRIGGER no_signature_of_break_glass;

-- Only the database calls for these.
ALTER TABLE task DROP CONSTRAINT task_call_known;
ALTER TABLE task ADD CONSTRAINT task_call_known CHECK (kind <> 'call' OR coalesce(facts ->> 'topic' IN ('material', 'quality', 'maintenance', 'safety')
  OR (facts ->> 'topic' = 'sign_in' AND starts_with(opened_by, 'lineside_station_'))
  OR (facts ->> 'topic' = 'break_glass' AND facts ->> 'login' = opened_by), false));

-- Somebody opened the envelope: quality and every other administrator of the sites it reaches are called, wherever it was opened from.
CREATE FUNCTION call_for_break_glass(p_person person, p_station text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  INSERT INTO lineside.task (id, kind, subject_kind, subject_id, site, station, for_job, facts)
  SELECT uuidv7(), 'call', 'person', p_person.id, at_site.site, p_station, called.job, jsonb_build_object('topic', 'break_glass', 'login', p_person.login)
    FROM (SELECT DISTINCT s.site FROM lineside.scope s WHERE s.person = p_person.id) at_site CROSS JOIN (VALUES ('quality'), ('administrator')) AS called (job)
   WHERE NOT EXISTS (SELECT FROM lineside.task t WHERE t.kind = 'call' AND t.status = 'open' AND t.subject_id = p_person.id AND t.site = at_site.site AND t.for_job = called.job);
END $$;
CREATE FUNCTION break_glass_came() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  came lineside.person;
BEGIN
  SELECT * INTO came FROM lineside.person WHERE login = NEW.who AND break_glass;
  IF FOUND THEN PERFORM lineside.call_for_break_glass(came, NEW.station); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER break_glass_came AFTER INSERT ON login_record FOR EACH ROW EXECUTE FUNCTION break_glass_came();
ALTER TABLE login_record ENABLE ALWAYS TRIGGER break_glass_came;

REVOKE EXECUTE ON FUNCTION my_logins, secret_days, set_secret_days, secret_ends, my_secret, scope_line_known, take_place, describe_person, let_in_again, mark_break_glass, break_glass_stands,
  no_signature_of_break_glass, call_for_break_glass, break_glass_came FROM PUBLIC;
GRANT EXECUTE ON FUNCTION my_logins, secret_days, set_secret_days, my_secret, take_place, describe_person, let_in_again, mark_break_glass TO lineside_person;
GRANT EXECUTE ON FUNCTION secret_ends, secret_days TO lineside_people;
