-- A batch holds its own copy of the record it was started with; its steps are made from the copy, and later revisions never touch them.

CREATE TABLE batch (
  id uuid PRIMARY KEY,
  code text NOT NULL UNIQUE,
  master uuid NOT NULL REFERENCES master_record,
  product uuid NOT NULL REFERENCES item,
  site uuid NOT NULL REFERENCES site,
  planned numeric NOT NULL CHECK (planned > 0 AND planned < 'Infinity'),
  unit text NOT NULL,
  made_on date NOT NULL,
  expires_on date NOT NULL CHECK (expires_on > made_on),
  frozen jsonb NOT NULL CHECK (length(frozen::text) <= 600000),
  frozen_digest bytea NOT NULL,
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'complete', 'released for production', 'released to market', 'rejected')),
  version integer NOT NULL DEFAULT 1,
  started_by text NOT NULL DEFAULT session_user,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  completed_by text, completed_at timestamptz,
  released_by text, released_at timestamptz,
  market_by text, market_at timestamptz,
  CHECK (market_by IS NULL OR market_by IS DISTINCT FROM released_by)          -- third wall of four eyes
);
CREATE INDEX batch_master ON batch (master);

CREATE TABLE batch_step (
  id uuid PRIMARY KEY,
  batch uuid NOT NULL REFERENCES batch,
  no integer NOT NULL,
  key text NOT NULL,
  kind text NOT NULL,
  spec jsonb NOT NULL CHECK (length(spec::text) <= 100000),
  status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'ready', 'started', 'done', 'void')),
  corrections integer NOT NULL DEFAULT 0,               -- what a signature stands on: a correction raises it, and the version with it
  version integer NOT NULL DEFAULT 1,
  started_by text, started_at timestamptz, started_station text,
  done_by text, done_at timestamptz, done_station text,
  UNIQUE (batch, key),
  UNIQUE (batch, no)
);

CREATE TABLE unit (                                     -- one piece with a serial of its own
  id uuid PRIMARY KEY,
  batch uuid NOT NULL REFERENCES batch,
  no integer NOT NULL,
  serial text NOT NULL UNIQUE,
  status text NOT NULL DEFAULT 'made' CHECK (status IN ('made', 'labelled', 'sampled', 'scrapped')),
  version integer NOT NULL DEFAULT 1,
  made_by text NOT NULL DEFAULT session_user,
  made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  moved_by text, moved_at timestamptz,                  -- who labelled, sampled or scrapped it last
  UNIQUE (batch, no)
);

-- The client names record and quantity; everything else is the database's.
CREATE FUNCTION batch_begins() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  doc lineside.document;
  rec lineside.master_record;
BEGIN
  SELECT * INTO doc FROM lineside.document WHERE id = NEW.master FOR SHARE;
  SELECT * INTO rec FROM lineside.master_record WHERE id = NEW.master;
  PERFORM lineside.demand('plan_batch', doc.site);
  PERFORM lineside.demand_given_code('batch', NEW.code);
  IF NEW.master IS DISTINCT FROM lineside.effective_document('master_record', doc.code, lineside.today_at(doc.site)) THEN
    RAISE EXCEPTION '% revision % is not the effective one', doc.code, doc.revision USING ERRCODE = 'LS072',
      DETAIL = jsonb_build_object('document', doc.code, 'revision', doc.revision)::text;
  END IF;
  IF NOT 'approved' = ANY (lineside.standing_meanings('document', doc.id)) THEN
    RAISE EXCEPTION '% is not what was signed', doc.code USING ERRCODE = 'LS072', DETAIL = jsonb_build_object('document', doc.code, 'revision', doc.revision)::text;
  END IF;
  IF NEW.planned > rec.batch_size THEN
    RAISE EXCEPTION 'more than the batch size' USING ERRCODE = 'LS098', DETAIL = jsonb_build_object('most', rec.batch_size, 'unit', rec.unit)::text;
  END IF;
  NEW.product := rec.product; NEW.site := doc.site; NEW.unit := rec.unit;
  NEW.made_on := lineside.today_at(doc.site); NEW.expires_on := NEW.made_on + rec.shelf_life_days;
  NEW.frozen := jsonb_build_object('code', doc.code, 'revision', doc.revision, 'batch_size', rec.batch_size::text, 'unit', rec.unit, 'shelf_life_days', rec.shelf_life_days,
    'source_sha256', encode(rec.source_sha256, 'hex'), 'name', rec.content -> 'name',
    'steps', (SELECT jsonb_agg(lineside.frozen_step(s, doc.site) ORDER BY n) FROM jsonb_array_elements(rec.content -> 'steps') WITH ORDINALITY AS t (s, n)));
  NEW.frozen_digest := sha256(convert_to(NEW.frozen::text, 'UTF8'));
  NEW.status := 'open'; NEW.version := 1;
  NEW.completed_by := NULL; NEW.completed_at := NULL; NEW.released_by := NULL; NEW.released_at := NULL; NEW.market_by := NULL; NEW.market_at := NULL;
  RETURN NEW;
END $$;
CREATE TRIGGER batch_begins BEFORE INSERT ON batch FOR EACH ROW EXECUTE FUNCTION batch_begins();
ALTER TABLE batch ENABLE ALWAYS TRIGGER batch_begins;

