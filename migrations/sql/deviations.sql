-- Deviations point at a subject (kind, id) and at what caused them; the disposition is signed by as many people as its rule demands.

CREATE TABLE disposition_rule (
  class text NOT NULL CHECK (class IN ('minor', 'major', 'critical')),
  disposition text NOT NULL CHECK (disposition IN ('use as is', 'reject', 'return to supplier')),
  meanings text[] NOT NULL,
  PRIMARY KEY (class, disposition)
);
INSERT INTO disposition_rule VALUES
  ('minor', 'use as is', '{approved by supervisor}'),
  ('minor', 'reject', '{approved by supervisor}'),
  ('minor', 'return to supplier', '{approved by supervisor}'),
  ('major', 'use as is', '{approved by supervisor,approved by quality}'),
  ('major', 'reject', '{approved by supervisor}'),
  ('major', 'return to supplier', '{approved by supervisor}'),
  ('critical', 'use as is', '{approved by supervisor,approved by quality}'),
  ('critical', 'reject', '{approved by supervisor,approved by quality}'),
  ('critical', 'return to supplier', '{approved by supervisor,approved by quality}');

CREATE TABLE deviation (
  id uuid PRIMARY KEY,
  code text NOT NULL UNIQUE,
  subject_kind text NOT NULL CHECK (subject_kind IN ('lot')),
  subject_id uuid NOT NULL,
  cause_kind text NOT NULL CHECK (cause_kind IN ('measurement', 'receipt', 'other')),
  cause_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('out of limits', 'discrepancy')),
  facts jsonb NOT NULL,                                 -- reading, raw frame, limit, gauge: copied by the database from the cause
  class text NOT NULL CHECK (class IN ('minor', 'major', 'critical')),
  what_happened text NOT NULL DEFAULT '',
  disposition text,
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'decided')),
  version integer NOT NULL DEFAULT 1,
  opened_by text NOT NULL DEFAULT session_user,
  opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  described_by text,
  decided_by text, decided_at timestamptz,
  UNIQUE (cause_kind, cause_id),
  FOREIGN KEY (class, disposition) REFERENCES disposition_rule,
  CHECK (decided_by IS DISTINCT FROM opened_by OR decided_by IS NULL),        -- third wall of four eyes
  CHECK (status = 'open' OR (disposition IS NOT NULL AND what_happened <> '' AND decided_by IS NOT NULL))
);
CREATE INDEX deviation_subject ON deviation (subject_kind, subject_id);

CREATE FUNCTION open_deviations(p_kind text, p_subject uuid) RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT count(*)::integer FROM lineside.deviation WHERE subject_kind = p_kind AND subject_id = p_subject AND status = 'open'
$$;

CREATE FUNCTION deviation_begins() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  PERFORM lineside.demand('raise_deviation', lineside.subject_site(NEW.subject_kind, NEW.subject_id));
  PERFORM lineside.demand_given_code('deviation', NEW.code);
  NEW.status := 'open'; NEW.version := 1; NEW.decided_by := NULL; NEW.decided_at := NULL;
  IF NEW.cause_kind = 'measurement' THEN                 -- the facts are the record's, not the client's
    NEW.facts := lineside.facts_of_measurement(NEW.cause_id);
    IF NEW.facts IS NULL OR (NEW.facts ->> 'lot')::uuid <> NEW.subject_id THEN
      RAISE EXCEPTION 'that reading belongs to another lot' USING ERRCODE = 'LS061';
    END IF;
  ELSIF NEW.cause_kind = 'receipt' AND NOT EXISTS (SELECT FROM lineside.receipt r WHERE r.id = NEW.cause_id AND r.lot = NEW.subject_id) THEN
    RAISE EXCEPTION 'that receipt belongs to another lot' USING ERRCODE = 'LS061';
  END IF;
  IF NEW.what_happened <> '' THEN NEW.described_by := session_user; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER deviation_begins BEFORE INSERT ON deviation FOR EACH ROW EXECUTE FUNCTION deviation_begins();

CREATE FUNCTION facts_of_measurement(p_id uuid) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT jsonb_build_object('lot', i.lot, 'inspection', i.code, 'characteristic_en', c ->> 'name_en', 'characteristic_zh', c ->> 'name_zh', 'sample_no', m.sample_no,
    'value', m.value::text, 'unit', m.unit, 'verdict', m.verdict, 'lower', c ->> 'lower', 'nominal', c ->> 'nominal', 'upper', c ->> 'upper', 'gauge', a.code, 'raw', encode(m.raw, 'hex'),
    'taken_by', m.taken_by, 'taken_at', m.taken_at)
  FROM lineside.measurement m JOIN lineside.inspection i ON i.id = m.inspection JOIN lineside.asset a ON a.id = m.gauge
  CROSS JOIN LATERAL (SELECT e AS c FROM jsonb_array_elements(i.frozen) e WHERE (e ->> 'id')::uuid = m.characteristic) x
  WHERE m.id = p_id
$$;

CREATE FUNCTION deviation_changes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF OLD.status = 'decided' THEN
    RAISE EXCEPTION 'deviation % is decided', OLD.code USING ERRCODE = 'LS032', DETAIL = jsonb_build_object('document', OLD.code)::text;
  END IF;
  IF (NEW.what_happened, NEW.class, NEW.disposition) IS DISTINCT FROM (OLD.what_happened, OLD.class, OLD.disposition) THEN
    PERFORM lineside.demand('raise_deviation', lineside.subject_site(NEW.subject_kind, NEW.subject_id));
  END IF;
  IF (NEW.what_happened, NEW.class, NEW.disposition) IS DISTINCT FROM (OLD.what_happened, OLD.class, OLD.disposition) THEN NEW.described_by := session_user; END IF;
  IF NEW.status = 'decided' THEN NEW.decided_by := session_user; NEW.decided_at := clock_timestamp(); END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER deviation_changes BEFORE UPDATE ON deviation FOR EACH ROW EXECUTE FUNCTION deviation_changes();
CREATE TRIGGER raise_version BEFORE UPDATE ON deviation FOR EACH ROW EXECUTE FUNCTION raise_version('status', 'decided_by', 'decided_at');

-- Decided only when every meaning of its rule stands, signed by different people over this version; the last of them in this transaction.
CREATE FUNCTION deviation_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  now_row lineside.deviation;
  wanted text[];
BEGIN
  SELECT * INTO now_row FROM lineside.deviation WHERE id = NEW.id;
  IF now_row.status <> 'decided' THEN RETURN NULL; END IF;
  SELECT meanings INTO wanted FROM lineside.disposition_rule WHERE class = now_row.class AND disposition = now_row.disposition;
  IF NOT wanted <@ lineside.standing_meanings('deviation', now_row.id) THEN
    RAISE EXCEPTION 'deviation % is not signed by everybody its disposition demands', now_row.code USING ERRCODE = 'LS030', DETAIL = jsonb_build_object('deviation', now_row.code)::text;
  END IF;
  IF NOT EXISTS (SELECT FROM unnest(wanted) w WHERE lineside.signed_in_this_transaction('deviation', now_row.id, w)) THEN
    RAISE EXCEPTION 'deviation % is decided by a signature, not by an update', now_row.code USING ERRCODE = 'LS030', DETAIL = jsonb_build_object('deviation', now_row.code)::text;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER deviation_gate AFTER UPDATE OF status ON deviation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION deviation_gate();
ALTER TABLE deviation ENABLE ALWAYS TRIGGER deviation_gate;
