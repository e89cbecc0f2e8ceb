-- Inspection plans (controlled documents), inspections with a frozen copy of the plan, measurements that judge themselves.

CREATE TABLE inspection_plan (
  id uuid PRIMARY KEY REFERENCES document,
  item uuid NOT NULL REFERENCES item,
  stage text NOT NULL CHECK (stage IN ('incoming')),
  sample_size integer NOT NULL CHECK (sample_size BETWEEN 1 AND 2000),
  accept_no integer NOT NULL CHECK (accept_no BETWEEN 0 AND sample_size)
);

CREATE TABLE characteristic (
  id uuid PRIMARY KEY,
  plan uuid NOT NULL REFERENCES inspection_plan,
  no integer NOT NULL CHECK (no > 0),
  kind text NOT NULL CHECK (kind IN ('measured')),
  name_en text NOT NULL, name_zh text NOT NULL,
  unit text NOT NULL CHECK (unit <> ''),
  decimals integer NOT NULL CHECK (decimals BETWEEN 0 AND 6),
  lower numeric CHECK (lower > '-Infinity' AND lower < 'Infinity'),
  nominal numeric CHECK (nominal > '-Infinity' AND nominal < 'Infinity'),
  upper numeric CHECK (upper > '-Infinity' AND upper < 'Infinity'),
  gauge_kind text NOT NULL,
  UNIQUE (plan, no),
  CHECK (lower IS NOT NULL OR upper IS NOT NULL),
  CHECK (lower IS NULL OR upper IS NULL OR lower < upper)
);

CREATE TABLE inspection (
  id uuid PRIMARY KEY,
  code text NOT NULL UNIQUE,
  lot uuid NOT NULL REFERENCES lot,
  plan uuid NOT NULL REFERENCES inspection_plan,
  frozen jsonb NOT NULL,                                -- the plan's characteristics as they were, filled by the database
  frozen_digest bytea NOT NULL,
  sample_size integer NOT NULL,
  accept_no integer NOT NULL,
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'complete')),
  verdict text CHECK (verdict IN ('accepted', 'rejected')),
  version integer NOT NULL DEFAULT 1,
  opened_by text NOT NULL DEFAULT session_user,
  opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  completed_by text, completed_at timestamptz,
  CHECK ((status = 'complete') = (verdict IS NOT NULL))
);
CREATE UNIQUE INDEX inspection_of_lot ON inspection (lot);

CREATE TABLE measurement (
  id uuid PRIMARY KEY,
  inspection uuid NOT NULL REFERENCES inspection,
  characteristic uuid NOT NULL REFERENCES characteristic,
  sample_no integer NOT NULL CHECK (sample_no > 0),
  value numeric NOT NULL CHECK (value > '-Infinity' AND value < 'Infinity'),        -- NaN and Infinity are numeric values in PostgreSQL
  unit text NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('conforms', 'too low', 'too high')),
  origin text NOT NULL CHECK (origin IN ('device')),
  gauge uuid NOT NULL REFERENCES asset,
  calibration uuid NOT NULL REFERENCES calibration,     -- the one in force at that second, filled by the database
  raw bytea NOT NULL CHECK (length(raw) BETWEEN 1 AND 512),
  read_at timestamptz NOT NULL,                         -- the workstation's clock
  station text,
  taken_by text NOT NULL DEFAULT session_user,
  taken_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (inspection, characteristic, sample_no)
);

-- What belongs to a document stands still once it left the draft.
CREATE FUNCTION document_is_draft() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  doc lineside.document;
  key uuid := CASE TG_TABLE_NAME WHEN 'inspection_plan' THEN (to_jsonb(coalesce(NEW, OLD)) ->> 'id')::uuid ELSE (to_jsonb(coalesce(NEW, OLD)) ->> 'plan')::uuid END;
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
CREATE TRIGGER document_is_draft BEFORE INSERT OR UPDATE OR DELETE ON inspection_plan FOR EACH ROW EXECUTE FUNCTION document_is_draft();
CREATE TRIGGER document_is_draft BEFORE INSERT OR UPDATE OR DELETE ON characteristic FOR EACH ROW EXECUTE FUNCTION document_is_draft();

CREATE TRIGGER raise_version BEFORE UPDATE ON document FOR EACH ROW EXECUTE FUNCTION raise_version('status');
CREATE TRIGGER status_order BEFORE UPDATE OF status ON document FOR EACH ROW EXECUTE FUNCTION status_order('draft>review', 'review>draft', 'review>signed', 'signed>obsolete');
CREATE FUNCTION document_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  now_row lineside.document;
BEGIN
  SELECT * INTO now_row FROM lineside.document WHERE id = NEW.id;
  IF now_row.status IN ('signed', 'obsolete')
     AND NOT lineside.signed_in_this_transaction('document', now_row.id, CASE now_row.status WHEN 'signed' THEN 'approved' ELSE 'withdrawn' END) THEN
    RAISE EXCEPTION 'document % cannot become % without a signature', now_row.code, now_row.status USING ERRCODE = 'LS030', DETAIL = jsonb_build_object('document', now_row.code)::text;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER document_gate AFTER UPDATE OF status ON document DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION document_gate();
