-- A value that one of the plant's own protocols made of its frame names the document; by its number, its revision and its digest an auditor has the text that did it.

ALTER TABLE measurement ADD COLUMN read_by uuid REFERENCES device_protocol;
ALTER TABLE weighing ADD COLUMN read_by uuid REFERENCES device_protocol;
ALTER TABLE step_entry ADD COLUMN read_by uuid REFERENCES device_protocol;
ALTER TABLE consumption ADD COLUMN read_by uuid REFERENCES device_protocol;
ALTER TABLE step_entry ADD CONSTRAINT step_entry_read_by_check CHECK (read_by IS NULL OR (device IS NOT NULL AND raw IS NOT NULL));
ALTER TABLE consumption ADD CONSTRAINT consumption_read_by_check CHECK (read_by IS NULL OR (scale IS NOT NULL AND raw IS NOT NULL));

-- A station that still speaks an older revision, or one that was withdrawn, brings no value into a record.
CREATE FUNCTION read_by_effective_protocol() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  doc lineside.document;
BEGIN
  IF NOT lineside.protocol_is_effective(NEW.read_by) THEN
    SELECT * INTO doc FROM lineside.document WHERE id = NEW.read_by;
    RAISE EXCEPTION '% revision % is not effective', doc.code, doc.revision USING ERRCODE = 'LS168',
      DETAIL = jsonb_build_object('protocol', coalesce(doc.code, '?'), 'revision', coalesce(doc.revision, 0))::text;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER read_by_effective_protocol BEFORE INSERT ON measurement FOR EACH ROW WHEN (NEW.read_by IS NOT NULL) EXECUTE FUNCTION read_by_effective_protocol();
CREATE TRIGGER read_by_effective_protocol BEFORE INSERT ON weighing FOR EACH ROW WHEN (NEW.read_by IS NOT NULL) EXECUTE FUNCTION read_by_effective_protocol();
CREATE TRIGGER read_by_effective_protocol BEFORE INSERT ON step_entry FOR EACH ROW WHEN (NEW.read_by IS NOT NULL) EXECUTE FUNCTION read_by_effective_protocol();
CREATE TRIGGER read_by_effective_protocol BEFORE INSERT ON consumption FOR EACH ROW WHEN (NEW.read_by IS NOT NULL) EXECUTE FUNCTION read_by_effective_protocol();
ALTER TABLE measurement ENABLE ALWAYS TRIGGER read_by_effective_protocol;
ALTER TABLE weighing ENABLE ALWAYS TRIGGER read_by_effective_protocol;
ALTER TABLE step_entry ENABLE ALWAYS TRIGGER read_by_effective_protocol;
ALTER TABLE consumption ENABLE ALWAYS TRIGGER read_by_effective_protocol;
REVOKE EXECUTE ON FUNCTION read_by_effective_protocol FROM PUBLIC;

GRANT INSERT (read_by) ON measurement TO lineside_may_inspect_lot;
GRANT INSERT (read_by) ON weighing TO lineside_may_receive_material;
GRANT INSERT (read_by) ON step_entry, consumption TO lineside_may_run_batch;

