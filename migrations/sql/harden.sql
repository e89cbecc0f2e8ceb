-- Run by a superuser inside a database at install, after a restore and after a template copy: the database's own ACL is not carried along.
DO $harden$
DECLARE
  here text := current_database();
  other text;
  routine text;
BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', here);
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO lineside_person, lineside_station, lineside_keeper', here);
  EXECUTE format('ALTER DATABASE %I SET search_path = lineside', here);
  EXECUTE format('ALTER DATABASE %I SET lock_timeout = %L', here, '3s');
  EXECUTE format('ALTER DATABASE %I SET statement_timeout = %L', here, '60s');
  EXECUTE format('ALTER DATABASE %I SET idle_in_transaction_session_timeout = %L', here, '60s');
  REVOKE ALL ON SCHEMA public FROM PUBLIC;
  -- What PostgreSQL gives everybody and nobody here needs: files inside the database past every trail, and locks by number
  -- (ours are numbers too: whoever may take them could stop a station's chain).
  FOR routine IN SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace
      AND (p.proname ~ '^(lo_|lowrite$|loread$)' OR p.proname ~ '^pg_(try_)?advisory_') LOOP
    EXECUTE 'REVOKE EXECUTE ON FUNCTION ' || routine || ' FROM PUBLIC';
  END LOOP;
  GRANT EXECUTE ON FUNCTION pg_catalog.pg_advisory_xact_lock(bigint) TO lineside_owner;
  GRANT EXECUTE ON FUNCTION pg_catalog.pg_try_advisory_lock(bigint) TO lineside_owner;
  FOR other IN SELECT datname FROM pg_database WHERE datname IN ('postgres', 'template1') AND datname <> here LOOP
    EXECUTE format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', other);
  END LOOP;
END
$harden$;
