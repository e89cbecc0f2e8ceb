-- For every kind of record that can be signed: where it is, which version stands, who performed it, and its canonical text.
-- Canonical text: explicit, versioned, length-prefixed; children and their content included; what is left out is said here:
-- lot: status, balance, version (said by the meaning; moved by the ledger; raised by the signed act itself). deviation, document: status and decided_* (the act itself).

CREATE FUNCTION subject_site(p_kind text, p_id uuid) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT CASE p_kind WHEN 'lot' THEN (SELECT site FROM lineside.lot WHERE id = p_id)
    WHEN 'deviation' THEN (SELECT lineside.subject_site(subject_kind, subject_id) FROM lineside.deviation WHERE id = p_id)
    WHEN 'document' THEN (SELECT site FROM lineside.document WHERE id = p_id) END
$$;

CREATE FUNCTION subject_version(p_kind text, p_id uuid) RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT CASE p_kind WHEN 'lot' THEN (SELECT version FROM lineside.lot WHERE id = p_id)
    WHEN 'deviation' THEN (SELECT version FROM lineside.deviation WHERE id = p_id)
    WHEN 'document' THEN (SELECT version FROM lineside.document WHERE id = p_id) END
$$;

CREATE FUNCTION lock_subject(p_kind text, p_id uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  CASE p_kind
    WHEN 'lot' THEN PERFORM FROM lineside.lot WHERE id = p_id FOR NO KEY UPDATE;
    WHEN 'deviation' THEN PERFORM FROM lineside.deviation WHERE id = p_id FOR NO KEY UPDATE;
    WHEN 'document' THEN PERFORM FROM lineside.document WHERE id = p_id FOR NO KEY UPDATE;
  END CASE;
END $$;

-- What a signature brings about has happened in its transaction: no lot "released" by a signature that still lies in quarantine.
-- A lot's act raises its version by one. A disposition may need several signatures; each may stand alone.
CREATE FUNCTION act_is_done(p_kind text, p_id uuid, p_version integer, p_meaning text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT CASE p_kind
    WHEN 'lot' THEN EXISTS (SELECT FROM lineside.lot WHERE id = p_id AND version = p_version + 1 AND status = CASE p_meaning WHEN 'hold ended' THEN 'quarantine' ELSE p_meaning END)
    WHEN 'document' THEN EXISTS (SELECT FROM lineside.document WHERE id = p_id AND status = CASE p_meaning WHEN 'approved' THEN 'signed' WHEN 'withdrawn' THEN 'obsolete' END)
    ELSE p_kind = 'deviation' END
$$;

CREATE FUNCTION performers(p_kind text, p_id uuid) RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
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
  UNION SELECT prepared_by FROM lineside.document WHERE p_kind = 'document' AND id = p_id
$$;

CREATE FUNCTION canonical_inspection(p_id uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET extra_float_digits = 1 SET bytea_output = 'hex' AS $$
  SELECT 'inspection|1|' || lineside.part(i.id::text, i.code, i.lot::text, i.plan::text, encode(i.frozen_digest, 'hex'), i.sample_size::text, i.accept_no::text, i.status, i.verdict,
    i.opened_by, i.opened_at::text, i.completed_by, i.completed_at::text,
    (SELECT string_agg(lineside.part(m.id::text, m.characteristic::text, m.sample_no::text, m.value::text, m.unit, m.verdict, m.origin, m.gauge::text, m.calibration::text,
            encode(m.raw, 'hex'), m.read_at::text, m.station, m.taken_by, m.taken_at::text), ';' ORDER BY m.characteristic, m.sample_no)
     FROM lineside.measurement m WHERE m.inspection = i.id))
  FROM lineside.inspection i WHERE i.id = p_id
$$;

CREATE FUNCTION canonical_deviation(p_id uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET extra_float_digits = 1 SET bytea_output = 'hex' AS $$
  SELECT 'deviation|1|' || lineside.part(d.id::text, d.version::text, d.code, d.subject_kind, d.subject_id::text, d.cause_kind, d.cause_id::text, d.kind, d.facts::text, d.class,
    d.what_happened, d.disposition, d.opened_by, d.opened_at::text, d.described_by)
  FROM lineside.deviation d WHERE d.id = p_id
$$;

CREATE FUNCTION canonical_document(p_id uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET extra_float_digits = 1 SET bytea_output = 'hex' AS $$
  SELECT 'document|1|' || lineside.part(d.id::text, d.version::text, d.kind, d.code, d.revision::text, d.site::text, d.effective_from::text, d.prepared_by, d.prepared_at::text,
    (SELECT lineside.part(p.item::text, p.stage, p.sample_size::text, p.accept_no::text,
       (SELECT string_agg(lineside.part(c.id::text, c.no::text, c.kind, c.name_en, c.name_zh, c.unit, c.decimals::text, c.lower::text, c.nominal::text, c.upper::text, c.gauge_kind), ';' ORDER BY c.no)
        FROM lineside.characteristic c WHERE c.plan = p.id)) FROM lineside.inspection_plan p WHERE p.id = d.id))
  FROM lineside.document d WHERE d.id = p_id
$$;

CREATE FUNCTION canonical_lot(p_id uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET extra_float_digits = 1 SET bytea_output = 'hex' AS $$
  SELECT 'lot|1|' || lineside.part(l.id::text, l.code, l.item::text, l.supplier::text, l.supplier_lot, l.site::text, l.made_on::text, l.expires_on::text, l.unit, l.opened_by, l.opened_at::text,
    (SELECT string_agg(lineside.part(r.id::text, r.order_line::text, r.quantity::text, r.location::text, r.origin, encode(r.raw, 'hex'), r.scanner, r.received_by, r.received_at::text,
            (SELECT u.reason FROM lineside.receipt_undo u WHERE u.receipt = r.id)), ';' ORDER BY r.id) FROM lineside.receipt r WHERE r.lot = l.id),
    (SELECT string_agg(lineside.part(g.no::text, g.quantity::text, g.after_balance::text, g.kind, g.location::text, g.cause::text), ';' ORDER BY g.no) FROM lineside.ledger g WHERE g.lot = l.id),
    (SELECT string_agg(lineside.part(c.code, c.quantity::text,
            (SELECT string_agg(lineside.part(w.kind, w.value::text, w.unit, w.scale::text, encode(w.raw, 'hex')), ',' ORDER BY w.id) FROM lineside.weighing w WHERE w.container = c.id)), ';' ORDER BY c.id)
     FROM lineside.container c WHERE c.lot = l.id),
    (SELECT string_agg(encode(sha256(convert_to(lineside.canonical_inspection(i.id), 'UTF8')), 'hex'), ';' ORDER BY i.id) FROM lineside.inspection i WHERE i.lot = l.id),
    (SELECT string_agg(lineside.part(encode(sha256(convert_to(lineside.canonical_deviation(d.id), 'UTF8')), 'hex'), d.status, d.decided_by, d.decided_at::text), ';' ORDER BY d.id)
     FROM lineside.deviation d WHERE d.subject_kind = 'lot' AND d.subject_id = l.id))
  FROM lineside.lot l WHERE l.id = p_id
$$;

CREATE FUNCTION canonical(p_kind text, p_id uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT CASE p_kind WHEN 'lot' THEN lineside.canonical_lot(p_id) WHEN 'deviation' THEN lineside.canonical_deviation(p_id) WHEN 'document' THEN lineside.canonical_document(p_id) END
$$;

INSERT INTO signature_rule (kind, meaning, act, right_name) VALUES
  ('lot', 'held', 'hold', 'hold_lot'), ('lot', 'hold ended', 'end hold', 'release_lot'),
  ('lot', 'released', 'decide', 'release_lot'), ('lot', 'rejected', 'decide', 'release_lot'),
  ('deviation', 'approved by supervisor', 'decide', 'approve_deviation'), ('deviation', 'approved by quality', 'decide', 'approve_deviation_quality'),
  ('document', 'approved', 'approve', 'approve_document'), ('document', 'withdrawn', 'withdraw', 'approve_document');
