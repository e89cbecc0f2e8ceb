-- Where material came from and went to, who and what had a hand in it: read from the records as they stand, nothing is stored a second time.
-- Kinds, in the order material flows: supplier_lot, lot, container, batch, unit, label; beside them asset, calibration, person, inspection, deviation.
-- A supplier lot is known by the id of our lot: of one item and supplier it is one of ours (lot_of_supplier).
-- Whoever may read the records may trace them: trace_from and trace_named show what every person may read, and no more. Nobody calls the others from outside.
-- Undone receipts and consumptions, and entries that were corrected, lead nowhere and come from nowhere; who made such an entry did work there.

-- What a record leads to, but for the two wide fans, the units of a batch and the labels of a unit: trace_forward reads these itself. batch and status are told of units.
CREATE FUNCTION trace_targets(p_kind text, p_id uuid) RETURNS TABLE (kind text, id uuid, batch uuid, status text, what text) LANGUAGE plpgsql STABLE ROWS 20 AS $$
#variable_conflict use_column
BEGIN
  CASE p_kind
  WHEN 'supplier_lot' THEN RETURN QUERY SELECT 'lot', p_id, NULL::uuid, NULL::text, 'received as';
  WHEN 'lot' THEN RETURN QUERY SELECT 'container', c.id, NULL::uuid, NULL::text, 'packed in' FROM lineside.container c
      WHERE c.lot = p_id AND NOT EXISTS (SELECT FROM lineside.receipt_undo u WHERE u.receipt = c.receipt);
  WHEN 'container' THEN
    -- bound to the batch it is in every unit of it; bound to a unit in that one alone
    RETURN QUERY SELECT DISTINCT 'batch', s.batch, NULL::uuid, NULL::text, 'went into' FROM lineside.consumption c JOIN lineside.batch_step s ON s.id = c.batch_step
      WHERE c.container = p_id AND c.unit_serial IS NULL AND NOT EXISTS (SELECT FROM lineside.consumption_undo x WHERE x.consumption = c.id);
    RETURN QUERY SELECT DISTINCT 'unit', u.id, u.batch, u.status, 'went into' FROM lineside.consumption c JOIN lineside.unit u ON u.serial = c.unit_serial
      WHERE c.container = p_id AND NOT EXISTS (SELECT FROM lineside.consumption_undo x WHERE x.consumption = c.id);
    RETURN QUERY SELECT 'label', l.id, NULL::uuid, l.status, 'labelled with' FROM lineside.label l WHERE l.kind = 'container' AND l.subject_id = p_id;
  WHEN 'asset' THEN RETURN QUERY SELECT * FROM lineside.trace_work_of_asset(p_id);
  WHEN 'calibration' THEN RETURN QUERY SELECT * FROM lineside.trace_work_under(p_id);
  WHEN 'person' THEN RETURN QUERY SELECT w.kind, w.id, u.batch, u.status, 'worked on'
      FROM lineside.person p CROSS JOIN LATERAL lineside.trace_work_of_person(p.login) w LEFT JOIN lineside.unit u ON w.kind = 'unit' AND u.id = w.id WHERE p.id = p_id;
  WHEN 'inspection' THEN RETURN QUERY SELECT 'lot', i.lot, NULL::uuid, NULL::text, 'inspected' FROM lineside.inspection i WHERE i.id = p_id;
  WHEN 'deviation' THEN RETURN QUERY SELECT d.subject_kind, d.subject_id, NULL::uuid, NULL::text, 'raised on' FROM lineside.deviation d WHERE d.id = p_id;
  ELSE RETURN;
  END CASE;
END $$;

CREATE FUNCTION trace_work_of_asset(p_id uuid) RETURNS TABLE (kind text, id uuid, batch uuid, status text, what text) LANGUAGE sql STABLE AS $$
  SELECT 'lot', i.lot, NULL::uuid, NULL::text, 'measured' FROM lineside.measurement m JOIN lineside.inspection i ON i.id = m.inspection WHERE m.gauge = p_id
  UNION SELECT 'container', w.container, NULL, NULL, 'weighed' FROM lineside.weighing w WHERE w.scale = p_id
  UNION SELECT CASE WHEN u.id IS NULL THEN 'batch' ELSE 'unit' END, coalesce(u.id, s.batch), u.batch, u.status, 'used in'
    FROM lineside.step_entry e JOIN lineside.batch_step s ON s.id = e.batch_step LEFT JOIN lineside.unit u ON u.serial = e.unit_serial
    WHERE e.device = p_id AND NOT EXISTS (SELECT FROM lineside.step_entry x WHERE x.corrects = e.id)
  UNION SELECT CASE WHEN u.id IS NULL THEN 'batch' ELSE 'unit' END, coalesce(u.id, s.batch), u.batch, u.status, 'used in'
    FROM lineside.consumption c JOIN lineside.batch_step s ON s.id = c.batch_step LEFT JOIN lineside.unit u ON u.serial = c.unit_serial
    WHERE c.scale = p_id AND NOT EXISTS (SELECT FROM lineside.consumption_undo x WHERE x.consumption = c.id)