ALTER TABLE document ENABLE ALWAYS TRIGGER document_gate;
CREATE FUNCTION document_begins() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  PERFORM lineside.demand('prepare_document', NEW.site);
  RETURN NEW;
END $$;
CREATE TRIGGER document_begins BEFORE INSERT ON document FOR EACH ROW EXECUTE FUNCTION document_begins();

-- The day a document becomes effective stands still with its content; back and forth between draft and review only where one has the right.
CREATE FUNCTION document_changes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF NEW.effective_from <> OLD.effective_from THEN
    PERFORM lineside.demand('prepare_document', OLD.site);
    IF OLD.status <> 'draft' THEN
      RAISE EXCEPTION '% revision % is no draft any more', OLD.code, OLD.revision USING ERRCODE = 'LS032', DETAIL = jsonb_build_object('document', OLD.code)::text;
    END IF;
  END IF;
  IF NEW.status <> OLD.status AND NEW.status IN ('draft', 'review') AND NOT lineside.may('approve_document', OLD.site) THEN
    PERFORM lineside.demand('prepare_document', OLD.site);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER document_changes BEFORE UPDATE ON document FOR EACH ROW EXECUTE FUNCTION document_changes();

-- Effective on a day: the highest signed revision whose day has come.
CREATE FUNCTION effective_document(p_kind text, p_code text, p_day date) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT id FROM lineside.document WHERE kind = p_kind AND code = p_code AND status = 'signed' AND effective_from <= p_day ORDER BY revision DESC LIMIT 1
$$;
CREATE FUNCTION effective_plan(p_item uuid, p_stage text, p_day date) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT d.id FROM lineside.document d JOIN lineside.inspection_plan p ON p.id = d.id
   WHERE p.item = p_item AND p.stage = p_stage AND d.id = lineside.effective_document('inspection_plan', d.code, p_day) ORDER BY d.revision DESC LIMIT 1
$$;

-- An inspection takes the effective plan and a frozen copy of it; the client names only the lot.
CREATE FUNCTION inspection_begins() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  the_lot lineside.lot;
  the_plan lineside.inspection_plan;
BEGIN
  SELECT * INTO the_lot FROM lineside.lot WHERE id = NEW.lot;
  PERFORM lineside.demand('inspect_lot', the_lot.site);
  PERFORM lineside.demand_given_code('inspection', NEW.code);
  SELECT * INTO the_plan FROM lineside.inspection_plan WHERE id = lineside.effective_plan(the_lot.item, 'incoming', lineside.today_at(the_lot.site));
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no effective inspection plan for lot %', the_lot.code USING ERRCODE = 'LS056', DETAIL = jsonb_build_object('lot', the_lot.code)::text;
  END IF;
  NEW.plan := the_plan.id; NEW.sample_size := the_plan.sample_size; NEW.accept_no := the_plan.accept_no;
  NEW.frozen := (SELECT jsonb_agg(to_jsonb(c) ORDER BY c.no) FROM lineside.characteristic c WHERE c.plan = the_plan.id);
  NEW.frozen_digest := sha256(convert_to(NEW.frozen::text, 'UTF8'));
  NEW.status := 'open'; NEW.verdict := NULL; NEW.completed_by := NULL; NEW.completed_at := NULL; NEW.version := 1;
  RETURN NEW;
END $$;
CREATE TRIGGER inspection_begins BEFORE INSERT ON inspection FOR EACH ROW EXECUTE FUNCTION inspection_begins();

-- Verdict and calibration are the database's; a gauge that is due, unfit or of another kind gives no reading.
CREATE FUNCTION measurement_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  test lineside.inspection;
  spec jsonb;
  the_gauge lineside.asset;
  used lineside.calibration;
