-- Which rights a job has, and which two may not meet in one person. The roles are the rights themselves; job_right is what the trail follows and what they are
-- compared with (schema_lines.sql): a membership that was given past it is a line of its own there.

CREATE TABLE job_right (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  job text NOT NULL,
  right_name text NOT NULL,
  UNIQUE (job, right_name)
);
CREATE TABLE right_conflict (
  id uuid PRIMARY KEY,
  first_right text NOT NULL,
  second_right text NOT NULL CHECK (first_right < second_right),               -- in the order of the alphabet, so that a pair stands once
  why text NOT NULL CHECK (btrim(why) <> ''),
  ended boolean NOT NULL DEFAULT false,
  set_by text NOT NULL DEFAULT session_user,
  set_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE UNIQUE INDEX right_conflict_pair ON right_conflict (first_right, second_right) WHERE NOT ended;

-- Whoever is enabled and holds both rights of a pair that stands, through whichever jobs and places.
CREATE FUNCTION pairs_met() RETURNS TABLE (login text, first_right text, second_right text, why text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT DISTINCT p.login, c.first_right, c.second_right, c.why
    FROM lineside.right_conflict c
    JOIN lineside.job_right j1 ON j1.right_name = c.first_right JOIN lineside.scope s1 ON s1.job = j1.job
    JOIN lineside.scope s2 ON s2.person = s1.person JOIN lineside.job_right j2 ON j2.job = s2.job AND j2.right_name = c.second_right
    JOIN lineside.person p ON p.id = s1.person AND p.enabled
   WHERE NOT c.ended ORDER BY 1, 2, 3
$$;
-- Of two administrators who each give one half at the same moment the second waits, then sees what the first left.
CREATE FUNCTION no_pair_meets() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  met record;
BEGIN
  PERFORM pg_advisory_xact_lock(4951764);
  SELECT * INTO met FROM lineside.pairs_met() LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION '% would hold % and %', met.login, met.first_right, met.second_right USING ERRCODE = 'LS140',
      DETAIL = jsonb_build_object('who', met.login, 'first', met.first_right, 'second', met.second_right, 'why', met.why)::text;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER no_pair_meets AFTER INSERT OR UPDATE ON scope FOR EACH STATEMENT EXECUTE FUNCTION no_pair_meets();
CREATE TRIGGER no_pair_meets AFTER INSERT OR UPDATE ON job_right FOR EACH STATEMENT EXECUTE FUNCTION no_pair_meets();
CREATE TRIGGER no_pair_meets AFTER INSERT OR UPDATE ON right_conflict FOR EACH STATEMENT EXECUTE FUNCTION no_pair_meets();
CREATE TRIGGER no_pair_meets AFTER UPDATE OF enabled ON person FOR EACH STATEMENT EXECUTE FUNCTION no_pair_meets();

CREATE FUNCTION right_conflict_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  PERFORM lineside.demand_or_installer('manage_people', NULL);
  IF TG_OP = 'UPDATE' AND (OLD.ended OR (to_jsonb(NEW) - 'ended') IS DISTINCT FROM (to_jsonb(OLD) - 'ended')) THEN
    RAISE EXCEPTION 'a pair is set or ended, not changed' USING ERRCODE = 'LS013';
  END IF;
  IF TG_OP = 'INSERT' THEN
    NEW.set_by := session_user; NEW.set_at := clock_timestamp();
    PERFORM lineside.demand_known_right(NEW.first_right), lineside.demand_known_right(NEW.second_right);
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION demand_known_right(p_right text) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lineside_may_' || p_right) THEN
    RAISE EXCEPTION 'there is no right %', p_right USING ERRCODE = 'LS142', DETAIL = jsonb_build_object('right', p_right)::text;
  END IF;
END $$;
CREATE TRIGGER right_conflict_gate BEFORE INSERT OR UPDATE ON right_conflict FOR EACH ROW EXECUTE FUNCTION right_conflict_gate();
CREATE TRIGGER stays BEFORE DELETE ON right_conflict FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A job gets a right, at once for everybody who has the job. Nobody adds to a job of his own.
CREATE FUNCTION give_right(p_id uuid, p_job text, p_right text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  PERFORM lineside.demand_or_installer('manage_people', NULL);
  PERFORM lineside.demand_known_job(p_job), lineside.demand_known_right(p_right);
  IF EXISTS (SELECT FROM lineside.scope s JOIN lineside.person p ON p.id = s.person WHERE p.login = session_user AND s.job = p_job) THEN
    RAISE EXCEPTION 'nobody gives a right to a job of his own' USING ERRCODE = 'LS017';
  END IF;
  INSERT INTO lineside.job_right (id, job, right_name) VALUES (p_id, p_job, p_right);
  EXECUTE format('GRANT %I TO %I WITH SET FALSE, INHERIT TRUE', 'lineside_may_' || p_right, 'lineside_' || p_job);
END $$;
CREATE FUNCTION demand_known_job(p_job text) RETURNS void LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF coalesce(p_job NOT IN ('operator', 'receiver', 'inspector', 'supervisor', 'quality', 'regulatory', 'engineer', 'planner', 'administrator', 'auditor'), true) THEN
    RAISE EXCEPTION 'there is no job %', p_job USING ERRCODE = 'LS015';
  END IF;
END $$;

-- A job loses a right; it bites at the next statement of everybody who has the job. Somebody must be left who can give rights.
CREATE FUNCTION withdraw_right(p_job text, p_right text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  PERFORM lineside.demand_or_installer('manage_people', NULL);
  PERFORM lineside.demand_known_job(p_job), lineside.demand_known_right(p_right);
  DELETE FROM lineside.job_right WHERE job = p_job AND right_name = p_right;
  IF p_right = 'manage_people' AND NOT EXISTS (SELECT FROM lineside.job_right j JOIN lineside.scope s ON s.job = j.job JOIN lineside.person p ON p.id = s.person AND p.enabled
                                               WHERE j.right_name = 'manage_people') THEN
    RAISE EXCEPTION 'nobody would be left who gives rights' USING ERRCODE = 'LS141';
  END IF;
  EXECUTE format('REVOKE %I FROM %I GRANTED BY lineside_people', 'lineside_may_' || p_right, 'lineside_' || p_job);
  IF pg_has_role('lineside_' || p_job, 'lineside_may_' || p_right, 'USAGE') THEN
    RAISE EXCEPTION 'the job % still has the right %: somebody else granted it too', p_job, p_right USING ERRCODE = 'LS016';
  END IF;
END $$;

ALTER TABLE scope ENABLE ALWAYS TRIGGER no_pair_meets;
ALTER TABLE person ENABLE ALWAYS TRIGGER no_pair_meets;
ALTER TABLE job_right ENABLE ALWAYS TRIGGER no_pair_meets;
ALTER TABLE right_conflict ENABLE ALWAYS TRIGGER no_pair_meets, ENABLE ALWAYS TRIGGER right_conflict_gate, ENABLE ALWAYS TRIGGER stays;
CALL keep_trail('job_right', 'reason');
CALL keep_trail('right_conflict', 'reason');
CALL keep_plain('job_right');
CALL keep_plain('right_conflict');

-- What the roles of this server have when the table is made.
INSERT INTO job_right (job, right_name)
SELECT substr(m.rolname, 10), substr(g.rolname, 14) FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
 WHERE g.rolname LIKE 'lineside\_may\_%' AND m.rolname LIKE 'lineside%' AND m.rolname <> 'lineside_people' ORDER BY 1, 2;

-- Maker and checker, requester and approver: what a plant begins with. An administrator ends one, with a reason, or sets others.
-- Not among them: doing a step and verifying one. A colleague verifies, and of one step the four eyes are held record by record.
INSERT INTO right_conflict (id, first_right, second_right, why) VALUES
  (uuidv7(), 'approve_document', 'prepare_document', 'who writes a document does not approve documents'),
  (uuidv7(), 'approve_supplier', 'keep_materials', 'who buys does not approve suppliers'),
  (uuidv7(), 'receive_material', 'release_lot', 'who receives material does not release it'),
  (uuidv7(), 'inspect_lot', 'release_lot', 'who measures does not release'),
  (uuidv7(), 'release_batch', 'run_batch', 'who makes a batch does not release batches'),
  (uuidv7(), 'approve_deviation', 'approve_deviation_quality', 'production and quality decide apart'),
  (uuidv7(), 'manage_people', 'release_lot', 'who gives rights does not use them on records'),
  (uuidv7(), 'manage_people', 'release_batch', 'who gives rights does not use them on records'),
  (uuidv7(), 'manage_people', 'release_market', 'who gives rights does not use them on records'),
  (uuidv7(), 'approve_deviation_quality', 'manage_people', 'who gives rights does not use them on records');

REVOKE EXECUTE ON FUNCTION pairs_met, no_pair_meets, right_conflict_gate, demand_known_right, demand_known_job, give_right, withdraw_right FROM PUBLIC;
GRANT SELECT ON job_right, right_conflict TO lineside_person;
GRANT INSERT (id, first_right, second_right, why), UPDATE (ended) ON right_conflict TO lineside_may_manage_people;
GRANT EXECUTE ON FUNCTION pairs_met, give_right, withdraw_right TO lineside_person;
GRANT SELECT, INSERT, DELETE ON job_right TO lineside_people;
GRANT EXECUTE ON FUNCTION demand_known_right, demand_known_job TO lineside_people;
