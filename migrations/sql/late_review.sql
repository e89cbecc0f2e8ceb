-- Where drafts show: as one more thing against a release, in the review by exception, and in the lists of those who settle them.

-- Drafts with where they belong and how they stand: of an author, about a lot or batch, or at a site; NULL asks for all.
-- state: waiting, confirmed (by the author), signed (by a second person), dropped, on record (the order had come through, only its answer was lost).
CREATE FUNCTION late_entries(p_author text, p_subject uuid, p_site uuid) RETURNS TABLE (id uuid, station text, kind text, author text, content text, subject_kind text, subject_id uuid,
  subject_code text, step_no integer, name_en text, name_zh text, field text, sample_no integer, unit_serial text, value text, unit text, record uuid, made_at timestamptz, received_at timestamptz,
  state text, reason text, settled_by text, settled_at timestamptz) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT e.id, e.station, e.kind, e.author, e.content, e.subject_kind, e.subject_id, coalesce(i.code, b.code), coalesce((c ->> 'no')::integer, s.no), c ->> 'name_en', c ->> 'name_zh', o ->> 'field',
    (o ->> 'sample_no')::integer, o ->> 'unit_serial', coalesce(o #>> '{reading,quantity,value}', o ->> 'value', o ->> 'said', o ->> 'device', o ->> 'done_at'), coalesce(o #>> '{reading,quantity,unit}', o ->> 'unit'),
    e.record, e.made_at, e.received_at, CASE WHEN t.id IS NOT NULL THEN t.how WHEN lineside.late_is_on_record(e.id) THEN 'on record' ELSE 'waiting' END, t.reason, t.settled_by, t.settled_at
  FROM lineside.late_entry e CROSS JOIN LATERAL (SELECT e.content::jsonb -> 1 AS o) said
  LEFT JOIN lineside.late_settlement t ON t.id = e.id
  LEFT JOIN lineside.inspection i ON e.subject_kind = 'lot' AND i.id = (o ->> 'inspection')::uuid
  LEFT JOIN LATERAL jsonb_array_elements(i.frozen) c ON c ->> 'id' = o ->> 'characteristic'
  LEFT JOIN lineside.batch_step s ON e.subject_kind = 'batch' AND s.id = (o ->> 'step')::uuid
  LEFT JOIN lineside.batch b ON b.id = s.batch
  WHERE (p_author IS NULL OR e.author = p_author) AND (p_subject IS NULL OR e.subject_id = p_subject) AND (p_site IS NULL OR e.site = p_site)
$$;

CREATE FUNCTION late_waiting_of(p_subject uuid) RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT count(*)::integer FROM lineside.late_entry e WHERE e.subject_id = p_subject AND NOT EXISTS (SELECT FROM lineside.late_settlement s WHERE s.id = e.id) AND NOT lineside.late_is_on_record(e.id)
$$;

-- No lot is released while somebody's reading of it waits.
CREATE FUNCTION lot_waits_for_nobody() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  waiting integer := lineside.late_waiting_of(NEW.id);
BEGIN
  IF waiting > 0 THEN
    RAISE EXCEPTION '% entries of lot % wait', waiting, NEW.code USING ERRCODE = 'LS185', DETAIL = jsonb_build_object('subject', NEW.code, 'count', waiting)::text;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER lot_waits_for_nobody AFTER UPDATE OF status ON lot DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.status IS DISTINCT FROM NEW.status AND NEW.status = 'released') EXECUTE FUNCTION lot_waits_for_nobody();
ALTER TABLE lot ENABLE ALWAYS TRIGGER lot_waits_for_nobody;