-- What came late is what was kept to its last fact: also what the device said of itself, the clock beside it, and the protocol that read it.
CREATE OR REPLACE FUNCTION late_record_is(p_entry late_entry, p_by text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  WITH said AS (SELECT p_entry.content::jsonb -> 1 AS o),
  kept AS (SELECT o, coalesce(o #> '{reading,quantity}', o) ->> 'value' AS value, coalesce(o #> '{reading,quantity}', o) ->> 'unit' AS unit, coalesce(o #>> '{reading,device}', o ->> 'device') AS device,
             coalesce(o #>> '{reading,raw}', o ->> 'scanned') AS raw, coalesce(o #>> '{reading,at}', o ->> 'done_at')::timestamptz AS at,
             ROW (o #>> '{reading,serial_no}', o #>> '{reading,firmware}', (o #>> '{reading,clock_ahead_ms}')::integer, (o #>> '{reading,read_by}')::uuid) AS beside FROM said)
  SELECT EXISTS (SELECT FROM kept k JOIN lineside.measurement m ON m.id = p_entry.record JOIN lineside.asset g ON g.id = m.gauge
      WHERE p_entry.kind = 'RecordMeasurement' AND m.inspection = (o ->> 'inspection')::uuid AND m.characteristic = (o ->> 'characteristic')::uuid AND m.sample_no = (o ->> 'sample_no')::integer
        AND m.value::text = k.value::numeric::text AND m.unit = k.unit AND m.origin = 'device' AND g.code = k.device AND encode(m.raw, 'hex') = k.raw AND m.read_at = k.at AND m.taken_by = p_by
        AND ROW (m.device_serial_no, m.device_firmware, m.clock_ahead_ms, m.read_by) IS NOT DISTINCT FROM k.beside)
    OR EXISTS (SELECT FROM kept k JOIN lineside.step_entry e ON e.id = p_entry.record LEFT JOIN lineside.asset d ON d.id = e.device
      WHERE p_entry.kind IN ('EnterValue', 'TakeReading') AND e.batch_step = (o ->> 'step')::uuid AND e.field = o ->> 'field' AND e.sample_no = (o ->> 'sample_no')::integer
        AND e.unit_serial IS NOT DISTINCT FROM o ->> 'unit_serial' AND e.value::text IS NOT DISTINCT FROM k.value::numeric::text AND e.corrects IS NULL AND e.reason IS NULL AND e.entered_by = p_by
        AND e.read_at IS NOT DISTINCT FROM k.at AND e.origin = CASE WHEN p_entry.kind = 'TakeReading' THEN 'measured' WHEN k.raw IS NULL THEN 'typed' ELSE 'scanned' END
        AND (e.said = o ->> 'said' OR o ->> 'said' IS NULL)                    -- what the gate itself says of an asset or a time was not entered
        AND d.code IS NOT DISTINCT FROM k.device AND (e.unit IS NOT DISTINCT FROM k.unit OR e.unit IS NULL) AND encode(e.raw, 'hex') IS NOT DISTINCT FROM k.raw
        AND ROW (e.device_serial_no, e.device_firmware, e.clock_ahead_ms, e.read_by) IS NOT DISTINCT FROM k.beside)
$$;

-- What is signed says it too, behind what it said before; a value of a protocol of the program has the text it had.
CREATE OR REPLACE VIEW canonical_inspections AS
  SELECT i.id, i.lot, 'inspection|1|' || lineside.part(i.id::text, i.code, i.lot::text, i.plan::text, encode(i.frozen_digest, 'hex'), i.sample_size::text, i.accept_no::text, i.status, i.verdict,
    i.opened_by, i.opened_at::text, i.completed_by, i.completed_at::text,
    (SELECT string_agg(lineside.part(m.id::text, m.characteristic::text, m.sample_no::text, m.value::text, m.unit, m.verdict, m.origin, m.gauge::text, m.calibration::text,
            encode(m.raw, 'hex'), m.read_at::text, m.station, m.taken_by, m.taken_at::text) || coalesce('@' || m.read_by, '')
            || CASE WHEN num_nonnulls(m.device_serial_no, m.device_firmware, m.clock_ahead_ms) > 0 THEN '+' || lineside.part(m.device_serial_no, m.device_firmware, m.clock_ahead_ms::text) ELSE '' END
            || CASE WHEN m.origin = 'typed' THEN lineside.typed_says(m.id) ELSE '' END, ';' ORDER BY m.characteristic, m.sample_no)
     FROM lineside.measurement m WHERE m.inspection = i.id)) AS content
  FROM lineside.inspection i;

CREATE OR REPLACE VIEW canonical_lots AS
  SELECT l.id, 'lot|1|' || lineside.part(l.id::text, l.code, l.item::text, l.supplier::text, l.supplier_lot, l.site::text, l.made_on::text, l.expires_on::text, l.unit, l.opened_by, l.opened_at::text,
    (SELECT string_agg(lineside.part(r.id::text, r.order_line::text, r.quantity::text, r.location::text, r.origin, encode(r.raw, 'hex'), r.scanner, r.received_by, r.received_at::text,
            (SELECT u.reason FROM lineside.receipt_undo u WHERE u.receipt = r.id)), ';' ORDER BY r.id) FROM lineside.receipt r WHERE r.lot = l.id),
    (SELECT string_agg(lineside.part(g.no::text, g.quantity::text, g.after_balance::text, g.kind, g.location::text, g.cause::text), ';' ORDER BY g.no) FROM lineside.ledger g WHERE g.lot = l.id),
    (SELECT string_agg(lineside.part(c.code, c.quantity::text,
            (SELECT string_agg(lineside.part(w.kind, w.value::text, w.unit, w.scale::text, encode(w.raw, 'hex')) || coalesce('@' || w.read_by, '')
              || CASE WHEN num_nonnulls(w.device_serial_no, w.device_firmware, w.clock_ahead_ms) > 0 THEN '+' || lineside.part(w.device_serial_no, w.device_firmware, w.clock_ahead_ms::text) ELSE '' END, ',' ORDER BY w.id) FROM lineside.weighing w WHERE w.container = c.id)), ';' ORDER BY c.id)
     FROM lineside.container c WHERE c.lot = l.id),
    (SELECT string_agg(encode(sha256(convert_to(i.content, 'UTF8')), 'hex'), ';' ORDER BY i.id) FROM lineside.canonical_inspections i WHERE i.lot = l.id),
    (SELECT string_agg(lineside.part(encode(sha256(convert_to(d.content, 'UTF8')), 'hex'), d.status, d.decided_by, d.decided_at::text), ';' ORDER BY d.id)
     FROM lineside.canonical_deviations d WHERE d.subject_kind = 'lot' AND d.subject_id = l.id)) AS content
  FROM lineside.lot l;

CREATE OR REPLACE FUNCTION text_of_step(s batch_step, p_below text) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' AS $$
  SELECT 'batch_step|1|' || lineside.part(s.id::text, s.batch::text, s.no::text, s.key, s.kind, s.spec::text, s.corrections::text,
    (SELECT string_agg(line, ';' ORDER BY id) FROM (
       SELECT e.id, json_build_array(e.id, e.field, e.sample_no, e.unit_serial, e.value, e.said, e.unit, e.verdict, e.near_limit, e.origin, e.device, e.calibration,
         encode(e.raw, 'hex'), e.read_at, e.station, e.entered_by, e.entered_at, e.corrects, e.reason)::text || coalesce('@' || e.read_by, '')
         || CASE WHEN num_nonnulls(e.device_serial_no, e.device_firmware, e.clock_ahead_ms) > 0 THEN '+' || json_build_array(e.device_serial_no, e.device_firmware, e.clock_ahead_ms)::text ELSE '' END
         || CASE WHEN e.origin = 'typed' AND e.device IS NOT NULL THEN lineside.typed_says(e.id) ELSE '' END AS line FROM lineside.step_entry e WHERE e.batch_step = s.id) e),
    (SELECT string_agg(line, ';' ORDER BY id) FROM (
       SELECT c.id, json_build_array(c.id, c.lot, c.container, c.unit_serial, c.quantity, c.origin, encode(c.raw, 'hex'), c.scale, c.station, c.reason,
         c.consumed_by, c.consumed_at, u.reason, u.undone_by, u.undone_at)::text || coalesce('+' || c.sublot, '') || coalesce('@' || c.read_by, '')
         || CASE WHEN num_nonnulls(c.device_serial_no, c.device_firmware, c.clock_ahead_ms, c.read_at) > 0 THEN '+' || json_build_array(c.device_serial_no, c.device_firmware, c.clock_ahead_ms, c.read_at)::text ELSE '' END
         || CASE WHEN c.origin = 'typed' AND c.scale IS NOT NULL THEN lineside.typed_says(c.id) ELSE '' END AS line
       FROM lineside.consumption c LEFT JOIN lineside.consumption_undo u ON u.consumption = c.id WHERE c.batch_step = s.id) c),
    CASE WHEN s.kind = 'label' THEN lineside.state_of_labels(s.batch) END, p_below)
$$;
