-- The gates of an entry, as before, with formulas and choices; what a machine said carries the calibration in force as any other figure does.
CREATE OR REPLACE FUNCTION entry_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  step lineside.batch_step := lineside.demand_open_step(NEW.batch_step, NEW.corrects IS NOT NULL
    OR (NEW.origin = 'computed' AND pg_trigger_depth() > 1));                          -- what follows from a correction follows while a batch is held, too
  asked record;
BEGIN
  SELECT * INTO asked FROM lineside.fields_of_step(step.kind, step.spec) f WHERE f.field = NEW.field AND f.sample_no = NEW.sample_no;
  IF NOT FOUND OR NOT (NEW.origin = ANY (CASE asked.form WHEN 'figure' THEN ARRAY['typed', 'measured'] WHEN 'asset' THEN ARRAY['typed', 'scanned']
      WHEN 'check' THEN ARRAY['typed'] WHEN 'choice' THEN ARRAY['typed'] WHEN 'count' THEN ARRAY['typed'] WHEN 'cleaned' THEN ARRAY['typed'] ELSE ARRAY['computed'] END))
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
  IF NEW.read_at > clock_timestamp() + interval '5 min' THEN PERFORM lineside.refuse_value(NEW.field); END IF;
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

CREATE OR REPLACE FUNCTION entry_follows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  step lineside.batch_step;
  left_over numeric;
  before lineside.step_entry;
BEGIN
  SELECT * INTO step FROM lineside.batch_step WHERE id = NEW.batch_step;
  IF NEW.corrects IS NOT NULL AND NOT (NEW.origin = 'computed' AND step.status = 'started') THEN     -- nobody has signed what is still being counted
    UPDATE lineside.batch_step s SET corrections = s.corrections + 1 WHERE s.id = step.id OR (s.batch = step.batch AND s.kind = 'sign' AND s.spec -> 'signs' ? step.key);
  END IF;
  IF step.kind = 'parameter' THEN PERFORM lineside.settle_formulas(step); END IF;
  IF step.kind NOT IN ('label', 'yield') OR NEW.field = 'not_found' THEN RETURN NULL; END IF;
  left_over := lineside.not_found(step.id);
  SELECT * INTO before FROM lineside.current_entries(step.id) e WHERE e.field = 'not_found';
  IF left_over IS NOT NULL AND left_over IS DISTINCT FROM before.value THEN
    INSERT INTO lineside.step_entry (id, batch_step, field, origin, corrects, reason)
    VALUES (uuidv7(), step.id, 'not_found', 'computed', before.id, CASE WHEN before.id IS NOT NULL THEN 'counted again' END);
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION facts_of_entry(p_id uuid) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT lineside.facts_of_step(s) || jsonb_build_object('field', e.field, 'characteristic_en', f.ask #>> '{name,en}', 'characteristic_zh', f.ask #>> '{name,zh}', 'sample_no', e.sample_no,
    'unit_serial', e.unit_serial, 'value', e.value::text, 'said', e.said, 'unit', e.unit, 'verdict', e.verdict, 'lower', f.ask ->> 'lower', 'nominal', f.ask ->> 'nominal', 'upper', f.ask ->> 'upper',
    'origin', e.origin, 'gauge', a.code, 'raw', encode(e.raw, 'hex'), 'taken_by', e.entered_by, 'taken_at', e.entered_at)
    || CASE f.form WHEN 'choice' THEN (SELECT jsonb_build_object('said_en', o #>> '{name,en}', 'said_zh', o #>> '{name,zh}') FROM jsonb_array_elements(f.ask -> 'options') o WHERE o ->> 'key' = e.said)
         ELSE '{}' END
  FROM lineside.step_entry e JOIN lineside.batch_step s ON s.id = e.batch_step CROSS JOIN LATERAL lineside.fields_of_step(s.kind, s.spec) f LEFT JOIN lineside.asset a ON a.id = e.device
  WHERE e.id = p_id AND f.field = e.field AND f.sample_no = e.sample_no
$$;
