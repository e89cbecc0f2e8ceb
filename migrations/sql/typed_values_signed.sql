-- A typed value as a record that is signed: nothing of it changes but where it stands. It is verified over what was typed, read and said; its signature makes it a row.

CREATE OR REPLACE FUNCTION subject_site(p_kind text, p_id uuid) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT CASE p_kind WHEN 'lot' THEN (SELECT site FROM lineside.lot WHERE id = p_id)
    WHEN 'deviation' THEN (SELECT lineside.subject_site(subject_kind, subject_id) FROM lineside.deviation WHERE id = p_id)
    WHEN 'document' THEN (SELECT site FROM lineside.document WHERE id = p_id)
    WHEN 'batch' THEN (SELECT site FROM lineside.batch WHERE id = p_id)
    WHEN 'batch_step' THEN (SELECT b.site FROM lineside.batch_step s JOIN lineside.batch b ON b.id = s.batch WHERE s.id = p_id)
    WHEN 'restore_drill' THEN (SELECT site FROM lineside.restore_drill WHERE id = p_id)
    WHEN 'late_entry' THEN (SELECT site FROM lineside.late_entry WHERE id = p_id)
    WHEN 'typed_value' THEN (SELECT lineside.site_of_typed(t) FROM lineside.typed_value t WHERE t.id = p_id) END
$$;

CREATE OR REPLACE FUNCTION subject_version(p_kind text, p_id uuid) RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT CASE p_kind WHEN 'lot' THEN (SELECT version FROM lineside.lot WHERE id = p_id)
    WHEN 'deviation' THEN (SELECT version FROM lineside.deviation WHERE id = p_id)
    WHEN 'document' THEN (SELECT version FROM lineside.document WHERE id = p_id)
    WHEN 'batch' THEN (SELECT version FROM lineside.batch WHERE id = p_id)
    WHEN 'batch_step' THEN (SELECT version FROM lineside.batch_step WHERE id = p_id)
    WHEN 'restore_drill' THEN (SELECT version FROM lineside.restore_drill WHERE id = p_id)
    WHEN 'late_entry' THEN (SELECT 1 FROM lineside.late_entry WHERE id = p_id)
    WHEN 'typed_value' THEN (SELECT version FROM lineside.typed_value WHERE id = p_id) END
$$;

