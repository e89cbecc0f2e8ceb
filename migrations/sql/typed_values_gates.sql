-- The gates of records that devices fill, as before, each with its word on typed values and on gauges that do not suit. What is typed is not asked for the right again:
-- it was when it was typed, and whoever verifies has another one.

CREATE OR REPLACE FUNCTION measurement_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  typed lineside.typed_value := lineside.verified_value(NEW.id, 'measurement');
  spec jsonb;
BEGIN
  IF NEW.origin = 'typed' THEN
    IF typed.id IS NULL THEN PERFORM lineside.refuse_unverified('a measurement'); END IF;
  ELSE
    PERFORM lineside.demand('inspect_lot', (SELECT l.site FROM lineside.inspection i JOIN lineside.lot l ON l.id = i.lot WHERE i.id = NEW.inspection));
    PERFORM lineside.demand_station();
  END IF;
  spec := lineside.open_cell(NEW.inspection, NEW.characteristic, NEW.sample_no, NEW.unit);
  IF NEW.origin = 'typed' THEN
    NEW.calibration := typed.calibration; NEW.station := typed.station; NEW.taken_by := typed.typed_by;
  ELSE
    NEW.calibration := lineside.demand_gauge(NEW.gauge, spec, NEW.value);
    NEW.station := (lineside.this_login()).station;
  END IF;
  NEW.verdict := lineside.judged(NEW.value, spec ->> 'lower', spec ->> 'upper');
  RETURN NEW;
END $$;

-- p_right: NULL, where it was asked for before.
CREATE FUNCTION demand_open_step(p_step uuid, p_correction boolean, p_right text) RETURNS batch_step LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  step lineside.batch_step;
  own lineside.batch;
BEGIN
  SELECT * INTO step FROM lineside.batch_step WHERE id = p_step FOR NO KEY UPDATE;
  SELECT * INTO own FROM lineside.batch WHERE id = step.batch FOR SHARE;
  IF p_right IS NOT NULL THEN PERFORM lineside.demand(p_right, own.site); END IF;
  IF own.status <> 'open' AND NOT (p_correction AND own.status = 'complete') THEN
    RAISE EXCEPTION 'batch % is %', own.code, own.status USING ERRCODE = 'LS087', DETAIL = jsonb_build_object('batch', own.code)::text;
  END IF;
  IF NOT p_correction THEN PERFORM lineside.demand_not_held(own.id); END IF;
  IF step.status <> 'started' AND NOT (p_correction AND step.status = 'done') THEN
    RAISE EXCEPTION 'step % is %', step.no, step.status USING ERRCODE = 'LS073', DETAIL = jsonb_build_object('step', step.no, 'status', step.status)::text;
  END IF;
  RETURN step;
END $$;

CREATE OR REPLACE FUNCTION demand_open_step(p_step uuid, p_correction boolean) RETURNS batch_step LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT lineside.demand_open_step(p_step, p_correction, 'run_batch')
$$;

CREATE OR REPLACE FUNCTION entry_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  typed lineside.typed_value := lineside.verified_value(NEW.id, 'step_entry');
  step lineside.batch_step := lineside.demand_open_step(NEW.batch_step, NEW.corrects IS NOT NULL
    OR (NEW.origin = 'computed' AND pg_trigger_depth() > 1),                            -- what follows from a correction follows while a batch is held, too
    CASE WHEN typed.id IS NULL THEN 'run_batch' END);
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
      IF typed.id IS NOT NULL THEN                       -- judged when the instrument was read
        NEW.calibration := typed.calibration; NEW.station := typed.station; NEW.entered_by := typed.typed_by;
      ELSIF NEW.origin = 'typed' AND asked.ask ->> 'source' = 'device' THEN
        PERFORM lineside.refuse_unverified(NEW.field);
      ELSIF NEW.device IS NOT NULL THEN                  -- also who types what an instrument showed read a fit one
        NEW.calibration := lineside.demand_instrument(NEW.device, asked.ask ->> 'device', NEW.unit);
        PERFORM lineside.demand_suited(NEW.device, NEW.value, (asked.ask ->> 'lower')::numeric, (asked.ask ->> 'upper')::numeric);
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

CREATE OR REPLACE FUNCTION consumption_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  typed lineside.typed_value := lineside.verified_value(NEW.id, 'consumption');
  step lineside.batch_step := lineside.demand_open_step(NEW.batch_step, false, CASE WHEN typed.id IS NULL THEN 'run_batch' END);
  own lineside.batch;
  the_lot lineside.lot;
  room numeric;
