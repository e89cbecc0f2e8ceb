-- Master records: the content of controlled documents that say how a product is made. What a batch will be started from is looked at when it is written.

ALTER TABLE document DROP CONSTRAINT document_kind_check;
ALTER TABLE document ADD CONSTRAINT document_kind_check CHECK (kind IN ('inspection_plan', 'master_record'));

CREATE TABLE master_record (
  id uuid PRIMARY KEY REFERENCES document,
  product uuid NOT NULL REFERENCES item,
  batch_size numeric NOT NULL CHECK (batch_size > 0 AND batch_size < 'Infinity'),
  unit text NOT NULL CHECK (unit <> ''),
  shelf_life_days integer NOT NULL CHECK (shelf_life_days BETWEEN 1 AND 36500),
  content jsonb NOT NULL CHECK (length(content::text) <= 400000 AND content::text !~ '[\u0001-\u001f\u007f\u202a-\u202e\u2066-\u2069]'),
  source text NOT NULL CHECK (length(source) <= 200000 AND source !~ '[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]'),
  source_sha256 bytea NOT NULL CHECK (length(source_sha256) = 32)              -- of the file as it was imported, filled by the database
);
CALL keep_plain('master_record');

-- A figure as the file writes it: exact, at most 12 digits before and 6 after the point; no NaN, no Infinity, no exponent.
CREATE FUNCTION is_figure(p_text text) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(p_text ~ '^-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?$', false)
$$;

-- What one step must say for its kind, so that a batch started from it can be carried out.
CREATE FUNCTION step_is_whole(p_step jsonb) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT CASE p_step ->> 'kind'
    WHEN 'instruction' THEN true
    WHEN 'line_clearance' THEN jsonb_array_length(p_step -> 'checks') > 0
    WHEN 'material' THEN lineside.is_figure(p_step ->> 'quantity') AND (p_step ->> 'quantity')::numeric > 0 AND lineside.is_figure(p_step ->> 'tolerance')
      AND (p_step ->> 'tolerance')::numeric >= 0 AND p_step ->> 'per' IN ('unit', 'batch') AND p_step ->> 'by' IN ('count', 'weigh') AND p_step ->> 'bound_to' IN ('unit', 'batch')
      AND EXISTS (SELECT FROM lineside.item i WHERE i.code = p_step ->> 'item' AND i.unit = p_step ->> 'unit')
    WHEN 'equipment' THEN p_step ->> 'asset' ~ '^[a-z_]+$' AND p_step ->> 'calibrated' IN ('true', 'false') AND coalesce(p_step ->> 'cleaned_within_h', '1') ~ '^[1-9][0-9]{0,4}$'
    WHEN 'parameter' THEN jsonb_array_length(p_step -> 'parameters') > 0 AND NOT EXISTS (
      SELECT FROM jsonb_array_elements(p_step -> 'parameters') p
       WHERE coalesce(p ->> 'key', '') = '' OR coalesce(p ->> 'unit', '') = '' OR coalesce(p ->> 'source', '') NOT IN ('typed', 'device', 'channel')
          OR (p ->> 'source' = 'device') <> (coalesce(p ->> 'device', '') ~ '^[a-z][a-z0-9_]{0,39}$')
          OR (p ->> 'source' = 'channel') <> (coalesce(p ->> 'channel', '') ~ '^[a-z][a-z0-9_]{0,39}$' AND coalesce(p ->> 'longest_gap_s', '') ~ '^[1-9][0-9]{0,4}$')
          OR coalesce(p ->> 'readings', '') !~ '^[1-9][0-9]{0,3}$' OR coalesce(p ->> 'decimals', '') !~ '^[0-6]$' OR coalesce(p ->> 'lower', p ->> 'upper') IS NULL
          OR EXISTS (SELECT FROM unnest(ARRAY['lower', 'nominal', 'upper', 'soft_lower', 'soft_upper']) f WHERE p ->> f IS NOT NULL AND NOT lineside.is_figure(p ->> f)))
    WHEN 'inspection' THEN EXISTS (SELECT FROM lineside.document d JOIN lineside.inspection_plan i ON i.id = d.id
                                    WHERE d.kind = 'inspection_plan' AND d.code = p_step ->> 'plan' AND i.stage = 'in-process')
    WHEN 'label' THEN p_step ->> 'form' IN ('unit', 'box') AND p_step ->> 'count' ~ '^[1-9][0-9]{0,6}$' AND p_step ->> 'scan_back' IN ('true', 'false')
    WHEN 'hold' THEN p_step ->> 'min_minutes' ~ '^[0-9]{1,6}$' AND coalesce(p_step ->> 'max_minutes', '0') ~ '^[0-9]{1,6}$'
    WHEN 'yield' THEN p_step ->> 'counted' IN ('units', 'typed')
    WHEN 'sign' THEN p_step ->> 'sign' IN ('perform', 'verify') AND jsonb_array_length(p_step -> 'signs') > 0
      AND coalesce(p_step ->> 'right', 'inspect_lot') IN ('approve_deviation', 'inspect_lot', 'release_batch')
    ELSE false END
