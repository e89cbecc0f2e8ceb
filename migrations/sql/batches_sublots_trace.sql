-- The trace with sub-lots: what stands of the consumptions of a whole batch, and of a unit, through its own or through its sub-lot's. Nobody reads these from outside.
CREATE VIEW into_batch AS
  SELECT s.batch, c.container, c.scale, c.consumed_by FROM consumption c JOIN batch_step s ON s.id = c.batch_step
   WHERE c.unit_serial IS NULL AND c.sublot IS NULL AND NOT EXISTS (SELECT FROM consumption_undo x WHERE x.consumption = c.id);
CREATE VIEW into_unit AS
  SELECT u.id AS unit, u.batch, u.status, c.container, c.scale, c.consumed_by FROM consumption c JOIN unit u ON u.serial = c.unit_serial
   WHERE NOT EXISTS (SELECT FROM consumption_undo x WHERE x.consumption = c.id)
  UNION ALL
  SELECT u.id, u.batch, u.status, c.container, c.scale, c.consumed_by FROM consumption c JOIN batch_step s ON s.id = c.batch_step JOIN unit u ON u.batch = s.batch AND u.sublot = c.sublot
   WHERE c.sublot IS NOT NULL AND u.made_at <= c.consumed_at AND (u.status IN ('made', 'labelled') OR u.moved_at > c.consumed_at)         -- what stood in it then
     AND NOT EXISTS (SELECT FROM consumption_undo x WHERE x.consumption = c.id);

-- For the paper: the lots of what is bound to each unit, by its code.
CREATE FUNCTION lots_of_units(p_batch uuid) RETURNS TABLE (unit uuid, lots text[]) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT u.unit, array_agg(DISTINCT l.code ORDER BY l.code) FROM lineside.into_unit u JOIN lineside.container c ON c.id = u.container JOIN lineside.lot l ON l.id = c.lot
   WHERE u.batch = p_batch GROUP BY u.unit
$$;
GRANT EXECUTE ON FUNCTION lots_of_units TO lineside_person;

-- As before, over these.
CREATE OR REPLACE FUNCTION trace_targets(p_kind text, p_id uuid) RETURNS TABLE (kind text, id uuid, batch uuid, status text, what text) LANGUAGE plpgsql STABLE ROWS 20 AS $$
#variable_conflict use_column
BEGIN
  CASE p_kind
  WHEN 'supplier_lot' THEN RETURN QUERY SELECT 'lot', p_id, NULL::uuid, NULL::text, 'received as';
  WHEN 'lot' THEN RETURN QUERY SELECT 'container', c.id, NULL::uuid, NULL::text, 'packed in' FROM lineside.container c
      WHERE c.lot = p_id AND NOT EXISTS (SELECT FROM lineside.receipt_undo u WHERE u.receipt = c.receipt);
  WHEN 'container' THEN
    -- bound to the batch it is in every unit of it; bound to a sub-lot in every unit of that; bound to a unit in that one alone
    RETURN QUERY SELECT DISTINCT 'batch', b.batch, NULL::uuid, NULL::text, 'went into' FROM lineside.into_batch b WHERE b.container = p_id;
    RETURN QUERY SELECT DISTINCT 'unit', u.unit, u.batch, u.status, 'went into' FROM lineside.into_unit u WHERE u.container = p_id;
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

CREATE OR REPLACE FUNCTION trace_work_of_asset(p_id uuid) RETURNS TABLE (kind text, id uuid, batch uuid, status text, what text) LANGUAGE sql STABLE AS $$
  SELECT 'lot', i.lot, NULL::uuid, NULL::text, 'measured' FROM lineside.measurement m JOIN lineside.inspection i ON i.id = m.inspection WHERE m.gauge = p_id
  UNION SELECT 'container', w.container, NULL, NULL, 'weighed' FROM lineside.weighing w WHERE w.scale = p_id
  UNION SELECT CASE WHEN u.id IS NULL THEN 'batch' ELSE 'unit' END, coalesce(u.id, s.batch), u.batch, u.status, 'used in'
    FROM lineside.step_entry e JOIN lineside.batch_step s ON s.id = e.batch_step LEFT JOIN lineside.unit u ON u.serial = e.unit_serial
    WHERE e.device = p_id AND NOT EXISTS (SELECT FROM lineside.step_entry x WHERE x.corrects = e.id)
  UNION SELECT 'batch', b.batch, NULL, NULL, 'used in' FROM lineside.into_batch b WHERE b.scale = p_id
  UNION SELECT 'unit', u.unit, u.batch, u.status, 'used in' FROM lineside.into_unit u WHERE u.scale = p_id
$$;

CREATE OR REPLACE FUNCTION trace_work_of_person(p_login text) RETURNS TABLE (kind text, id uuid) LANGUAGE sql STABLE AS $$
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
  UNION SELECT 'batch', b.batch FROM lineside.into_batch b WHERE b.consumed_by = p_login
  UNION SELECT 'unit', u.unit FROM lineside.into_unit u WHERE u.consumed_by = p_login
  UNION SELECT 'unit', u.id FROM lineside.unit u WHERE u.made_by = p_login
  UNION SELECT 'unit', l.subject_id FROM lineside.label l WHERE l.kind = 'unit' AND l.ended_by = p_login
$$;

