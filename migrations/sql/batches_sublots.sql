-- A sub-lot: so many units of one batch that go through the line together, in one tray or on one rack. The signed record says how many (sublot_size); units
-- belong to one by their number, from their making on. What is bound to a sub-lot went into every unit that stood in it then, and into no other.

ALTER TABLE unit ADD COLUMN sublot integer CHECK (sublot > 0);
ALTER TABLE consumption ADD COLUMN sublot integer, ADD CHECK (sublot IS NULL OR unit_serial IS NULL);
CREATE INDEX unit_sublot ON unit (batch, sublot) WHERE sublot IS NOT NULL;                       -- demand_bound, share_of, trace of a container
CREATE INDEX consumption_sublot ON consumption (batch_step, sublot) WHERE sublot IS NOT NULL;    -- consumed_by_sublot, trace of a unit
CREATE INDEX trace_consumed_by_sublot ON consumption (container) WHERE sublot IS NOT NULL;       -- trace of a container
GRANT INSERT (sublot) ON consumption TO lineside_may_run_batch;

-- What is written on the card of a tray.
CREATE FUNCTION sublot_code(p_batch text, p_sublot integer) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT p_batch || '-S' || CASE WHEN p_sublot < 100 THEN lpad(p_sublot::text, 2, '0') ELSE p_sublot::text END
$$;
GRANT EXECUTE ON FUNCTION sublot_code TO lineside_person;

-- What stands of a step's consumptions for one sub-lot.
CREATE FUNCTION consumed_by_sublot(p_step uuid, p_sublot integer) RETURNS numeric LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT coalesce(sum(c.quantity), 0) FROM lineside.consumption c
   WHERE c.batch_step = p_step AND c.sublot = p_sublot AND NOT EXISTS (SELECT FROM lineside.consumption_undo u WHERE u.consumption = c.id)
$$;

-- How much one unit, or all standing units of one sub-lot, get of what a step prescribes for each unit.
CREATE FUNCTION share_of(p_step batch_step, p_sublot integer) RETURNS numeric LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT (p_step.spec ->> 'quantity')::numeric * CASE WHEN p_sublot IS NULL THEN 1 ELSE
    (SELECT count(*) FROM lineside.unit u WHERE u.batch = p_step.batch AND u.sublot = p_sublot AND u.status IN ('made', 'labelled')) END
$$;
GRANT EXECUTE ON FUNCTION consumed_by_sublot, share_of TO lineside_person;

-- Where the step says so, the consumption names a standing unit or a sub-lot with such units; and never a sub-lot elsewhere.
CREATE FUNCTION demand_bound(p_step batch_step, p_serial text, p_sublot integer) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF p_step.spec ->> 'bound_to' = 'sublot' OR p_sublot IS NOT NULL THEN
    IF p_step.spec ->> 'bound_to' <> 'sublot' OR p_serial IS NOT NULL
       OR NOT EXISTS (SELECT FROM lineside.unit u WHERE u.batch = p_step.batch AND u.sublot = p_sublot AND u.status IN ('made', 'labelled')) THEN
      RAISE EXCEPTION 'no sub-lot of this batch is named' USING ERRCODE = 'LS115', DETAIL = jsonb_build_object('sublot', p_sublot)::text;
    END IF;
  ELSIF (p_step.spec ->> 'bound_to' = 'unit' OR p_serial IS NOT NULL)
     AND NOT EXISTS (SELECT FROM lineside.unit u WHERE u.serial = p_serial AND u.batch = p_step.batch AND u.status IN ('made', 'labelled')) THEN
    RAISE EXCEPTION 'no unit of this batch is named' USING ERRCODE = 'LS085', DETAIL = jsonb_build_object('unit', p_serial)::text;
  END IF;
END $$;

-- As before, each with its one word on sub-lots.
CREATE OR REPLACE FUNCTION consumption_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  step lineside.batch_step := lineside.demand_open_step(NEW.batch_step, false);
  own lineside.batch;
  the_lot lineside.lot;
  room numeric;
