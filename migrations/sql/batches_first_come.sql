-- Of two people who begin or end one step at once the slower is told who was faster, not that a state has no way to itself.

CREATE FUNCTION step_was_moved() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'step % is % already', OLD.no, OLD.status USING ERRCODE = 'LS113', DETAIL = jsonb_build_object('step', OLD.no, 'who', coalesce(OLD.done_by, OLD.started_by))::text;
END $$;
CREATE TRIGGER a_first_come BEFORE UPDATE OF status ON batch_step FOR EACH ROW
  WHEN (NEW.status = OLD.status AND OLD.status IN ('started', 'done', 'void')) EXECUTE FUNCTION step_was_moved();
ALTER TABLE batch_step ENABLE ALWAYS TRIGGER a_first_come;
