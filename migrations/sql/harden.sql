-- Run by a superuser inside a database at install, after a restore and after a template copy: the database's own ACL is not carried along.
DO $harden$
DECLARE
  here text := current_database();
  other text;
BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', here);
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO lineside_person, lineside_station', here);
  EXECUTE format('ALTER DATABASE %I SET search_path = lineside', here);
  EXECUTE format('ALTER DATABASE %I SET lock_timeout = %L', here, '3s');
  EXECUTE format('ALTER DATABASE %I SET statement_timeout = %L', here, '60s');
  EXECUTE format('ALTER DATABASE %I SET idle_in_transaction_session_timeout = %L', here, '60s');
  REVOKE ALL ON SCHEMA public FROM PUBLIC;
  FOR other IN SELECT datname FROM pg_database WHERE datname IN ('postgres', 'template1') AND datname <> here LOOP
    EXECUTE format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', other);
  END LOOP;
END
$harden$;