BEGIN
  SELECT * INTO own FROM lineside.batch WHERE id = step.batch;
  SELECT * INTO the_lot FROM lineside.lot WHERE id = NEW.lot FOR NO KEY UPDATE;        -- a hold that is being signed comes before or after, never between
  IF step.kind <> 'material' OR (SELECT code FROM lineside.item WHERE id = the_lot.item) IS DISTINCT FROM step.spec ->> 'item' OR the_lot.site IS DISTINCT FROM own.site
     OR NOT EXISTS (SELECT FROM lineside.container c WHERE c.id = NEW.container AND c.lot = the_lot.id) THEN
    RAISE EXCEPTION 'lot % is not what step % takes', the_lot.code, step.no USING ERRCODE = 'LS080',
      DETAIL = jsonb_build_object('lot', the_lot.code, 'step', step.no, 'wanted', step.spec ->> 'item')::text;
  END IF;
  IF the_lot.status <> 'released' THEN
    RAISE EXCEPTION 'lot % is %', the_lot.code, the_lot.status USING ERRCODE = 'LS081', DETAIL = jsonb_build_object('lot', the_lot.code, 'status', the_lot.status)::text;
  END IF;
  IF the_lot.expires_on < lineside.today_at(own.site) THEN
    RAISE EXCEPTION 'lot % expired on %', the_lot.code, the_lot.expires_on USING ERRCODE = 'LS082', DETAIL = jsonb_build_object('lot', the_lot.code, 'expires_on', the_lot.expires_on)::text;
  END IF;
  IF EXISTS (SELECT FROM lineside.kit k WHERE k.container = NEW.container AND k.status = 'laid out' AND k.batch <> own.id) THEN
    RAISE EXCEPTION 'that container is laid out for another batch' USING ERRCODE = 'LS104', DETAIL = (SELECT jsonb_build_object('container', c.code, 'batch', b.code)::text
      FROM lineside.kit k JOIN lineside.container c ON c.id = k.container JOIN lineside.batch b ON b.id = k.batch WHERE k.container = NEW.container AND k.status = 'laid out');
  END IF;
  PERFORM lineside.demand_bound(step, NEW.unit_serial, NEW.sublot);
  IF the_lot.balance < NEW.quantity THEN
    RAISE EXCEPTION 'lot % holds % only', the_lot.code, the_lot.balance USING ERRCODE = 'LS083', DETAIL = jsonb_build_object('lot', the_lot.code, 'balance', the_lot.balance, 'unit', the_lot.unit)::text;
  END IF;
  room := lineside.left_in(NEW.container);
  IF room < NEW.quantity THEN
    RAISE EXCEPTION 'the container holds % only', room USING ERRCODE = 'LS109', DETAIL = jsonb_build_object('container', (SELECT code FROM lineside.container WHERE id = NEW.container), 'left', room, 'unit', the_lot.unit)::text;
  END IF;
  room := lineside.demand_of_step(step.spec, own.planned) + (step.spec ->> 'tolerance')::numeric - lineside.consumed_of(step.id);
  IF step.spec ->> 'bound_to' <> 'batch' AND step.spec ->> 'per' = 'unit' THEN
    room := least(room, lineside.share_of(step, NEW.sublot) - CASE WHEN NEW.sublot IS NULL THEN lineside.consumed_of(step.id, NEW.unit_serial) ELSE lineside.consumed_by_sublot(step.id, NEW.sublot) END);
  END IF;
  IF NEW.quantity > room THEN
    RAISE EXCEPTION 'step % takes % more', step.no, greatest(room, 0) USING ERRCODE = 'LS084', DETAIL = jsonb_build_object('step', step.no, 'room', greatest(room, 0), 'unit', the_lot.unit)::text;
  END IF;
  IF NEW.origin = 'typed' AND coalesce(btrim(NEW.reason), '') = '' THEN
    RAISE EXCEPTION 'a typed lot needs a reason' USING ERRCODE = 'LS078', DETAIL = jsonb_build_object('field', the_lot.code)::text;
  END IF;
  IF NEW.origin = 'measured' THEN
    PERFORM lineside.demand_station();
    PERFORM lineside.demand_instrument(NEW.scale, 'scale', the_lot.unit);
  ELSIF step.spec ->> 'by' = 'weigh' AND NEW.origin <> 'typed' THEN
    RAISE EXCEPTION 'step % is weighed', step.no USING ERRCODE = 'LS077', DETAIL = jsonb_build_object('step', step.no, 'field', the_lot.code)::text;
  END IF;
  NEW.station := (lineside.this_login()).station;
  RETURN NEW;
END $$;