CREATE OR REPLACE FUNCTION trace_sources(p_kind text, p_id uuid, p_whole boolean) RETURNS TABLE (kind text, id uuid, batch uuid, status text, what text) LANGUAGE plpgsql STABLE ROWS 20 AS $$
#variable_conflict use_column
BEGIN
  CASE p_kind
  WHEN 'lot' THEN
    RETURN QUERY SELECT 'supplier_lot', p_id, NULL::uuid, NULL::text, 'received as';
  WHEN 'container' THEN
    RETURN QUERY SELECT 'lot', c.lot, NULL::uuid, NULL::text, 'packed in' FROM lineside.container c
      WHERE c.id = p_id AND NOT EXISTS (SELECT FROM lineside.receipt_undo u WHERE u.receipt = c.receipt);
  WHEN 'batch' THEN
    RETURN QUERY SELECT DISTINCT 'container', b.container, NULL::uuid, NULL::text, 'went into' FROM lineside.into_batch b WHERE b.batch = p_id;
    IF p_whole THEN
      RETURN QUERY SELECT DISTINCT 'container', c.container, NULL::uuid, NULL::text, 'went into its units' FROM lineside.batch_step s JOIN lineside.consumption c ON c.batch_step = s.id
        WHERE s.batch = p_id AND (c.unit_serial IS NOT NULL OR c.sublot IS NOT NULL) AND NOT EXISTS (SELECT FROM lineside.consumption_undo x WHERE x.consumption = c.id);
      RETURN QUERY SELECT DISTINCT h.kind, h.id, NULL::uuid, NULL::text, h.what FROM lineside.unit u CROSS JOIN LATERAL lineside.trace_hands('unit', u.id) h WHERE u.batch = p_id;
    END IF;
  WHEN 'unit' THEN
    RETURN QUERY SELECT 'batch', u.batch, NULL::uuid, NULL::text, 'made' FROM lineside.unit u WHERE u.id = p_id;
    RETURN QUERY SELECT DISTINCT 'container', c.container, NULL::uuid, NULL::text, 'went into' FROM lineside.into_unit c WHERE c.unit = p_id;
  WHEN 'label' THEN
    RETURN QUERY SELECT l.kind, l.subject_id, u.batch, u.status, 'labelled with' FROM lineside.label l LEFT JOIN lineside.unit u ON l.kind = 'unit' AND u.id = l.subject_id WHERE l.id = p_id;
  ELSE RETURN;
  END CASE;
  RETURN QUERY SELECT h.kind, h.id, NULL::uuid, NULL::text, h.what FROM lineside.trace_hands(p_kind, p_id) h;
END $$;

CREATE OR REPLACE FUNCTION trace_hands(p_kind text, p_id uuid) RETURNS TABLE (kind text, id uuid, what text) LANGUAGE plpgsql STABLE ROWS 10 AS $$
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
      UNION SELECT 'asset', b.scale, 'used in' FROM lineside.into_batch b WHERE b.batch = p_id AND b.scale IS NOT NULL
      UNION ALL SELECT 'deviation', d.id, 'raised on' FROM lineside.deviation d WHERE d.subject_kind = 'batch' AND d.subject_id = p_id
      UNION ALL SELECT 'person', p.id, 'worked on' FROM lineside.person p WHERE p.login IN (
        SELECT unnest(ARRAY[b.started_by, b.completed_by]) FROM lineside.batch b WHERE b.id = p_id
        UNION ALL SELECT s.signer FROM lineside.signature s WHERE s.subject_kind = 'batch' AND s.subject_id = p_id
        UNION ALL SELECT s.signer FROM lineside.batch_step b JOIN lineside.signature s ON s.subject_kind = 'batch_step' AND s.subject_id = b.id WHERE b.batch = p_id
        UNION ALL SELECT unnest(ARRAY[s.started_by, s.done_by]) FROM lineside.batch_step s WHERE s.batch = p_id
        UNION ALL SELECT e.entered_by FROM lineside.batch_step s JOIN lineside.step_entry e ON e.batch_step = s.id AND e.unit_serial IS NULL WHERE s.batch = p_id
        UNION ALL SELECT b.consumed_by FROM lineside.into_batch b WHERE b.batch = p_id);
  WHEN 'unit' THEN
    RETURN QUERY SELECT DISTINCT x.kind, x.id, x.what FROM lineside.unit u JOIN lineside.step_entry e ON e.unit_serial = u.serial
        CROSS JOIN LATERAL (VALUES ('asset', e.device, 'used in'), ('calibration', e.calibration, 'in force for')) x (kind, id, what)
        WHERE u.id = p_id AND x.id IS NOT NULL AND NOT EXISTS (SELECT FROM lineside.step_entry n WHERE n.corrects = e.id)
      UNION SELECT 'asset', c.scale, 'used in' FROM lineside.into_unit c WHERE c.unit = p_id AND c.scale IS NOT NULL
      UNION ALL SELECT 'person', p.id, 'worked on' FROM lineside.person p WHERE p.login IN (
        SELECT u.made_by FROM lineside.unit u WHERE u.id = p_id
        UNION ALL SELECT e.entered_by FROM lineside.unit u JOIN lineside.step_entry e ON e.unit_serial = u.serial WHERE u.id = p_id
        UNION ALL SELECT c.consumed_by FROM lineside.into_unit c WHERE c.unit = p_id
        UNION ALL SELECT l.ended_by FROM lineside.label l WHERE l.kind = 'unit' AND l.subject_id = p_id);
  ELSE RETURN;
  END CASE;
END $$;
