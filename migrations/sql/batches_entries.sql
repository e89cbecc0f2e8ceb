-- What is entered in a step: insert-only. A correction is a new entry that names the one it corrects; the current value is the entry nobody corrected.

CREATE TABLE step_entry (
  id uuid PRIMARY KEY,
  batch_step uuid NOT NULL REFERENCES batch_step,
  field text NOT NULL,
  sample_no integer NOT NULL DEFAULT 1 CHECK (sample_no > 0),
  unit_serial text REFERENCES unit (serial),
  value numeric CHECK (value > '-Infinity' AND value < 'Infinity'),
  said text,                                            -- what is no figure: yes, no, the code of an asset
  unit text,
  verdict text NOT NULL CHECK (verdict IN ('conforms', 'too low', 'too high', 'fails')),
  near_limit boolean NOT NULL,                          -- inside the limits, outside the soft ones
  origin text NOT NULL CHECK (origin IN ('scanned', 'measured', 'typed', 'computed')),
  device uuid REFERENCES asset,
  calibration uuid REFERENCES calibration,              -- the one in force at that second
  raw bytea,
  read_at timestamptz,                                  -- the workstation's clock; of a cleaning: when it was done
  station text,
  entered_by text NOT NULL DEFAULT session_user,
  entered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  corrects uuid UNIQUE REFERENCES step_entry,           -- so that no value has two followers
  reason text CHECK (reason <> ''),
  CHECK (num_nonnulls(value, said) = 1),
  CHECK (origin <> 'measured' OR (device IS NOT NULL AND raw IS NOT NULL AND read_at IS NOT NULL)),
  CHECK (origin <> 'scanned' OR raw IS NOT NULL)
);
CREATE UNIQUE INDEX step_entry_first ON step_entry (batch_step, field, sample_no, unit_serial) NULLS NOT DISTINCT WHERE corrects IS NULL;

CREATE INDEX step_entry_step ON step_entry (batch_step);
CREATE INDEX step_entry_outside ON step_entry (batch_step) WHERE verdict <> 'conforms';

CREATE FUNCTION current_entries(p_step uuid) RETURNS SETOF step_entry LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT e.* FROM lineside.step_entry e WHERE e.batch_step = p_step AND NOT EXISTS (SELECT FROM lineside.step_entry c WHERE c.corrects = e.id)
$$;

-- The fields a step asks for. form: check (yes or no), figure (limits), count, asset, cleaned (time); the database's own: minutes, computed, channel
-- (lowest, highest and the longest time without a good sample, of what the machine said while the step ran).
CREATE FUNCTION fields_of_step(p_kind text, p_spec jsonb) RETURNS TABLE (field text, sample_no integer, form text, ask jsonb) LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT c ->> 'key', 1, 'check', c FROM jsonb_array_elements(p_spec -> 'checks') c WHERE p_kind = 'line_clearance'
  UNION ALL SELECT p ->> 'key', n, 'figure', p FROM jsonb_array_elements(p_spec -> 'parameters') p, generate_series(1, (p ->> 'readings')::integer) n
    WHERE p_kind = 'parameter' AND p ->> 'source' <> 'channel'
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

-- What is left when everything counted is taken from what was issued or made; NULL while a count is missing.
CREATE FUNCTION not_found(p_step uuid) RETURNS numeric LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT CASE WHEN count(*) = (SELECT count(*) - 1 FROM lineside.fields_of_step(s.kind, s.spec)) THEN sum(CASE WHEN e.field IN ('issued', 'made') THEN e.value ELSE -e.value END) END
  FROM lineside.batch_step s CROSS JOIN LATERAL lineside.current_entries(s.id) e
  WHERE s.id = p_step AND e.field <> 'not_found' AND e.unit_serial IS NULL GROUP BY s.kind, s.spec
$$;

