-- Deviations on a batch: raised on an entry, on a step that is to be left out, or on anything else. The facts are copied by the database.

ALTER TABLE deviation DROP CONSTRAINT deviation_subject_kind_check;
ALTER TABLE deviation ADD CONSTRAINT deviation_subject_kind_check CHECK (subject_kind IN ('lot', 'batch'));
ALTER TABLE deviation DROP CONSTRAINT deviation_cause_kind_check;
ALTER TABLE deviation ADD CONSTRAINT deviation_cause_kind_check CHECK (cause_kind IN ('measurement', 'receipt', 'step_entry', 'batch_step', 'other'));

CREATE FUNCTION facts_of_step(p_step batch_step) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT jsonb_build_object('batch', p_step.batch, 'batch_code', (SELECT code FROM lineside.batch WHERE id = p_step.batch), 'step', p_step.no, 'step_key', p_step.key,
    'step_en', p_step.spec #>> '{name,en}', 'step_zh', p_step.spec #>> '{name,zh}')
$$;
CREATE FUNCTION facts_of_entry(p_id uuid) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT lineside.facts_of_step(s) || jsonb_build_object('field', e.field, 'characteristic_en', f.ask #>> '{name,en}', 'characteristic_zh', f.ask #>> '{name,zh}', 'sample_no', e.sample_no,
    'unit_serial', e.unit_serial, 'value', e.value::text, 'said', e.said, 'unit', e.unit, 'verdict', e.verdict, 'lower', f.ask ->> 'lower', 'nominal', f.ask ->> 'nominal', 'upper', f.ask ->> 'upper',
    'origin', e.origin, 'gauge', a.code, 'raw', encode(e.raw, 'hex'), 'taken_by', e.entered_by, 'taken_at', e.entered_at)
  FROM lineside.step_entry e JOIN lineside.batch_step s ON s.id = e.batch_step CROSS JOIN LATERAL lineside.fields_of_step(s.kind, s.spec) f LEFT JOIN lineside.asset a ON a.id = e.device
  WHERE e.id = p_id AND f.field = e.field AND f.sample_no = e.sample_no
$$;

CREATE FUNCTION deviation_of_batch() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF NEW.cause_kind = 'step_entry' THEN
    NEW.facts := lineside.facts_of_entry(NEW.cause_id);
  ELSIF NEW.cause_kind = 'batch_step' THEN
    NEW.facts := (SELECT lineside.facts_of_step(s) FROM lineside.batch_step s WHERE s.id = NEW.cause_id);
  END IF;
  IF (NEW.cause_kind IN ('step_entry', 'batch_step')) AND (NEW.subject_kind <> 'batch' OR NEW.facts IS NULL OR (NEW.facts ->> 'batch')::uuid <> NEW.subject_id)
     OR (NEW.subject_kind = 'batch' AND (NEW.cause_kind NOT IN ('step_entry', 'batch_step', 'other') OR NEW.disposition = 'return to supplier')) THEN
    RAISE EXCEPTION 'that cause or disposition does not belong to this batch' USING ERRCODE = 'LS100';
  END IF;
  IF NEW.subject_kind = 'batch' AND EXISTS (SELECT FROM lineside.batch b WHERE b.id = NEW.subject_id AND b.status = 'rejected') THEN
    RAISE EXCEPTION 'the batch is rejected' USING ERRCODE = 'LS087', DETAIL = (SELECT jsonb_build_object('batch', code)::text FROM lineside.batch WHERE id = NEW.subject_id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER deviation_of_batch BEFORE INSERT ON deviation FOR EACH ROW EXECUTE FUNCTION deviation_of_batch();
CREATE TRIGGER deviation_of_batch_changes BEFORE UPDATE OF disposition ON deviation FOR EACH ROW WHEN (NEW.subject_kind = 'batch') EXECUTE FUNCTION deviation_of_batch();
ALTER TABLE deviation ENABLE ALWAYS TRIGGER deviation_of_batch, ENABLE ALWAYS TRIGGER deviation_of_batch_changes;

-- Decided, and what was signed still stands.
CREATE FUNCTION is_decided(p_cause_kind text, p_cause uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT EXISTS (SELECT FROM lineside.deviation d JOIN lineside.disposition_rule r ON r.class = d.class AND r.disposition = d.disposition
                 WHERE d.cause_kind = p_cause_kind AND d.cause_id = p_cause AND d.status = 'decided' AND r.meanings <@ lineside.standing_meanings('deviation', d.id))
$$;
