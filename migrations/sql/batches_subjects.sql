-- Steps and batches as records that are signed. Left out of their canonical text: status, version and who moved them (the signed act itself);
-- of what they cover, all of that is in it.

CREATE OR REPLACE FUNCTION subject_site(p_kind text, p_id uuid) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT CASE p_kind WHEN 'lot' THEN (SELECT site FROM lineside.lot WHERE id = p_id)
    WHEN 'deviation' THEN (SELECT lineside.subject_site(subject_kind, subject_id) FROM lineside.deviation WHERE id = p_id)
    WHEN 'document' THEN (SELECT site FROM lineside.document WHERE id = p_id)
    WHEN 'batch' THEN (SELECT site FROM lineside.batch WHERE id = p_id)
    WHEN 'batch_step' THEN (SELECT b.site FROM lineside.batch_step s JOIN lineside.batch b ON b.id = s.batch WHERE s.id = p_id) END
$$;

CREATE OR REPLACE FUNCTION subject_version(p_kind text, p_id uuid) RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT CASE p_kind WHEN 'lot' THEN (SELECT version FROM lineside.lot WHERE id = p_id)
    WHEN 'deviation' THEN (SELECT version FROM lineside.deviation WHERE id = p_id)
    WHEN 'document' THEN (SELECT version FROM lineside.document WHERE id = p_id)
    WHEN 'batch' THEN (SELECT version FROM lineside.batch WHERE id = p_id)
    WHEN 'batch_step' THEN (SELECT version FROM lineside.batch_step WHERE id = p_id) END
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
  END CASE;
END $$;

