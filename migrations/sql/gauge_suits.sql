-- Whether a gauge suits what it is asked to measure: its measuring range, and a resolution of at most a tenth of the tolerance. What is not on record cannot be
-- looked at, so a gauge without range or resolution gives no reading until Engineering has written them down; nothing is invented for gauges of before.

ALTER TABLE asset ADD COLUMN range_low numeric CHECK (range_low > '-Infinity' AND range_low < 'Infinity'),
  ADD COLUMN range_high numeric CHECK (range_high > '-Infinity' AND range_high < 'Infinity'),       -- both in the asset's unit, both belong to it
  ADD CONSTRAINT asset_range CHECK (num_nonnulls(range_low, range_high) IN (0, 2) AND (range_low IS NULL OR (range_low < range_high AND unit IS NOT NULL)));
-- Gauges of before stand as they are: the rule is for whoever registers one, takes one back into use or changes its range.
CREATE FUNCTION asset_range_known() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.needs_calibration AND NEW.active AND NEW.range_low IS NULL THEN
    RAISE EXCEPTION 'asset % is calibrated and has no measuring range', NEW.code USING ERRCODE = 'LS196', DETAIL = jsonb_build_object('asset', NEW.code)::text;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER asset_range_known BEFORE INSERT OR UPDATE OF active, needs_calibration, range_low ON asset FOR EACH ROW EXECUTE FUNCTION asset_range_known();
ALTER TABLE asset ENABLE ALWAYS TRIGGER asset_range_known;
REVOKE EXECUTE ON FUNCTION asset_range_known FROM PUBLIC;
GRANT INSERT (range_low, range_high), UPDATE (range_low, range_high) ON asset TO lineside_may_keep_assets;

-- The tolerance must hold this many of the gauge's smallest steps.
INSERT INTO setting (id, key, value) VALUES (uuidv7(), 'steps_in_tolerance', '10');
ALTER TABLE setting ADD CONSTRAINT steps_in_tolerance_known CHECK (key <> 'steps_in_tolerance' OR coalesce(value #>> '{}' ~ '^[0-9]{1,3}$' AND (value #>> '{}')::integer BETWEEN 1 AND 100, false));
CREATE FUNCTION steps_in_tolerance() RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT (value #>> '{}')::integer FROM lineside.setting WHERE key = 'steps_in_tolerance'
$$;
GRANT EXECUTE ON FUNCTION steps_in_tolerance TO lineside_person;

-- p_width: upper less lower limit; NULL, where only one side is limited: such a limit has no width that a step could be a tenth of.
CREATE FUNCTION demand_fine(p_asset uuid, p_width numeric) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  found lineside.asset;
BEGIN
  SELECT * INTO found FROM lineside.asset WHERE id = p_asset;
  IF found.resolution * lineside.steps_in_tolerance() > p_width THEN
    RAISE EXCEPTION 'gauge % is too coarse', found.code USING ERRCODE = 'LS194', DETAIL = jsonb_build_object('gauge', found.code, 'resolution', found.resolution, 'tolerance', p_width,
      'unit', found.unit, 'steps', lineside.steps_in_tolerance())::text;
  END IF;
END $$;

-- p_lower, p_upper: the limits of what is measured, NULL where there is none. A gauge that ends before a limit could never show what lies beyond it.
CREATE FUNCTION demand_suited(p_asset uuid, p_value numeric, p_lower numeric, p_upper numeric) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  found lineside.asset;
BEGIN
  IF p_value = 'NaN' OR abs(p_value) = 'Infinity' THEN RETURN; END IF;                  -- no number: the table's own check says so
  SELECT * INTO found FROM lineside.asset WHERE id = p_asset;
  IF found.range_low IS NULL OR found.resolution IS NULL THEN
    RAISE EXCEPTION 'range or resolution of gauge % is not on record', found.code USING ERRCODE = 'LS195', DETAIL = jsonb_build_object('gauge', found.code)::text;
  END IF;
  IF least(p_value, p_lower, p_upper) < found.range_low OR greatest(p_value, p_lower, p_upper) > found.range_high THEN
    RAISE EXCEPTION 'gauge % does not reach so far', found.code USING ERRCODE = 'LS193', DETAIL = jsonb_build_object('gauge', found.code, 'low', found.range_low, 'high', found.range_high, 'unit', found.unit)::text;
  END IF;
  PERFORM lineside.demand_fine(p_asset, p_upper - p_lower);
END $$;
