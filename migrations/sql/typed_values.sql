-- A value that somebody typed where a device should have sent it. It waits here, on record, with the instrument it was read from and the reason, until a second
-- person has signed it; only then it becomes a measurement, an entry or a consumption. So the gates of inspections, steps, ledgers and releases need no second
-- look: what nobody verified is not there and is missing. A lost reply harms nothing: what was typed stands here under the id the client made, and whoever signs
-- again is told that it is signed. The row it becomes has the same id.

CREATE TABLE typed_value (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('measurement', 'step_entry', 'consumption')),
  inspection uuid REFERENCES inspection,
  characteristic uuid REFERENCES characteristic,
  batch_step uuid REFERENCES batch_step,
  field text,
  sample_no integer CHECK (sample_no > 0),
  unit_serial text REFERENCES unit (serial),
  sublot integer,
  corrects uuid REFERENCES step_entry,
  lot uuid REFERENCES lot,
  container uuid REFERENCES container,
  scanned bytea,                                         -- the code of the container as it was scanned
  value numeric NOT NULL CHECK (value > '-Infinity' AND value < 'Infinity'),
  unit text NOT NULL,
  device uuid NOT NULL REFERENCES asset,                 -- whose display was read
  calibration uuid REFERENCES calibration,               -- the one in force at that second
  read_at timestamptz NOT NULL,                          -- the workstation's clock
  clock_ahead_ms integer,
  reason text NOT NULL CHECK (btrim(reason) <> ''),
  station text,
  typed_by text NOT NULL DEFAULT session_user,
  typed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'verified', 'withdrawn')),
  version integer NOT NULL DEFAULT 1,
  ended_by text,
  ended_at timestamptz,
  CHECK (CASE kind
    WHEN 'measurement' THEN num_nulls(inspection, characteristic, sample_no) = 0 AND num_nonnulls(batch_step, field, unit_serial, sublot, corrects, lot, container, scanned) = 0
    WHEN 'step_entry' THEN num_nulls(batch_step, field, sample_no) = 0 AND num_nonnulls(inspection, characteristic, sublot, lot, container, scanned) = 0
    ELSE num_nulls(batch_step, lot, container, scanned) = 0 AND num_nonnulls(inspection, characteristic, field, sample_no, corrects) = 0 END)
);
CREATE UNIQUE INDEX typed_value_cell ON typed_value (inspection, characteristic, sample_no) WHERE status = 'waiting' AND kind = 'measurement';
CREATE UNIQUE INDEX typed_value_field ON typed_value (batch_step, field, sample_no, unit_serial) NULLS NOT DISTINCT WHERE status = 'waiting' AND kind = 'step_entry';
CREATE INDEX typed_value_step ON typed_value (batch_step) WHERE batch_step IS NOT NULL;
CREATE INDEX typed_value_inspection ON typed_value (inspection) WHERE inspection IS NOT NULL;

-- What a cell of an inspection asks for; whoever asks holds the inspection open.
CREATE FUNCTION open_cell(p_inspection uuid, p_characteristic uuid, p_sample integer, p_unit text) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  test lineside.inspection;
  spec jsonb;
BEGIN
  SELECT * INTO test FROM lineside.inspection WHERE id = p_inspection FOR SHARE;
  IF test.status <> 'open' THEN
    RAISE EXCEPTION 'inspection % is complete', test.code USING ERRCODE = 'LS055', DETAIL = jsonb_build_object('inspection', test.code)::text;
  END IF;
  IF p_sample > test.sample_size THEN
    RAISE EXCEPTION 'sample % of %', p_sample, test.sample_size USING ERRCODE = 'LS052';
  END IF;
  SELECT c INTO spec FROM jsonb_array_elements(test.frozen) c WHERE (c ->> 'id')::uuid = p_characteristic;
  IF spec IS NULL THEN RAISE EXCEPTION 'the plan of % has no such characteristic', test.code USING ERRCODE = 'LS052'; END IF;
  IF p_unit <> spec ->> 'unit' THEN
    RAISE EXCEPTION 'the limits are in %, the reading in %', spec ->> 'unit', p_unit USING ERRCODE = 'LS051', DETAIL = jsonb_build_object('wanted', spec ->> 'unit', 'read', p_unit)::text;
  END IF;
  RETURN spec;
END $$;

-- A gauge for a characteristic, at this second. Returns the calibration in force; nothing is measured for a lot without one.
CREATE FUNCTION demand_gauge(p_gauge uuid, p_spec jsonb, p_value numeric) RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  the_gauge lineside.asset;
  used lineside.calibration;
