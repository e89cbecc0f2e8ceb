-- Run by a superuser after every upgrade, so that no table of a later version is forgotten: the keeper reads every record, and neither digests of secrets nor
-- tickets. Taken away and given again, so that it stands last in each table's list, whichever versions a database came through.
DO $keeper$
DECLARE
  named text;
BEGIN
  FOR named IN SELECT c.oid::regclass::text FROM pg_class c WHERE c.relnamespace = 'lineside'::regnamespace AND (c.relkind IN ('r', 'p') OR c.relkind = 'v' AND c.relname LIKE '%\_seen') AND NOT c.relispartition
      AND c.relname NOT IN ('person_secret', 'station_ticket') ORDER BY c.relname LOOP
    EXECUTE format('REVOKE SELECT ON %s FROM lineside_keeper', named);
    EXECUTE format('GRANT SELECT ON %s TO lineside_keeper', named);
  END LOOP;
  GRANT USAGE ON SCHEMA lineside_meta TO lineside_keeper;
  GRANT SELECT ON lineside_meta.alembic_version TO lineside_keeper;
END
$keeper$;
