-- How a step moves: it starts when every step before it is done, and it is done when its own demands are met. Nothing is skipped without a signed deviation.

-- The first thing a step still lacks, NULL when it lacks nothing: a field, material, units that got nothing.
CREATE FUNCTION missing_of_step(p_step batch_step) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT coalesce(
    (SELECT f.field || CASE WHEN f.sample_no > 1 THEN '/' || f.sample_no ELSE '' END FROM lineside.fields_of_step(p_step.kind, p_step.spec) WITH ORDINALITY f (field, sample_no, form, ask, n)
      WHERE NOT (p_step.status = 'started' AND f.form IN ('computed', 'minutes', 'channel'))          -- the database enters these when the step ends
        AND NOT EXISTS (SELECT FROM lineside.current_entries(p_step.id) e WHERE (e.field, e.sample_no) = (f.field, f.sample_no) AND e.unit_serial IS NULL) ORDER BY f.n LIMIT 1),
    CASE WHEN p_step.kind = 'material' AND lineside.consumed_of(p_step.id) < lineside.demand_of_step(p_step.spec, (SELECT planned FROM lineside.batch WHERE id = p_step.batch))
                - (p_step.spec ->> 'tolerance')::numeric THEN p_step.spec ->> 'item' END,
    CASE WHEN p_step.kind = 'material' AND p_step.spec ->> 'bound_to' = 'unit' THEN
      (SELECT u.serial FROM lineside.unit u WHERE u.batch = p_step.batch AND u.status IN ('made', 'labelled') AND NOT EXISTS (SELECT FROM lineside.consumption c WHERE c.batch_step = p_step.id AND c.unit_serial = u.serial
         AND NOT EXISTS (SELECT FROM lineside.consumption_undo r WHERE r.consumption = c.id)) ORDER BY u.no LIMIT 1) END,
    CASE WHEN p_step.kind = 'label' AND p_step.spec ->> 'form' = 'unit' THEN
      (SELECT u.serial FROM lineside.unit u WHERE u.batch = p_step.batch AND u.status = 'made' AND p_step.spec ->> 'scan_back' = 'true' ORDER BY u.no LIMIT 1) END,
    CASE WHEN p_step.kind = 'yield' AND p_step.spec ->> 'counted' = 'units'
      AND (SELECT value FROM lineside.current_entries(p_step.id) WHERE field = 'made') <> (SELECT count(*) FROM lineside.unit WHERE batch = p_step.batch) THEN 'made' END)
$$;