BEGIN
  SELECT * INTO the_gauge FROM lineside.asset WHERE id = p_gauge;
  SELECT * INTO used FROM lineside.calibration_at(p_gauge, clock_timestamp());
  IF used.id IS NULL OR NOT lineside.gauge_is_fit(p_gauge, clock_timestamp()) THEN
    RAISE EXCEPTION 'gauge % is not fit for use', the_gauge.code USING ERRCODE = 'LS050', DETAIL = jsonb_build_object('gauge', the_gauge.code, 'due', used.due_on)::text;
  END IF;
  IF the_gauge.kind <> p_spec ->> 'gauge_kind' OR the_gauge.unit <> p_spec ->> 'unit' THEN
    RAISE EXCEPTION 'gauge % is no %', the_gauge.code, p_spec ->> 'gauge_kind' USING ERRCODE = 'LS053', DETAIL = jsonb_build_object('gauge', the_gauge.code, 'wanted', p_spec ->> 'gauge_kind')::text;
  END IF;
  PERFORM lineside.demand_suited(p_gauge, p_value, (p_spec ->> 'lower')::numeric, (p_spec ->> 'upper')::numeric);
  RETURN used.id;
END $$;

-- The site where a typed value belongs, and the right to type it there.
CREATE FUNCTION site_of_typed(p_of typed_value) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT CASE p_of.kind WHEN 'measurement' THEN (SELECT l.site FROM lineside.inspection i JOIN lineside.lot l ON l.id = i.lot WHERE i.id = p_of.inspection)
    ELSE (SELECT b.site FROM lineside.batch_step s JOIN lineside.batch b ON b.id = s.batch WHERE s.id = p_of.batch_step) END
