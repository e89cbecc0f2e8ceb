-- Gauges, scales, scanners, printers, with their calibrations.

CREATE TABLE asset (
  id uuid PRIMARY KEY,
  code text NOT NULL UNIQUE CHECK (code ~ '^[A-Z]{2,3}-[0-9]{2,4}$'),
  kind text NOT NULL CHECK (kind IN ('caliper', 'micrometer', 'force_gauge', 'scale', 'scanner', 'printer')),
  name_en text NOT NULL, name_zh text NOT NULL,
  serial_no text NOT NULL,
  site uuid NOT NULL REFERENCES site,
  unit text,                                            -- of its readings; NULL for what does not measure
  resolution numeric CHECK (resolution > 0 AND resolution < 'Infinity'),
  needs_calibration boolean NOT NULL,
  active boolean NOT NULL DEFAULT true,
  CHECK (NOT needs_calibration OR (unit IS NOT NULL AND resolution IS NOT NULL))
);

CREATE TABLE calibration (
  id uuid PRIMARY KEY,
  asset uuid NOT NULL REFERENCES asset,
  done_on date NOT NULL,
  due_on date NOT NULL CHECK (due_on > done_on),
  certificate text NOT NULL CHECK (certificate <> ''),
  passed boolean NOT NULL,
  recorded_by text NOT NULL DEFAULT session_user,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX calibration_asset ON calibration (asset, done_on);

-- The last calibration decides; being due is a condition at use. The day counts at the site's clock; the due day itself is still good.
CREATE FUNCTION calibration_at(p_asset uuid, p_when timestamptz) RETURNS calibration LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT c FROM lineside.calibration c JOIN lineside.asset a ON a.id = c.asset JOIN lineside.site s ON s.id = a.site
   WHERE c.asset = p_asset AND c.done_on <= (p_when AT TIME ZONE s.zone)::date AND c.recorded_at <= p_when
   ORDER BY c.done_on DESC, c.recorded_at DESC LIMIT 1
$$;

CREATE FUNCTION gauge_is_fit(p_asset uuid, p_when timestamptz) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT a.active AND (NOT a.needs_calibration OR coalesce(c.passed AND c.due_on >= (p_when AT TIME ZONE s.zone)::date, false))
  FROM lineside.asset a JOIN lineside.site s ON s.id = a.site LEFT JOIN LATERAL lineside.calibration_at(a.id, p_when) c ON true
  WHERE a.id = p_asset
$$;

-- The site's calendar day by the database's clock.
CREATE FUNCTION today_at(p_site uuid) RETURNS date LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT (clock_timestamp() AT TIME ZONE zone)::date FROM lineside.site WHERE id = p_site
$$;