BEGIN
  SELECT * INTO own FROM lineside.batch WHERE id = step.batch;
  SELECT * INTO the_lot FROM lineside.lot WHERE id = NEW.lot FOR NO KEY UPDATE;        -- a hold that is being signed comes before or after, never between
  IF step.kind <> 'material' OR (SELECT code FROM lineside.item WHERE id = the_lot.item) IS DISTINCT FROM step.spec ->> 'item' OR the_lot.site IS DISTINCT FROM own.site
     OR NOT EXISTS (SELECT FROM lineside.container c WHERE c.id = NEW.container AND c.lot = the_lot.id) THEN
    RAISE EXCEPTION 'lot % is not what step % takes', the_lot.code, step.no USING ERRCODE = 'LS080',
      DETAIL = jsonb_build_object('lot', the_lot.code, 'step', step.no, 'wanted', step.spec ->> 'item')::text;
  END IF;
  IF the_lot.status <> 'released' THEN
    RAISE EXCEPTION 'lot % is %', the_lot.code, the_lot.status USING ERRCODE = 'LS081', DETAIL = jsonb_build_object('lot', the_lot.code, 'status', the_lot.status)::text;
  END IF;
  IF the_lot.expires_on < lineside.today_at(own.site) THEN
    RAISE EXCEPTION 'lot % expired on %', the_lot.code, the_lot.expires_on USING ERRCODE = 'LS082', DETAIL = jsonb_build_object('lot', the_lot.code, 'expires_on', the_lot.expires_on)::text;
  END IF;
  IF EXISTS (SELECT FROM lineside.kit k WHERE k.container = NEW.container AND k.status = 'laid out' AND k.batch <> own.id) THEN
    RAISE EXCEPTION 'that container is laid out for another batch' USING ERRCODE = 'LS104', DETAIL = (SELECT jsonb_build_object('container', c.code, 'batch', b.code)::text
      FROM lineside.kit k JOIN lineside.container c ON c.id = k.container JOIN lineside.batch b ON b.id = k.batch WHERE k.container = NEW.container AND k.status = 'laid out');
  END IF;
  PERFORM lineside.demand_bound(step, NEW.unit_serial, NEW.sublot);
  IF the_lot.balance < NEW.quantity THEN
    RAISE EXCEPTION 'lot % holds % only', the_lot.code, the_lot.balance USING ERRCODE = 'LS083', DETAIL = jsonb_build_object('lot', the_lot.code, 'balance', the_lot.balance, 'unit', the_lot.unit)::text;
  END IF;
  room := lineside.left_in(NEW.container);
  IF room < NEW.quantity THEN
    RAISE EXCEPTION 'the container holds % only', room USING ERRCODE = 'LS109', DETAIL = jsonb_build_object('container', (SELECT code FROM lineside.container WHERE id = NEW.container), 'left', room, 'unit', the_lot.unit)::text;
  END IF;
  room := lineside.demand_of_step(step.spec, own.planned) + (step.spec ->> 'tolerance')::numeric - lineside.consumed_of(step.id);
  IF step.spec ->> 'bound_to' <> 'batch' AND step.spec ->> 'per' = 'unit' THEN
    room := least(room, lineside.share_of(step, NEW.sublot) - CASE WHEN NEW.sublot IS NULL THEN lineside.consumed_of(step.id, NEW.unit_serial) ELSE lineside.consumed_by_sublot(step.id, NEW.sublot) END);
  END IF;
  IF NEW.quantity > room THEN
    RAISE EXCEPTION 'step % takes % more', step.no, greatest(room, 0) USING ERRCODE = 'LS084', DETAIL = jsonb_build_object('step', step.no, 'room', greatest(room, 0), 'unit', the_lot.unit)::text;
  END IF;
  IF NEW.origin = 'typed' AND coalesce(btrim(NEW.reason), '') = '' THEN
    RAISE EXCEPTION 'a typed lot needs a reason' USING ERRCODE = 'LS078', DETAIL = jsonb_build_object('field', the_lot.code)::text;
  END IF;
  IF NEW.origin = 'measured' THEN
    PERFORM lineside.demand_station();
    PERFORM lineside.demand_instrument(NEW.scale, 'scale', the_lot.unit);
    PERFORM lineside.demand_suited(NEW.scale, NEW.quantity, NULL, NULL);
    PERFORM lineside.demand_fine(NEW.scale, nullif(2 * (step.spec ->> 'tolerance')::numeric, 0));
  ELSIF step.spec ->> 'by' = 'weigh' AND NEW.origin = 'typed' AND typed.id IS NULL THEN
    PERFORM lineside.refuse_unverified(the_lot.code);
  ELSIF step.spec ->> 'by' = 'weigh' AND NEW.origin <> 'typed' THEN
    RAISE EXCEPTION 'step % is weighed', step.no USING ERRCODE = 'LS077', DETAIL = jsonb_build_object('step', step.no, 'field', the_lot.code)::text;
  END IF;
  NEW.station := (lineside.this_login()).station;
  IF typed.id IS NOT NULL THEN NEW.station := typed.station; NEW.consumed_by := typed.typed_by; END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION weighing_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  the_scale lineside.asset;