$$;
CREATE FUNCTION right_of_typed(p_kind text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE p_kind WHEN 'measurement' THEN 'inspect_lot' ELSE 'run_batch' END
$$;

-- What somebody types is judged like what a device sends: right, place, unit, instrument. The record itself judges once more when it is verified.
CREATE FUNCTION typed_value_begins() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  step lineside.batch_step;
  ask jsonb;
BEGIN
  PERFORM lineside.demand(lineside.right_of_typed(NEW.kind), lineside.site_of_typed(NEW));
  PERFORM lineside.demand_station();
  IF coalesce(btrim(NEW.reason), '') = '' THEN
    RAISE EXCEPTION 'a typed value needs a reason' USING ERRCODE = 'LS078', DETAIL = jsonb_build_object('field', coalesce(NEW.field, NEW.kind))::text;
  END IF;
  CASE NEW.kind
    WHEN 'measurement' THEN
      NEW.calibration := lineside.demand_gauge(NEW.device, lineside.open_cell(NEW.inspection, NEW.characteristic, NEW.sample_no, NEW.unit), NEW.value);
    WHEN 'step_entry' THEN
      step := lineside.demand_open_step(NEW.batch_step, NEW.corrects IS NOT NULL);
      SELECT f.ask INTO ask FROM lineside.fields_of_step(step.kind, step.spec) f WHERE f.field = NEW.field AND f.sample_no = NEW.sample_no AND f.form = 'figure' AND f.ask ->> 'source' = 'device';
      IF ask IS NULL THEN
        RAISE EXCEPTION 'no device sends % of step %', NEW.field, step.no USING ERRCODE = 'LS077', DETAIL = jsonb_build_object('step', step.no, 'field', NEW.field)::text;
      END IF;
      IF NEW.unit <> ask ->> 'unit' THEN
        RAISE EXCEPTION 'the limits are in %, the reading in %', ask ->> 'unit', NEW.unit USING ERRCODE = 'LS051', DETAIL = jsonb_build_object('wanted', ask ->> 'unit', 'read', NEW.unit)::text;
      END IF;
      NEW.calibration := lineside.demand_instrument(NEW.device, ask ->> 'device', NEW.unit);
      PERFORM lineside.demand_suited(NEW.device, NEW.value, (ask ->> 'lower')::numeric, (ask ->> 'upper')::numeric);
      PERFORM lineside.demand_time(NEW.field, NEW.read_at, (SELECT b.started_at FROM lineside.batch b WHERE b.id = step.batch));
    ELSE
      step := lineside.demand_open_step(NEW.batch_step, false);
      IF step.kind <> 'material' OR step.spec ->> 'by' <> 'weigh' THEN
        RAISE EXCEPTION 'step % weighs nothing', step.no USING ERRCODE = 'LS077', DETAIL = jsonb_build_object('step', step.no, 'field', step.key)::text;
      END IF;
      IF NEW.unit IS DISTINCT FROM (SELECT unit FROM lineside.lot WHERE id = NEW.lot) THEN
        RAISE EXCEPTION 'the lot is kept in another unit than %', NEW.unit USING ERRCODE = 'LS051',
          DETAIL = jsonb_build_object('wanted', (SELECT unit FROM lineside.lot WHERE id = NEW.lot), 'read', NEW.unit)::text;
      END IF;
      NEW.calibration := lineside.demand_instrument(NEW.device, 'scale', NEW.unit);
      PERFORM lineside.demand_suited(NEW.device, NEW.value, NULL, NULL);
  END CASE;
  IF NEW.read_at > clock_timestamp() + interval '5 min' THEN PERFORM lineside.refuse_value(coalesce(NEW.field, NEW.kind)); END IF;
  NEW.station := (lineside.this_login()).station;
  NEW.status := 'waiting'; NEW.version := 1; NEW.ended_by := NULL; NEW.ended_at := NULL;
  RETURN NEW;
END $$;
CREATE TRIGGER typed_value_begins BEFORE INSERT ON typed_value FOR EACH ROW EXECUTE FUNCTION typed_value_begins();
ALTER TABLE typed_value ENABLE ALWAYS TRIGGER typed_value_begins;

-- It ends once: verified by the signature of a second person in the same transaction, or withdrawn by whoever may type or verify there.
CREATE FUNCTION typed_value_ends() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  place uuid := lineside.site_of_typed(OLD);
BEGIN
  IF OLD.status <> 'waiting' OR NEW.status = 'waiting' THEN
    RAISE EXCEPTION 'the typed value is % already', OLD.status USING ERRCODE = 'LS190', DETAIL = jsonb_build_object('status', OLD.status)::text;
  END IF;
  IF NEW.status = 'verified' AND NOT lineside.signed_in_this_transaction('typed_value', OLD.id, 'verified') THEN
    RAISE EXCEPTION 'a typed value is verified by a signature only' USING ERRCODE = 'LS191';
  END IF;
  IF NEW.status = 'withdrawn' AND NOT lineside.may('verify_step', place) THEN
    PERFORM lineside.demand(lineside.right_of_typed(OLD.kind), place);
  END IF;
  NEW.ended_by := session_user; NEW.ended_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER typed_value_ends BEFORE UPDATE ON typed_value FOR EACH ROW EXECUTE FUNCTION typed_value_ends();
ALTER TABLE typed_value ENABLE ALWAYS TRIGGER typed_value_ends;

-- Verified, it becomes the row it was typed for, in the same statement.
CREATE FUNCTION typed_value_counts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  CASE NEW.kind
    WHEN 'measurement' THEN
      INSERT INTO lineside.measurement (id, inspection, characteristic, sample_no, value, unit, origin, gauge, read_at, clock_ahead_ms)
      VALUES (NEW.id, NEW.inspection, NEW.characteristic, NEW.sample_no, NEW.value, NEW.unit, 'typed', NEW.device, NEW.read_at, NEW.clock_ahead_ms);
    WHEN 'step_entry' THEN
      INSERT INTO lineside.step_entry (id, batch_step, field, sample_no, unit_serial, value, unit, origin, device, read_at, corrects, reason, clock_ahead_ms)
      VALUES (NEW.id, NEW.batch_step, NEW.field, NEW.sample_no, NEW.unit_serial, NEW.value, NEW.unit, 'typed', NEW.device, NEW.read_at, NEW.corrects, NEW.reason, NEW.clock_ahead_ms);
    ELSE
      INSERT INTO lineside.consumption (id, batch_step, lot, container, unit_serial, sublot, quantity, origin, raw, scale, reason, read_at, clock_ahead_ms)
      VALUES (NEW.id, NEW.batch_step, NEW.lot, NEW.container, NEW.unit_serial, NEW.sublot, NEW.value, 'typed', NEW.scanned, NEW.device, NEW.reason, NEW.read_at, NEW.clock_ahead_ms);
  END CASE;
  RETURN NULL;
END $$;
CREATE TRIGGER typed_value_counts AFTER UPDATE ON typed_value FOR EACH ROW WHEN (NEW.status = 'verified') EXECUTE FUNCTION typed_value_counts();
ALTER TABLE typed_value ENABLE ALWAYS TRIGGER typed_value_counts;

-- The verified value that a row of another table is made from; nothing where there is none. A shell finds none that is not a row already.
CREATE FUNCTION verified_value(p_id uuid, p_kind text) RETURNS typed_value LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT t FROM lineside.typed_value t WHERE t.id = p_id AND t.kind = p_kind AND t.status = 'verified'
$$;
CREATE FUNCTION refuse_unverified(p_field text) RETURNS void LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '% is sent by a device; what is typed there is verified by a second person first', p_field USING ERRCODE = 'LS192', DETAIL = jsonb_build_object('field', p_field)::text;
END $$;

CALL keep_plain('typed_value');
CALL keep_trail('typed_value', 'free');
GRANT SELECT ON typed_value TO lineside_person;
GRANT INSERT (id, kind, inspection, characteristic, batch_step, field, sample_no, unit_serial, sublot, corrects, lot, container, scanned, value, unit, device, read_at, clock_ahead_ms, reason),
  UPDATE (status) ON typed_value TO lineside_may_inspect_lot, lineside_may_run_batch;      -- which of the two is asked for hangs on the kind: typed_value_begins
GRANT UPDATE (status) ON typed_value TO lineside_may_verify_step;
INSERT INTO signature_rule (kind, meaning, act, right_name) VALUES ('typed_value', 'verified', 'verify', 'verify_step');