$$;

CREATE FUNCTION trace_work_under(p_id uuid) RETURNS TABLE (kind text, id uuid, batch uuid, status text, what text) LANGUAGE sql STABLE AS $$
  SELECT 'lot', i.lot, NULL::uuid, NULL::text, 'in force for' FROM lineside.measurement m JOIN lineside.inspection i ON i.id = m.inspection WHERE m.calibration = p_id
  UNION SELECT CASE WHEN u.id IS NULL THEN 'batch' ELSE 'unit' END, coalesce(u.id, s.batch), u.batch, u.status, 'in force for'
    FROM lineside.step_entry e JOIN lineside.batch_step s ON s.id = e.batch_step LEFT JOIN lineside.unit u ON u.serial = e.unit_serial
    WHERE e.calibration = p_id AND NOT EXISTS (SELECT FROM lineside.step_entry x WHERE x.corrects = e.id)
$$;

-- Received, weighed, inspected, signed; planned, started, ended, entered, took material, signed; made and labelled.
CREATE FUNCTION trace_work_of_person(p_login text) RETURNS TABLE (kind text, id uuid) LANGUAGE sql STABLE AS $$
  SELECT 'lot', r.lot FROM lineside.receipt r WHERE r.received_by = p_login AND NOT EXISTS (SELECT FROM lineside.receipt_undo u WHERE u.receipt = r.id)
  UNION SELECT 'container', w.container FROM lineside.weighing w WHERE w.weighed_by = p_login
  UNION SELECT 'lot', i.lot FROM lineside.measurement m JOIN lineside.inspection i ON i.id = m.inspection WHERE m.taken_by = p_login
  UNION SELECT 'lot', i.lot FROM lineside.inspection i WHERE i.completed_by = p_login
  UNION SELECT s.subject_kind, s.subject_id FROM lineside.signature s WHERE s.signer = p_login AND s.subject_kind IN ('lot', 'batch')
  UNION SELECT 'batch', b.batch FROM lineside.signature s JOIN lineside.batch_step b ON b.id = s.subject_id WHERE s.signer = p_login AND s.subject_kind = 'batch_step'
  UNION SELECT 'batch', b.id FROM lineside.batch b WHERE b.started_by = p_login
  UNION SELECT 'batch', b.id FROM lineside.batch b WHERE b.completed_by = p_login
  UNION SELECT 'batch', s.batch FROM lineside.batch_step s WHERE s.started_by = p_login
  UNION SELECT 'batch', s.batch FROM lineside.batch_step s WHERE s.done_by = p_login
  UNION SELECT CASE WHEN u.id IS NULL THEN 'batch' ELSE 'unit' END, coalesce(u.id, s.batch)
    FROM lineside.step_entry e JOIN lineside.batch_step s ON s.id = e.batch_step LEFT JOIN lineside.unit u ON u.serial = e.unit_serial WHERE e.entered_by = p_login
  UNION SELECT CASE WHEN u.id IS NULL THEN 'batch' ELSE 'unit' END, coalesce(u.id, s.batch)
    FROM lineside.consumption c JOIN lineside.batch_step s ON s.id = c.batch_step LEFT JOIN lineside.unit u ON u.serial = c.unit_serial
    WHERE c.consumed_by = p_login AND NOT EXISTS (SELECT FROM lineside.consumption_undo x WHERE x.consumption = c.id)
  UNION SELECT 'unit', u.id FROM lineside.unit u WHERE u.made_by = p_login
  UNION SELECT 'unit', l.subject_id FROM lineside.label l WHERE l.kind = 'unit' AND l.ended_by = p_login
$$;

