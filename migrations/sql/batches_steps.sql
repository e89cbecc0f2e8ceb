-- How a step moves: it starts when every step before it is done, and it is done when its own demands are met. Nothing is skipped without a signed deviation.

-- The first thing a step still lacks, NULL when it lacks nothing: a field, material, units that got nothing, labels nobody accounts for, counts that are not
-- those of the units. Of a step that is done: whatever came to lack since.
CREATE FUNCTION missing_of_step(p_step batch_step) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  RETURN CASE p_step.kind WHEN 'instruction' THEN NULL WHEN 'sign' THEN NULL WHEN 'material' THEN lineside.missing_material(p_step)
    WHEN 'label' THEN coalesce(lineside.missing_field(p_step), lineside.missing_label(p_step))
    WHEN 'yield' THEN coalesce(lineside.missing_field(p_step), lineside.differing_count(p_step))
    WHEN 'parameter' THEN coalesce(lineside.missing_field(p_step), lineside.excursion_told_late(p_step))
    ELSE lineside.missing_field(p_step) END;
END $$;

CREATE FUNCTION missing_field(p_step batch_step) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  RETURN (SELECT f.field || CASE WHEN f.sample_no > 1 THEN '/' || f.sample_no ELSE '' END FROM lineside.fields_of_step(p_step.kind, p_step.spec) WITH ORDINALITY f (field, sample_no, form, ask, n)
      WHERE NOT (p_step.status = 'started' AND f.form IN ('computed', 'minutes', 'channel'))          -- the database enters these when the step ends
        AND NOT EXISTS (SELECT FROM lineside.step_entry e WHERE e.batch_step = p_step.id AND (e.field, e.sample_no) = (f.field, f.sample_no) AND e.unit_serial IS NULL) ORDER BY f.n LIMIT 1);
END $$;

-- Too little; or a unit without its own: of what is counted all of it, of what is weighed any.
CREATE FUNCTION missing_material(p_step batch_step) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  wanted numeric;
BEGIN
  IF lineside.consumed_of(p_step.id) = 0            -- a tolerance as large as a small batch does not make nothing enough
     OR lineside.consumed_of(p_step.id) < lineside.demand_of_step(p_step.spec, (SELECT planned FROM lineside.batch WHERE id = p_step.batch)) - (p_step.spec ->> 'tolerance')::numeric THEN
    RETURN p_step.spec ->> 'item';
  END IF;
  IF p_step.spec ->> 'bound_to' <> 'unit' THEN RETURN NULL; END IF;
  wanted := CASE WHEN p_step.spec ->> 'by' = 'count' AND p_step.spec ->> 'per' = 'unit' THEN (p_step.spec ->> 'quantity')::numeric ELSE 0.000001 END;
  RETURN (SELECT u.serial FROM lineside.unit u WHERE u.batch = p_step.batch AND u.status IN ('made', 'labelled')
    AND coalesce((SELECT sum(c.quantity) FROM lineside.consumption c WHERE c.batch_step = p_step.id AND c.unit_serial = u.serial       -- one look into the index for each unit
                    AND NOT EXISTS (SELECT FROM lineside.consumption_undo o WHERE o.consumption = c.id)), 0) < wanted ORDER BY u.no LIMIT 1);
END $$;

-- A unit without a label that was scanned on it, or a label of which nobody knows yet whether it came out.
CREATE FUNCTION missing_label(p_step batch_step) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF p_step.spec ->> 'form' <> 'unit' THEN RETURN NULL; END IF;
  RETURN (SELECT serial FROM (
      SELECT u.no, u.serial FROM lineside.unit u WHERE u.batch = p_step.batch AND u.status = 'made' AND p_step.spec ->> 'scan_back' = 'true'
      UNION ALL SELECT u.no, u.serial FROM lineside.label l JOIN lineside.unit u ON u.id = l.subject_id
        WHERE l.kind = 'unit' AND l.status IN ('requested', 'sent', 'unknown') AND u.batch = p_step.batch) waits ORDER BY no LIMIT 1);
END $$;

