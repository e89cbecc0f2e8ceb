-- Somebody stops a whole batch: a deviation whose cause is the hold itself. Until its signatures have decided it nothing is begun, entered, taken, made, labelled
-- or signed in the batch. What machines say goes on being recorded, and an entry may still be corrected: facts do not wait.

ALTER TABLE deviation DROP CONSTRAINT deviation_cause_kind_check;
ALTER TABLE deviation ADD CONSTRAINT deviation_cause_kind_check CHECK (cause_kind IN ('measurement', 'receipt', 'step_entry', 'batch_step', 'other', 'hold'));
ALTER TABLE deviation ADD CONSTRAINT deviation_hold_says_why CHECK (cause_kind <> 'hold' OR (subject_kind = 'batch' AND btrim(what_happened) <> ''));
CREATE UNIQUE INDEX deviation_hold ON deviation (subject_id) WHERE cause_kind = 'hold' AND status = 'open';      -- demand_not_held: asked at every entry; one at a time

CREATE FUNCTION demand_not_held(p_batch uuid) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  holding text := (SELECT d.code FROM lineside.deviation d WHERE d.subject_id = p_batch AND d.cause_kind = 'hold' AND d.status = 'open');
BEGIN
  IF holding IS NOT NULL THEN
    RAISE EXCEPTION 'the batch is held by %', holding USING ERRCODE = 'LS116',
      DETAIL = (SELECT jsonb_build_object('batch', code, 'deviation', holding)::text FROM lineside.batch WHERE id = p_batch);
  END IF;
END $$;

-- Whoever enters at this moment comes before it or after it, never between. Returns the facts of the hold.
CREATE FUNCTION hold_batch(p_batch uuid) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  own lineside.batch;
BEGIN
  SELECT * INTO own FROM lineside.batch WHERE id = p_batch FOR NO KEY UPDATE;
  IF own.status <> 'open' THEN
    RAISE EXCEPTION 'batch % is %', own.code, own.status USING ERRCODE = 'LS087', DETAIL = jsonb_build_object('batch', own.code)::text;
  END IF;
  PERFORM lineside.demand_not_held(own.id);
  RETURN jsonb_build_object('batch', own.id, 'batch_code', own.code);
END $$;

-- Signatures on steps, given anew too, and the end of the batch wait for it.
CREATE FUNCTION step_is_not_held() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  PERFORM lineside.demand_not_held((SELECT s.batch FROM lineside.batch_step s WHERE s.id = NEW.subject_id));
  RETURN NEW;
END $$;
CREATE TRIGGER step_is_not_held BEFORE INSERT ON signature FOR EACH ROW WHEN (NEW.subject_kind = 'batch_step') EXECUTE FUNCTION step_is_not_held();
ALTER TABLE signature ENABLE ALWAYS TRIGGER step_is_not_held;
CREATE FUNCTION batch_is_not_held() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  PERFORM lineside.demand_not_held(NEW.id);
  RETURN NEW;
END $$;
CREATE TRIGGER batch_is_not_held BEFORE UPDATE OF status ON batch FOR EACH ROW WHEN (NEW.status = 'complete') EXECUTE FUNCTION batch_is_not_held();
ALTER TABLE batch ENABLE ALWAYS TRIGGER batch_is_not_held;

-- As before, each with its word on the hold.
CREATE OR REPLACE FUNCTION deviation_of_batch() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF NEW.cause_kind = 'step_entry' THEN
    NEW.facts := lineside.facts_of_entry(NEW.cause_id);
  ELSIF NEW.cause_kind = 'hold' AND TG_OP = 'INSERT' THEN
    NEW.facts := lineside.hold_batch(NEW.subject_id);
  ELSIF NEW.cause_kind = 'batch_step' THEN
    NEW.facts := (SELECT lineside.facts_of_step(s) FROM lineside.batch_step s WHERE s.id = NEW.cause_id);
  END IF;
  IF (NEW.cause_kind IN ('step_entry', 'batch_step')) AND (NEW.subject_kind <> 'batch' OR NEW.facts IS NULL OR (NEW.facts ->> 'batch')::uuid <> NEW.subject_id)
     OR (NEW.subject_kind = 'batch' AND (NEW.cause_kind NOT IN ('step_entry', 'batch_step', 'other', 'hold') OR NEW.disposition = 'return to supplier')) THEN
    RAISE EXCEPTION 'that cause or disposition does not belong to this batch' USING ERRCODE = 'LS100';
  END IF;
  IF NEW.subject_kind = 'batch' AND EXISTS (SELECT FROM lineside.batch b WHERE b.id = NEW.subject_id AND b.status = 'rejected') THEN
    RAISE EXCEPTION 'the batch is rejected' USING ERRCODE = 'LS087', DETAIL = (SELECT jsonb_build_object('batch', code)::text FROM lineside.batch WHERE id = NEW.subject_id);
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION demand_open_step(p_step uuid, p_correction boolean) RETURNS batch_step LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  step lineside.batch_step;
  own lineside.batch;
