-- Two more kinds of fields of a parameter step. A formula computes a figure from figures of the same step; a choice is one of the answers the record names.

CREATE FUNCTION formula_tokens(p_formula text) RETURNS SETOF text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT t[1] FROM regexp_matches(p_formula, '[a-z][a-z0-9_]*|[0-9]+(?:\.[0-9]+)?|\S', 'g') t
$$;

-- Whether a formula can be read. Grammar: figures, keys of inputs, + - * / and brackets, nothing else.
CREATE FUNCTION formula_reads(p_formula text, p_inputs text[]) RETURNS boolean LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  token text;
  depth integer := 0;
  wants_value boolean := true;
BEGIN
  FOR token IN SELECT lineside.formula_tokens(p_formula) LOOP
    IF wants_value AND token = '(' THEN
      depth := depth + 1;
    ELSIF wants_value AND (token = ANY (p_inputs) OR token ~ '^[0-9]{1,12}(\.[0-9]{1,6})?$') THEN
      wants_value := false;
    ELSIF NOT wants_value AND token = ')' AND depth > 0 THEN
      depth := depth - 1;
    ELSIF NOT wants_value AND token IN ('+', '-', '*', '/') THEN
      wants_value := true;
    ELSE
      RETURN false;
    END IF;
  END LOOP;
  RETURN depth = 0 AND NOT wants_value AND length(p_formula) <= 200;
END $$;

-- What a formula that can be read comes to, exactly: every figure is a fraction, rounded once at the end, halves away from zero. p_given: figures by key.
-- NULL while one is missing, or where nothing can be divided. Two stacks; no statement is built of the text.
CREATE FUNCTION formula_result(p_formula text, p_given jsonb, p_decimals integer) RETURNS numeric LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  token text;
  signs text[] := '{}';
  tops numeric[] := '{}';                               -- numerators; below them in the same place the denominators
  bottoms numeric[] := '{}';
  n integer; a numeric; b numeric; c numeric; d numeric;
BEGIN
  FOR token IN SELECT lineside.formula_tokens(p_formula) UNION ALL SELECT ')' LOOP                -- the last bracket closes the whole
    IF token ~ '^[a-z0-9]' THEN
      a := CASE WHEN token ~ '^[a-z]' THEN (p_given ->> token)::numeric ELSE token::numeric END;
      IF a IS NULL THEN RETURN NULL; END IF;
      tops := tops || a; bottoms := bottoms || 1::numeric;
    ELSIF token = '(' THEN
      signs := signs || token;
    ELSE
      WHILE coalesce(signs[cardinality(signs)], '(') <> '(' AND (token IN (')', '+', '-') OR signs[cardinality(signs)] IN ('*', '/')) LOOP
        n := cardinality(tops);
        a := tops[n - 1]; b := bottoms[n - 1]; c := tops[n]; d := bottoms[n];
        CASE signs[cardinality(signs)]
          WHEN '+' THEN a := a * d + c * b; b := b * d;
          WHEN '-' THEN a := a * d - c * b; b := b * d;
          WHEN '*' THEN a := a * c; b := b * d;
          ELSE a := a * d; b := b * c;
        END CASE;
        IF b = 0 THEN RETURN NULL; END IF;
        tops := tops[:n - 2] || a; bottoms := bottoms[:n - 2] || b;
        signs := signs[:cardinality(signs) - 1];
      END LOOP;
      signs := CASE WHEN token = ')' THEN signs[:cardinality(signs) - 1] ELSE signs || token END;
    END IF;
  END LOOP;
  d := ('1' || repeat('0', p_decimals))::numeric;
  RETURN round(sign(tops[1]) * sign(bottoms[1]) * div(2 * abs(tops[1]) * d + abs(bottoms[1]), 2 * abs(bottoms[1])) / d, p_decimals);
END $$;

-- What a formula of a step may name: the figures before it that are read once, and the formulas before it.
CREATE FUNCTION inputs_before(p_step jsonb, p_key text) RETURNS text[] LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH part AS (SELECT p, n FROM jsonb_array_elements(p_step -> 'parameters') WITH ORDINALITY AS t (p, n))
  SELECT coalesce(array_agg(a.p ->> 'key'), '{}') FROM part a
   WHERE a.p ->> 'source' <> 'channel' AND a.p ->> 'readings' = '1' AND a.n < (SELECT min(b.n) FROM part b WHERE b.p ->> 'key' = p_key)
$$;