CREATE OR REPLACE FUNCTION lock_subject(p_kind text, p_id uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  CASE p_kind
    WHEN 'lot' THEN PERFORM FROM lineside.lot WHERE id = p_id FOR NO KEY UPDATE;
    WHEN 'deviation' THEN PERFORM FROM lineside.deviation WHERE id = p_id FOR NO KEY UPDATE;
    WHEN 'document' THEN PERFORM FROM lineside.document WHERE id = p_id FOR NO KEY UPDATE;
    WHEN 'batch' THEN PERFORM FROM lineside.batch WHERE id = p_id FOR NO KEY UPDATE;
    WHEN 'batch_step' THEN                               -- the batch first, as a correction beneath the signature holds it when it comes to this step
      PERFORM FROM lineside.batch WHERE id = (SELECT batch FROM lineside.batch_step WHERE id = p_id) FOR NO KEY UPDATE;
      PERFORM FROM lineside.batch_step WHERE id = p_id FOR NO KEY UPDATE;
    WHEN 'restore_drill' THEN PERFORM FROM lineside.restore_drill WHERE id = p_id FOR KEY SHARE;
    WHEN 'late_entry' THEN PERFORM FROM lineside.late_entry WHERE id = p_id FOR NO KEY UPDATE;
    WHEN 'typed_value' THEN PERFORM FROM lineside.typed_value WHERE id = p_id FOR NO KEY UPDATE;
  END CASE;
END $$;

CREATE OR REPLACE FUNCTION act_is_done(p_kind text, p_id uuid, p_version integer, p_meaning text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT CASE p_kind
    WHEN 'lot' THEN EXISTS (SELECT FROM lineside.lot WHERE id = p_id AND version = p_version + 1 AND status = CASE p_meaning WHEN 'hold ended' THEN 'quarantine' ELSE p_meaning END)
    WHEN 'document' THEN EXISTS (SELECT FROM lineside.document WHERE id = p_id AND status = CASE p_meaning WHEN 'approved' THEN 'signed' WHEN 'withdrawn' THEN 'obsolete' END)
    WHEN 'batch' THEN EXISTS (SELECT FROM lineside.batch WHERE id = p_id AND status = p_meaning)
    WHEN 'batch_step' THEN EXISTS (SELECT FROM lineside.batch_step WHERE id = p_id AND status = 'done' AND lineside.meaning_of_step(spec) = p_meaning)
    WHEN 'late_entry' THEN EXISTS (SELECT FROM lineside.late_settlement s WHERE s.id = p_id AND s.settled_by = session_user AND s.how = CASE p_meaning WHEN 'confirmed' THEN 'signed' ELSE 'dropped' END)
    WHEN 'typed_value' THEN EXISTS (SELECT FROM lineside.typed_value WHERE id = p_id AND status = p_meaning)
    ELSE p_kind IN ('deviation', 'restore_drill') END
$$;

CREATE OR REPLACE FUNCTION performers(p_kind text, p_id uuid) RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT m.taken_by FROM lineside.measurement m JOIN lineside.inspection i ON i.id = m.inspection WHERE p_kind = 'lot' AND i.lot = p_id
  UNION SELECT i.completed_by FROM lineside.inspection i WHERE p_kind = 'lot' AND i.lot = p_id AND i.completed_by IS NOT NULL
  UNION SELECT r.received_by FROM lineside.receipt r WHERE p_kind = 'lot' AND r.lot = p_id
  UNION SELECT u.undone_by FROM lineside.receipt_undo u JOIN lineside.receipt r ON r.id = u.receipt WHERE p_kind = 'lot' AND r.lot = p_id
  UNION SELECT w.weighed_by FROM lineside.weighing w JOIN lineside.container c ON c.id = w.container WHERE p_kind = 'lot' AND c.lot = p_id
  UNION SELECT d.opened_by FROM lineside.deviation d WHERE p_kind = 'deviation' AND d.id = p_id
  -- everybody who ever wrote into it, also what was written over: who lowers its class or changes the disposition cannot sign it
  UNION SELECT a.payload::jsonb ->> 'who' FROM lineside.audit_log a WHERE p_kind = 'deviation' AND a.row_id = p_id AND a.tab = 'deviation'
         AND a.payload::jsonb #>> '{new,version}' IS DISTINCT FROM a.payload::jsonb #>> '{old,version}'
  UNION SELECT m.taken_by FROM lineside.deviation d JOIN lineside.measurement m ON d.cause_kind = 'measurement' AND m.id = d.cause_id WHERE p_kind = 'deviation' AND d.id = p_id
  UNION SELECT e.entered_by FROM lineside.deviation d JOIN lineside.step_entry e ON d.cause_kind = 'step_entry' AND e.id = d.cause_id WHERE p_kind = 'deviation' AND d.id = p_id
  UNION SELECT prepared_by FROM lineside.document WHERE p_kind = 'document' AND id = p_id
  -- who verifies has no hand in any step the signature covers; who signs that he performed it has
  UNION SELECT h FROM lineside.batch_step s JOIN lineside.batch_step c ON c.batch = s.batch AND s.spec -> 'signs' ? c.key CROSS JOIN LATERAL lineside.hands_in_step(c.id) h
         WHERE p_kind = 'batch_step' AND s.id = p_id AND s.spec ->> 'sign' = 'verify'
  UNION SELECT h FROM lineside.batch_step s CROSS JOIN LATERAL lineside.hands_in_step(s.id) h WHERE p_kind = 'batch' AND s.batch = p_id
  UNION SELECT h FROM lineside.batch b, unnest(ARRAY[b.started_by, b.completed_by]) h WHERE h IS NOT NULL AND p_kind = 'batch' AND b.id = p_id
  UNION SELECT h FROM lineside.unit u LEFT JOIN lineside.label l ON l.kind = 'unit' AND l.subject_id = u.id
         CROSS JOIN LATERAL unnest(ARRAY[u.made_by, u.moved_by, l.requested_by, l.ended_by]) h WHERE p_kind = 'batch' AND u.batch = p_id AND h IS NOT NULL
  UNION SELECT k.laid_by FROM lineside.kit k WHERE p_kind = 'batch' AND k.batch = p_id
  UNION SELECT r.drilled_by FROM lineside.restore_drill r WHERE p_kind = 'restore_drill' AND r.id = p_id
  UNION SELECT t.typed_by FROM lineside.typed_value t WHERE p_kind = 'typed_value' AND t.id = p_id
  -- what came late is the work of who made it, as the station says, and of who stands for it or dropped it
  UNION SELECT e.author FROM lineside.late_entry e WHERE p_kind = 'late_entry' AND e.id = p_id
  UNION SELECT h FROM lineside.late_entry e JOIN lineside.late_settlement s ON s.id = e.id CROSS JOIN LATERAL unnest(ARRAY[e.author, s.settled_by]) h
         WHERE p_kind IN ('lot', 'batch') AND e.subject_kind = p_kind AND e.subject_id = p_id
  UNION SELECT e.author FROM lineside.deviation d JOIN lineside.late_settlement s ON s.record = d.cause_id JOIN lineside.late_entry e ON e.id = s.id WHERE p_kind = 'deviation' AND d.id = p_id
  UNION SELECT e.author FROM lineside.batch_step s JOIN lineside.batch_step c ON c.batch = s.batch AND s.spec -> 'signs' ? c.key JOIN lineside.step_entry r ON r.batch_step = c.id
         JOIN lineside.late_settlement t ON t.record = r.id JOIN lineside.late_entry e ON e.id = t.id WHERE p_kind = 'batch_step' AND s.id = p_id AND s.spec ->> 'sign' = 'verify'
$$;

-- Left out: status and who ended it, which the signature itself moves.
CREATE FUNCTION canonical_typed(p_id uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET extra_float_digits = 1 SET bytea_output = 'hex' AS $$
  SELECT 'typed_value|1|' || lineside.part(t.id::text, t.version::text, t.kind, t.inspection::text, t.characteristic::text, t.batch_step::text, t.field, t.sample_no::text, t.unit_serial, t.sublot::text,
    t.corrects::text, t.lot::text, t.container::text, encode(t.scanned, 'hex'), t.value::text, t.unit, t.device::text, t.calibration::text, t.read_at::text, t.clock_ahead_ms::text, t.reason, t.station,
    t.typed_by, t.typed_at::text)
  FROM lineside.typed_value t WHERE t.id = p_id
$$;

CREATE OR REPLACE FUNCTION canonical(p_kind text, p_id uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT CASE p_kind WHEN 'lot' THEN lineside.canonical_lot(p_id) WHEN 'deviation' THEN lineside.canonical_deviation(p_id) WHEN 'document' THEN lineside.canonical_document(p_id)
    WHEN 'batch' THEN lineside.canonical_batch(p_id) WHEN 'batch_step' THEN lineside.canonical_step(p_id)
    WHEN 'late_entry' THEN lineside.canonical_late(p_id)
    WHEN 'restore_drill' THEN lineside.canonical_drill(p_id) WHEN 'typed_value' THEN lineside.canonical_typed(p_id) END
$$;

-- What the texts of inspections, weights and steps say more of a row: what instrument and station said beside the value, and the typed value it was made from with its
-- second person. Where there is neither, the text is what it was: what was signed stands.
CREATE FUNCTION typed_says(p_id uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' AS $$
  SELECT coalesce((SELECT '+' || lineside.part(encode(sha256(convert_to(lineside.canonical_typed(t.id), 'UTF8')), 'hex'), t.ended_by, t.ended_at::text)
                     FROM lineside.typed_value t WHERE t.id = p_id), '')
$$;

CREATE OR REPLACE VIEW canonical_inspections AS
  SELECT i.id, i.lot, 'inspection|1|' || lineside.part(i.id::text, i.code, i.lot::text, i.plan::text, encode(i.frozen_digest, 'hex'), i.sample_size::text, i.accept_no::text, i.status, i.verdict,
    i.opened_by, i.opened_at::text, i.completed_by, i.completed_at::text,
    (SELECT string_agg(lineside.part(m.id::text, m.characteristic::text, m.sample_no::text, m.value::text, m.unit, m.verdict, m.origin, m.gauge::text, m.calibration::text,
            encode(m.raw, 'hex'), m.read_at::text, m.station, m.taken_by, m.taken_at::text)
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
            (SELECT string_agg(lineside.part(w.kind, w.value::text, w.unit, w.scale::text, encode(w.raw, 'hex'))
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
         encode(e.raw, 'hex'), e.read_at, e.station, e.entered_by, e.entered_at, e.corrects, e.reason)::text
         || CASE WHEN num_nonnulls(e.device_serial_no, e.device_firmware, e.clock_ahead_ms) > 0 THEN '+' || json_build_array(e.device_serial_no, e.device_firmware, e.clock_ahead_ms)::text ELSE '' END
         || CASE WHEN e.origin = 'typed' AND e.device IS NOT NULL THEN lineside.typed_says(e.id) ELSE '' END AS line FROM lineside.step_entry e WHERE e.batch_step = s.id) e),
    (SELECT string_agg(line, ';' ORDER BY id) FROM (
       SELECT c.id, json_build_array(c.id, c.lot, c.container, c.unit_serial, c.quantity, c.origin, encode(c.raw, 'hex'), c.scale, c.station, c.reason,
         c.consumed_by, c.consumed_at, u.reason, u.undone_by, u.undone_at)::text || coalesce('+' || c.sublot, '')
         || CASE WHEN num_nonnulls(c.device_serial_no, c.device_firmware, c.clock_ahead_ms, c.read_at) > 0 THEN '+' || json_build_array(c.device_serial_no, c.device_firmware, c.clock_ahead_ms, c.read_at)::text ELSE '' END
         || CASE WHEN c.origin = 'typed' AND c.scale IS NOT NULL THEN lineside.typed_says(c.id) ELSE '' END AS line
       FROM lineside.consumption c LEFT JOIN lineside.consumption_undo u ON u.consumption = c.id WHERE c.batch_step = s.id) c),
    CASE WHEN s.kind = 'label' THEN lineside.state_of_labels(s.batch) END, p_below)
$$;
