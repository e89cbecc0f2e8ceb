-- A reviewer's look at one exception is a record: every entry out of the ordinary that no deviation decides is accepted, by name, by quality, by somebody who
-- had no hand in the batch; no batch is released over one that nobody accepted.

CREATE TABLE exception_acceptance (
  id uuid PRIMARY KEY,
  batch uuid NOT NULL REFERENCES batch,
  kind text NOT NULL CHECK (kind IN ('near', 'typed', 'late', 'correction', 'undo', 'typed lot', 'reprint')),
  record uuid NOT NULL,                                 -- the entry, consumption or label that is out of the ordinary in this way
  accepted_by text NOT NULL DEFAULT session_user,
  accepted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (record, kind)
);
CREATE INDEX exception_acceptance_batch ON exception_acceptance (batch);

-- Everything a reviewer looks at; everything else was in order. late: entered more than 15 minutes after it was read.
-- by_review: a reviewer accepts it by name; the others are decided by their deviation.
CREATE FUNCTION batch_exceptions(p_batch uuid) RETURNS TABLE (kind text, record uuid, step integer, field text, value text, old text, unit text, who text, at timestamptz, reason text,
  deviation text, status text, by_review boolean, accepted_by text, accepted_at timestamptz) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  WITH step AS (SELECT id, no, key, status, done_by, done_at FROM lineside.batch_step WHERE batch = p_batch),
  entry AS MATERIALIZED (
    SELECT e.*, s.no, coalesce(e.value::text, e.said) AS written, coalesce(w.value::text, w.said) AS before, EXISTS (SELECT FROM lineside.step_entry c WHERE c.corrects = e.id) AS corrected
      FROM step s JOIN lineside.step_entry e ON e.batch_step = s.id LEFT JOIN lineside.step_entry w ON w.id = e.corrects
     WHERE e.verdict <> 'conforms' OR e.near_limit OR e.corrects IS NOT NULL
        OR (e.origin IN ('typed', 'measured') AND (e.reason IS NOT NULL OR e.read_at < e.entered_at - interval '15 min')))
  SELECT x.kind, x.record, x.step, x.field, x.value, x.old, x.unit, x.who, x.at, x.reason, d.code, d.status,
      d.code IS NULL AND x.kind NOT IN ('outside', 'left out', 'deviation'), a.accepted_by, a.accepted_at
    FROM (
      SELECT 'outside' AS kind, id AS record, no AS step, field, written AS value, NULL AS old, unit, entered_by AS who, entered_at AS at, reason FROM entry
       WHERE verdict <> 'conforms' AND NOT corrected
      UNION ALL SELECT 'near', id, no, field, written, NULL, unit, entered_by, entered_at, reason FROM entry WHERE near_limit AND NOT corrected
      UNION ALL SELECT 'correction', id, no, field, written, before, unit, entered_by, entered_at, reason FROM entry WHERE corrects IS NOT NULL AND origin <> 'computed'
      UNION ALL SELECT 'typed', id, no, field, written, NULL, unit, entered_by, entered_at, reason FROM entry WHERE origin = 'typed' AND corrects IS NULL AND reason IS NOT NULL
      UNION ALL SELECT 'late', id, no, field, written, NULL, unit, entered_by, entered_at, reason FROM entry
       WHERE read_at < entered_at - interval '15 min' AND field <> 'cleaned' AND origin <> 'computed'
      UNION ALL SELECT 'reprint', l.id, NULL, u.serial, l.copy_no::text, NULL, NULL, l.requested_by, l.requested_at, l.reason
        FROM lineside.unit u JOIN lineside.label l ON l.kind = 'unit' AND l.subject_id = u.id WHERE u.batch = p_batch AND l.copy_no > 1
      UNION ALL SELECT 'typed lot', c.id, s.no, l.code, c.quantity::text, NULL, l.unit, c.consumed_by, c.consumed_at, c.reason
        FROM step s JOIN lineside.consumption c ON c.batch_step = s.id JOIN lineside.lot l ON l.id = c.lot WHERE c.origin = 'typed'
      UNION ALL SELECT 'undo', c.id, s.no, l.code, c.quantity::text, NULL, l.unit, u.undone_by, u.undone_at, u.reason
        FROM step s JOIN lineside.consumption c ON c.batch_step = s.id JOIN lineside.consumption_undo u ON u.consumption = c.id JOIN lineside.lot l ON l.id = c.lot
      UNION ALL SELECT 'left out', id, no, key, NULL, NULL, NULL, done_by, done_at, NULL FROM step WHERE status = 'void'
      UNION ALL SELECT 'deviation', v.cause_id, NULL, v.kind, NULL, NULL, NULL, v.opened_by, v.opened_at, v.what_happened
        FROM lineside.deviation v WHERE v.subject_kind = 'batch' AND v.subject_id = p_batch AND v.cause_kind = 'other') x
    LEFT JOIN lineside.deviation d ON d.cause_kind IN ('step_entry', 'batch_step', 'other') AND d.cause_id = x.record
    LEFT JOIN lineside.exception_acceptance a ON a.record = x.record AND a.kind = x.kind