CREATE FUNCTION choice_is_whole(p_choice jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT p_choice ->> 'key' ~ '^[a-z][a-z0-9_]{0,39}$' AND jsonb_array_length(p_choice -> 'options') BETWEEN 2 AND 9
    AND (SELECT bool_and(coalesce(o ->> 'key' ~ '^[a-z][a-z0-9_]{0,39}$' AND o ->> 'accepted' IN ('true', 'false'), false)) AND bool_or(o ->> 'accepted' = 'true')
           AND count(DISTINCT o ->> 'key') = count(*) FROM jsonb_array_elements(p_choice -> 'options') o)
$$;

-- The figure now, rounded half away from zero to the digits the record gives; NULL while an input is missing, or where nothing can be divided.
CREATE FUNCTION formula_value(p_step batch_step, p_field text) RETURNS numeric LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  asked jsonb;
  given jsonb;
BEGIN
  SELECT p INTO asked FROM jsonb_array_elements(p_step.spec -> 'parameters') p WHERE p ->> 'key' = p_field AND p ->> 'source' = 'formula';
  IF asked IS NULL THEN RETURN NULL; END IF;
  SELECT jsonb_object_agg(e.field, e.value) INTO given FROM lineside.current_entries(p_step.id) e WHERE e.sample_no = 1 AND e.unit_serial IS NULL AND e.value IS NOT NULL;
  RETURN lineside.formula_result(asked ->> 'formula', coalesce(given, '{}'), (asked ->> 'decimals')::integer);
END $$;

-- A formula is entered as soon as its last input is, and once more where a correction of one has changed it; one after the other, as one may stand on another.
CREATE FUNCTION settle_formulas(p_step batch_step) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  own record;
  before lineside.step_entry;
  now_is numeric;
BEGIN
  FOR own IN SELECT f.field FROM lineside.fields_of_step(p_step.kind, p_step.spec) f WHERE f.form = 'formula' LOOP
    SELECT * INTO before FROM lineside.current_entries(p_step.id) e WHERE e.field = own.field;
    now_is := lineside.formula_value(p_step, own.field);
    IF now_is IS NOT NULL AND now_is IS DISTINCT FROM before.value THEN
      INSERT INTO lineside.step_entry (id, batch_step, field, origin, corrects, reason)
      VALUES (uuidv7(), p_step.id, own.field, 'computed', before.id, CASE WHEN before.id IS NOT NULL THEN 'counted again' END);
    END IF;
  END LOOP;
END $$;

-- As before, each with its word on these two.
CREATE OR REPLACE FUNCTION fields_of_step(p_kind text, p_spec jsonb) RETURNS TABLE (field text, sample_no integer, form text, ask jsonb) LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT c ->> 'key', 1, 'check', c FROM jsonb_array_elements(p_spec -> 'checks') c WHERE p_kind = 'line_clearance'
  UNION ALL SELECT p ->> 'key', n, 'figure', p FROM jsonb_array_elements(p_spec -> 'parameters') p, generate_series(1, (p ->> 'readings')::integer) n
    WHERE p_kind = 'parameter' AND p ->> 'source' IN ('typed', 'device')
  UNION ALL SELECT p ->> 'key', 1, 'formula', p FROM jsonb_array_elements(p_spec -> 'parameters') p WHERE p_kind = 'parameter' AND p ->> 'source' = 'formula'
  UNION ALL SELECT c ->> 'key', 1, 'choice', c FROM jsonb_array_elements(p_spec -> 'choices') c WHERE p_kind = 'parameter'
  UNION ALL SELECT (p ->> 'key') || f, 1, 'channel', p FROM jsonb_array_elements(p_spec -> 'parameters') p, unnest(ARRAY['.low', '.high', '.gap']) f
    WHERE p_kind = 'parameter' AND p ->> 'source' = 'channel'
  UNION ALL SELECT c ->> 'key', n, 'figure', c FROM jsonb_array_elements(p_spec -> 'characteristics') c, generate_series(1, (p_spec ->> 'sample_size')::integer) n WHERE p_kind = 'inspection'
  UNION ALL SELECT 'asset', 1, 'asset', p_spec WHERE p_kind = 'equipment'
  UNION ALL SELECT 'cleaned', 1, 'cleaned', p_spec WHERE p_kind = 'equipment' AND p_spec ->> 'cleaned_within_h' IS NOT NULL
  UNION ALL SELECT f, 1, 'computed', p_spec FROM unnest(ARRAY['issued', 'applied', 'destroyed']) f WHERE p_kind = 'label' AND p_spec ->> 'form' = 'unit' AND p_spec ->> 'scan_back' = 'true'
  UNION ALL SELECT f, 1, CASE WHEN f = 'issued' AND p_spec ->> 'form' = 'unit' THEN 'computed' ELSE 'count' END, p_spec      -- nobody scans them: a person counts
    FROM unnest(ARRAY['issued', 'applied', 'destroyed', 'samples', 'left']) f WHERE p_kind = 'label' AND NOT (p_spec ->> 'form' = 'unit' AND p_spec ->> 'scan_back' = 'true')
  UNION ALL SELECT f, 1, CASE WHEN f = 'made' AND p_spec ->> 'counted' = 'units' THEN 'computed' ELSE 'count' END, p_spec
    FROM unnest(ARRAY['made', 'good', 'scrapped', 'samples']) f WHERE p_kind = 'yield'
  UNION ALL SELECT 'not_found', 1, 'computed', p_spec WHERE p_kind IN ('label', 'yield')
  UNION ALL SELECT 'minutes', 1, 'minutes', p_spec WHERE p_kind = 'hold'
$$;

CREATE OR REPLACE FUNCTION computed_value(p_step batch_step, p_field text) RETURNS numeric LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF p_step.kind = 'parameter' THEN                     -- by the kind of the step, not by a name that a record may have given to a figure of its own
    RETURN CASE WHEN p_field LIKE '%.%' THEN lineside.channel_figure(p_step, p_field) ELSE lineside.formula_value(p_step, p_field) END;
  END IF;
  RETURN CASE p_field
    WHEN 'made' THEN (SELECT count(*)::numeric FROM lineside.unit WHERE batch = p_step.batch)
    WHEN 'issued' THEN lineside.labels_of(p_step.batch, '{sent,unknown,printed,applied,destroyed}')
    WHEN 'applied' THEN lineside.labels_of(p_step.batch, '{applied}')
    WHEN 'destroyed' THEN lineside.labels_of(p_step.batch, '{destroyed}')
    WHEN 'not_found' THEN lineside.not_found(p_step.id)
    WHEN 'minutes' THEN (SELECT trunc(extract(epoch FROM coalesce(p_step.done_at, clock_timestamp()) - s.done_at) / 60, 1) FROM lineside.batch_step s WHERE s.batch = p_step.batch AND s.key = p_step.spec ->> 'since')
    ELSE NULL END;
END $$;

CREATE OR REPLACE FUNCTION missing_field(p_step batch_step) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  RETURN (SELECT f.field || CASE WHEN f.sample_no > 1 THEN '/' || f.sample_no ELSE '' END FROM lineside.fields_of_step(p_step.kind, p_step.spec) WITH ORDINALITY f (field, sample_no, form, ask, n)
      WHERE NOT (p_step.status = 'started' AND f.form IN ('computed', 'minutes', 'channel', 'formula'))          -- the database enters these when the step ends
        AND NOT EXISTS (SELECT FROM lineside.step_entry e WHERE e.batch_step = p_step.id AND (e.field, e.sample_no) = (f.field, f.sample_no) AND e.unit_serial IS NULL
            -- what a corrected input has made of it is entered too, or lacks where it cannot be computed any more
            AND (f.form <> 'formula' OR EXISTS (SELECT FROM lineside.current_entries(p_step.id) c WHERE c.field = f.field AND c.value = lineside.formula_value(p_step, f.field)))) ORDER BY f.n LIMIT 1);
END $$;

CREATE OR REPLACE FUNCTION figures_of_step(p_step uuid) RETURNS TABLE (field text, value numeric) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT f.field, lineside.computed_value(s, f.field) FROM lineside.batch_step s CROSS JOIN LATERAL lineside.fields_of_step(s.kind, s.spec) f
   WHERE s.id = p_step AND s.status = 'started' AND f.form IN ('computed', 'minutes', 'channel', 'formula')
$$;

CREATE OR REPLACE FUNCTION step_is_whole(p_step jsonb) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT CASE p_step ->> 'kind'
    WHEN 'instruction' THEN true
    WHEN 'line_clearance' THEN jsonb_array_length(p_step -> 'checks') > 0
    WHEN 'material' THEN lineside.is_figure(p_step ->> 'quantity') AND (p_step ->> 'quantity')::numeric > 0 AND lineside.is_figure(p_step ->> 'tolerance')
      AND (p_step ->> 'tolerance')::numeric >= 0 AND p_step ->> 'per' IN ('unit', 'batch') AND p_step ->> 'by' IN ('count', 'weigh') AND p_step ->> 'bound_to' IN ('unit', 'sublot', 'batch')
      AND EXISTS (SELECT FROM lineside.item i WHERE i.code = p_step ->> 'item' AND i.unit = p_step ->> 'unit')
    WHEN 'equipment' THEN p_step ->> 'asset' ~ '^[a-z_]+$' AND p_step ->> 'calibrated' IN ('true', 'false') AND coalesce(p_step ->> 'cleaned_within_h', '1') ~ '^[1-9][0-9]{0,4}$'
    WHEN 'parameter' THEN jsonb_array_length(p_step -> 'parameters') + jsonb_array_length(coalesce(p_step -> 'choices', '[]')) > 0
      AND NOT EXISTS (SELECT FROM unnest(ARRAY['parameters', 'choices']) part, jsonb_array_elements(p_step -> part) f
        WHERE f ->> 'key' IN ('issued', 'applied', 'destroyed', 'not_found', 'made', 'minutes'))        -- names of the database's own figures
      AND NOT EXISTS (SELECT FROM jsonb_array_elements(p_step -> 'choices') c WHERE coalesce(lineside.choice_is_whole(c), false) IS FALSE)
      AND NOT EXISTS (SELECT FROM jsonb_array_elements(p_step -> 'parameters') p WHERE p ->> 'source' = 'formula' AND coalesce(lineside.formula_reads(p ->> 'formula', lineside.inputs_before(p_step, p ->> 'key')), false) IS FALSE)
      AND NOT EXISTS (
      SELECT FROM jsonb_array_elements(p_step -> 'parameters') p
       WHERE coalesce(p ->> 'key', '') = '' OR coalesce(p ->> 'unit', '') = '' OR coalesce(p ->> 'source', '') NOT IN ('typed', 'device', 'channel', 'formula')
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