-- What leads to a record: the same edges from their other end. p_whole: of a batch also what was done with single units of it.
CREATE FUNCTION trace_sources(p_kind text, p_id uuid, p_whole boolean) RETURNS TABLE (kind text, id uuid, batch uuid, status text, what text) LANGUAGE plpgsql STABLE ROWS 20 AS $$
#variable_conflict use_column
BEGIN
  CASE p_kind
  WHEN 'lot' THEN
    RETURN QUERY SELECT 'supplier_lot', p_id, NULL::uuid, NULL::text, 'received as';
  WHEN 'container' THEN
    RETURN QUERY SELECT 'lot', c.lot, NULL::uuid, NULL::text, 'packed in' FROM lineside.container c
      WHERE c.id = p_id AND NOT EXISTS (SELECT FROM lineside.receipt_undo u WHERE u.receipt = c.receipt);
  WHEN 'batch' THEN
    RETURN QUERY SELECT DISTINCT 'container', c.container, NULL::uuid, NULL::text, 'went into' FROM lineside.batch_step s JOIN lineside.consumption c ON c.batch_step = s.id AND c.unit_serial IS NULL
      WHERE s.batch = p_id AND NOT EXISTS (SELECT FROM lineside.consumption_undo x WHERE x.consumption = c.id);
    IF p_whole THEN
      RETURN QUERY SELECT DISTINCT 'container', c.container, NULL::uuid, NULL::text, 'went into its units' FROM lineside.batch_step s JOIN lineside.consumption c ON c.batch_step = s.id
        WHERE s.batch = p_id AND c.unit_serial IS NOT NULL AND NOT EXISTS (SELECT FROM lineside.consumption_undo x WHERE x.consumption = c.id);
      RETURN QUERY SELECT DISTINCT h.kind, h.id, NULL::uuid, NULL::text, h.what FROM lineside.unit u CROSS JOIN LATERAL lineside.trace_hands('unit', u.id) h WHERE u.batch = p_id;
    END IF;
  WHEN 'unit' THEN
    RETURN QUERY SELECT 'batch', u.batch, NULL::uuid, NULL::text, 'made' FROM lineside.unit u WHERE u.id = p_id;
    RETURN QUERY SELECT DISTINCT 'container', c.container, NULL::uuid, NULL::text, 'went into' FROM lineside.unit u JOIN lineside.consumption c ON c.unit_serial = u.serial
      WHERE u.id = p_id AND NOT EXISTS (SELECT FROM lineside.consumption_undo x WHERE x.consumption = c.id);
  WHEN 'label' THEN
    RETURN QUERY SELECT l.kind, l.subject_id, u.batch, u.status, 'labelled with' FROM lineside.label l LEFT JOIN lineside.unit u ON l.kind = 'unit' AND u.id = l.subject_id WHERE l.id = p_id;
  ELSE RETURN;
  END CASE;
  RETURN QUERY SELECT h.kind, h.id, NULL::uuid, NULL::text, h.what FROM lineside.trace_hands(p_kind, p_id) h;
END $$;

