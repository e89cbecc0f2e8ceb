-- Batches count, sign and wait for labels in every state.

-- As before; a label that is being printed or was scanned back is issued.
CREATE OR REPLACE FUNCTION computed_value(p_step batch_step, p_field text) RETURNS numeric LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF p_step.kind = 'parameter' THEN                     -- by the kind of the step, not by a name that a record may have given to a figure of its own
    RETURN CASE WHEN p_field LIKE '%.%' THEN lineside.channel_figure(p_step, p_field) ELSE lineside.formula_value(p_step, p_field) END;
  END IF;
  RETURN CASE p_field
    WHEN 'made' THEN (SELECT count(*)::numeric FROM lineside.unit WHERE batch = p_step.batch)
    WHEN 'issued' THEN lineside.labels_of(p_step.batch, '{sent,printing,unknown,printed,verified,applied,destroyed}')
    WHEN 'applied' THEN lineside.labels_of(p_step.batch, '{applied}')
    WHEN 'destroyed' THEN lineside.labels_of(p_step.batch, '{destroyed}')
    WHEN 'not_found' THEN lineside.not_found(p_step.id)
    WHEN 'minutes' THEN (SELECT trunc(extract(epoch FROM coalesce(p_step.done_at, clock_timestamp()) - s.done_at) / 60, 1) FROM lineside.batch_step s WHERE s.batch = p_step.batch AND s.key = p_step.spec ->> 'since')
    ELSE NULL END;
END $$;

-- As before; one that was read back or is being printed is on its way.
CREATE OR REPLACE FUNCTION missing_label(p_step batch_step) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF p_step.spec ->> 'form' <> 'unit' THEN RETURN NULL; END IF;
  RETURN (SELECT serial FROM (
      SELECT u.no, u.serial FROM lineside.unit u WHERE u.batch = p_step.batch AND u.status = 'made' AND p_step.spec ->> 'scan_back' = 'true'
      UNION ALL SELECT u.no, u.serial FROM lineside.label l JOIN lineside.unit u ON u.id = l.subject_id
        WHERE l.kind = 'unit' AND l.status IN ('requested', 'validated', 'sent', 'printing', 'unknown') AND u.batch = p_step.batch) waits ORDER BY no LIMIT 1);
END $$;

-- As before; what was read back, who settled and who verified it stand at the end of its line. What has none of it has the text it had: what was signed stands.
CREATE OR REPLACE FUNCTION state_of_labels(p_batch uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' AS $$
  SELECT encode(sha256(convert_to(string_agg(line, ';' ORDER BY no, copy_no), 'UTF8')), 'hex')
  FROM (SELECT u.no, l.copy_no, json_build_array(l.id, u.serial, l.copy_no, l.content, l.printer, l.station, l.status, l.detail, l.reason, l.requested_by, l.requested_at,
          l.ended_by, l.ended_at, encode(l.scanned, 'hex'))::text
          || CASE WHEN coalesce(l.replaces::text, l.settled_by, l.verified_by, encode(l.read_back, 'hex')) IS NULL THEN ''
                  ELSE '+' || json_build_array(l.replaces, encode(l.read_back, 'hex'), l.settled_by, l.verified_by, l.verified_at) END AS line
        FROM lineside.unit u JOIN lineside.label l ON l.kind = 'unit' AND l.subject_id = u.id WHERE u.batch = p_batch) l
$$;

-- As before; who settled or verified a label of a batch's unit has a hand in the batch.
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
         CROSS JOIN LATERAL unnest(ARRAY[u.made_by, u.moved_by, l.requested_by, l.settled_by, l.verified_by, l.ended_by]) h WHERE p_kind = 'batch' AND u.batch = p_id AND h IS NOT NULL
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