-- As before, with drafts among the obstacles.
CREATE OR REPLACE FUNCTION batch_obstacles(p_batch uuid) RETURNS TABLE (rule text, step integer, what text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT * FROM lineside.obstacles_in_the_record(p_batch)
  UNION ALL SELECT 'LS111', NULL, count(*)::text FROM lineside.batch_exceptions(p_batch) x WHERE x.by_review AND x.accepted_by IS NULL HAVING count(*) > 0
  UNION ALL SELECT 'LS185', NULL, n::text FROM lineside.late_waiting_of(p_batch) n WHERE n > 0
$$;
CREATE OR REPLACE FUNCTION refuse_release(p_batch text, p_rule text, p_step integer, p_what text) RETURNS void LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_rule = 'LS111' THEN
    RAISE EXCEPTION '% exceptions of % were accepted by nobody', p_what, p_batch USING ERRCODE = 'LS111', DETAIL = jsonb_build_object('batch', p_batch, 'count', p_what)::text;
  ELSIF p_rule = 'LS185' THEN
    RAISE EXCEPTION '% entries of % wait', p_what, p_batch USING ERRCODE = 'LS185', DETAIL = jsonb_build_object('subject', p_batch, 'count', p_what)::text;
  END IF;
  PERFORM lineside.refuse_release_over_the_record(p_batch, p_rule, p_step, p_what);
END $$;

-- A draft that was dropped is looked at as well: it may have been a value outside.
ALTER TABLE exception_acceptance DROP CONSTRAINT exception_acceptance_kind_check;
ALTER TABLE exception_acceptance ADD CONSTRAINT exception_acceptance_kind_check CHECK (kind IN ('near', 'typed', 'late', 'correction', 'undo', 'typed lot', 'reprint', 'dropped'));

-- As before; what was confirmed late is late whenever it was read, and what was dropped is listed.
CREATE OR REPLACE FUNCTION batch_exceptions(p_batch uuid) RETURNS TABLE (kind text, record uuid, step integer, field text, value text, old text, unit text, who text, at timestamptz, reason text,
  deviation text, status text, by_review boolean, accepted_by text, accepted_at timestamptz) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  WITH step AS (
    SELECT s.id, s.no, s.key, s.status, s.done_by, s.done_at, i.zone,
      CASE s.kind WHEN 'equipment' THEN ARRAY['cleaned'] ELSE ARRAY(SELECT t ->> 'key' FROM jsonb_array_elements(s.spec -> 'times') t) END AS times      -- fields that are a time themselves
      FROM lineside.batch_step s JOIN lineside.batch b ON b.id = s.batch JOIN lineside.site i ON i.id = b.site WHERE s.batch = p_batch),
  entry AS MATERIALIZED (
    SELECT e.*, s.no, e.field = ANY (s.times) AS is_time, CASE WHEN e.field = ANY (s.times) THEN to_char(e.read_at AT TIME ZONE s.zone, 'YYYY-MM-DD HH24:MI') ELSE coalesce(e.value::text, e.said) END AS written,
      CASE WHEN w.field = ANY (s.times) THEN to_char(w.read_at AT TIME ZONE s.zone, 'YYYY-MM-DD HH24:MI') ELSE coalesce(w.value::text, w.said) END AS before, EXISTS (SELECT FROM lineside.step_entry c WHERE c.corrects = e.id) AS corrected,
      EXISTS (SELECT FROM lineside.late_settlement t WHERE t.record = e.id) AS came_late
      FROM step s JOIN lineside.step_entry e ON e.batch_step = s.id LEFT JOIN lineside.step_entry w ON w.id = e.corrects
     WHERE e.verdict <> 'conforms' OR e.near_limit OR e.corrects IS NOT NULL OR EXISTS (SELECT FROM lineside.late_settlement t WHERE t.record = e.id)
        OR (e.origin IN ('typed', 'measured', 'imported') AND (e.reason IS NOT NULL OR e.read_at < e.entered_at - interval '15 min')))
  SELECT x.kind, x.record, x.step, x.field, x.value, x.old, x.unit, x.who, x.at, x.reason, d.code, d.status,
      d.code IS NULL AND x.kind NOT IN ('outside', 'left out', 'deviation'), a.accepted_by, a.accepted_at
    FROM (
      SELECT 'outside' AS kind, id AS record, no AS step, field, written AS value, NULL AS old, unit, entered_by AS who, entered_at AS at, reason FROM entry
       WHERE verdict <> 'conforms' AND NOT corrected
      UNION ALL SELECT 'near', id, no, field, written, NULL, unit, entered_by, entered_at, reason FROM entry WHERE near_limit AND NOT corrected
      UNION ALL SELECT 'correction', id, no, field, written, before, unit, entered_by, entered_at, reason FROM entry WHERE corrects IS NOT NULL AND origin <> 'computed'
      UNION ALL SELECT 'typed', id, no, field, written, NULL, unit, entered_by, entered_at, reason FROM entry WHERE origin = 'typed' AND corrects IS NULL AND reason IS NOT NULL
      UNION ALL SELECT 'late', id, no, field, written, NULL, unit, entered_by, entered_at, reason FROM entry
       WHERE came_late OR (read_at < entered_at - interval '15 min' AND NOT is_time AND origin <> 'computed')
      UNION ALL SELECT 'dropped', l.id, l.step_no, l.field, l.value, NULL, l.unit, l.author, l.made_at, l.reason FROM lineside.late_entries(NULL, p_batch, NULL) l WHERE l.state = 'dropped'
      UNION ALL SELECT 'reprint', l.id, NULL, u.serial, l.copy_no::text, NULL, NULL, l.requested_by, l.requested_at, l.reason
        FROM lineside.unit u JOIN lineside.label l ON l.kind = 'unit' AND l.subject_id = u.id WHERE u.batch = p_batch AND l.copy_no > 1
      UNION ALL SELECT 'typed lot', c.id, s.no, l.code, c.quantity::text, NULL, l.unit, c.consumed_by, c.consumed_at, c.reason
        FROM step s JOIN lineside.consumption c ON c.batch_step = s.id JOIN lineside.lot l ON l.id = c.lot WHERE c.origin = 'typed'
      UNION ALL SELECT 'undo', c.id, s.no, l.code, c.quantity::text, NULL, l.unit, u.undone_by, u.undone_at, u.reason
        FROM step s JOIN lineside.consumption c ON c.batch_step = s.id JOIN lineside.consumption_undo u ON u.consumption = c.id JOIN lineside.lot l ON l.id = c.lot
      UNION ALL SELECT 'left out', id, no, key, NULL, NULL, NULL, done_by, done_at, NULL FROM step WHERE status = 'void'
      UNION ALL SELECT 'deviation', v.cause_id, NULL, v.kind, NULL, NULL, NULL, v.opened_by, v.opened_at, v.what_happened
        FROM lineside.deviation v WHERE v.subject_kind = 'batch' AND v.subject_id = p_batch AND v.cause_kind IN ('other', 'hold')) x
    LEFT JOIN lineside.deviation d ON d.cause_kind IN ('step_entry', 'batch_step', 'other', 'hold') AND d.cause_id = x.record
    LEFT JOIN lineside.exception_acceptance a ON a.record = x.record AND a.kind = x.kind
$$;

REVOKE EXECUTE ON FUNCTION late_entries, late_waiting_of, lot_waits_for_nobody FROM PUBLIC;
GRANT EXECUTE ON FUNCTION late_entries, late_waiting_of TO lineside_person;