BEGIN
  SELECT * INTO step FROM lineside.batch_step WHERE id = p_step FOR NO KEY UPDATE;
  SELECT * INTO own FROM lineside.batch WHERE id = step.batch FOR SHARE;
  PERFORM lineside.demand('run_batch', own.site);
  IF own.status <> 'open' AND NOT (p_correction AND own.status = 'complete') THEN
    RAISE EXCEPTION 'batch % is %', own.code, own.status USING ERRCODE = 'LS087', DETAIL = jsonb_build_object('batch', own.code)::text;
  END IF;
  IF NOT p_correction THEN PERFORM lineside.demand_not_held(own.id); END IF;
  IF step.status <> 'started' AND NOT (p_correction AND step.status = 'done') THEN
    RAISE EXCEPTION 'step % is %', step.no, step.status USING ERRCODE = 'LS073', DETAIL = jsonb_build_object('step', step.no, 'status', step.status)::text;
  END IF;
  RETURN step;
END $$;

CREATE OR REPLACE FUNCTION step_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  own lineside.batch;
  waits text;
  lacks text;
BEGIN
  SELECT * INTO own FROM lineside.batch WHERE id = NEW.batch FOR NO KEY UPDATE;         -- of two branches that end at once, one waits and sees the other
  IF own.status <> 'open' THEN
    RAISE EXCEPTION 'batch % is %', own.code, own.status USING ERRCODE = 'LS087', DETAIL = jsonb_build_object('batch', own.code)::text;
  END IF;
  IF NEW.status <> 'ready' THEN PERFORM lineside.demand_not_held(own.id); END IF;
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

CREATE OR REPLACE FUNCTION unit_begins() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  own lineside.batch;
BEGIN
  SELECT * INTO own FROM lineside.batch WHERE id = NEW.batch FOR NO KEY UPDATE;
  PERFORM lineside.demand('run_batch', own.site);
  IF own.status <> 'open' THEN
    RAISE EXCEPTION 'batch % is %', own.code, own.status USING ERRCODE = 'LS087', DETAIL = jsonb_build_object('batch', own.code)::text;
  END IF;
  PERFORM lineside.demand_not_held(own.id);
  NEW.no := coalesce((SELECT max(no) FROM lineside.unit WHERE batch = own.id), 0) + 1;
  NEW.serial := own.code || '-' || lpad(NEW.no::text, 5, '0');
  NEW.sublot := (NEW.no - 1) / (own.frozen ->> 'sublot_size')::integer + 1;          -- NULL where the record knows no sub-lots
  NEW.status := 'made'; NEW.version := 1; NEW.moved_by := NULL; NEW.moved_at := NULL;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION unit_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  own lineside.batch;
BEGIN
  SELECT * INTO own FROM lineside.batch WHERE id = NEW.batch FOR SHARE;
  PERFORM lineside.demand('run_batch', own.site);
  IF own.status <> 'open' THEN
    RAISE EXCEPTION 'batch % is %', own.code, own.status USING ERRCODE = 'LS087', DETAIL = jsonb_build_object('batch', own.code)::text;
  END IF;
  PERFORM lineside.demand_not_held(own.id);
  NEW.moved_by := session_user; NEW.moved_at := clock_timestamp();
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION demand_labelling(p_unit uuid) RETURNS unit LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  piece lineside.unit;
  own lineside.batch;
BEGIN
  SELECT * INTO piece FROM lineside.unit WHERE id = p_unit FOR NO KEY UPDATE;
  SELECT * INTO own FROM lineside.batch WHERE id = piece.batch FOR SHARE;
  PERFORM lineside.demand('run_batch', own.site);
  PERFORM lineside.demand_not_held(own.id);
  IF own.status <> 'open' OR NOT EXISTS (SELECT FROM lineside.batch_step s WHERE s.batch = own.id AND s.kind = 'label' AND s.spec ->> 'form' = 'unit' AND s.status = 'started') THEN
    RAISE EXCEPTION 'labelling of % is not under way', own.code USING ERRCODE = 'LS103', DETAIL = jsonb_build_object('batch', own.code)::text;
  END IF;
  RETURN piece;