-- A step as the batch keeps it: the in-process plan is copied in, the revision that is effective now.
CREATE FUNCTION frozen_step(p_step jsonb, p_site uuid) RETURNS jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  plan lineside.inspection_plan;
BEGIN
  IF p_step ->> 'kind' <> 'inspection' THEN RETURN p_step; END IF;
  SELECT * INTO plan FROM lineside.inspection_plan WHERE id = lineside.effective_document('inspection_plan', p_step ->> 'plan', lineside.today_at(p_site)) AND stage = 'in-process';
  IF plan.id IS NULL THEN
    RAISE EXCEPTION 'plan % is not effective', p_step ->> 'plan' USING ERRCODE = 'LS099', DETAIL = jsonb_build_object('plan', p_step ->> 'plan')::text;
  END IF;
  RETURN p_step || jsonb_build_object('plan_id', plan.id, 'sample_size', plan.sample_size, 'accept_no', plan.accept_no,
    'characteristics', (SELECT jsonb_agg(jsonb_build_object('key', 'c' || c.no, 'name', jsonb_build_object('en', c.name_en, 'zh', c.name_zh), 'unit', c.unit, 'decimals', c.decimals,
        'lower', c.lower::text, 'nominal', c.nominal::text, 'upper', c.upper::text, 'source', 'device', 'device', c.gauge_kind) ORDER BY c.no) FROM lineside.characteristic c WHERE c.plan = plan.id));
END $$;

CREATE FUNCTION batch_makes_steps() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  INSERT INTO lineside.batch_step (id, batch, no, key, kind, spec, status)
  SELECT uuidv7(), NEW.id, (s ->> 'no')::integer, s ->> 'key', s ->> 'kind', s,
    CASE WHEN s -> 'after' = '[]' AND s ->> 'since' IS NULL AND s -> 'signs' IS NULL AND NOT jsonb_path_exists(s, '$.parameters[*].machine ? (@ != null)') THEN 'ready' ELSE 'waiting' END
  FROM jsonb_array_elements(NEW.frozen -> 'steps') s;
  RETURN NULL;
END $$;
CREATE TRIGGER batch_makes_steps AFTER INSERT ON batch FOR EACH ROW EXECUTE FUNCTION batch_makes_steps();
ALTER TABLE batch ENABLE ALWAYS TRIGGER batch_makes_steps;

CREATE FUNCTION unit_begins() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  own lineside.batch;
BEGIN
  SELECT * INTO own FROM lineside.batch WHERE id = NEW.batch FOR NO KEY UPDATE;
  PERFORM lineside.demand('run_batch', own.site);
  IF own.status <> 'open' THEN
    RAISE EXCEPTION 'batch % is %', own.code, own.status USING ERRCODE = 'LS087', DETAIL = jsonb_build_object('batch', own.code)::text;
  END IF;
  NEW.no := coalesce((SELECT max(no) FROM lineside.unit WHERE batch = own.id), 0) + 1;
  NEW.serial := own.code || '-' || lpad(NEW.no::text, 5, '0');
  NEW.status := 'made'; NEW.version := 1; NEW.moved_by := NULL; NEW.moved_at := NULL;
  RETURN NEW;
END $$;
CREATE TRIGGER unit_begins BEFORE INSERT ON unit FOR EACH ROW EXECUTE FUNCTION unit_begins();
ALTER TABLE unit ENABLE ALWAYS TRIGGER unit_begins;

CREATE FUNCTION unit_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  own lineside.batch;
BEGIN
  SELECT * INTO own FROM lineside.batch WHERE id = NEW.batch FOR SHARE;
  PERFORM lineside.demand('run_batch', own.site);
  IF own.status <> 'open' THEN
    RAISE EXCEPTION 'batch % is %', own.code, own.status USING ERRCODE = 'LS087', DETAIL = jsonb_build_object('batch', own.code)::text;
  END IF;
  NEW.moved_by := session_user; NEW.moved_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER unit_moves BEFORE UPDATE ON unit FOR EACH ROW EXECUTE FUNCTION unit_moves();
CREATE TRIGGER status_order BEFORE UPDATE OF status ON unit FOR EACH ROW
  EXECUTE FUNCTION status_order('made>labelled', 'made>sampled', 'made>scrapped', 'labelled>made', 'labelled>sampled', 'labelled>scrapped');
CREATE TRIGGER raise_version BEFORE UPDATE ON unit FOR EACH ROW EXECUTE FUNCTION raise_version('moved_by', 'moved_at');
ALTER TABLE unit ENABLE ALWAYS TRIGGER unit_moves, ENABLE ALWAYS TRIGGER status_order, ENABLE ALWAYS TRIGGER raise_version;

CALL keep_plain('batch');
CALL keep_plain('batch_step');
CALL keep_plain('unit');
CALL keep_trail('batch', 'free');
CALL keep_trail('batch_step', 'free');
CALL keep_trail('unit', 'free');
GRANT SELECT ON batch, batch_step, unit TO lineside_person;
GRANT INSERT (id, code, master, planned) ON batch TO lineside_may_plan_batch;
GRANT INSERT (id, batch), UPDATE (status) ON unit TO lineside_may_run_batch;
