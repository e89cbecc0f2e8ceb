-- Lists compare what was signed with what stands there now, many records in one question. The text of what comes by the hundred is therefore a view, and the
-- function of one record reads it there: it is written once. The texts are what they were, character by character (tests/trust/golden).

-- As before, without a plan of its own at every call.
CREATE OR REPLACE FUNCTION part(VARIADIC p_values text[]) RETURNS text LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v text;
  joined text := '';
BEGIN
  FOREACH v IN ARRAY p_values LOOP
    joined := joined || '|' || coalesce(length(v) || ':' || v, '-');
  END LOOP;
  RETURN substr(joined, 2);
END $$;

CREATE VIEW canonical_inspections AS
  SELECT i.id, i.lot, 'inspection|1|' || lineside.part(i.id::text, i.code, i.lot::text, i.plan::text, encode(i.frozen_digest, 'hex'), i.sample_size::text, i.accept_no::text, i.status, i.verdict,
    i.opened_by, i.opened_at::text, i.completed_by, i.completed_at::text,
    (SELECT string_agg(lineside.part(m.id::text, m.characteristic::text, m.sample_no::text, m.value::text, m.unit, m.verdict, m.origin, m.gauge::text, m.calibration::text,
            encode(m.raw, 'hex'), m.read_at::text, m.station, m.taken_by, m.taken_at::text), ';' ORDER BY m.characteristic, m.sample_no)
     FROM lineside.measurement m WHERE m.inspection = i.id)) AS content
  FROM lineside.inspection i;

CREATE VIEW canonical_deviations AS
  SELECT d.id, d.subject_kind, d.subject_id, d.status, d.decided_by, d.decided_at,
    'deviation|1|' || lineside.part(d.id::text, d.version::text, d.code, d.subject_kind, d.subject_id::text, d.cause_kind, d.cause_id::text, d.kind, d.facts::text, d.class,
    d.what_happened, d.disposition, d.opened_by, d.opened_at::text, d.described_by)
    || coalesce((SELECT '|' || string_agg(lineside.part(p.id::text, p.picture, p.taken_at::text, p.station, p.added_by, p.added_at::text), ';' ORDER BY p.id)
                 FROM lineside.deviation_photo p WHERE p.deviation = d.id), '') AS content
  FROM lineside.deviation d;

CREATE VIEW canonical_lots AS
  SELECT l.id, 'lot|1|' || lineside.part(l.id::text, l.code, l.item::text, l.supplier::text, l.supplier_lot, l.site::text, l.made_on::text, l.expires_on::text, l.unit, l.opened_by, l.opened_at::text,
    (SELECT string_agg(lineside.part(r.id::text, r.order_line::text, r.quantity::text, r.location::text, r.origin, encode(r.raw, 'hex'), r.scanner, r.received_by, r.received_at::text,
            (SELECT u.reason FROM lineside.receipt_undo u WHERE u.receipt = r.id)), ';' ORDER BY r.id) FROM lineside.receipt r WHERE r.lot = l.id),
    (SELECT string_agg(lineside.part(g.no::text, g.quantity::text, g.after_balance::text, g.kind, g.location::text, g.cause::text), ';' ORDER BY g.no) FROM lineside.ledger g WHERE g.lot = l.id),
    (SELECT string_agg(lineside.part(c.code, c.quantity::text,
            (SELECT string_agg(lineside.part(w.kind, w.value::text, w.unit, w.scale::text, encode(w.raw, 'hex')), ',' ORDER BY w.id) FROM lineside.weighing w WHERE w.container = c.id)), ';' ORDER BY c.id)
     FROM lineside.container c WHERE c.lot = l.id),
    (SELECT string_agg(encode(sha256(convert_to(i.content, 'UTF8')), 'hex'), ';' ORDER BY i.id) FROM lineside.canonical_inspections i WHERE i.lot = l.id),
    (SELECT string_agg(lineside.part(encode(sha256(convert_to(d.content, 'UTF8')), 'hex'), d.status, d.decided_by, d.decided_at::text), ';' ORDER BY d.id)
     FROM lineside.canonical_deviations d WHERE d.subject_kind = 'lot' AND d.subject_id = l.id)) AS content
  FROM lineside.lot l;
REVOKE ALL ON canonical_inspections, canonical_deviations, canonical_lots FROM PUBLIC;

CREATE OR REPLACE FUNCTION canonical_inspection(p_id uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET extra_float_digits = 1 SET bytea_output = 'hex' AS $$
  SELECT content FROM lineside.canonical_inspections WHERE id = p_id
$$;
CREATE OR REPLACE FUNCTION canonical_deviation(p_id uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET extra_float_digits = 1 SET bytea_output = 'hex' AS $$
  SELECT content FROM lineside.canonical_deviations WHERE id = p_id
$$;
CREATE OR REPLACE FUNCTION canonical_lot(p_id uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET extra_float_digits = 1 SET bytea_output = 'hex' AS $$
  SELECT content FROM lineside.canonical_lots WHERE id = p_id
$$;

-- same: every character is what it was. Where it is not, both texts are handed out, to who may see them: a record may have grown by rule since
-- (app/tracing/standing.py reads them); to everybody else the mask and the digests.
CREATE FUNCTION signed_now(p_kind text, p_subjects uuid[]) RETURNS TABLE (subject uuid, meaning text, at timestamptz, version integer, version_now integer, digest bytea, digest_now bytea,
  same boolean, content text, content_now text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET extra_float_digits = 1 SET bytea_output = 'hex' AS $$
  WITH hides AS MATERIALIZED (SELECT coalesce(lineside.masks_here() ? lineside.class_of_signed(p_kind), false) AS it),
       signed AS MATERIALIZED (SELECT g.subject_id, g.meaning, g.at, g.subject_version, g.digest, g.content, sha256(convert_to(g.content, 'UTF8')) = g.digest AS own
                                 FROM lineside.signature g WHERE g.subject_kind = p_kind AND g.subject_id = ANY (p_subjects)),
       ids AS MATERIALIZED (SELECT DISTINCT subject_id AS id FROM signed),
       now_is AS MATERIALIZED (
         SELECT l.id, v.version, l.content FROM ids JOIN lineside.canonical_lots l ON l.id = ids.id JOIN lineside.lot v ON v.id = ids.id WHERE p_kind = 'lot'
         UNION ALL SELECT d.id, v.version, d.content FROM ids JOIN lineside.canonical_deviations d ON d.id = ids.id JOIN lineside.deviation v ON v.id = ids.id WHERE p_kind = 'deviation'
         UNION ALL SELECT ids.id, lineside.subject_version(p_kind, ids.id), lineside.canonical(p_kind, ids.id) FROM ids WHERE p_kind NOT IN ('lot', 'deviation'))
  SELECT s.subject_id, s.meaning, s.at, s.subject_version, n.version, s.digest, CASE WHEN NOT f.same THEN sha256(convert_to(n.content, 'UTF8')) END, f.same,
         CASE WHEN NOT f.same THEN CASE WHEN h.it THEN '•••' ELSE s.content END END, CASE WHEN NOT f.same THEN CASE WHEN h.it THEN '•••' ELSE n.content END END
    FROM signed s JOIN now_is n ON n.id = s.subject_id CROSS JOIN hides h CROSS JOIN LATERAL (SELECT s.own AND s.content = n.content AS same) f
$$;
REVOKE EXECUTE ON FUNCTION signed_now FROM PUBLIC;
GRANT EXECUTE ON FUNCTION signed_now TO lineside_person;
