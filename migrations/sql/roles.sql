-- Cluster-wide roles. Run by a superuser at `db install` and `db upgrade`, before any migration; running it again changes nothing.
-- lineside_owner owns every object and nobody logs in as it; lineside_people alone may make and alter the login roles of persons and stations.
-- lineside_keeper keeps what must happen without a person, lineside_backup copies the whole server: both are logins of programs.
-- lineside_person / lineside_station are what every person / every station is; lineside_may_* are rights; the rest are job roles.
-- The expected table right × job role is written by hand a second time in tests/core/rights_matrix.csv and compared.
-- A job's rights are a plant's to compose (job_rights.sql): what is given here is given once, when the right or the job is new on this server.
DO $roles$
DECLARE
  name text;
  grant_row text[];
  fresh text[] := '{}';
  given record;
BEGIN
  PERFORM pg_advisory_xact_lock(4951761);
  FOREACH name IN ARRAY ARRAY['lineside_owner', 'lineside_person', 'lineside_station',
      'lineside_operator', 'lineside_receiver', 'lineside_inspector', 'lineside_supervisor', 'lineside_quality', 'lineside_regulatory',
      'lineside_engineer', 'lineside_planner', 'lineside_administrator', 'lineside_auditor',
      'lineside_may_receive_material', 'lineside_may_inspect_lot', 'lineside_may_raise_deviation', 'lineside_may_approve_deviation',
      'lineside_may_approve_deviation_quality', 'lineside_may_hold_lot', 'lineside_may_release_lot', 'lineside_may_keep_materials',
      'lineside_may_approve_supplier', 'lineside_may_keep_assets', 'lineside_may_calibrate', 'lineside_may_prepare_document',
      'lineside_may_approve_document', 'lineside_may_manage_people', 'lineside_may_manage_stations', 'lineside_may_read_trail',
      'lineside_may_plan_batch', 'lineside_may_run_batch', 'lineside_may_verify_step', 'lineside_may_release_batch', 'lineside_may_release_market',
      'lineside_may_lay_out_kit'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', name);
      fresh := fresh || name;
    END IF;
  END LOOP;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lineside_people') THEN
    CREATE ROLE lineside_people NOLOGIN CREATEROLE;
  END IF;
  -- Logins without a password let nobody in; `db keeper` gives them one each. Who copies the server may do nothing else, who keeps it may not copy it.
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lineside_keeper') THEN
    CREATE ROLE lineside_keeper LOGIN CONNECTION LIMIT 8;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lineside_backup') THEN
    CREATE ROLE lineside_backup LOGIN REPLICATION CONNECTION LIMIT 4;
  END IF;

  FOREACH grant_row SLICE 1 IN ARRAY ARRAY[
      ['receive_material', 'receiver'],
      ['inspect_lot', 'inspector'],
      ['raise_deviation', 'receiver'], ['raise_deviation', 'operator'], ['raise_deviation', 'inspector'],
      ['raise_deviation', 'supervisor'], ['raise_deviation', 'quality'],
      ['approve_deviation', 'supervisor'],
      ['approve_deviation_quality', 'quality'],
      ['hold_lot', 'supervisor'], ['hold_lot', 'quality'],
      ['release_lot', 'quality'],
      ['keep_materials', 'planner'],
      ['approve_supplier', 'quality'],
      ['keep_assets', 'engineer'],
      ['calibrate', 'engineer'],
      ['prepare_document', 'engineer'],
      ['approve_document', 'quality'],
      ['manage_people', 'administrator'],
      ['manage_stations', 'administrator'],
      ['read_trail', 'auditor'], ['read_trail', 'quality'],
      ['plan_batch', 'planner'], ['plan_batch', 'supervisor'],
      ['run_batch', 'operator'], ['run_batch', 'supervisor'],
      ['verify_step', 'operator'], ['verify_step', 'inspector'], ['verify_step', 'supervisor'], ['verify_step', 'quality'],
      ['lay_out_kit', 'receiver'], ['lay_out_kit', 'planner'], ['lay_out_kit', 'supervisor'],
      ['release_batch', 'quality'],
      ['release_market', 'quality'], ['release_market', 'regulatory']] LOOP
    IF 'lineside_may_' || grant_row[1] = ANY (fresh) OR 'lineside_' || grant_row[2] = ANY (fresh) THEN
      EXECUTE format('GRANT %I TO lineside_people WITH ADMIN TRUE, INHERIT FALSE, SET FALSE', 'lineside_may_' || grant_row[1]);
      EXECUTE format('GRANT %I TO %I WITH SET FALSE, INHERIT TRUE GRANTED BY lineside_people', 'lineside_may_' || grant_row[1], 'lineside_' || grant_row[2]);
    END IF;
  END LOOP;
  -- Given by a superuser at an earlier version: from now on by the one role that can take it away again.
  FOR given IN SELECT g.rolname AS right_role, m.rolname AS job_role, b.rolname AS by_role FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
      JOIN pg_roles b ON b.oid = a.grantor WHERE g.rolname LIKE 'lineside\_may\_%' AND m.rolname LIKE 'lineside%' AND m.rolname <> 'lineside_people' AND b.rolname <> 'lineside_people' LOOP
    EXECUTE format('GRANT %I TO lineside_people WITH ADMIN TRUE, INHERIT FALSE, SET FALSE', given.right_role);
    EXECUTE format('GRANT %I TO %I WITH SET FALSE, INHERIT TRUE GRANTED BY lineside_people', given.right_role, given.job_role);
    EXECUTE format('REVOKE %I FROM %I GRANTED BY %I', given.right_role, given.job_role, given.by_role);
  END LOOP;

  FOREACH name IN ARRAY ARRAY['person', 'station', 'operator', 'receiver', 'inspector', 'supervisor', 'quality', 'regulatory', 'engineer',
      'planner', 'administrator', 'auditor'] LOOP
    EXECUTE format('GRANT %I TO lineside_people WITH ADMIN TRUE, INHERIT FALSE, SET FALSE', 'lineside_' || name);
  END LOOP;
  GRANT pg_read_all_stats TO lineside_owner;      -- to see the start of one's own connection inside a definer function
END
$roles$;
