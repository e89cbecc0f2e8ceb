-- The keeper: what must happen without a person (seals, the nightly comparison, rules over the plant's own data, backups and their drills). It is a login of its
-- own that reads what is compared and calls the functions below; it changes no record. What it finds stands for good and calls somebody.

CREATE TABLE finding (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  site uuid NOT NULL REFERENCES site,
  kind text NOT NULL CHECK (kind IN ('record differs', 'self-verification', 'typed values', 'late entry', 'same readings', 'clock jump', 'unsigned step',
    'overdue calibration', 'label difference', 'refused log-ins', 'no backup', 'drill failed', 'not compared')),
  key text NOT NULL UNIQUE CHECK (key <> ''),           -- the case itself: found again every night, it is on record once
  subject_kind text NOT NULL,
  subject_id uuid,
  facts jsonb NOT NULL DEFAULT '{}',
  found_by text NOT NULL DEFAULT session_user,
  found_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX finding_found ON finding (found_at);
CALL keep_trail('finding', 'never');
CALL keep_plain('finding');

-- What was restored, what was compared, what differed. Whether it holds is read from the facts by the database itself; quality signs it (`sign_record`).
CREATE TABLE restore_drill (
  id uuid PRIMARY KEY,
  site uuid NOT NULL REFERENCES site,
  backup text NOT NULL CHECK (backup <> ''),            -- name of its folder
  manifest bytea NOT NULL CHECK (length(manifest) = 32),
  taken_at timestamptz NOT NULL,                        -- the moment the backup is of
  facts jsonb NOT NULL CHECK (jsonb_typeof(facts -> 'checks') = 'array' AND jsonb_typeof(facts -> 'not_done') = 'array'),
  holds boolean NOT NULL,
  version integer NOT NULL DEFAULT 1 CHECK (version = 1),
  drilled_by text NOT NULL DEFAULT session_user,
  drilled_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- Every check of a drill was made and has nothing wrong; who leaves one out of the list leaves it undone.
CREATE FUNCTION drill_holds(p_facts jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT p_facts -> 'not_done' = '[]'
     AND NOT EXISTS (SELECT FROM unnest(ARRAY['parts', 'key', 'files', 'start', 'origin', 'counts', 'heads', 'chains', 'seals', 'rows', 'schema', 'witness', 'pages']) want
                      WHERE NOT EXISTS (SELECT FROM jsonb_array_elements(p_facts -> 'checks') c WHERE c ->> 'check' = want))
     AND NOT EXISTS (SELECT FROM jsonb_array_elements(p_facts -> 'checks') c WHERE c -> 'wrong' IS DISTINCT FROM '[]')
$$;
CREATE FUNCTION restore_drill_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF session_user <> 'lineside_keeper' THEN PERFORM lineside.demand('manage_stations', NEW.site); END IF;
  NEW.holds := lineside.drill_holds(NEW.facts); NEW.version := 1;
  NEW.drilled_by := session_user; NEW.drilled_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER restore_drill_gate BEFORE INSERT ON restore_drill FOR EACH ROW EXECUTE FUNCTION restore_drill_gate();
ALTER TABLE restore_drill ENABLE ALWAYS TRIGGER restore_drill_gate;

-- It waits for quality, whoever drilled.
CREATE FUNCTION restore_drill_waits() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  INSERT INTO lineside.task (id, kind, subject_kind, subject_id, site, for_job, facts)
  VALUES (uuidv7(), 'sign_drill', 'restore_drill', NEW.id, NEW.site, 'quality', jsonb_build_object('backup', NEW.backup, 'holds', NEW.holds));
  RETURN NULL;
END $$;
CREATE TRIGGER restore_drill_waits AFTER INSERT ON restore_drill FOR EACH ROW EXECUTE FUNCTION restore_drill_waits();
ALTER TABLE restore_drill ENABLE ALWAYS TRIGGER restore_drill_waits;
CALL keep_trail('restore_drill', 'never');
CALL keep_plain('restore_drill');

CREATE FUNCTION canonical_drill(p_id uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET extra_float_digits = 1 SET bytea_output = 'hex' AS $$
  SELECT 'restore_drill|1|' || lineside.part(d.id::text, d.version::text, d.site::text, d.backup, encode(d.manifest, 'hex'), d.taken_at::text, d.facts::text, d.holds::text,
    d.drilled_by, d.drilled_at::text)
  FROM lineside.restore_drill d WHERE d.id = p_id
$$;

-- Where a thing that belongs to no single site is put on record and whom it calls: the site that was opened first.
CREATE FUNCTION first_site() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT id FROM lineside.site ORDER BY id LIMIT 1
$$;

-- Calls of the keeper name no station: what cannot wait rings wherever somebody of that job is signed in.
ALTER TABLE task DROP CONSTRAINT task_call_known;
ALTER TABLE task ADD CONSTRAINT task_call_known CHECK (kind <> 'call' OR coalesce(facts ->> 'topic' IN ('material', 'quality', 'maintenance', 'safety')
  OR (facts ->> 'topic' = 'sign_in' AND starts_with(opened_by, 'lineside_station_'))
  OR (facts ->> 'topic' = 'break_glass' AND facts ->> 'login' = opened_by)
  OR (facts ->> 'topic' IN ('log_in', 'record', 'backup') AND opened_by = 'lineside_keeper' AND station IS NULL), false));

-- Puts a finding on record and calls somebody; false: this case is on record already.
CREATE FUNCTION report_finding(p_kind text, p_key text, p_site uuid, p_subject_kind text, p_subject_id uuid, p_facts jsonb) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  made lineside.finding;
  urgent text := CASE p_kind WHEN 'refused log-ins' THEN 'log_in' WHEN 'record differs' THEN 'record' WHEN 'drill failed' THEN 'backup' WHEN 'no backup' THEN 'backup' END;
BEGIN
  INSERT INTO lineside.finding (site, kind, key, subject_kind, subject_id, facts)
  VALUES (coalesce(p_site, lineside.first_site()), p_kind, p_key, p_subject_kind, p_subject_id, coalesce(p_facts, '{}')) ON CONFLICT (key) DO NOTHING RETURNING * INTO made;
  IF made.id IS NULL THEN RETURN false; END IF;
  INSERT INTO lineside.task (id, kind, subject_kind, subject_id, site, for_job, facts)
  VALUES (uuidv7(), CASE WHEN urgent IS NULL THEN 'finding' ELSE 'call' END, 'finding', made.id, made.site,
    CASE p_kind WHEN 'refused log-ins' THEN 'supervisor' WHEN 'no backup' THEN 'administrator' WHEN 'unsigned step' THEN 'supervisor' WHEN 'overdue calibration' THEN 'engineer' ELSE 'quality' END,
    jsonb_strip_nulls(jsonb_build_object('found', p_kind, 'topic', urgent, 'facts', made.facts)));
  RETURN true;
END $$;

-- A drill of the keeper's own.
CREATE FUNCTION record_drill(p_id uuid, p_backup text, p_manifest bytea, p_taken_at timestamptz, p_facts jsonb) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  INSERT INTO lineside.restore_drill (id, site, backup, manifest, taken_at, facts, holds) VALUES (p_id, lineside.first_site(), p_backup, p_manifest, p_taken_at, p_facts, false)
  RETURNING holds
$$;

-- Which of these ends of chains, and of the seals, do not stand here: for who drills and may not read the trail. It says nothing about any entry but whether it is that one.
CREATE FUNCTION heads_that_differ(p_chains text[], p_numbers bigint[], p_hashes text[]) RETURNS TABLE (chain text, seq bigint, gone boolean) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT h.chain, h.seq, n.hash IS NULL FROM unnest(p_chains, p_numbers, p_hashes) h (chain, seq, hash)
    LEFT JOIN LATERAL (SELECT l.hash FROM lineside.audit_log l WHERE l.chain = h.chain AND l.seq = h.seq
             UNION ALL SELECT s.hash FROM lineside.seal s WHERE h.chain = 'seals' AND s.no = h.seq) n ON true
   WHERE encode(n.hash, 'hex') IS DISTINCT FROM h.hash ORDER BY h.chain
$$;

-- Of several keepers one keeps: the lock is its session's and ends with it.
CREATE FUNCTION keeper_turn() RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$ SELECT pg_try_advisory_lock(4951766) $$;

INSERT INTO signature_rule (kind, meaning, act, right_name) VALUES ('restore_drill', 'reviewed', 'review', 'approve_document');

REVOKE EXECUTE ON FUNCTION drill_holds, restore_drill_gate, restore_drill_waits, canonical_drill, first_site, report_finding, record_drill, heads_that_differ, keeper_turn FROM PUBLIC;
GRANT USAGE ON SCHEMA lineside TO lineside_keeper;
GRANT EXECUTE ON FUNCTION report_finding, record_drill, keeper_turn, heads_that_differ, seal_trail TO lineside_keeper;
GRANT EXECUTE ON FUNCTION heads_that_differ TO lineside_may_manage_stations;
GRANT EXECUTE ON FUNCTION first_site TO lineside_person;
GRANT SELECT ON finding, restore_drill TO lineside_person;
GRANT INSERT (id, site, backup, manifest, taken_at, facts) ON restore_drill TO lineside_may_manage_stations;

GRANT EXECUTE ON FUNCTION demand_sees, sees, mask_of, masks_here, masked_columns, masked_text, without_formula, masked_facts, class_of_signed, masked_value, masked_payload
  TO lineside_keeper;