-- Who and what had a hand in a lot, a container, a batch as a whole, or a unit.
CREATE FUNCTION trace_hands(p_kind text, p_id uuid) RETURNS TABLE (kind text, id uuid, what text) LANGUAGE plpgsql STABLE ROWS 10 AS $$
#variable_conflict use_column
BEGIN
  CASE p_kind
  WHEN 'lot' THEN
    RETURN QUERY SELECT DISTINCT x.kind, x.id, x.what FROM lineside.inspection i JOIN lineside.measurement m ON m.inspection = i.id
        CROSS JOIN LATERAL (VALUES ('asset', m.gauge, 'measured'), ('calibration', m.calibration, 'in force for')) x (kind, id, what) WHERE i.lot = p_id
      UNION ALL SELECT 'inspection', i.id, 'inspected' FROM lineside.inspection i WHERE i.lot = p_id
      UNION ALL SELECT 'deviation', d.id, 'raised on' FROM lineside.deviation d WHERE d.subject_kind = 'lot' AND d.subject_id = p_id
      UNION ALL SELECT 'person', p.id, 'worked on' FROM lineside.person p WHERE p.login IN (
        SELECT r.received_by FROM lineside.receipt r WHERE r.lot = p_id AND NOT EXISTS (SELECT FROM lineside.receipt_undo u WHERE u.receipt = r.id)
        UNION ALL SELECT m.taken_by FROM lineside.inspection i JOIN lineside.measurement m ON m.inspection = i.id WHERE i.lot = p_id
        UNION ALL SELECT i.completed_by FROM lineside.inspection i WHERE i.lot = p_id
        UNION ALL SELECT s.signer FROM lineside.signature s WHERE s.subject_kind = 'lot' AND s.subject_id = p_id);
  WHEN 'container' THEN
    RETURN QUERY SELECT DISTINCT x.kind, x.id, x.what FROM lineside.weighing w JOIN lineside.person p ON p.login = w.weighed_by
      CROSS JOIN LATERAL (VALUES ('asset', w.scale, 'weighed'), ('person', p.id, 'worked on')) x (kind, id, what) WHERE w.container = p_id;
  WHEN 'batch' THEN
    RETURN QUERY SELECT DISTINCT x.kind, x.id, x.what FROM lineside.batch_step s JOIN lineside.step_entry e ON e.batch_step = s.id AND e.unit_serial IS NULL
        CROSS JOIN LATERAL (VALUES ('asset', e.device, 'used in'), ('calibration', e.calibration, 'in force for')) x (kind, id, what)
        WHERE s.batch = p_id AND x.id IS NOT NULL AND NOT EXISTS (SELECT FROM lineside.step_entry n WHERE n.corrects = e.id)
      UNION SELECT 'asset', c.scale, 'used in' FROM lineside.batch_step s JOIN lineside.consumption c ON c.batch_step = s.id AND c.unit_serial IS NULL
        WHERE s.batch = p_id AND c.scale IS NOT NULL AND NOT EXISTS (SELECT FROM lineside.consumption_undo x WHERE x.consumption = c.id)
      UNION ALL SELECT 'deviation', d.id, 'raised on' FROM lineside.deviation d WHERE d.subject_kind = 'batch' AND d.subject_id = p_id
      UNION ALL SELECT 'person', p.id, 'worked on' FROM lineside.person p WHERE p.login IN (
        SELECT unnest(ARRAY[b.started_by, b.completed_by]) FROM lineside.batch b WHERE b.id = p_id
        UNION ALL SELECT s.signer FROM lineside.signature s WHERE s.subject_kind = 'batch' AND s.subject_id = p_id
        UNION ALL SELECT s.signer FROM lineside.batch_step b JOIN lineside.signature s ON s.subject_kind = 'batch_step' AND s.subject_id = b.id WHERE b.batch = p_id
        UNION ALL SELECT unnest(ARRAY[s.started_by, s.done_by]) FROM lineside.batch_step s WHERE s.batch = p_id
        UNION ALL SELECT e.entered_by FROM lineside.batch_step s JOIN lineside.step_entry e ON e.batch_step = s.id AND e.unit_serial IS NULL WHERE s.batch = p_id
        UNION ALL SELECT c.consumed_by FROM lineside.batch_step s JOIN lineside.consumption c ON c.batch_step = s.id AND c.unit_serial IS NULL
          WHERE s.batch = p_id AND NOT EXISTS (SELECT FROM lineside.consumption_undo x WHERE x.consumption = c.id));
  WHEN 'unit' THEN
    RETURN QUERY SELECT DISTINCT x.kind, x.id, x.what FROM lineside.unit u JOIN lineside.step_entry e ON e.unit_serial = u.serial
        CROSS JOIN LATERAL (VALUES ('asset', e.device, 'used in'), ('calibration', e.calibration, 'in force for')) x (kind, id, what)
        WHERE u.id = p_id AND x.id IS NOT NULL AND NOT EXISTS (SELECT FROM lineside.step_entry n WHERE n.corrects = e.id)
      UNION SELECT 'asset', c.scale, 'used in' FROM lineside.unit u JOIN lineside.consumption c ON c.unit_serial = u.serial
        WHERE u.id = p_id AND c.scale IS NOT NULL AND NOT EXISTS (SELECT FROM lineside.consumption_undo x WHERE x.consumption = c.id)
      UNION ALL SELECT 'person', p.id, 'worked on' FROM lineside.person p WHERE p.login IN (
        SELECT u.made_by FROM lineside.unit u WHERE u.id = p_id
        UNION ALL SELECT e.entered_by FROM lineside.unit u JOIN lineside.step_entry e ON e.unit_serial = u.serial WHERE u.id = p_id
        UNION ALL SELECT c.consumed_by FROM lineside.unit u JOIN lineside.consumption c ON c.unit_serial = u.serial
          WHERE u.id = p_id AND NOT EXISTS (SELECT FROM lineside.consumption_undo x WHERE x.consumption = c.id)
        UNION ALL SELECT l.ended_by FROM lineside.label l WHERE l.kind = 'unit' AND l.subject_id = p_id);
  ELSE RETURN;
  END CASE;