BEGIN
  SELECT * INTO the_scale FROM lineside.asset WHERE id = NEW.scale;
  PERFORM lineside.demand('receive_material', the_scale.site);
  PERFORM lineside.demand('receive_material', (SELECT l.site FROM lineside.container c JOIN lineside.lot l ON l.id = c.lot WHERE c.id = NEW.container));
  PERFORM lineside.demand_station();
  IF the_scale.kind <> 'scale' OR NOT lineside.gauge_is_fit(NEW.scale, clock_timestamp()) THEN
    RAISE EXCEPTION 'scale % is not fit for use', the_scale.code USING ERRCODE = 'LS050', DETAIL = jsonb_build_object('gauge', the_scale.code)::text;
  END IF;
  IF NEW.unit <> the_scale.unit THEN
    RAISE EXCEPTION 'the scale reads in %', the_scale.unit USING ERRCODE = 'LS051';
  END IF;
  PERFORM lineside.demand_suited(NEW.scale, NEW.value, NULL, NULL);
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION batch_exceptions(p_batch uuid) RETURNS TABLE (kind text, record uuid, step integer, field text, value text, old text, unit text, who text, at timestamptz, reason text,
  deviation text, status text, by_review boolean, accepted_by text, accepted_at timestamptz) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  WITH step AS (
    SELECT s.id, s.no, s.key, s.status, s.done_by, s.done_at, i.zone,
      CASE s.kind WHEN 'equipment' THEN ARRAY['cleaned'] ELSE ARRAY(SELECT t ->> 'key' FROM jsonb_array_elements(s.spec -> 'times') t) END AS times      -- fields that are a time themselves
      FROM lineside.batch_step s JOIN lineside.batch b ON b.id = s.batch JOIN lineside.site i ON i.id = b.site WHERE s.batch = p_batch),
  entry AS MATERIALIZED (
    SELECT e.*, s.no, e.field = ANY (s.times) AS is_time, CASE WHEN e.field = ANY (s.times) THEN to_char(e.read_at AT TIME ZONE s.zone, 'YYYY-MM-DD HH24:MI') ELSE coalesce(e.value::text, e.said) END AS written,
      CASE WHEN w.field = ANY (s.times) THEN to_char(w.read_at AT TIME ZONE s.zone, 'YYYY-MM-DD HH24:MI') ELSE coalesce(w.value::text, w.said) END AS before, EXISTS (SELECT FROM lineside.step_entry c WHERE c.corrects = e.id) AS corrected,
      EXISTS (SELECT FROM lineside.late_settlement t WHERE t.record = e.id) AS came_late
      FROM step s JOIN lineside.step_entry e ON e.batch_step = s.id LEFT JOIN lineside.step_entry w ON w.id = e.corrects
     WHERE e.verdict <> 'conforms' OR e.near_limit OR e.corrects IS NOT NULL OR (e.origin = 'typed' AND e.device IS NOT NULL) OR EXISTS (SELECT FROM lineside.late_settlement t WHERE t.record = e.id)
        OR (e.origin IN ('typed', 'measured', 'imported') AND (e.reason IS NOT NULL OR e.read_at < e.entered_at - interval '15 min')))
  SELECT x.kind, x.record, x.step, x.field, x.value, x.old, x.unit, x.who, x.at, x.reason, d.code, d.status,
      d.code IS NULL AND x.kind NOT IN ('outside', 'left out', 'deviation'), a.accepted_by, a.accepted_at
    FROM (
      SELECT 'outside' AS kind, id AS record, no AS step, field, written AS value, NULL AS old, unit, entered_by AS who, entered_at AS at, reason FROM entry
       WHERE verdict <> 'conforms' AND NOT corrected
      UNION ALL SELECT 'near', id, no, field, written, NULL, unit, entered_by, entered_at, reason FROM entry WHERE near_limit AND NOT corrected
      UNION ALL SELECT 'correction', id, no, field, written, before, unit, entered_by, entered_at, reason FROM entry WHERE corrects IS NOT NULL AND origin <> 'computed'
      UNION ALL SELECT 'typed', id, no, field, written, NULL, unit, entered_by, entered_at, reason FROM entry
       WHERE origin = 'typed' AND ((corrects IS NULL AND reason IS NOT NULL) OR (value IS NOT NULL AND device IS NOT NULL))      -- a correction that was typed in a device's field is both
      UNION ALL SELECT 'late', id, no, field, written, NULL, unit, entered_by, entered_at, reason FROM entry
       WHERE came_late OR (read_at < entered_at - interval '15 min' AND NOT is_time AND origin <> 'computed')
      UNION ALL SELECT 'dropped', l.id, l.step_no, l.field, l.value, NULL, l.unit, l.author, l.made_at, l.reason FROM lineside.late_entries(NULL, p_batch, NULL) l WHERE l.state = 'dropped'
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
