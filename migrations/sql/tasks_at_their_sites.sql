-- What waits at a site is opened and moved by who works there; a call for help also by whoever stands at one of its stations. Stations and the database itself
-- open theirs in functions of their own.
CREATE FUNCTION task_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM lineside.person WHERE login = session_user)
     OR EXISTS (SELECT FROM lineside.scope s JOIN lineside.person p ON p.id = s.person WHERE p.login = session_user AND p.enabled AND s.site = NEW.site)
     OR (NEW.kind = 'call' AND EXISTS (SELECT FROM lineside.this_station() h WHERE h.site = NEW.site)) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% has no job at this site', session_user USING ERRCODE = 'LS010', DETAIL = jsonb_build_object('right', 'task', 'who', session_user)::text;
END $$;
CREATE TRIGGER task_gate BEFORE INSERT OR UPDATE ON task FOR EACH ROW EXECUTE FUNCTION task_gate();
ALTER TABLE task ENABLE ALWAYS TRIGGER task_gate;
REVOKE EXECUTE ON FUNCTION task_gate FROM PUBLIC;