BEGIN
  SELECT * INTO test FROM lineside.inspection WHERE id = NEW.inspection FOR SHARE;
  PERFORM lineside.demand('inspect_lot', (SELECT site FROM lineside.lot WHERE id = test.lot));
  PERFORM lineside.demand_station();
  IF test.status <> 'open' THEN
    RAISE EXCEPTION 'inspection % is complete', test.code USING ERRCODE = 'LS055', DETAIL = jsonb_build_object('inspection', test.code)::text;
  END IF;
  IF NEW.sample_no > test.sample_size THEN
    RAISE EXCEPTION 'sample % of %', NEW.sample_no, test.sample_size USING ERRCODE = 'LS052';
  END IF;
  SELECT c INTO spec FROM jsonb_array_elements(test.frozen) c WHERE (c ->> 'id')::uuid = NEW.characteristic;
  IF spec IS NULL THEN RAISE EXCEPTION 'the plan of % has no such characteristic', test.code USING ERRCODE = 'LS052'; END IF;
  IF NEW.unit <> spec ->> 'unit' THEN
    RAISE EXCEPTION 'the limits are in %, the reading in %', spec ->> 'unit', NEW.unit USING ERRCODE = 'LS051', DETAIL = jsonb_build_object('wanted', spec ->> 'unit', 'read', NEW.unit)::text;
  END IF;
  SELECT * INTO the_gauge FROM lineside.asset WHERE id = NEW.gauge;
  SELECT * INTO used FROM lineside.calibration_at(NEW.gauge, clock_timestamp());
  IF used.id IS NULL OR NOT lineside.gauge_is_fit(NEW.gauge, clock_timestamp()) THEN
    RAISE EXCEPTION 'gauge % is not fit for use', the_gauge.code USING ERRCODE = 'LS050', DETAIL = jsonb_build_object('gauge', the_gauge.code, 'due', used.due_on)::text;
  END IF;
  IF the_gauge.kind <> spec ->> 'gauge_kind' OR the_gauge.unit <> NEW.unit THEN
    RAISE EXCEPTION 'gauge % is no %', the_gauge.code, spec ->> 'gauge_kind' USING ERRCODE = 'LS053', DETAIL = jsonb_build_object('gauge', the_gauge.code, 'wanted', spec ->> 'gauge_kind')::text;
  END IF;
  NEW.calibration := used.id;
  NEW.verdict := CASE WHEN NEW.value < (spec ->> 'lower')::numeric THEN 'too low' WHEN NEW.value > (spec ->> 'upper')::numeric THEN 'too high' ELSE 'conforms' END;
  NEW.station := (SELECT l.station FROM lineside.this_login() l);
  RETURN NEW;
END $$;
CREATE TRIGGER measurement_gate BEFORE INSERT ON measurement FOR EACH ROW EXECUTE FUNCTION measurement_gate();
ALTER TABLE measurement ENABLE ALWAYS TRIGGER measurement_gate;

-- A defective sample is one with any value outside; the count against the acceptance number is the verdict.
CREATE FUNCTION defective_samples(p_inspection uuid) RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT count(DISTINCT sample_no)::integer FROM lineside.measurement WHERE inspection = p_inspection AND verdict <> 'conforms'
$$;

CREATE FUNCTION inspection_completes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  missing integer;
BEGIN
  PERFORM lineside.demand('inspect_lot', (SELECT site FROM lineside.lot WHERE id = NEW.lot));
  SELECT NEW.sample_size * jsonb_array_length(NEW.frozen) - count(*) INTO missing FROM lineside.measurement WHERE inspection = NEW.id;
  IF missing > 0 THEN
    RAISE EXCEPTION '% readings are missing', missing USING ERRCODE = 'LS054', DETAIL = jsonb_build_object('missing', missing)::text;
  END IF;
  NEW.verdict := CASE WHEN lineside.defective_samples(NEW.id) <= NEW.accept_no THEN 'accepted' ELSE 'rejected' END;
  NEW.completed_by := session_user; NEW.completed_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER inspection_completes BEFORE UPDATE OF status ON inspection FOR EACH ROW WHEN (NEW.status = 'complete' AND OLD.status = 'open') EXECUTE FUNCTION inspection_completes();
CREATE TRIGGER status_order BEFORE UPDATE OF status ON inspection FOR EACH ROW EXECUTE FUNCTION status_order('open>complete');
CREATE TRIGGER raise_version BEFORE UPDATE ON inspection FOR EACH ROW EXECUTE FUNCTION raise_version();

-- Accepted, or rejected but every value outside decided as "use as is" by a closed deviation.
CREATE FUNCTION inspection_allows_release(p_lot uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT EXISTS (SELECT FROM lineside.inspection i WHERE i.lot = p_lot AND i.status = 'complete'
    AND NOT EXISTS (SELECT FROM lineside.measurement m WHERE m.inspection = i.id AND m.verdict <> 'conforms'
                    AND NOT EXISTS (SELECT FROM lineside.deviation d WHERE d.cause_kind = 'measurement' AND d.cause_id = m.id AND d.status = 'decided'))
    AND (i.verdict = 'accepted' OR NOT EXISTS (SELECT FROM lineside.measurement m JOIN lineside.deviation d ON d.cause_kind = 'measurement' AND d.cause_id = m.id
                    WHERE m.inspection = i.id AND m.verdict <> 'conforms' AND d.disposition <> 'use as is')))
$$;