CREATE FUNCTION computed_value(p_step batch_step, p_field text) RETURNS numeric LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  RETURN CASE p_field
    WHEN 'made' THEN (SELECT count(*)::numeric FROM lineside.unit WHERE batch = p_step.batch)
    WHEN 'issued' THEN lineside.labels_of(p_step.batch, '{sent,unknown,printed,applied,destroyed}')
    WHEN 'applied' THEN lineside.labels_of(p_step.batch, '{applied}')
    WHEN 'destroyed' THEN lineside.labels_of(p_step.batch, '{destroyed}')
    WHEN 'not_found' THEN lineside.not_found(p_step.id)
    WHEN 'minutes' THEN (SELECT trunc(extract(epoch FROM coalesce(p_step.done_at, clock_timestamp()) - s.done_at) / 60, 1) FROM lineside.batch_step s WHERE s.batch = p_step.batch AND s.key = p_step.spec ->> 'since')
    ELSE lineside.channel_figure(p_step, p_field) END;
END $$;

-- An instrument of a reading: of the right kind, in the right unit, fit for use at this second. Returns the calibration in force.
CREATE FUNCTION demand_instrument(p_asset uuid, p_kind text, p_unit text) RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  found lineside.asset;
  used lineside.calibration;
BEGIN
  SELECT * INTO found FROM lineside.asset WHERE id = p_asset;
  SELECT * INTO used FROM lineside.calibration_at(p_asset, clock_timestamp());
  IF found.kind IS DISTINCT FROM coalesce(p_kind, found.kind) OR found.unit IS DISTINCT FROM coalesce(p_unit, found.unit) THEN
    RAISE EXCEPTION 'gauge % is no %', found.code, p_kind USING ERRCODE = 'LS053', DETAIL = jsonb_build_object('gauge', found.code, 'wanted', p_kind)::text;
  END IF;
  IF NOT coalesce(lineside.gauge_is_fit(p_asset, clock_timestamp()), false) THEN
    RAISE EXCEPTION 'gauge % is not fit for use', found.code USING ERRCODE = 'LS050', DETAIL = jsonb_build_object('gauge', found.code, 'due', used.due_on)::text;
  END IF;
  RETURN used.id;
END $$;

