-- Two more kinds of fields of a parameter step: a time that somebody saw, and a picture somebody took. A picture is named by the SHA-256 of its bytes, as everywhere;
-- where it comes from is a file of the station, so it is neither measured nor typed: imported.

ALTER TABLE step_entry DROP CONSTRAINT step_entry_origin_check;
ALTER TABLE step_entry ADD CONSTRAINT step_entry_origin_check CHECK (origin IN ('scanned', 'measured', 'typed', 'computed', 'imported'));
ALTER TABLE step_entry ADD CONSTRAINT step_entry_imported CHECK (origin <> 'imported' OR (said ~ '^[0-9a-f]{64}$' AND read_at IS NOT NULL));
CREATE INDEX step_entry_picture ON step_entry (said) WHERE origin = 'imported';             -- demand_new_picture

-- Kept, and by its first bytes PNG or JPEG, whatever it is called. More the database cannot see: whoever draws it is ready for what cannot be drawn.
CREATE FUNCTION picture_is_kept(p_digest text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT coalesce(p_digest ~ '^[0-9a-f]{64}$', false) AND EXISTS (
    SELECT FROM lineside.attachment a JOIN lineside.attachment_chunk c ON c.attachment = a.id AND c.no = 0
     WHERE a.sha256 = decode(CASE WHEN p_digest ~ '^[0-9a-f]{64}$' THEN p_digest ELSE '' END, 'hex')
       AND (substring(c.bytes FOR 8) = '\x89504e470d0a1a0a'::bytea OR substring(c.bytes FOR 3) = '\xffd8ff'::bytea))
$$;

-- The same picture in a second field would prove what it does not show, and so would the drawing of the instruction. One that was replaced is free again: two that
-- were mixed up can be put right. Whoever enters the same one at the same moment waits here.
CREATE FUNCTION demand_new_picture(p_step batch_step, p_digest text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  used record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(p_digest, 4951765));
  SELECT b.code, s.no INTO used FROM lineside.step_entry e JOIN lineside.batch_step s ON s.id = e.batch_step JOIN lineside.batch b ON b.id = s.batch
   WHERE e.said = p_digest AND e.origin = 'imported' AND NOT EXISTS (SELECT FROM lineside.step_entry c WHERE c.corrects = e.id)
  UNION ALL SELECT b.code, s.no FROM lineside.batch_step s JOIN lineside.batch b ON b.id = s.batch WHERE s.batch = p_step.batch AND s.spec ->> 'picture' = p_digest LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'that picture stands in step % of %', used.no, used.code USING ERRCODE = 'LS118', DETAIL = jsonb_build_object('batch', used.code, 'step', used.no)::text;
  END IF;
END $$;

-- A time that has not come, or that lies so far before the work that it cannot be of it: a clock is wrong.
CREATE FUNCTION demand_time(p_field text, p_at timestamptz, p_begun timestamptz) RETURNS void LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_at > clock_timestamp() + interval '5 min' OR p_at < p_begun - interval '30 days' THEN
    RAISE EXCEPTION '% cannot be of %', p_field, p_at USING ERRCODE = 'LS120',
      DETAIL = jsonb_build_object('field', p_field, 'at', CASE WHEN isfinite(p_at) AND extract(year FROM p_at) BETWEEN 1 AND 9999 THEN to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC' ELSE '–' END)::text;
  END IF;
END $$;

-- As before, each with its word on these two.
CREATE OR REPLACE FUNCTION fields_of_step(p_kind text, p_spec jsonb) RETURNS TABLE (field text, sample_no integer, form text, ask jsonb) LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT c ->> 'key', 1, 'check', c FROM jsonb_array_elements(p_spec -> 'checks') c WHERE p_kind = 'line_clearance'
  UNION ALL SELECT p ->> 'key', n, 'figure', p FROM jsonb_array_elements(p_spec -> 'parameters') p, generate_series(1, (p ->> 'readings')::integer) n
    WHERE p_kind = 'parameter' AND p ->> 'source' IN ('typed', 'device')
  UNION ALL SELECT p ->> 'key', 1, 'formula', p FROM jsonb_array_elements(p_spec -> 'parameters') p WHERE p_kind = 'parameter' AND p ->> 'source' = 'formula'
  UNION ALL SELECT c ->> 'key', 1, 'choice', c FROM jsonb_array_elements(p_spec -> 'choices') c WHERE p_kind = 'parameter'
  UNION ALL SELECT t ->> 'key', 1, 'time', t FROM jsonb_array_elements(p_spec -> 'times') t WHERE p_kind = 'parameter'
  UNION ALL SELECT t ->> 'key', 1, 'photo', t FROM jsonb_array_elements(p_spec -> 'photos') t WHERE p_kind = 'parameter'
  UNION ALL SELECT (p ->> 'key') || f, 1, 'channel', p FROM jsonb_array_elements(p_spec -> 'parameters') p, unnest(ARRAY['.low', '.high', '.gap']) f
    WHERE p_kind = 'parameter' AND p ->> 'source' = 'channel'
  UNION ALL SELECT c ->> 'key', n, 'figure', c FROM jsonb_array_elements(p_spec -> 'characteristics') c, generate_series(1, (p_spec ->> 'sample_size')::integer) n WHERE p_kind = 'inspection'
  UNION ALL SELECT 'asset', 1, 'asset', p_spec WHERE p_kind = 'equipment'
  UNION ALL SELECT 'cleaned', 1, 'cleaned', p_spec WHERE p_kind = 'equipment' AND p_spec ->> 'cleaned_within_h' IS NOT NULL
  UNION ALL SELECT f, 1, 'computed', p_spec FROM unnest(ARRAY['issued', 'applied', 'destroyed']) f WHERE p_kind = 'label' AND p_spec ->> 'form' = 'unit' AND p_spec ->> 'scan_back' = 'true'
  UNION ALL SELECT f, 1, CASE WHEN f = 'issued' AND p_spec ->> 'form' = 'unit' THEN 'computed' ELSE 'count' END, p_spec      -- nobody scans them: a person counts
    FROM unnest(ARRAY['issued', 'applied', 'destroyed', 'samples', 'left']) f WHERE p_kind = 'label' AND NOT (p_spec ->> 'form' = 'unit' AND p_spec ->> 'scan_back' = 'true')
  UNION ALL SELECT f, 1, CASE WHEN f = 'made' AND p_spec ->> 'counted' = 'units' THEN 'computed' ELSE 'count' END, p_spec
    FROM unnest(ARRAY['made', 'good', 'scrapped', 'samples']) f WHERE p_kind = 'yield'
  UNION ALL SELECT 'not_found', 1, 'computed', p_spec WHERE p_kind IN ('label', 'yield')
  UNION ALL SELECT 'minutes', 1, 'minutes', p_spec WHERE p_kind = 'hold'
$$;

CREATE OR REPLACE FUNCTION step_is_whole(p_step jsonb) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT CASE p_step ->> 'kind'
    WHEN 'instruction' THEN true
    WHEN 'line_clearance' THEN jsonb_array_length(p_step -> 'checks') > 0
    WHEN 'material' THEN lineside.is_figure(p_step ->> 'quantity') AND (p_step ->> 'quantity')::numeric > 0 AND lineside.is_figure(p_step ->> 'tolerance')
      AND (p_step ->> 'tolerance')::numeric >= 0 AND p_step ->> 'per' IN ('unit', 'batch') AND p_step ->> 'by' IN ('count', 'weigh') AND p_step ->> 'bound_to' IN ('unit', 'sublot', 'batch')
      AND EXISTS (SELECT FROM lineside.item i WHERE i.code = p_step ->> 'item' AND i.unit = p_step ->> 'unit')
    WHEN 'equipment' THEN p_step ->> 'asset' ~ '^[a-z_]+$' AND p_step ->> 'calibrated' IN ('true', 'false') AND coalesce(p_step ->> 'cleaned_within_h', '1') ~ '^[1-9][0-9]{0,4}$'
    WHEN 'parameter' THEN EXISTS (SELECT FROM unnest(ARRAY['parameters', 'choices', 'times', 'photos']) part, jsonb_array_elements(p_step -> part) f)
      AND NOT EXISTS (SELECT FROM unnest(ARRAY['times', 'photos']) part, jsonb_array_elements(p_step -> part) f WHERE coalesce(f ->> 'key', '') !~ '^[a-z][a-z0-9_]{0,39}$')
      AND NOT EXISTS (SELECT FROM unnest(ARRAY['parameters', 'choices', 'times', 'photos']) part, jsonb_array_elements(p_step -> part) f
        WHERE f ->> 'key' IN ('issued', 'applied', 'destroyed', 'not_found', 'made', 'minutes'))        -- names of the database's own figures
      AND NOT EXISTS (SELECT FROM jsonb_array_elements(p_step -> 'choices') c WHERE coalesce(lineside.choice_is_whole(c), false) IS FALSE)
      AND NOT EXISTS (SELECT FROM jsonb_array_elements(p_step -> 'parameters') p WHERE p ->> 'source' = 'formula' AND coalesce(lineside.formula_reads(p ->> 'formula', lineside.inputs_before(p_step, p ->> 'key')), false) IS FALSE)
      AND NOT EXISTS (
      SELECT FROM jsonb_array_elements(p_step -> 'parameters') p
       WHERE coalesce(p ->> 'key', '') = '' OR coalesce(p ->> 'unit', '') = '' OR coalesce(p ->> 'source', '') NOT IN ('typed', 'device', 'channel', 'formula')
          OR (p ->> 'source' = 'device') <> (coalesce(p ->> 'device', '') ~ '^[a-z][a-z0-9_]{0,39}$')
          OR (p ->> 'source' = 'channel') <> (coalesce(p ->> 'channel', '') ~ '^[a-z][a-z0-9_]{0,39}$' AND coalesce(p ->> 'longest_gap_s', '') ~ '^[1-9][0-9]{0,4}$')
          OR coalesce(p ->> 'readings', '') !~ '^[1-9][0-9]{0,3}$' OR coalesce(p ->> 'decimals', '') !~ '^[0-6]$' OR coalesce(p ->> 'lower', p ->> 'upper') IS NULL
          OR EXISTS (SELECT FROM unnest(ARRAY['lower', 'nominal', 'upper', 'soft_lower', 'soft_upper']) f WHERE p ->> f IS NOT NULL AND NOT lineside.is_figure(p ->> f)))
    WHEN 'inspection' THEN EXISTS (SELECT FROM lineside.document d JOIN lineside.inspection_plan i ON i.id = d.id
                                    WHERE d.kind = 'inspection_plan' AND d.code = p_step ->> 'plan' AND i.stage = 'in-process')
    WHEN 'label' THEN p_step ->> 'form' IN ('unit', 'box') AND p_step ->> 'count' ~ '^[1-9][0-9]{0,6}$' AND p_step ->> 'scan_back' IN ('true', 'false')
    WHEN 'hold' THEN p_step ->> 'min_minutes' ~ '^[0-9]{1,6}$' AND coalesce(p_step ->> 'max_minutes', '0') ~ '^[0-9]{1,6}$'
    WHEN 'yield' THEN p_step ->> 'counted' IN ('units', 'typed')
    WHEN 'sign' THEN p_step ->> 'sign' IN ('perform', 'verify') AND jsonb_array_length(p_step -> 'signs') > 0
      AND coalesce(p_step ->> 'right', 'inspect_lot') IN ('approve_deviation', 'inspect_lot', 'release_batch')
    ELSE false END
$$;

CREATE OR REPLACE FUNCTION entry_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  step lineside.batch_step := lineside.demand_open_step(NEW.batch_step, NEW.corrects IS NOT NULL
    OR (NEW.origin = 'computed' AND pg_trigger_depth() > 1));                          -- what follows from a correction follows while a batch is held, too
  asked record;
BEGIN
  SELECT * INTO asked FROM lineside.fields_of_step(step.kind, step.spec) f WHERE f.field = NEW.field AND f.sample_no = NEW.sample_no;
  IF NOT FOUND OR NOT (NEW.origin = ANY (CASE asked.form WHEN 'figure' THEN ARRAY['typed', 'measured'] WHEN 'asset' THEN ARRAY['typed', 'scanned']
      WHEN 'check' THEN ARRAY['typed'] WHEN 'choice' THEN ARRAY['typed'] WHEN 'count' THEN ARRAY['typed'] WHEN 'cleaned' THEN ARRAY['typed'] WHEN 'time' THEN ARRAY['typed']
      WHEN 'photo' THEN ARRAY['imported'] ELSE ARRAY['computed'] END))
     OR (NEW.unit_serial IS NOT NULL AND asked.form <> 'figure') THEN
    RAISE EXCEPTION 'step % does not ask for % in this way', step.no, NEW.field USING ERRCODE = 'LS077', DETAIL = jsonb_build_object('step', step.no, 'field', NEW.field)::text;
  END IF;
  IF NEW.unit_serial IS NOT NULL AND NOT EXISTS (SELECT FROM lineside.unit u WHERE u.serial = NEW.unit_serial AND u.batch = step.batch) THEN
    RAISE EXCEPTION 'unit % is not of this batch', NEW.unit_serial USING ERRCODE = 'LS085', DETAIL = jsonb_build_object('unit', NEW.unit_serial)::text;
  END IF;
  NEW.station := (lineside.this_login()).station;
  NEW.calibration := NULL; NEW.near_limit := false; NEW.verdict := 'conforms';
  IF (NEW.corrects IS NOT NULL OR (NEW.origin = 'typed' AND asked.ask ->> 'source' IN ('device', 'channel'))) AND coalesce(btrim(NEW.reason), '') = '' THEN
    RAISE EXCEPTION 'a typed value or a correction needs a reason' USING ERRCODE = 'LS078', DETAIL = jsonb_build_object('field', NEW.field)::text;
  END IF;
  IF NEW.corrects IS NOT NULL AND NOT EXISTS (SELECT FROM lineside.step_entry e
      WHERE e.id = NEW.corrects AND e.batch_step = step.id AND (e.field, e.sample_no) = (NEW.field, NEW.sample_no) AND e.unit_serial IS NOT DISTINCT FROM NEW.unit_serial
        AND NOT EXISTS (SELECT FROM lineside.step_entry c WHERE c.corrects = e.id)) THEN
    RAISE EXCEPTION 'the entry to be corrected is not the current one' USING ERRCODE = 'LS079', DETAIL = jsonb_build_object('field', NEW.field)::text;
  END IF;
  IF asked.form <> 'cleaned' OR NEW.read_at > clock_timestamp() THEN                       -- how long ago it was cleaned has a limit of its own
    PERFORM lineside.demand_time(NEW.field, NEW.read_at, (SELECT b.started_at FROM lineside.batch b WHERE b.id = step.batch));
  END IF;
  CASE asked.form
    WHEN 'check' THEN
      IF NEW.said IS NULL OR NEW.said NOT IN ('yes', 'no') THEN PERFORM lineside.refuse_value(NEW.field); END IF;
      NEW.value := NULL; NEW.unit := NULL; NEW.device := NULL;
      IF NEW.said = 'no' THEN NEW.verdict := 'fails'; END IF;
    WHEN 'choice' THEN
      NEW.verdict := (SELECT CASE o ->> 'accepted' WHEN 'true' THEN 'conforms' ELSE 'fails' END FROM jsonb_array_elements(asked.ask -> 'options') o WHERE o ->> 'key' = NEW.said);
      IF NEW.verdict IS NULL THEN PERFORM lineside.refuse_value(NEW.field); END IF;
      NEW.value := NULL; NEW.unit := NULL; NEW.device := NULL;
    WHEN 'figure' THEN
      IF NEW.value IS NULL THEN PERFORM lineside.refuse_value(NEW.field); END IF;
      NEW.said := NULL;
      IF NEW.unit IS DISTINCT FROM asked.ask ->> 'unit' THEN
        RAISE EXCEPTION 'the limits are in %, the reading in %', asked.ask ->> 'unit', NEW.unit USING ERRCODE = 'LS051', DETAIL = jsonb_build_object('wanted', asked.ask ->> 'unit', 'read', NEW.unit)::text;
      END IF;
      IF NEW.origin = 'measured' THEN
        PERFORM lineside.demand_station();
      END IF;
      IF NEW.device IS NOT NULL THEN                     -- also who types what an instrument showed read a fit one
        NEW.calibration := lineside.demand_instrument(NEW.device, asked.ask ->> 'device', NEW.unit);
      END IF;
      NEW.verdict := lineside.judged(NEW.value, asked.ask ->> 'lower', asked.ask ->> 'upper');
      NEW.near_limit := NEW.verdict = 'conforms' AND lineside.judged(NEW.value, asked.ask ->> 'soft_lower', asked.ask ->> 'soft_upper') <> 'conforms';
    WHEN 'count' THEN
      IF NEW.value IS NULL OR NEW.value < 0 OR NEW.value <> trunc(NEW.value) OR NEW.value > 100000000 THEN PERFORM lineside.refuse_value(NEW.field); END IF;
      NEW.said := NULL; NEW.unit := NULL; NEW.device := NULL;
    WHEN 'asset' THEN
      NEW.value := NULL; NEW.said := (SELECT code FROM lineside.asset WHERE id = NEW.device);
      IF NEW.said IS NULL THEN PERFORM lineside.refuse_value(NEW.field); END IF;
      NEW.calibration := CASE WHEN asked.ask ->> 'calibrated' = 'true' THEN lineside.demand_instrument(NEW.device, asked.ask ->> 'asset', NULL) END;
      IF NOT EXISTS (SELECT FROM lineside.asset a WHERE a.id = NEW.device AND a.active AND a.kind = asked.ask ->> 'asset') THEN
        RAISE EXCEPTION '% is no %', NEW.said, asked.ask ->> 'asset' USING ERRCODE = 'LS053', DETAIL = jsonb_build_object('gauge', NEW.said, 'wanted', asked.ask ->> 'asset')::text;
      END IF;
    WHEN 'cleaned' THEN
      NEW.value := NULL; NEW.said := 'yes'; NEW.device := NULL;
      IF NEW.read_at IS NULL OR NEW.read_at > coalesce(step.done_at, clock_timestamp() + interval '5 min')          -- corrected later, it is still about then
         OR NEW.read_at < coalesce(step.done_at, clock_timestamp()) - make_interval(hours => (asked.ask ->> 'cleaned_within_h')::integer) THEN
        RAISE EXCEPTION 'cleaned too long ago' USING ERRCODE = 'LS088', DETAIL = jsonb_build_object('hours', asked.ask ->> 'cleaned_within_h')::text;
      END IF;
    WHEN 'time' THEN
      IF NEW.read_at IS NULL THEN PERFORM lineside.refuse_value(NEW.field); END IF;
      NEW.value := NULL; NEW.unit := NULL; NEW.device := NULL; NEW.raw := NULL; NEW.said := 'yes';
    WHEN 'photo' THEN
      IF NEW.read_at IS NULL OR NOT lineside.picture_is_kept(NEW.said) THEN PERFORM lineside.refuse_value(NEW.field); END IF;
      PERFORM lineside.demand_new_picture(step, NEW.said);
      NEW.value := NULL; NEW.unit := NULL; NEW.device := NULL; NEW.raw := NULL;
    ELSE
      NEW.said := NULL; NEW.device := NULL; NEW.read_at := NULL; NEW.value := lineside.computed_value(step, NEW.field);
      IF NEW.value IS NULL AND asked.form = 'channel' THEN
        RAISE EXCEPTION 'the machine said nothing for %', NEW.field USING ERRCODE = 'LS102', DETAIL = jsonb_build_object('field', NEW.field, 'channel', asked.ask ->> 'channel')::text;
      END IF;
      IF NEW.value IS NULL THEN PERFORM lineside.refuse_value(NEW.field); END IF;
      IF asked.form = 'minutes' AND NEW.value < (asked.ask ->> 'min_minutes')::numeric THEN
        RAISE EXCEPTION 'only % of % minutes', NEW.value, asked.ask ->> 'min_minutes' USING ERRCODE = 'LS086', DETAIL = jsonb_build_object('passed', NEW.value, 'wanted', asked.ask ->> 'min_minutes')::text;
      END IF;
      NEW.unit := CASE asked.form WHEN 'minutes' THEN 'min' WHEN 'formula' THEN asked.ask ->> 'unit' WHEN 'channel' THEN CASE WHEN NEW.field LIKE '%.gap' THEN 's' ELSE asked.ask ->> 'unit' END END;
      IF asked.form = 'channel' THEN
        NEW.device := lineside.machine_of(step, asked.ask ->> 'machine');
        NEW.calibration := (lineside.calibration_at(NEW.device, clock_timestamp())).id;
        NEW.verdict := lineside.channel_verdict(NEW.field, asked.ask, NEW.value);
        NEW.near_limit := NEW.field NOT LIKE '%.gap' AND NEW.verdict = 'conforms' AND lineside.judged(NEW.value, asked.ask ->> 'soft_lower', asked.ask ->> 'soft_upper') <> 'conforms';
      END IF;
      IF asked.form = 'formula' THEN
        NEW.verdict := lineside.judged(NEW.value, asked.ask ->> 'lower', asked.ask ->> 'upper');
        NEW.near_limit := NEW.verdict = 'conforms' AND lineside.judged(NEW.value, asked.ask ->> 'soft_lower', asked.ask ->> 'soft_upper') <> 'conforms';
      END IF;
      IF asked.form = 'minutes' THEN NEW.verdict := lineside.judged(NEW.value, NULL, asked.ask ->> 'max_minutes'); END IF;
      IF NEW.field = 'not_found' THEN NEW.verdict := lineside.judged(NEW.value, '0', '0'); END IF;
  END CASE;
  RETURN NEW;
END $$;

-- As before; a time is no entry that came late, and is told as a time.
CREATE OR REPLACE FUNCTION batch_exceptions(p_batch uuid) RETURNS TABLE (kind text, record uuid, step integer, field text, value text, old text, unit text, who text, at timestamptz, reason text,
  deviation text, status text, by_review boolean, accepted_by text, accepted_at timestamptz) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  WITH step AS (
    SELECT s.id, s.no, s.key, s.status, s.done_by, s.done_at, i.zone,
      CASE s.kind WHEN 'equipment' THEN ARRAY['cleaned'] ELSE ARRAY(SELECT t ->> 'key' FROM jsonb_array_elements(s.spec -> 'times') t) END AS times      -- fields that are a time themselves
      FROM lineside.batch_step s JOIN lineside.batch b ON b.id = s.batch JOIN lineside.site i ON i.id = b.site WHERE s.batch = p_batch),
  entry AS MATERIALIZED (
    SELECT e.*, s.no, e.field = ANY (s.times) AS is_time, CASE WHEN e.field = ANY (s.times) THEN to_char(e.read_at AT TIME ZONE s.zone, 'YYYY-MM-DD HH24:MI') ELSE coalesce(e.value::text, e.said) END AS written,
      CASE WHEN w.field = ANY (s.times) THEN to_char(w.read_at AT TIME ZONE s.zone, 'YYYY-MM-DD HH24:MI') ELSE coalesce(w.value::text, w.said) END AS before, EXISTS (SELECT FROM lineside.step_entry c WHERE c.corrects = e.id) AS corrected
      FROM step s JOIN lineside.step_entry e ON e.batch_step = s.id LEFT JOIN lineside.step_entry w ON w.id = e.corrects
     WHERE e.verdict <> 'conforms' OR e.near_limit OR e.corrects IS NOT NULL
        OR (e.origin IN ('typed', 'measured', 'imported') AND (e.reason IS NOT NULL OR e.read_at < e.entered_at - interval '15 min')))
  SELECT x.kind, x.record, x.step, x.field, x.value, x.old, x.unit, x.who, x.at, x.reason, d.code, d.status,
      d.code IS NULL AND x.kind NOT IN ('outside', 'left out', 'deviation'), a.accepted_by, a.accepted_at
    FROM (
      SELECT 'outside' AS kind, id AS record, no AS step, field, written AS value, NULL AS old, unit, entered_by AS who, entered_at AS at, reason FROM entry
       WHERE verdict <> 'conforms' AND NOT corrected
      UNION ALL SELECT 'near', id, no, field, written, NULL, unit, entered_by, entered_at, reason FROM entry WHERE near_limit AND NOT corrected
      UNION ALL SELECT 'correction', id, no, field, written, before, unit, entered_by, entered_at, reason FROM entry WHERE corrects IS NOT NULL AND origin <> 'computed'
      UNION ALL SELECT 'typed', id, no, field, written, NULL, unit, entered_by, entered_at, reason FROM entry WHERE origin = 'typed' AND corrects IS NULL AND reason IS NOT NULL
      UNION ALL SELECT 'late', id, no, field, written, NULL, unit, entered_by, entered_at, reason FROM entry
       WHERE read_at < entered_at - interval '15 min' AND NOT is_time AND origin <> 'computed'
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
