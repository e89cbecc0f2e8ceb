-- An administrator's right counts at a site, over accounts as over everything else: somebody's jobs are taken by who may staff every site where the person has
-- the job; an account is closed by who may staff one of the sites where the person works, so that nobody who left stays in for want of a second administrator.
-- As in give_job a site without an administrator is staffed by any other's, and an account without a job by everybody who may staff at all.
-- Run by the superuser: take_job and disable_person belong to lineside_people.

CREATE FUNCTION lineside.demand_over_account(p_person uuid, p_job text) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  places integer;
  mine integer;
BEGIN
  PERFORM lineside.demand_or_installer('manage_people', NULL);
  IF (SELECT rolsuper FROM pg_roles WHERE rolname = session_user) THEN RETURN; END IF;
  SELECT count(*), count(*) FILTER (WHERE lineside.may('manage_people', s.site)
                                       OR NOT EXISTS (SELECT FROM lineside.scope a WHERE a.site = s.site AND a.job = 'administrator'))
    INTO places, mine FROM (SELECT DISTINCT site FROM lineside.scope WHERE person = p_person AND (p_job IS NULL OR job = p_job)) s;
  IF places > 0 AND (mine = 0 OR (p_job IS NOT NULL AND mine < places)) THEN
    RAISE EXCEPTION '% may not manage people at a site of this account', session_user USING ERRCODE = 'LS010',
      DETAIL = jsonb_build_object('right', 'manage_people', 'who', session_user)::text;
  END IF;
END $$;
REVOKE EXECUTE ON FUNCTION lineside.demand_over_account FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lineside.demand_over_account TO lineside_people;
ALTER FUNCTION lineside.demand_over_account OWNER TO lineside_owner;

-- As before, without asking for the right: whoever calls it has asked.
CREATE FUNCTION lineside.strip_job(p_person uuid, p_job text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  who text := (SELECT login FROM lineside.person WHERE id = p_person);
BEGIN
  DELETE FROM lineside.scope WHERE person = p_person AND job = p_job;
  EXECUTE format('REVOKE %I FROM %I GRANTED BY lineside_people', 'lineside_' || p_job, who);
  IF pg_has_role(who, 'lineside_' || p_job, 'USAGE') THEN
    RAISE EXCEPTION '% still has the job %: somebody else granted it too', who, p_job USING ERRCODE = 'LS016';
  END IF;
END $$;
REVOKE EXECUTE ON FUNCTION lineside.strip_job FROM PUBLIC;
ALTER FUNCTION lineside.strip_job OWNER TO lineside_people;

CREATE OR REPLACE FUNCTION lineside.take_job(p_person uuid, p_job text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  PERFORM lineside.demand_over_account(p_person, p_job);
  PERFORM lineside.demand_known_job(p_job);
  PERFORM lineside.strip_job(p_person, p_job);
END $$;

CREATE OR REPLACE FUNCTION lineside.disable_person(p_person uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  who text := (SELECT login FROM lineside.person WHERE id = p_person);
  held record;
BEGIN
  PERFORM lineside.demand_over_account(p_person, NULL);
  UPDATE lineside.person SET enabled = false WHERE id = p_person;
  FOR held IN SELECT DISTINCT job FROM lineside.scope WHERE person = p_person LOOP
    PERFORM lineside.strip_job(p_person, held.job);
  END LOOP;
  EXECUTE format('REVOKE lineside_person FROM %I GRANTED BY lineside_people', who);     -- for a session that slips in while this is not committed yet
  EXECUTE format('ALTER ROLE %I NOLOGIN', who);
  PERFORM lineside.end_sessions(who);
END $$;
