-- Tasks and drafts carry the person who acted, filled by the database.
CREATE FUNCTION task_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF NEW.status = 'taken' THEN NEW.taken_by := session_user; NEW.taken_at := clock_timestamp(); END IF;
  IF NEW.status = 'done' THEN NEW.done_by := session_user; NEW.done_at := clock_timestamp(); END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER task_moves BEFORE UPDATE OF status ON task FOR EACH ROW EXECUTE FUNCTION task_moves();
CREATE TRIGGER status_order BEFORE UPDATE OF status ON task FOR EACH ROW EXECUTE FUNCTION status_order('open>taken', 'open>done', 'taken>done', 'taken>open');

CREATE FUNCTION draft_is_own() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF (to_jsonb(coalesce(OLD, NEW)) ->> 'person') <> session_user OR (TG_OP <> 'DELETE' AND NEW.person <> session_user) THEN
    RAISE EXCEPTION 'a draft belongs to who began it' USING ERRCODE = 'LS010';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  NEW.saved_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER draft_is_own BEFORE INSERT OR UPDATE OR DELETE ON draft FOR EACH ROW EXECUTE FUNCTION draft_is_own();