END $$;

-- What a record is called. amount: of a lot what was received, of a container what it held, of a batch the units made.
CREATE FUNCTION trace_facts(p_kind text, p_id uuid) RETURNS TABLE (code text, name_en text, name_zh text, status text, amount numeric, unit text) LANGUAGE plpgsql STABLE ROWS 1 AS $$
#variable_conflict use_column
BEGIN
  CASE p_kind
  WHEN 'supplier_lot' THEN RETURN QUERY SELECT l.supplier_lot, s.name_en, s.name_zh, NULL::text, lineside.trace_received(l.id), l.unit
      FROM lineside.lot l JOIN lineside.supplier s ON s.id = l.supplier WHERE l.id = p_id;
  WHEN 'lot' THEN RETURN QUERY SELECT l.code, i.name_en, i.name_zh, l.status, lineside.trace_received(l.id), l.unit FROM lineside.lot l JOIN lineside.item i ON i.id = l.item WHERE l.id = p_id;
  WHEN 'container' THEN RETURN QUERY SELECT c.code, i.name_en, i.name_zh, NULL::text, c.quantity, l.unit
      FROM lineside.container c JOIN lineside.lot l ON l.id = c.lot JOIN lineside.item i ON i.id = l.item WHERE c.id = p_id;
  WHEN 'batch' THEN RETURN QUERY SELECT b.code, b.frozen #>> '{name,en}', b.frozen #>> '{name,zh}', b.status, (SELECT count(*)::numeric FROM lineside.unit u WHERE u.batch = b.id), b.unit
      FROM lineside.batch b WHERE b.id = p_id;
  WHEN 'unit' THEN RETURN QUERY SELECT u.serial, NULL::text, NULL::text, u.status, NULL::numeric, NULL::text FROM lineside.unit u WHERE u.id = p_id;
  WHEN 'label' THEN RETURN QUERY SELECT coalesce(u.serial, c.code) || '/' || l.copy_no, NULL::text, NULL::text, l.status, NULL::numeric, NULL::text FROM lineside.label l
      LEFT JOIN lineside.unit u ON l.kind = 'unit' AND u.id = l.subject_id LEFT JOIN lineside.container c ON l.kind = 'container' AND c.id = l.subject_id WHERE l.id = p_id;
  WHEN 'asset' THEN RETURN QUERY SELECT a.code, a.name_en, a.name_zh, NULL::text, NULL::numeric, NULL::text FROM lineside.asset a WHERE a.id = p_id;
  WHEN 'calibration' THEN RETURN QUERY SELECT c.certificate, a.code, a.code, CASE WHEN c.passed THEN 'passed' ELSE 'failed' END, NULL::numeric, NULL::text
      FROM lineside.calibration c JOIN lineside.asset a ON a.id = c.asset WHERE c.id = p_id;
  WHEN 'person' THEN RETURN QUERY SELECT p.login, p.name_en, p.name_zh, NULL::text, NULL::numeric, NULL::text FROM lineside.person p WHERE p.id = p_id;
  WHEN 'inspection' THEN RETURN QUERY SELECT i.code, NULL::text, NULL::text, coalesce(i.verdict, i.status), NULL::numeric, NULL::text FROM lineside.inspection i WHERE i.id = p_id;
  WHEN 'deviation' THEN RETURN QUERY SELECT d.code, NULL::text, NULL::text, d.status, NULL::numeric, NULL::text FROM lineside.deviation d WHERE d.id = p_id;
  END CASE;
END $$;
CREATE FUNCTION trace_received(p_lot uuid) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(r.quantity), 0) FROM lineside.receipt r WHERE r.lot = p_lot AND NOT EXISTS (SELECT FROM lineside.receipt_undo u WHERE u.receipt = r.id)
$$;