END $$;

CREATE OR REPLACE FUNCTION batch_exceptions(p_batch uuid) RETURNS TABLE (kind text, record uuid, step integer, field text, value text, old text, unit text, who text, at timestamptz, reason text,
  deviation text, status text, by_review boolean, accepted_by text, accepted_at timestamptz) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  WITH step AS (SELECT id, no, key, status, done_by, done_at FROM lineside.batch_step WHERE batch = p_batch),
  entry AS MATERIALIZED (
    SELECT e.*, s.no, coalesce(e.value::text, e.said) AS written, coalesce(w.value::text, w.said) AS before, EXISTS (SELECT FROM lineside.step_entry c WHERE c.corrects = e.id) AS corrected
      FROM step s JOIN lineside.step_entry e ON e.batch_step = s.id LEFT JOIN lineside.step_entry w ON w.id = e.corrects
     WHERE e.verdict <> 'conforms' OR e.near_limit OR e.corrects IS NOT NULL
        OR (e.origin IN ('typed', 'measured') AND (e.reason IS NOT NULL OR e.read_at < e.entered_at - interval '15 min')))
  SELECT x.kind, x.record, x.step, x.field, x.value, x.old, x.unit, x.who, x.at, x.reason, d.code, d.status,
      d.code IS NULL AND x.kind NOT IN ('outside', 'left out', 'deviation'), a.accepted_by, a.accepted_at
    FROM (
      SELECT 'outside' AS kind, id AS record, no AS step, field, written AS value, NULL AS old, unit, entered_by AS who, entered_at AS at, reason FROM entry
       WHERE verdict <> 'conforms' AND NOT corrected
      UNION ALL SELECT 'near', id, no, field, written, NULL, unit, entered_by, entered_at, reason FROM entry WHERE near_limit AND NOT corrected
      UNION ALL SELECT 'correction', id, no, field, written, before, unit, entered_by, entered_at, reason FROM entry WHERE corrects IS NOT NULL AND origin <> 'computed'
      UNION ALL SELECT 'typed', id, no, field, written, NULL, unit, entered_by, entered_at, reason FROM entry WHERE origin = 'typed' AND corrects IS NULL AND reason IS NOT NULL
      UNION ALL SELECT 'late', id, no, field, written, NULL, unit, entered_by, entered_at, reason FROM entry
       WHERE read_at < entered_at - interval '15 min' AND field <> 'cleaned' AND origin <> 'computed'
      UNION ALL SELECT 'reprint', l.id, NULL, u.serial, l.copy_no::text, NULL, NULL, l.requested_by, l.requested_at, l.reason
        FROM lineside.unit u JOIN lineside.label l ON l.kind = 'unit' AND l.subject_id = u.id WHERE u.batch = p_batch AND l.copy_no > 1
      UNION ALL SELECT 'typed lot', c.id, s.no, l.code, c.quantity::text, NULL, l.unit, c.consumed_by, c.consumed_at, c.reason
        FROM step s JOIN lineside.consumption c ON c.batch_step = s.id JOIN lineside.lot l ON l.id = c.lot WHERE c.origin = 'typed'
      UNION ALL SELECT 'undo', c.id, s.no, l.code, c.quantity::text, NULL, l.unit, u.undone_by, u.undone_at, u.reason
        FROM step s JOIN lineside.consumption c ON c.batch_step = s.id JOIN lineside.consumption_undo u ON u.consumption = c.id JOIN lineside.lot l ON l.id = c.lot
      UNION ALL SELECT 'left out', id, no, key, NULL, NULL, NULL, done_by, done_at, NULL FROM step WHERE status = 'void'
      UNION ALL SELECT 'deviation', v.cause_id, NULL, v.kind, NULL, NULL, NULL, v.opened_by, v.opened_at, v.what_happened
        FROM lineside.deviation v WHERE v.subject_kind = 'batch' AND v.subject_id = p_batch AND v.cause_kind IN ('other', 'hold')) x
    LEFT JOIN lineside.deviation d ON d.cause_kind IN ('step_entry', 'batch_step', 'other', 'hold') AND d.cause_id = x.record
    LEFT JOIN lineside.exception_acceptance a ON a.record = x.record AND a.kind = x.kind
$$;