-- The first field outside its limits whose deviation is not decided.
CREATE FUNCTION undecided_of_step(p_step uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT e.field FROM lineside.current_entries(p_step) e WHERE e.verdict <> 'conforms' AND NOT lineside.is_decided('step_entry', e.id) ORDER BY e.field, e.sample_no LIMIT 1
$$;

CREATE FUNCTION waits_for(p_step batch_step) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT b.no::text FROM lineside.batch_step b
   WHERE b.batch = p_step.batch AND b.status NOT IN ('done', 'void') AND (p_step.spec -> 'after' ? b.key OR (p_step.kind = 'sign' AND p_step.spec -> 'signs' ? b.key)) ORDER BY b.no LIMIT 1
$$;

CREATE FUNCTION step_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  own lineside.batch;
  waits text;
  lacks text;
BEGIN
  SELECT * INTO own FROM lineside.batch WHERE id = NEW.batch FOR NO KEY UPDATE;         -- of two branches that end at once, one waits and sees the other
  IF own.status <> 'open' THEN
    RAISE EXCEPTION 'batch % is %', own.code, own.status USING ERRCODE = 'LS087', DETAIL = jsonb_build_object('batch', own.code)::text;
  END IF;
  IF NEW.status = 'void' THEN
    PERFORM lineside.demand('plan_batch', own.site);
    IF NOT lineside.is_decided('batch_step', NEW.id) THEN
      RAISE EXCEPTION 'step % is left out only by a decided deviation', NEW.no USING ERRCODE = 'LS076', DETAIL = jsonb_build_object('step', NEW.no, 'field', NEW.key)::text;
    END IF;
  ELSE
    IF NEW.status <> 'ready' THEN PERFORM lineside.demand(CASE WHEN NEW.spec ->> 'sign' = 'verify' THEN 'verify_step' ELSE 'run_batch' END, own.site); END IF;
    waits := lineside.waits_for(NEW);
    IF waits IS NOT NULL THEN
      RAISE EXCEPTION 'step % waits for step %', NEW.no, waits USING ERRCODE = 'LS074', DETAIL = jsonb_build_object('step', NEW.no, 'waits', waits)::text;
    END IF;
  END IF;
  IF OLD.status = 'ready' AND NEW.status = 'done' AND NEW.kind <> 'sign' THEN
    RAISE EXCEPTION 'step % was not started', NEW.no USING ERRCODE = 'LS031', DETAIL = jsonb_build_object('table', 'batch_step', 'from', OLD.status, 'to', NEW.status)::text;
  END IF;
  IF NEW.status = 'done' THEN
    PERFORM lineside.settle_step(OLD);
    lacks := lineside.missing_of_step(NEW);
    IF lacks IS NOT NULL THEN
      RAISE EXCEPTION 'step % lacks %', NEW.no, lacks USING ERRCODE = 'LS075', DETAIL = jsonb_build_object('step', NEW.no, 'missing', lacks)::text;
    END IF;
    lacks := lineside.undecided_of_step(NEW.id);
    IF lacks IS NOT NULL THEN
      RAISE EXCEPTION '% of step % has no decided deviation', lacks, NEW.no USING ERRCODE = 'LS076', DETAIL = jsonb_build_object('step', NEW.no, 'field', lacks)::text;
    END IF;
    IF NEW.kind = 'sign' AND NEW.spec ->> 'right' IS NOT NULL THEN PERFORM lineside.demand(NEW.spec ->> 'right', own.site); END IF;
  END IF;
  IF NEW.status = 'started' THEN NEW.started_by := session_user; NEW.started_at := clock_timestamp(); NEW.started_station := (lineside.this_login()).station; END IF;
  IF NEW.status IN ('done', 'void') THEN NEW.done_by := session_user; NEW.done_at := clock_timestamp(); NEW.done_station := (lineside.this_login()).station; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER step_moves BEFORE UPDATE OF status ON batch_step FOR EACH ROW EXECUTE FUNCTION step_moves();
CREATE TRIGGER then_status_order BEFORE UPDATE OF status ON batch_step    -- after step_moves, which says what is waited for
  FOR EACH ROW
  EXECUTE FUNCTION status_order('waiting>ready', 'ready>started', 'started>done', 'ready>done', 'waiting>void', 'ready>void', 'started>void');
CREATE TRIGGER raise_version BEFORE UPDATE ON batch_step FOR EACH ROW
  EXECUTE FUNCTION raise_version('status', 'started_by', 'started_at', 'started_station', 'done_by', 'done_at', 'done_station');
ALTER TABLE batch_step ENABLE ALWAYS TRIGGER step_moves, ENABLE ALWAYS TRIGGER then_status_order, ENABLE ALWAYS TRIGGER raise_version;

CREATE FUNCTION steps_become_ready() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  UPDATE lineside.batch_step s SET status = 'ready' WHERE s.batch = NEW.batch AND s.status = 'waiting' AND lineside.waits_for(s) IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER steps_become_ready AFTER UPDATE OF status ON batch_step FOR EACH ROW WHEN (NEW.status IN ('done', 'void')) EXECUTE FUNCTION steps_become_ready();
ALTER TABLE batch_step ENABLE ALWAYS TRIGGER steps_become_ready;

-- A signature step is done by a signature and by nothing else.
CREATE FUNCTION step_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF NOT lineside.signed_in_this_transaction('batch_step', NEW.id, lineside.meaning_of_step(NEW.spec)) THEN
    RAISE EXCEPTION 'step % is done by a signature', NEW.no USING ERRCODE = 'LS030', DETAIL = jsonb_build_object('step', NEW.no)::text;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER step_gate AFTER UPDATE OF status ON batch_step DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.kind = 'sign' AND NEW.status = 'done' AND OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION step_gate();
ALTER TABLE batch_step ENABLE ALWAYS TRIGGER step_gate;
CREATE FUNCTION meaning_of_step(p_spec jsonb) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE p_spec ->> 'sign' WHEN 'perform' THEN 'performed' WHEN 'verify' THEN 'verified' END
$$;
GRANT UPDATE (status) ON batch_step TO lineside_may_run_batch, lineside_may_verify_step, lineside_may_plan_batch;