CREATE FUNCTION judged(p_value numeric, p_lower text, p_upper text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN p_value < p_lower::numeric THEN 'too low' WHEN p_value > p_upper::numeric THEN 'too high' ELSE 'conforms' END
$$;

-- Who may enter, where and when; gives back the step, locked: of two who write in one step, one waits.
CREATE FUNCTION demand_open_step(p_step uuid, p_correction boolean) RETURNS batch_step LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
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
  IF step.status <> 'started' AND NOT (p_correction AND step.status = 'done') THEN
    RAISE EXCEPTION 'step % is %', step.no, step.status USING ERRCODE = 'LS073', DETAIL = jsonb_build_object('step', step.no, 'status', step.status)::text;
  END IF;
  RETURN step;
END $$;

CREATE FUNCTION entry_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  step lineside.batch_step := lineside.demand_open_step(NEW.batch_step, NEW.corrects IS NOT NULL);
  asked record;
BEGIN
  SELECT * INTO asked FROM lineside.fields_of_step(step.kind, step.spec) f WHERE f.field = NEW.field AND f.sample_no = NEW.sample_no;
  IF NOT FOUND OR NOT (NEW.origin = ANY (CASE asked.form WHEN 'figure' THEN ARRAY['typed', 'measured'] WHEN 'asset' THEN ARRAY['typed', 'scanned']
      WHEN 'check' THEN ARRAY['typed'] WHEN 'count' THEN ARRAY['typed'] WHEN 'cleaned' THEN ARRAY['typed'] ELSE ARRAY['computed'] END))
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
      NEW.unit := CASE asked.form WHEN 'minutes' THEN 'min' WHEN 'channel' THEN CASE WHEN NEW.field LIKE '%.gap' THEN 's' ELSE asked.ask ->> 'unit' END END;
      IF asked.form = 'channel' THEN
        NEW.device := lineside.machine_of(step, asked.ask ->> 'machine');
        NEW.verdict := lineside.channel_verdict(NEW.field, asked.ask, NEW.value);
        NEW.near_limit := NEW.field NOT LIKE '%.gap' AND NEW.verdict = 'conforms' AND lineside.judged(NEW.value, asked.ask ->> 'soft_lower', asked.ask ->> 'soft_upper') <> 'conforms';
      END IF;
      IF asked.form = 'minutes' THEN NEW.verdict := lineside.judged(NEW.value, NULL, asked.ask ->> 'max_minutes'); END IF;
      IF NEW.field = 'not_found' THEN NEW.verdict := lineside.judged(NEW.value, '0', '0'); END IF;
  END CASE;
  RETURN NEW;
END $$;
CREATE TRIGGER entry_gate BEFORE INSERT ON step_entry FOR EACH ROW EXECUTE FUNCTION entry_gate();
ALTER TABLE step_entry ENABLE ALWAYS TRIGGER entry_gate;

CREATE FUNCTION refuse_value(p_field text) RETURNS void LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '% cannot be this', p_field USING ERRCODE = 'LS089', DETAIL = jsonb_build_object('field', p_field)::text;
END $$;

-- A correction raises the version of its step and of every signature step over it: what was signed there is signed anew, nothing else is reopened.
-- Counts are reconciled by the database as soon as all are there, and again after each correction.
CREATE FUNCTION entry_follows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  step lineside.batch_step;
  left_over numeric;
  before lineside.step_entry;
BEGIN
  SELECT * INTO step FROM lineside.batch_step WHERE id = NEW.batch_step;
  IF NEW.corrects IS NOT NULL AND NOT (NEW.origin = 'computed' AND step.status = 'started') THEN     -- nobody has signed what is still being counted
    UPDATE lineside.batch_step s SET corrections = s.corrections + 1 WHERE s.id = step.id OR (s.batch = step.batch AND s.kind = 'sign' AND s.spec -> 'signs' ? step.key);
  END IF;
  IF step.kind NOT IN ('label', 'yield') OR NEW.field = 'not_found' THEN RETURN NULL; END IF;
  left_over := lineside.not_found(step.id);
  SELECT * INTO before FROM lineside.current_entries(step.id) e WHERE e.field = 'not_found';
  IF left_over IS NOT NULL AND left_over IS DISTINCT FROM before.value THEN
    INSERT INTO lineside.step_entry (id, batch_step, field, origin, corrects, reason)
    VALUES (uuidv7(), step.id, 'not_found', 'computed', before.id, CASE WHEN before.id IS NOT NULL THEN 'counted again' END);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER entry_follows AFTER INSERT ON step_entry FOR EACH ROW EXECUTE FUNCTION entry_follows();
ALTER TABLE step_entry ENABLE ALWAYS TRIGGER entry_follows;

-- What the database computes is entered by the database when a step ends, once more where it has changed since it was entered.
CREATE FUNCTION settle_step(p_step batch_step) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  own record;
  before lineside.step_entry;
BEGIN
  FOR own IN SELECT f.field, f.form FROM lineside.fields_of_step(p_step.kind, p_step.spec) f WHERE f.form IN ('computed', 'channel', 'minutes') LOOP
    SELECT * INTO before FROM lineside.current_entries(p_step.id) e WHERE e.field = own.field;
    -- time goes on while a deviation on it is being decided: one that is too long already is not counted again, one that was not yet is
    IF before.id IS NULL OR ((own.form <> 'minutes' OR before.verdict = 'conforms') AND before.value IS DISTINCT FROM lineside.computed_value(p_step, own.field)) THEN
      INSERT INTO lineside.step_entry (id, batch_step, field, origin, corrects, reason)
      VALUES (uuidv7(), p_step.id, own.field, 'computed', before.id, CASE WHEN before.id IS NOT NULL THEN 'counted again' END);
    END IF;
  END LOOP;
END $$;

CALL keep_plain('step_entry');
CALL keep_trail('step_entry', 'never');
GRANT SELECT ON step_entry TO lineside_person;
GRANT INSERT (id, batch_step, field, sample_no, unit_serial, value, said, unit, origin, device, raw, read_at, corrects, reason) ON step_entry TO lineside_may_run_batch;