-- What a person counted beside what became of the units.
CREATE FUNCTION differing_count(p_step batch_step) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF p_step.spec ->> 'counted' <> 'units' THEN RETURN NULL; END IF;
  RETURN (SELECT e.field FROM lineside.current_entries(p_step.id) e
    JOIN (SELECT 'made' AS field, count(*) AS pieces FROM lineside.unit WHERE batch = p_step.batch
          UNION ALL SELECT k.field, count(u.id) FROM (VALUES ('good', 'made'), ('good', 'labelled'), ('scrapped', 'scrapped'), ('samples', 'sampled')) k (field, status)
            LEFT JOIN lineside.unit u ON u.batch = p_step.batch AND u.status = k.status GROUP BY k.field) known USING (field)
    WHERE e.value <> known.pieces ORDER BY e.field LIMIT 1);
END $$;

-- A station that was cut off hands over its samples later: what was out of limits then is not in the figures of a step that is done.
CREATE FUNCTION excursion_told_late(p_step batch_step) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF p_step.status <> 'done' THEN RETURN NULL; END IF;
  RETURN (SELECT e.field FROM lineside.current_entries(p_step.id) e JOIN lineside.fields_of_step(p_step.kind, p_step.spec) f USING (field, sample_no)
    WHERE f.form = 'channel' AND (e.device IS DISTINCT FROM lineside.machine_of(p_step, f.ask ->> 'machine') OR (
      EXISTS (SELECT FROM lineside.sample_batch b WHERE b.machine = e.device AND b.stored_at > e.entered_at AND b.first_at < p_step.done_at)
      AND lineside.channel_verdict(f.field, f.ask, lineside.channel_figure(p_step, f.field)) <> 'conforms' AND lineside.channel_figure(p_step, f.field) <> e.value))
    ORDER BY e.field LIMIT 1);
END $$;

-- Everything outside its limits whose deviation is not decided.
CREATE FUNCTION undecided_in(p_batch uuid) RETURNS TABLE (step integer, field text) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT s.no, e.field FROM lineside.batch_step s JOIN lineside.step_entry e ON e.batch_step = s.id AND e.verdict <> 'conforms'
    WHERE s.batch = p_batch AND NOT EXISTS (SELECT FROM lineside.step_entry c WHERE c.corrects = e.id) AND NOT lineside.is_decided('step_entry', e.id)
    ORDER BY s.no, e.field, e.sample_no;
END $$;

-- The first one of a step.
CREATE FUNCTION undecided_of_step(p_step uuid) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  RETURN (SELECT e.field FROM lineside.step_entry e WHERE e.batch_step = p_step AND e.verdict <> 'conforms'
    AND NOT EXISTS (SELECT FROM lineside.step_entry c WHERE c.corrects = e.id) AND NOT lineside.is_decided('step_entry', e.id) ORDER BY e.field, e.sample_no LIMIT 1);
END $$;

-- The steps one waits for: those it follows, those it signs, the one its time runs from, those in which its machines are scanned.
CREATE FUNCTION steps_before(p_kind text, p_spec jsonb) RETURNS SETOF text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT jsonb_array_elements_text(p_spec -> 'after')
  UNION SELECT jsonb_array_elements_text(p_spec -> 'signs') WHERE p_kind = 'sign'
  UNION SELECT p_spec ->> 'since' WHERE p_kind = 'hold'
  UNION SELECT p ->> 'machine' FROM jsonb_array_elements(p_spec -> 'parameters') p WHERE p_kind = 'parameter' AND p ->> 'machine' IS NOT NULL
$$;
CREATE FUNCTION waits_for(p_step batch_step) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  RETURN (SELECT b.no::text FROM lineside.steps_before(p_step.kind, p_step.spec) k JOIN lineside.batch_step b ON b.batch = p_step.batch AND b.key = k
    WHERE b.status NOT IN ('done', 'void') ORDER BY b.no LIMIT 1);
END $$;

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
  UPDATE lineside.batch_step s SET status = 'ready'
   WHERE s.batch = NEW.batch AND s.status = 'waiting' AND NEW.key IN (SELECT lineside.steps_before(s.kind, s.spec)) AND lineside.waits_for(s) IS NULL;
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