$$;

-- Steps of a record: numbered from 1, every key once, every named step an earlier one (so there are no circles), each whole for its kind.
-- Returns the key of the first step that is not, NULL when all are.
CREATE FUNCTION first_faulty_step(p_content jsonb) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, lineside, pg_temp AS $$
  WITH step AS (SELECT s, n, s ->> 'key' AS key FROM jsonb_array_elements(p_content -> 'steps') WITH ORDINALITY AS t (s, n)),
  named AS (
    SELECT step.n, k AS earlier FROM step, jsonb_array_elements_text(step.s -> 'after') k
    UNION ALL SELECT step.n, k FROM step, jsonb_array_elements_text(step.s -> 'signs') k WHERE step.s ->> 'kind' = 'sign'
    UNION ALL SELECT step.n, coalesce(step.s ->> 'since', '') FROM step WHERE step.s ->> 'kind' = 'hold')
  SELECT coalesce(a.key, a.n::text) FROM step a
   WHERE coalesce(a.key, '') !~ '^[a-z][a-z0-9_]{0,39}$' OR a.s ->> 'no' IS DISTINCT FROM a.n::text OR jsonb_typeof(a.s -> 'after') IS DISTINCT FROM 'array'
      OR coalesce(a.s #>> '{name,en}', '') = '' OR coalesce(a.s #>> '{name,zh}', '') = '' OR coalesce(lineside.step_is_whole(a.s), false) IS FALSE
      OR EXISTS (SELECT FROM step b WHERE b.key = a.key AND b.n < a.n)
      OR EXISTS (SELECT FROM named x WHERE x.n = a.n AND NOT EXISTS (SELECT FROM step b WHERE b.key = x.earlier AND b.n < a.n))
      OR EXISTS (SELECT FROM jsonb_array_elements(a.s -> 'parameters') p WHERE a.s ->> 'kind' = 'parameter' AND p ->> 'source' = 'channel'
                 AND NOT EXISTS (SELECT FROM step b WHERE b.n < a.n AND b.key = p ->> 'machine' AND b.s ->> 'kind' = 'equipment'))
   ORDER BY a.n LIMIT 1
$$;

CREATE FUNCTION master_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  faulty text;
BEGIN
  IF jsonb_typeof(NEW.content -> 'steps') IS DISTINCT FROM 'array' OR jsonb_array_length(NEW.content -> 'steps') NOT BETWEEN 1 AND 400 THEN
    faulty := 'steps';
  ELSE
    faulty := lineside.first_faulty_step(NEW.content);
  END IF;
  IF faulty IS NOT NULL OR NEW.unit <> (SELECT unit FROM lineside.item WHERE id = NEW.product) THEN
    RAISE EXCEPTION 'step % of the master record cannot be carried out', coalesce(faulty, 'unit') USING ERRCODE = 'LS070',
      DETAIL = jsonb_build_object('step', coalesce(faulty, 'unit'))::text;
  END IF;
  NEW.source_sha256 := sha256(convert_to(NEW.source, 'UTF8'));
  RETURN NEW;
END $$;
CREATE TRIGGER master_gate BEFORE INSERT ON master_record FOR EACH ROW EXECUTE FUNCTION master_gate();
ALTER TABLE master_record ENABLE ALWAYS TRIGGER master_gate;

CREATE OR REPLACE FUNCTION document_is_draft() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  doc lineside.document;
  key uuid := CASE WHEN TG_TABLE_NAME IN ('inspection_plan', 'master_record') THEN (to_jsonb(coalesce(NEW, OLD)) ->> 'id')::uuid ELSE (to_jsonb(coalesce(NEW, OLD)) ->> 'plan')::uuid END;
BEGIN
  SELECT * INTO doc FROM lineside.document WHERE id = key FOR UPDATE;
  PERFORM lineside.demand('prepare_document', doc.site);
  IF doc.prepared_by <> session_user THEN                -- else somebody could write into a draft and approve it, being its preparer to nobody's knowledge
    RAISE EXCEPTION 'a draft belongs to who prepares it' USING ERRCODE = 'LS010';
  END IF;
  IF doc.status <> 'draft' THEN
    RAISE EXCEPTION '% revision % is no draft any more', doc.code, doc.revision USING ERRCODE = 'LS032', DETAIL = jsonb_build_object('document', doc.code)::text;
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER document_is_draft BEFORE INSERT OR UPDATE OR DELETE ON master_record FOR EACH ROW EXECUTE FUNCTION document_is_draft();
ALTER TABLE master_record ENABLE ALWAYS TRIGGER document_is_draft;
CALL keep_trail('master_record', 'never');

-- The content of a master record beside that of a plan, whose text is the same as before: what was signed stands.
CREATE OR REPLACE FUNCTION canonical_document(p_id uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET extra_float_digits = 1 SET bytea_output = 'hex' AS $$
  SELECT 'document|1|' || lineside.part(d.id::text, d.version::text, d.kind, d.code, d.revision::text, d.site::text, d.effective_from::text, d.prepared_by, d.prepared_at::text,
    CASE d.kind
      WHEN 'inspection_plan' THEN (SELECT lineside.part(p.item::text, p.stage, p.sample_size::text, p.accept_no::text,
         (SELECT string_agg(lineside.part(c.id::text, c.no::text, c.kind, c.name_en, c.name_zh, c.unit, c.decimals::text, c.lower::text, c.nominal::text, c.upper::text, c.gauge_kind), ';' ORDER BY c.no)
          FROM lineside.characteristic c WHERE c.plan = p.id)) FROM lineside.inspection_plan p WHERE p.id = d.id)
      WHEN 'master_record' THEN (SELECT lineside.part(m.product::text, m.batch_size::text, m.unit, m.shelf_life_days::text, m.content::text, m.source, encode(m.source_sha256, 'hex'))
         FROM lineside.master_record m WHERE m.id = d.id) END)
  FROM lineside.document d WHERE d.id = p_id
$$;

-- A row of content belongs to a document of its own kind: no plan hangs on a master record and is signed unseen.
CREATE FUNCTION content_fits_kind() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM lineside.document d WHERE d.id = NEW.id AND d.kind = TG_TABLE_NAME) THEN
    RAISE EXCEPTION 'this content belongs to another kind of document' USING ERRCODE = 'LS071';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER content_fits_kind BEFORE INSERT ON master_record FOR EACH ROW EXECUTE FUNCTION content_fits_kind();
CREATE TRIGGER content_fits_kind BEFORE INSERT ON inspection_plan FOR EACH ROW EXECUTE FUNCTION content_fits_kind();

GRANT SELECT ON master_record TO lineside_person;
GRANT INSERT (id, product, batch_size, unit, shelf_life_days, content, source) ON master_record TO lineside_may_prepare_document;