$$;

-- Once per statement, however many are accepted with it: what stands in the batch is read once.
CREATE FUNCTION acceptance_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  own lineside.batch;
BEGIN
  FOR own IN SELECT b.* FROM lineside.batch b WHERE b.id IN (SELECT n.batch FROM new_rows n) ORDER BY b.id FOR SHARE LOOP       -- a release under way is waited for
    PERFORM lineside.demand('release_batch', own.site);
    IF own.status NOT IN ('open', 'complete') THEN
      RAISE EXCEPTION 'batch % is %', own.code, own.status USING ERRCODE = 'LS087', DETAIL = jsonb_build_object('batch', own.code)::text;
    END IF;
    IF session_user IN (SELECT lineside.performers('batch', own.id)) THEN
      RAISE EXCEPTION '% had a hand in the batch', session_user USING ERRCODE = 'LS022', DETAIL = jsonb_build_object('who', session_user)::text;
    END IF;
    IF EXISTS (SELECT n.record, n.kind FROM new_rows n WHERE n.batch = own.id
               EXCEPT SELECT x.record, x.kind FROM lineside.batch_exceptions(own.id) x WHERE x.by_review) THEN
      RAISE EXCEPTION 'nothing of batch % waits to be accepted in this way', own.code USING ERRCODE = 'LS110', DETAIL = jsonb_build_object('batch', own.code)::text;
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER acceptance_gate AFTER INSERT ON exception_acceptance REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION acceptance_gate();
ALTER TABLE exception_acceptance ENABLE ALWAYS TRIGGER acceptance_gate;

-- One more thing that stands against a release.
ALTER FUNCTION batch_obstacles RENAME TO obstacles_in_the_record;
CREATE FUNCTION batch_obstacles(p_batch uuid) RETURNS TABLE (rule text, step integer, what text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT * FROM lineside.obstacles_in_the_record(p_batch)
  UNION ALL SELECT 'LS111', NULL, count(*)::text FROM lineside.batch_exceptions(p_batch) x WHERE x.by_review AND x.accepted_by IS NULL HAVING count(*) > 0
$$;
ALTER FUNCTION refuse_release RENAME TO refuse_release_over_the_record;
CREATE FUNCTION refuse_release(p_batch text, p_rule text, p_step integer, p_what text) RETURNS void LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_rule = 'LS111' THEN
    RAISE EXCEPTION '% exceptions of % were accepted by nobody', p_what, p_batch USING ERRCODE = 'LS111', DETAIL = jsonb_build_object('batch', p_batch, 'count', p_what)::text;
  END IF;
  PERFORM lineside.refuse_release_over_the_record(p_batch, p_rule, p_step, p_what);
END $$;

-- What was accepted is part of what a release signs. Batches of which nothing was accepted keep the text they had: their signatures stand.
ALTER FUNCTION canonical_batch RENAME TO canonical_batch_record;
CREATE FUNCTION canonical_batch(p_id uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' AS $$
  SELECT lineside.canonical_batch_record(p_id) || coalesce((
    SELECT '|' || lineside.part(encode(sha256(convert_to(string_agg(json_build_array(a.id, a.kind, a.record, a.accepted_by, a.accepted_at)::text, ';' ORDER BY a.id), 'UTF8')), 'hex'))
    FROM lineside.exception_acceptance a WHERE a.batch = p_id HAVING count(*) > 0), '')
$$;

CALL keep_plain('exception_acceptance');
CALL keep_trail('exception_acceptance', 'never');
GRANT SELECT ON exception_acceptance TO lineside_person;
GRANT INSERT (id, batch, kind, record) ON exception_acceptance TO lineside_may_release_batch;
GRANT EXECUTE ON FUNCTION batch_exceptions, batch_obstacles TO lineside_person;