CREATE OR REPLACE FUNCTION act_is_done(p_kind text, p_id uuid, p_version integer, p_meaning text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT CASE p_kind
    WHEN 'lot' THEN EXISTS (SELECT FROM lineside.lot WHERE id = p_id AND version = p_version + 1 AND status = CASE p_meaning WHEN 'hold ended' THEN 'quarantine' ELSE p_meaning END)
    WHEN 'document' THEN EXISTS (SELECT FROM lineside.document WHERE id = p_id AND status = CASE p_meaning WHEN 'approved' THEN 'signed' WHEN 'withdrawn' THEN 'obsolete' END)
    WHEN 'batch' THEN EXISTS (SELECT FROM lineside.batch WHERE id = p_id AND status = p_meaning)
    WHEN 'batch_step' THEN EXISTS (SELECT FROM lineside.batch_step WHERE id = p_id AND status = 'done' AND lineside.meaning_of_step(spec) = p_meaning)
    ELSE p_kind = 'deviation' END
$$;

-- Who had a hand in a step: started or ended it, entered, took material, took it back.
CREATE FUNCTION hands_in_step(p_step uuid) RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT s.started_by FROM lineside.batch_step s WHERE s.id = p_step AND s.started_by IS NOT NULL
  UNION SELECT s.done_by FROM lineside.batch_step s WHERE s.id = p_step AND s.done_by IS NOT NULL AND s.spec ->> 'sign' IS DISTINCT FROM 'verify'
  UNION SELECT e.entered_by FROM lineside.step_entry e WHERE e.batch_step = p_step
  UNION SELECT c.consumed_by FROM lineside.consumption c WHERE c.batch_step = p_step
  UNION SELECT u.undone_by FROM lineside.consumption c JOIN lineside.consumption_undo u ON u.consumption = c.id WHERE c.batch_step = p_step
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
$$;

CREATE FUNCTION state_of_step(p_step batch_step) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' AS $$
  SELECT lineside.part(p_step.key, p_step.status, p_step.started_by, p_step.started_at::text, p_step.started_station, p_step.done_by, p_step.done_at::text, p_step.done_station,
    encode(sha256(convert_to(lineside.canonical_step(p_step.id), 'UTF8')), 'hex'))
$$;

-- Of what comes by the thousand every row is one JSON array: as unambiguous as part(), and ten times as fast.
-- Every label of the batch's units: what was printed, what became of it, what was scanned.
CREATE FUNCTION state_of_labels(p_batch uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' AS $$
  SELECT encode(sha256(convert_to(string_agg(line, ';' ORDER BY no, copy_no), 'UTF8')), 'hex')
  FROM (SELECT u.no, l.copy_no, json_build_array(l.id, u.serial, l.copy_no, l.content, l.printer, l.station, l.status, l.detail, l.reason, l.requested_by, l.requested_at,
          l.ended_by, l.ended_at, encode(l.scanned, 'hex'))::text AS line
        FROM lineside.unit u JOIN lineside.label l ON l.kind = 'unit' AND l.subject_id = u.id WHERE u.batch = p_batch) l
$$;

-- The text of one step; p_below: the states of the steps it signs.
CREATE FUNCTION text_of_step(s batch_step, p_below text) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' AS $$
  SELECT 'batch_step|1|' || lineside.part(s.id::text, s.batch::text, s.no::text, s.key, s.kind, s.spec::text, s.corrections::text,
    (SELECT string_agg(line, ';' ORDER BY id) FROM (
       SELECT e.id, json_build_array(e.id, e.field, e.sample_no, e.unit_serial, e.value, e.said, e.unit, e.verdict, e.near_limit, e.origin, e.device, e.calibration,
         encode(e.raw, 'hex'), e.read_at, e.station, e.entered_by, e.entered_at, e.corrects, e.reason)::text AS line FROM lineside.step_entry e WHERE e.batch_step = s.id) e),
    (SELECT string_agg(line, ';' ORDER BY id) FROM (
       SELECT c.id, json_build_array(c.id, c.lot, c.container, c.unit_serial, c.quantity, c.origin, encode(c.raw, 'hex'), c.scale, c.station, c.reason,
         c.consumed_by, c.consumed_at, u.reason, u.undone_by, u.undone_at)::text AS line
       FROM lineside.consumption c LEFT JOIN lineside.consumption_undo u ON u.consumption = c.id WHERE c.batch_step = s.id) c),
    CASE WHEN s.kind = 'label' THEN lineside.state_of_labels(s.batch) END, p_below)
$$;
CREATE FUNCTION canonical_step(p_id uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT lineside.text_of_step(s, (SELECT string_agg(lineside.state_of_step(b), ';' ORDER BY b.no) FROM lineside.batch_step b
                                    WHERE b.batch = s.batch AND s.kind = 'sign' AND s.spec -> 'signs' ? b.key))
  FROM lineside.batch_step s WHERE s.id = p_id
$$;

-- The signature steps of a batch whose signature stands, with its meaning; every step beneath them is looked at once, however many sign it.
CREATE FUNCTION standing_in(p_batch uuid) RETURNS TABLE (step integer, meaning text) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  RETURN QUERY WITH signer AS (SELECT s FROM lineside.batch_step s WHERE s.batch = p_batch AND s.kind = 'sign' AND s.status = 'done'),
    below AS MATERIALIZED (SELECT b.no, b.key, lineside.state_of_step(b) AS says FROM lineside.batch_step b
                            WHERE b.batch = p_batch AND EXISTS (SELECT FROM signer WHERE (signer.s).spec -> 'signs' ? b.key)),
    now_is AS MATERIALIZED (SELECT (signer.s).id, (signer.s).no, (signer.s).version, sha256(convert_to(lineside.text_of_step(signer.s,
        (SELECT string_agg(b.says, ';' ORDER BY b.no) FROM below b WHERE (signer.s).spec -> 'signs' ? b.key)), 'UTF8')) AS digest FROM signer)
  SELECT n.no, g.meaning FROM now_is n JOIN lineside.signature g ON g.subject_kind = 'batch_step' AND g.subject_id = n.id AND g.subject_version = n.version AND g.digest = n.digest
  ORDER BY n.no;
END $$;

CREATE FUNCTION canonical_batch(p_id uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET extra_float_digits = 1 SET bytea_output = 'hex' AS $$
  SELECT 'batch|1|' || lineside.part(b.id::text, b.code, b.master::text, b.product::text, b.site::text, b.planned::text, b.unit, b.made_on::text, b.expires_on::text,
    encode(sha256(convert_to(b.frozen::text, 'UTF8')), 'hex'), encode(b.frozen_digest, 'hex'), b.started_by, b.started_at::text,
    (SELECT string_agg(lineside.state_of_step(s), ';' ORDER BY s.no) FROM lineside.batch_step s WHERE s.batch = b.id),
    (SELECT encode(sha256(convert_to(string_agg(json_build_array(u.id, u.serial, u.status, u.made_by, u.made_at, u.moved_by, u.moved_at)::text, ';' ORDER BY u.no), 'UTF8')), 'hex')
     FROM lineside.unit u WHERE u.batch = b.id),
    (SELECT string_agg(lineside.part(encode(sha256(convert_to(lineside.canonical_deviation(d.id), 'UTF8')), 'hex'), d.status, d.decided_by, d.decided_at::text), ';' ORDER BY d.id)
     FROM lineside.deviation d WHERE d.subject_kind = 'batch' AND d.subject_id = b.id))
  FROM lineside.batch b WHERE b.id = p_id
$$;

-- As before, but the text is made once, and only where somebody signed this version: the text of a step can be ten thousand rows, and a planner that guesses
-- how many signatures match makes it a second time.
CREATE OR REPLACE FUNCTION standing_meanings(p_kind text, p_subject uuid) RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  counts integer := lineside.subject_version(p_kind, p_subject);
  now_is bytea;
BEGIN
  IF NOT EXISTS (SELECT FROM lineside.signature WHERE subject_kind = p_kind AND subject_id = p_subject AND subject_version = counts) THEN RETURN '{}'; END IF;
  now_is := sha256(convert_to(lineside.canonical(p_kind, p_subject), 'UTF8'));
  RETURN (SELECT coalesce(array_agg(meaning ORDER BY at), '{}') FROM lineside.signature
    WHERE subject_kind = p_kind AND subject_id = p_subject AND subject_version = counts AND digest = now_is);
END $$;

CREATE OR REPLACE FUNCTION canonical(p_kind text, p_id uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT CASE p_kind WHEN 'lot' THEN lineside.canonical_lot(p_id) WHEN 'deviation' THEN lineside.canonical_deviation(p_id) WHEN 'document' THEN lineside.canonical_document(p_id)
    WHEN 'batch' THEN lineside.canonical_batch(p_id) WHEN 'batch_step' THEN lineside.canonical_step(p_id) END
$$;

INSERT INTO signature_rule (kind, meaning, act, right_name) VALUES
  ('batch_step', 'performed', 'perform', 'run_batch'), ('batch_step', 'verified', 'verify', 'verify_step'),
  ('batch', 'released for production', 'release', 'release_batch'), ('batch', 'released to market', 'release', 'release_market'), ('batch', 'rejected', 'release', 'release_batch');
