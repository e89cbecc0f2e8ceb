-- A draft as something that is signed: by a second person who stands for it, or who sets it aside. Nothing of it changes, so its version is always the first.

CREATE FUNCTION canonical_late(p_id uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET extra_float_digits = 1 SET bytea_output = 'hex' AS $$
  SELECT 'late_entry|1|' || lineside.part(e.id::text, e.station, e.kind, e.author, e.content, encode(e.digest, 'hex'), e.site::text, e.subject_kind, e.subject_id::text, e.record::text,
    e.made_at::text, e.boot_id, e.mono_ns::text, e.received_at::text)
  FROM lineside.late_entry e WHERE e.id = p_id
$$;
REVOKE EXECUTE ON FUNCTION canonical_late FROM PUBLIC;

INSERT INTO signature_rule (kind, meaning, act, right_name) VALUES ('late_entry', 'confirmed', 'settle', 'verify_step'), ('late_entry', 'set aside', 'settle', 'verify_step');

-- As before, each with its word on drafts.
CREATE OR REPLACE FUNCTION subject_site(p_kind text, p_id uuid) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT CASE p_kind WHEN 'lot' THEN (SELECT site FROM lineside.lot WHERE id = p_id)
    WHEN 'deviation' THEN (SELECT lineside.subject_site(subject_kind, subject_id) FROM lineside.deviation WHERE id = p_id)
    WHEN 'document' THEN (SELECT site FROM lineside.document WHERE id = p_id)
    WHEN 'batch' THEN (SELECT site FROM lineside.batch WHERE id = p_id)
    WHEN 'batch_step' THEN (SELECT b.site FROM lineside.batch_step s JOIN lineside.batch b ON b.id = s.batch WHERE s.id = p_id)
    WHEN 'restore_drill' THEN (SELECT site FROM lineside.restore_drill WHERE id = p_id)
    WHEN 'late_entry' THEN (SELECT site FROM lineside.late_entry WHERE id = p_id) END
$$;

CREATE OR REPLACE FUNCTION subject_version(p_kind text, p_id uuid) RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT CASE p_kind WHEN 'lot' THEN (SELECT version FROM lineside.lot WHERE id = p_id)
    WHEN 'deviation' THEN (SELECT version FROM lineside.deviation WHERE id = p_id)
    WHEN 'document' THEN (SELECT version FROM lineside.document WHERE id = p_id)
    WHEN 'batch' THEN (SELECT version FROM lineside.batch WHERE id = p_id)
    WHEN 'batch_step' THEN (SELECT version FROM lineside.batch_step WHERE id = p_id)
    WHEN 'restore_drill' THEN (SELECT version FROM lineside.restore_drill WHERE id = p_id)
    WHEN 'late_entry' THEN (SELECT 1 FROM lineside.late_entry WHERE id = p_id) END
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
  END CASE;
END $$;

CREATE OR REPLACE FUNCTION act_is_done(p_kind text, p_id uuid, p_version integer, p_meaning text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT CASE p_kind
    WHEN 'lot' THEN EXISTS (SELECT FROM lineside.lot WHERE id = p_id AND version = p_version + 1 AND status = CASE p_meaning WHEN 'hold ended' THEN 'quarantine' ELSE p_meaning END)
    WHEN 'document' THEN EXISTS (SELECT FROM lineside.document WHERE id = p_id AND status = CASE p_meaning WHEN 'approved' THEN 'signed' WHEN 'withdrawn' THEN 'obsolete' END)
    WHEN 'batch' THEN EXISTS (SELECT FROM lineside.batch WHERE id = p_id AND status = p_meaning)
    WHEN 'batch_step' THEN EXISTS (SELECT FROM lineside.batch_step WHERE id = p_id AND status = 'done' AND lineside.meaning_of_step(spec) = p_meaning)
    WHEN 'late_entry' THEN EXISTS (SELECT FROM lineside.late_settlement s WHERE s.id = p_id AND s.settled_by = session_user AND s.how = CASE p_meaning WHEN 'confirmed' THEN 'signed' ELSE 'dropped' END)
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
  -- what came late is the work of who made it, as the station says, and of who stands for it or dropped it
  UNION SELECT e.author FROM lineside.late_entry e WHERE p_kind = 'late_entry' AND e.id = p_id
  UNION SELECT h FROM lineside.late_entry e JOIN lineside.late_settlement s ON s.id = e.id CROSS JOIN LATERAL unnest(ARRAY[e.author, s.settled_by]) h
         WHERE p_kind IN ('lot', 'batch') AND e.subject_kind = p_kind AND e.subject_id = p_id
  UNION SELECT e.author FROM lineside.deviation d JOIN lineside.late_settlement s ON s.record = d.cause_id JOIN lineside.late_entry e ON e.id = s.id WHERE p_kind = 'deviation' AND d.id = p_id
  UNION SELECT e.author FROM lineside.batch_step s JOIN lineside.batch_step c ON c.batch = s.batch AND s.spec -> 'signs' ? c.key JOIN lineside.step_entry r ON r.batch_step = c.id
         JOIN lineside.late_settlement t ON t.record = r.id JOIN lineside.late_entry e ON e.id = t.id WHERE p_kind = 'batch_step' AND s.id = p_id AND s.spec ->> 'sign' = 'verify'
$$;

CREATE OR REPLACE FUNCTION canonical(p_kind text, p_id uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT CASE p_kind WHEN 'lot' THEN lineside.canonical_lot(p_id) WHEN 'deviation' THEN lineside.canonical_deviation(p_id) WHEN 'document' THEN lineside.canonical_document(p_id)
    WHEN 'batch' THEN lineside.canonical_batch(p_id) WHEN 'batch_step' THEN lineside.canonical_step(p_id)
    WHEN 'restore_drill' THEN lineside.canonical_drill(p_id)
    WHEN 'late_entry' THEN lineside.canonical_late(p_id) END
$$;
