-- As before; what belongs to a sub-lot says so at the end of its line, and what does not has the text it had: what was signed stands.
CREATE OR REPLACE FUNCTION text_of_step(s batch_step, p_below text) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' AS $$
  SELECT 'batch_step|1|' || lineside.part(s.id::text, s.batch::text, s.no::text, s.key, s.kind, s.spec::text, s.corrections::text,
    (SELECT string_agg(line, ';' ORDER BY id) FROM (
       SELECT e.id, json_build_array(e.id, e.field, e.sample_no, e.unit_serial, e.value, e.said, e.unit, e.verdict, e.near_limit, e.origin, e.device, e.calibration,
         encode(e.raw, 'hex'), e.read_at, e.station, e.entered_by, e.entered_at, e.corrects, e.reason)::text AS line FROM lineside.step_entry e WHERE e.batch_step = s.id) e),
    (SELECT string_agg(line, ';' ORDER BY id) FROM (
       SELECT c.id, json_build_array(c.id, c.lot, c.container, c.unit_serial, c.quantity, c.origin, encode(c.raw, 'hex'), c.scale, c.station, c.reason,
         c.consumed_by, c.consumed_at, u.reason, u.undone_by, u.undone_at)::text || coalesce('+' || c.sublot, '') AS line
       FROM lineside.consumption c LEFT JOIN lineside.consumption_undo u ON u.consumption = c.id WHERE c.batch_step = s.id) c),
    CASE WHEN s.kind = 'label' THEN lineside.state_of_labels(s.batch) END, p_below)
$$;

CREATE OR REPLACE FUNCTION canonical_batch_record(p_id uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET extra_float_digits = 1 SET bytea_output = 'hex' AS $$
  SELECT 'batch|1|' || lineside.part(b.id::text, b.code, b.master::text, b.product::text, b.site::text, b.planned::text, b.unit, b.made_on::text, b.expires_on::text,
    encode(sha256(convert_to(b.frozen::text, 'UTF8')), 'hex'), encode(b.frozen_digest, 'hex'), b.started_by, b.started_at::text,
    (SELECT string_agg(lineside.state_of_step(s), ';' ORDER BY s.no) FROM lineside.batch_step s WHERE s.batch = b.id),
    (SELECT encode(sha256(convert_to(string_agg(json_build_array(u.id, u.serial, u.status, u.made_by, u.made_at, u.moved_by, u.moved_at)::text || coalesce('+' || u.sublot, ''), ';' ORDER BY u.no), 'UTF8')), 'hex')
     FROM lineside.unit u WHERE u.batch = b.id),
    (SELECT string_agg(lineside.part(encode(sha256(convert_to(lineside.canonical_deviation(d.id), 'UTF8')), 'hex'), d.status, d.decided_by, d.decided_at::text), ';' ORDER BY d.id)
     FROM lineside.deviation d WHERE d.subject_kind = 'batch' AND d.subject_id = b.id))
  FROM lineside.batch b WHERE b.id = p_id
$$;