-- Every edge of a trace, told from one of its ends: the node, its neighbour, and whether the node is the edge's source. The start has no neighbour.
-- batch and status stand with units, at_batch and at_status where the neighbour is one; is_first in one row of every node, so that nodes can be counted.
-- Forward: everything the start leads to; of a unit that was reached through its own material also its batch, but not the batch's other units;
-- and who and what had a hand in each of these.
CREATE FUNCTION trace_forward(p_kind text, p_id uuid)
RETURNS TABLE (kind text, id uuid, batch uuid, status text, at_kind text, at_id uuid, at_batch uuid, at_status text, what text, is_source boolean, is_first boolean) LANGUAGE sql STABLE AS $$
  WITH RECURSIVE walked (kind, id) AS (
    SELECT p_kind, p_id UNION SELECT t.kind, t.id FROM walked w CROSS JOIN LATERAL lineside.trace_targets(w.kind, w.id) t WHERE t.kind NOT IN ('unit', 'label')
  ), led AS MATERIALIZED (
    SELECT t.kind, t.id, t.batch, t.status, w.kind AS at_kind, w.id AS at_id, t.what FROM walked w CROSS JOIN LATERAL lineside.trace_targets(w.kind, w.id) t
  ), alone AS MATERIALIZED (
    SELECT DISTINCT l.id, l.batch, l.status FROM led l WHERE l.kind = 'unit' AND NOT EXISTS (SELECT FROM walked w WHERE w.kind = 'batch' AND w.id = l.batch)
  ), piece AS MATERIALIZED (
    SELECT u.id, u.batch, u.status FROM walked w CROSS JOIN LATERAL (SELECT u.* FROM lineside.unit u WHERE u.batch = w.id OFFSET 0) u WHERE w.kind = 'batch'
    UNION ALL SELECT a.id, a.batch, a.status FROM alone a
  ), place AS (
    SELECT w.kind, w.id FROM walked w UNION ALL SELECT DISTINCT 'batch', a.batch FROM alone a
  ), told AS (
    SELECT p_kind AS kind, p_id AS id, NULL AS at_kind, NULL::uuid AS at_id, NULL AS what, false AS is_source
    UNION ALL SELECT l.kind, l.id, l.at_kind, l.at_id, l.what, false FROM led l WHERE l.kind <> 'unit'
    UNION ALL SELECT DISTINCT 'batch', a.batch, NULL, NULL::uuid, NULL, false FROM alone a
    UNION ALL SELECT h.kind, h.id, p.kind, p.id, h.what, true FROM place p CROSS JOIN LATERAL lineside.trace_hands(p.kind, p.id) h WHERE (h.kind, h.id) IS DISTINCT FROM (p_kind, p_id)
  )
  SELECT t.kind, t.id, NULL::uuid, NULL, t.at_kind, t.at_id, NULL::uuid, NULL::text, t.what, t.is_source, row_number() OVER (PARTITION BY t.kind, t.id) = 1 FROM told t
  UNION ALL SELECT 'unit', l.id, l.batch, l.status, l.at_kind, l.at_id, NULL, NULL, l.what, false, false FROM led l WHERE l.kind = 'unit'
  UNION ALL SELECT 'unit', u.id, u.batch, u.status, 'batch', u.batch, NULL, NULL, 'made', false, true FROM piece u
  -- a few or 100 000: by index, never by the whole table
  UNION ALL SELECT 'label', l.id, NULL, l.status, 'unit', u.id, u.batch, u.status, 'labelled with', false, true
    FROM (SELECT u.id, u.batch, u.status FROM piece u UNION ALL SELECT p_id, NULL, NULL WHERE p_kind = 'unit') u
    CROSS JOIN LATERAL (SELECT l.id, l.status FROM lineside.label l WHERE l.kind = 'unit' AND l.subject_id = u.id OFFSET 0) l
$$;

-- Backward: everything that leads to the start; of a batch that is the start also what went into single units of it.
CREATE FUNCTION trace_backward(p_kind text, p_id uuid)
RETURNS TABLE (kind text, id uuid, batch uuid, status text, at_kind text, at_id uuid, at_batch uuid, at_status text, what text, is_source boolean, is_first boolean) LANGUAGE sql STABLE AS $$
  WITH RECURSIVE walked (kind, id) AS (
    SELECT p_kind, p_id
    UNION SELECT s.kind, s.id FROM walked w CROSS JOIN LATERAL lineside.trace_sources(w.kind, w.id, w.id = p_id) s WHERE s.kind IN ('unit', 'batch', 'container', 'lot')
  ), told AS (
    SELECT p_kind AS kind, p_id AS id, NULL::uuid AS batch, NULL AS status, NULL AS at_kind, NULL::uuid AS at_id, NULL AS what, false AS is_source
    UNION ALL SELECT DISTINCT s.kind, s.id, s.batch, s.status, w.kind, w.id, s.what, true FROM walked w CROSS JOIN LATERAL lineside.trace_sources(w.kind, w.id, w.id = p_id) s
  )
  SELECT t.kind, t.id, t.batch, t.status, t.at_kind, t.at_id, NULL::uuid, NULL::text, t.what, t.is_source, row_number() OVER (PARTITION BY t.kind, t.id) = 1 FROM told t