-- Too little; or a unit or a sub-lot without its own: of what is counted all of it, of what is weighed any.
CREATE OR REPLACE FUNCTION missing_material(p_step batch_step) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  any_will_do boolean;
BEGIN
  IF lineside.consumed_of(p_step.id) = 0            -- a tolerance as large as a small batch does not make nothing enough
     OR lineside.consumed_of(p_step.id) < lineside.demand_of_step(p_step.spec, (SELECT planned FROM lineside.batch WHERE id = p_step.batch)) - (p_step.spec ->> 'tolerance')::numeric THEN
    RETURN p_step.spec ->> 'item';
  END IF;
  IF p_step.spec ->> 'bound_to' = 'batch' THEN RETURN NULL; END IF;
  any_will_do := p_step.spec ->> 'by' <> 'count' OR p_step.spec ->> 'per' <> 'unit';
  IF p_step.spec ->> 'bound_to' = 'sublot' THEN
    RETURN (SELECT lineside.sublot_code(b.code, t.sublot)
      FROM (SELECT u.sublot, count(*) AS pieces FROM lineside.unit u WHERE u.batch = p_step.batch AND u.status IN ('made', 'labelled') GROUP BY u.sublot) t
      JOIN lineside.batch b ON b.id = p_step.batch
      WHERE lineside.consumed_by_sublot(p_step.id, t.sublot) < CASE WHEN any_will_do THEN 0.000001 ELSE (p_step.spec ->> 'quantity')::numeric * t.pieces END ORDER BY t.sublot LIMIT 1);
  END IF;
  RETURN (SELECT u.serial FROM lineside.unit u WHERE u.batch = p_step.batch AND u.status IN ('made', 'labelled')
    AND coalesce((SELECT sum(c.quantity) FROM lineside.consumption c WHERE c.batch_step = p_step.id AND c.unit_serial = u.serial       -- one look into the index for each unit
                    AND NOT EXISTS (SELECT FROM lineside.consumption_undo o WHERE o.consumption = c.id)), 0) < CASE WHEN any_will_do THEN 0.000001 ELSE (p_step.spec ->> 'quantity')::numeric END ORDER BY u.no LIMIT 1);
END $$;

CREATE OR REPLACE FUNCTION step_is_whole(p_step jsonb) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT CASE p_step ->> 'kind'
    WHEN 'instruction' THEN true
    WHEN 'line_clearance' THEN jsonb_array_length(p_step -> 'checks') > 0
    WHEN 'material' THEN lineside.is_figure(p_step ->> 'quantity') AND (p_step ->> 'quantity')::numeric > 0 AND lineside.is_figure(p_step ->> 'tolerance')
      AND (p_step ->> 'tolerance')::numeric >= 0 AND p_step ->> 'per' IN ('unit', 'batch') AND p_step ->> 'by' IN ('count', 'weigh') AND p_step ->> 'bound_to' IN ('unit', 'sublot', 'batch')
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

CREATE OR REPLACE FUNCTION first_faulty_step(p_content jsonb) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, lineside, pg_temp AS $$
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
      OR (a.s ->> 'bound_to' = 'sublot' AND p_content ->> 'sublot_size' IS NULL)
   ORDER BY a.n LIMIT 1
$$;

CREATE OR REPLACE FUNCTION master_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  faulty text;
BEGIN
  IF jsonb_typeof(NEW.content -> 'steps') IS DISTINCT FROM 'array' OR jsonb_array_length(NEW.content -> 'steps') NOT BETWEEN 1 AND 400 THEN
    faulty := 'steps';
  ELSIF NEW.content ? 'sublot_size' AND NEW.content ->> 'sublot_size' !~ '^([1-9][0-9]{0,2}|1[0-9]{3}|2000)$' THEN
    faulty := 'sublot_size';
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

CREATE OR REPLACE FUNCTION batch_begins() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
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
    'steps', (SELECT jsonb_agg(lineside.frozen_step(s, doc.site) ORDER BY n) FROM jsonb_array_elements(rec.content -> 'steps') WITH ORDINALITY AS t (s, n)))
    || CASE WHEN rec.content ? 'sublot_size' THEN jsonb_build_object('sublot_size', rec.content -> 'sublot_size') ELSE '{}' END;
  NEW.frozen_digest := sha256(convert_to(NEW.frozen::text, 'UTF8'));
  NEW.status := 'open'; NEW.version := 1;
  NEW.completed_by := NULL; NEW.completed_at := NULL; NEW.released_by := NULL; NEW.released_at := NULL; NEW.market_by := NULL; NEW.market_at := NULL;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION unit_begins() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
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
  NEW.sublot := (NEW.no - 1) / (own.frozen ->> 'sublot_size')::integer + 1;          -- NULL where the record knows no sub-lots
  NEW.status := 'made'; NEW.version := 1; NEW.moved_by := NULL; NEW.moved_at := NULL;
  RETURN NEW;
END $$;
