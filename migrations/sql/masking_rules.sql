-- Who sees what. Four classes of fields; of each class one rule for every job. A class that has no rule for a job is hidden from it.
-- Who holds several jobs sees what the most open of them sees. docs/decisions/0010-masking.md says which columns and why.
CREATE TABLE mask_rule (
  id uuid PRIMARY KEY,
  class text NOT NULL CHECK (class IN ('personal', 'supplier', 'price', 'formula')),
  job text NOT NULL,                                                     -- one of ours, by the gate below
  rule text NOT NULL CHECK (rule IN ('clear', 'masked', 'hidden')),      -- masked: the first sign of a text stays; of a figure and a formula nothing does
  UNIQUE (class, job)
);

-- Rights that nobody can use without seeing the class: such a job keeps it, or its screens, its refusals and what it signs would be about what it cannot see.
CREATE FUNCTION rights_that_need(p_class text) RETURNS text[] LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE p_class WHEN 'personal' THEN ARRAY['manage_people'] WHEN 'price' THEN ARRAY['keep_materials']
    WHEN 'supplier' THEN ARRAY['receive_material', 'inspect_lot', 'hold_lot', 'release_lot', 'keep_materials', 'approve_supplier']
    WHEN 'formula' THEN ARRAY['prepare_document', 'approve_document', 'plan_batch', 'run_batch', 'verify_step', 'release_batch', 'release_market'] END
$$;
CREATE FUNCTION mask_rule_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  work text;
BEGIN
  PERFORM lineside.demand_or_installer('manage_people', NULL);
  PERFORM lineside.demand_known_job(NEW.job);
  SELECT r INTO work FROM unnest(lineside.rights_that_need(NEW.class)) r WHERE NEW.rule <> 'clear' AND pg_has_role('lineside_' || NEW.job, 'lineside_may_' || r, 'USAGE') LIMIT 1;
  IF work IS NOT NULL THEN
    RAISE EXCEPTION '% cannot % without seeing fields of the class %', NEW.job, work, NEW.class USING ERRCODE = 'LS151',
      DETAIL = jsonb_build_object('job', NEW.job, 'right', work, 'class', NEW.class)::text;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER mask_rule_gate BEFORE INSERT OR UPDATE ON mask_rule FOR EACH ROW EXECUTE FUNCTION mask_rule_gate();
CREATE TRIGGER stays BEFORE DELETE ON mask_rule FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE mask_rule ENABLE ALWAYS TRIGGER mask_rule_gate, ENABLE ALWAYS TRIGGER stays;
CALL keep_plain('mask_rule');
CALL keep_trail('mask_rule', 'reason');
GRANT SELECT ON mask_rule TO lineside_person;
GRANT INSERT (id, class, job, rule), UPDATE (rule) ON mask_rule TO lineside_may_manage_people;

INSERT INTO mask_rule (id, class, job, rule)
SELECT uuidv7(), c.class, j.job, (ARRAY['hidden', 'masked', 'clear'])[strpos('-mc', substr(c.rules, j.n::integer, 1))]
  FROM (VALUES ('personal', '----m---cc'), ('supplier', 'mccccmmc-c'), ('price', '-------c-c'), ('formula', 'cmcccccc-c')) c (class, rules),
       unnest(ARRAY['operator', 'receiver', 'inspector', 'supervisor', 'quality', 'regulatory', 'engineer', 'planner', 'administrator', 'auditor']) WITH ORDINALITY j (job, n)
 ORDER BY c.class, j.n;

-- The rule that counts for who is connected. Asked once in a statement: views and functions write (SELECT mask_of(…)).
-- The keeper (keeper.sql) compares what stands on record with the trail: it sees it as it is.
CREATE FUNCTION mask_of(p_class text) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT CASE WHEN session_user = 'lineside_keeper' OR bool_or(r.rule = 'clear') THEN 'clear' WHEN bool_or(r.rule = 'masked') THEN 'masked' ELSE 'hidden' END
    FROM lineside.mask_rule r WHERE r.class = p_class AND pg_has_role(session_user, 'lineside_' || r.job, 'USAGE')
$$;
CREATE FUNCTION sees(p_class text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT lineside.mask_of(p_class) = 'clear'
$$;
-- What is hidden from who is connected: {"supplier": "masked", "price": "hidden"}; NULL: nothing is.
CREATE FUNCTION masks_here() RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT jsonb_object_agg(c, lineside.mask_of(c)) FROM unnest(ARRAY['personal', 'supplier', 'price', 'formula']) c WHERE lineside.mask_of(c) <> 'clear'
$$;
-- For what must be whole to prove itself: a paper, a file of a record, a comparison of the trail with its hashes.
CREATE FUNCTION demand_sees(p_classes text[]) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  lacks text := (SELECT c FROM unnest(p_classes) WITH ORDINALITY AS t (c, n) WHERE NOT lineside.sees(c) ORDER BY n LIMIT 1);
BEGIN
  IF lacks IS NOT NULL THEN
    RAISE EXCEPTION '% does not see fields of the class %', session_user, lacks USING ERRCODE = 'LS150', DETAIL = jsonb_build_object('class', lacks,
      'jobs', (SELECT jsonb_agg(j ORDER BY j) FROM (SELECT r.job AS j FROM lineside.mask_rule r WHERE r.class = ANY (p_classes) AND r.rule = 'clear'
                GROUP BY r.job HAVING count(*) = cardinality(p_classes)) a))::text;
  END IF;
END $$;
GRANT EXECUTE ON FUNCTION mask_of, sees, masks_here, demand_sees TO lineside_person;
REVOKE EXECUTE ON FUNCTION rights_that_need, mask_rule_gate FROM PUBLIC;