$$;

-- The whole trace as a person can read it: one row per node, with the edges that arrive at it. A kind of which there are more than p_most stands as groups
-- with their counts: units by batch and status while the batches can be named, else by status; nothing is left out.
-- level: place in the flow of material, 0 supplier lot to 5 label; NULL for what had a hand in it. edges: [key of the source, what it did, how many times].
CREATE FUNCTION trace_from(p_kind text, p_id uuid, p_forward boolean, p_most integer)
RETURNS TABLE (level integer, key text, kind text, id uuid, batch uuid, code text, name_en text, name_zh text, status text, amount numeric, unit text, many bigint, edges jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp SET jit = off SET work_mem = '64MB' SET plan_cache_mode = force_generic_plan AS $$
  WITH told AS MATERIALIZED (
    SELECT * FROM lineside.trace_forward(p_kind, p_id) WHERE p_forward UNION ALL SELECT * FROM lineside.trace_backward(p_kind, p_id) WHERE NOT p_forward
  ), counted AS MATERIALIZED (
    SELECT t.kind, count(*) FILTER (WHERE t.is_first) > p_most AS grouped FROM told t GROUP BY t.kind
  ), tally AS MATERIALIZED (
    SELECT c.kind, c.grouped, c.grouped AND NOT EXISTS (SELECT FROM counted b WHERE b.kind = 'batch' AND b.grouped) AS by_batch FROM counted c
  ), arrow AS MATERIALIZED (
    SELECT t.kind, CASE WHEN NOT a.grouped OR t.id = p_id THEN t.id END AS id, CASE WHEN a.by_batch THEN t.batch END AS batch, CASE WHEN a.grouped THEN t.status END AS status,
           t.at_kind, CASE WHEN NOT b.grouped OR t.at_id = p_id THEN t.at_id END AS at_id, CASE WHEN b.by_batch THEN t.at_batch END AS at_batch, CASE WHEN b.grouped THEN t.at_status END AS at_status,
           t.is_source, t.what, count(*) AS many, count(*) FILTER (WHERE t.is_first) AS nodes, any_value(t.batch) FILTER (WHERE t.batch IS NOT NULL) AS home
      FROM told t JOIN tally a ON a.kind = t.kind LEFT JOIN tally b ON b.kind = t.at_kind GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
  ), keyed AS MATERIALIZED (
    SELECT w.*, lineside.trace_key(w.kind, w.id, w.batch, w.status) AS key, lineside.trace_key(w.at_kind, w.at_id, w.at_batch, w.at_status) AS at_key FROM arrow w
  ), arriving AS (
    SELECT CASE WHEN k.is_source THEN k.at_key ELSE k.key END AS key, jsonb_agg(jsonb_build_array(CASE WHEN k.is_source THEN k.key ELSE k.at_key END, k.what, k.many)) AS edges
      FROM keyed k WHERE k.at_kind IS NOT NULL GROUP BY 1
  ), spot AS (
    SELECT k.key, k.kind, k.id, CASE WHEN k.id IS NOT NULL THEN any_value(k.home) ELSE k.batch END AS batch, k.status, sum(k.nodes)::bigint AS many FROM keyed k GROUP BY k.key, k.kind, k.id, k.batch, k.status
  )
  SELECT array_position('{supplier_lot,lot,container,batch,unit,label}', s.kind) - 1, s.key, s.kind, s.id, coalesce(s.batch, CASE WHEN s.kind = 'unit' THEN (SELECT u.batch FROM lineside.unit u WHERE u.id = s.id) END), f.code, f.name_en, f.name_zh, coalesce(f.status, s.status), f.amount, f.unit,
         s.many, coalesce(r.edges, '[]')
    FROM spot s LEFT JOIN LATERAL lineside.trace_facts(s.kind, s.id) f ON s.id IS NOT NULL LEFT JOIN arriving r ON r.key = s.key
$$;
CREATE FUNCTION trace_key(p_kind text, p_id uuid, p_batch uuid, p_status text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT p_kind || ':' || coalesce(p_id::text, coalesce(p_batch::text, '*') || ':' || coalesce(p_status, '*'))
$$;

-- What a scanned or typed code names; more than one row where it is not one record alone. A batch of ours and a supplier's lot may be written alike.
CREATE FUNCTION trace_named(p_code text) RETURNS TABLE (kind text, id uuid, code text, said text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT 'lot', l.id, l.code, l.supplier_lot FROM lineside.lot l WHERE l.code = p_code
  UNION ALL SELECT 'container', c.id, c.code, NULL FROM lineside.container c WHERE c.code = p_code
  UNION ALL SELECT 'batch', b.id, b.code, NULL FROM lineside.batch b WHERE b.code = p_code
  UNION ALL SELECT 'unit', u.id, u.serial, NULL FROM lineside.unit u WHERE u.serial = p_code
  UNION ALL SELECT 'supplier_lot', l.id, l.supplier_lot, l.code FROM lineside.lot l WHERE l.supplier_lot = p_code
  UNION ALL SELECT 'asset', a.id, a.code, NULL FROM lineside.asset a WHERE a.code = p_code
  UNION ALL SELECT 'calibration', c.id, c.certificate, a.code FROM lineside.calibration c JOIN lineside.asset a ON a.id = c.asset WHERE c.certificate = p_code
  UNION ALL SELECT 'person', p.id, p.login, NULL FROM lineside.person p WHERE p.login = p_code
  UNION ALL SELECT 'inspection', i.id, i.code, NULL FROM lineside.inspection i WHERE i.code = p_code
  UNION ALL SELECT 'deviation', d.id, d.code, NULL FROM lineside.deviation d WHERE d.code = p_code
$$;

-- Each for the line of a function above that asks by it.
CREATE INDEX trace_label_of_unit ON label (subject_id) INCLUDE (id, status) WHERE kind = 'unit';                 -- trace_forward: once for every unit
CREATE INDEX trace_lot_of_supplier ON lot (supplier_lot);                                                   -- trace_named
CREATE INDEX trace_certificate ON calibration (certificate);
CREATE INDEX trace_measured_by ON measurement (gauge);                                                      -- trace_targets of a gauge, a calibration
CREATE INDEX trace_measured_under ON measurement (calibration);
CREATE INDEX trace_weighed_on ON weighing (scale);
CREATE INDEX trace_entry_of_batch ON step_entry (batch_step) WHERE unit_serial IS NULL;                    -- trace_sources of a batch: never through its units
CREATE INDEX trace_entry_of_unit ON step_entry (unit_serial) WHERE unit_serial IS NOT NULL;                -- trace_sources of a unit
CREATE INDEX trace_entry_by_device ON step_entry (device) WHERE device IS NOT NULL;
CREATE INDEX trace_entry_under ON step_entry (calibration) WHERE calibration IS NOT NULL;
CREATE INDEX trace_consumed_of_batch ON consumption (batch_step) WHERE unit_serial IS NULL;
CREATE INDEX trace_consumed_of_unit ON consumption (unit_serial) WHERE unit_serial IS NOT NULL;
CREATE INDEX trace_consumed_on ON consumption (scale) WHERE scale IS NOT NULL;
CREATE INDEX trace_received_by ON receipt (received_by);                                                    -- trace_work of a person
CREATE INDEX trace_weighed_by ON weighing (weighed_by);
CREATE INDEX trace_taken_by ON measurement (taken_by);
CREATE INDEX trace_inspected_by ON inspection (completed_by) WHERE completed_by IS NOT NULL;
CREATE INDEX trace_signed_by ON signature (signer);
CREATE INDEX trace_batch_started_by ON batch (started_by);
CREATE INDEX trace_batch_completed_by ON batch (completed_by) WHERE completed_by IS NOT NULL;
CREATE INDEX trace_step_started_by ON batch_step (started_by) WHERE started_by IS NOT NULL;
CREATE INDEX trace_step_done_by ON batch_step (done_by) WHERE done_by IS NOT NULL;
CREATE INDEX trace_entered_by ON step_entry (entered_by);
CREATE INDEX trace_consumed_by ON consumption (consumed_by);
CREATE INDEX trace_made_by ON unit (made_by);
CREATE INDEX trace_label_ended_by ON label (ended_by) WHERE ended_by IS NOT NULL;

GRANT EXECUTE ON FUNCTION trace_from, trace_named TO lineside_person;
