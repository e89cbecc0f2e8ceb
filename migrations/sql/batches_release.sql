-- The end of a batch: complete when every step is, released by two people one after the other while nothing stands against it.

-- What stands against a release, in words of the record; no row when nothing does. rule is the SQLSTATE that refuses it.
CREATE FUNCTION batch_obstacles(p_batch uuid) RETURNS TABLE (rule text, step integer, what text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  WITH standing AS MATERIALIZED (SELECT * FROM lineside.standing_in(p_batch))
  SELECT 'LS090', s.no, s.key FROM lineside.batch_step s WHERE s.batch = p_batch AND s.status NOT IN ('done', 'void')
  UNION ALL SELECT 'LS092', u.step, min(u.field) FROM lineside.undecided_in(p_batch) u GROUP BY u.step
  UNION ALL SELECT 'LS093', NULL, d.code FROM lineside.deviation d WHERE d.subject_kind = 'batch' AND d.subject_id = p_batch
      AND (d.status = 'open' OR NOT lineside.is_decided(d.cause_kind, d.cause_id))
  UNION ALL SELECT 'LS094', NULL, d.code FROM lineside.deviation d WHERE d.subject_kind = 'batch' AND d.subject_id = p_batch AND d.status = 'decided' AND d.disposition = 'reject'
  UNION ALL SELECT 'LS095', s.no, s.key FROM lineside.batch_step s WHERE s.batch = p_batch AND s.kind = 'sign' AND s.status = 'done'
      AND NOT EXISTS (SELECT FROM standing g WHERE g.step = s.no AND g.meaning = lineside.meaning_of_step(s.spec))
  UNION ALL SELECT 'LS096', s.no, s.key FROM lineside.batch_step s WHERE s.batch = p_batch AND s.status = 'done' AND lineside.missing_of_step(s) IS NOT NULL
  UNION ALL SELECT DISTINCT 'LS097', s.no, l.code FROM lineside.batch_step s JOIN lineside.consumption c ON c.batch_step = s.id JOIN lineside.lot l ON l.id = c.lot
      WHERE s.batch = p_batch AND l.status <> 'released' AND NOT EXISTS (SELECT FROM lineside.consumption_undo u WHERE u.consumption = c.id)
$$;

CREATE FUNCTION batch_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  waits lineside.batch_step;
BEGIN
  CASE NEW.status
    WHEN 'complete' THEN
      PERFORM lineside.demand('run_batch', NEW.site);
      SELECT * INTO waits FROM lineside.batch_step WHERE batch = NEW.id AND status NOT IN ('done', 'void') ORDER BY no LIMIT 1;
      IF FOUND THEN
        RAISE EXCEPTION 'step % is %', waits.no, waits.status USING ERRCODE = 'LS090', DETAIL = jsonb_build_object('batch', NEW.code, 'step', waits.no)::text;
      END IF;
      NEW.completed_by := session_user; NEW.completed_at := clock_timestamp();
    WHEN 'released to market' THEN NEW.market_by := session_user; NEW.market_at := clock_timestamp();
    ELSE NEW.released_by := session_user; NEW.released_at := clock_timestamp();
  END CASE;
  RETURN NEW;
END $$;
CREATE TRIGGER batch_moves BEFORE UPDATE OF status ON batch FOR EACH ROW EXECUTE FUNCTION batch_moves();
CREATE TRIGGER a_status_order BEFORE UPDATE OF status ON batch FOR EACH ROW
  EXECUTE FUNCTION status_order('open>complete', 'open>rejected', 'complete>rejected', 'complete>released for production', 'released for production>released to market',
    'released for production>rejected');
CREATE TRIGGER raise_version BEFORE UPDATE ON batch FOR EACH ROW
  EXECUTE FUNCTION raise_version('status', 'completed_by', 'completed_at', 'released_by', 'released_at', 'market_by', 'market_at');
ALTER TABLE batch ENABLE ALWAYS TRIGGER batch_moves, ENABLE ALWAYS TRIGGER a_status_order, ENABLE ALWAYS TRIGGER raise_version;

CREATE FUNCTION batch_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  now_row lineside.batch;
  against record;
BEGIN
  SELECT * INTO now_row FROM lineside.batch WHERE id = NEW.id;
  IF NEW.status <> now_row.status THEN
    RAISE EXCEPTION 'the status of batch % changes once in a transaction', now_row.code USING ERRCODE = 'LS031', DETAIL = jsonb_build_object('from', NEW.status, 'to', now_row.status)::text;
  END IF;
  IF now_row.status = 'complete' THEN RETURN NULL; END IF;
  IF NOT lineside.signed_in_this_transaction('batch', now_row.id, now_row.status) THEN
    RAISE EXCEPTION 'batch % cannot become % without a signature over its content', now_row.code, now_row.status USING ERRCODE = 'LS030', DETAIL = jsonb_build_object('batch', now_row.code)::text;
  END IF;
  IF now_row.status <> 'rejected' THEN
    SELECT * INTO against FROM lineside.batch_obstacles(now_row.id) o ORDER BY o.rule, o.step LIMIT 1;
    IF FOUND THEN PERFORM lineside.refuse_release(now_row.code, against.rule, against.step, against.what); END IF;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER batch_gate AFTER UPDATE OF status ON batch DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION batch_gate();
ALTER TABLE batch ENABLE ALWAYS TRIGGER batch_gate;

CREATE FUNCTION refuse_release(p_batch text, p_rule text, p_step integer, p_what text) RETURNS void LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  facts text := jsonb_build_object('batch', p_batch, 'step', p_step, 'field', p_what, 'deviation', p_what, 'lot', p_what)::text;
BEGIN
  CASE p_rule
    WHEN 'LS090' THEN RAISE EXCEPTION 'step % of % is not done', p_step, p_batch USING ERRCODE = 'LS090', DETAIL = facts;
    WHEN 'LS092' THEN RAISE EXCEPTION '% of step % of % has no decided deviation', p_what, p_step, p_batch USING ERRCODE = 'LS092', DETAIL = facts;
    WHEN 'LS093' THEN RAISE EXCEPTION 'deviation % of % is open or not what was signed', p_what, p_batch USING ERRCODE = 'LS093', DETAIL = facts;
    WHEN 'LS094' THEN RAISE EXCEPTION 'deviation % rejects %', p_what, p_batch USING ERRCODE = 'LS094', DETAIL = facts;
    WHEN 'LS095' THEN RAISE EXCEPTION 'the signature of step % of % does not stand', p_step, p_batch USING ERRCODE = 'LS095', DETAIL = facts;
    WHEN 'LS096' THEN RAISE EXCEPTION 'step % of % lacks something', p_step, p_batch USING ERRCODE = 'LS096', DETAIL = facts;
    WHEN 'LS097' THEN RAISE EXCEPTION 'lot % in % is not released', p_what, p_batch USING ERRCODE = 'LS097', DETAIL = facts;
  END CASE;
END $$;

GRANT UPDATE (status) ON batch TO lineside_may_run_batch, lineside_may_release_batch, lineside_may_release_market;
GRANT EXECUTE ON FUNCTION batch_obstacles, standing_in, missing_of_step, undecided_of_step, undecided_in, waits_for, current_entries, consumed_of, demand_of_step, fields_of_step, is_decided, judged, not_found TO lineside_person;
