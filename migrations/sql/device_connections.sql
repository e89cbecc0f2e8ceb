-- Which device hangs at which station, how, and who decided it: one row for each act, standing for good. The newest row of an asset at a station says how it
-- stands there. The station's own file is the copy it starts from; where the two differ the station says so (decision 0015).

CREATE TABLE device_connection (
  id uuid PRIMARY KEY,
  asset uuid NOT NULL REFERENCES asset,
  station text NOT NULL,                                -- only the database fills it: the station this connection proves
  act text NOT NULL CHECK (act IN ('connected', 'changed', 'taken out')),
  protocol text NOT NULL CHECK (protocol ~ '^([a-z][a-z0-9_]{0,39}|[A-Z0-9-]{2,24})$'),       -- in capitals: one of the plant's own
  url text NOT NULL CHECK (url <> '' AND url !~ '^replay:'),                   -- a recording is no device
  line text NOT NULL,                                   -- "9600 8N1" where it differs from the kind's factory settings; else empty
  unit text CHECK (unit <> ''),
  serial_number text CHECK (serial_number <> ''),       -- what it must say from now on; NULL: it says none
  map text CHECK (map <> ''),                           -- what a machine is read by; a protocol of the plant's own is a document, whose revision every value names
  map_digest bytea CHECK (length(map_digest) = 32),     -- SHA-256 of that file
  details text NOT NULL,                                -- "unit_id=1 looks_per_s=10", "dpi=300": as the station's file names them
  reason text,
  follows uuid UNIQUE REFERENCES device_connection,     -- only the database fills it: the act before, of the same asset at the same station
  done_by text NOT NULL DEFAULT session_user,
  done_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK ((map IS NULL) = (map_digest IS NULL)),
  CONSTRAINT device_connection_reasoned CHECK (act = 'connected' OR coalesce(length(btrim(reason)), 0) >= 3)
);
CREATE INDEX device_connection_asset ON device_connection (asset, station);
CALL keep_plain('device_connection');
CALL keep_trail('device_connection', 'never');

-- The newest act of an asset at a station.
CREATE FUNCTION device_connection_now(p_asset uuid, p_station text) RETURNS SETOF device_connection LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT c.* FROM lineside.device_connection c
   WHERE c.asset = p_asset AND c.station = p_station AND NOT EXISTS (SELECT FROM lineside.device_connection later WHERE later.follows = c.id)
$$;

-- Nothing under way is lost: a label whose bytes are leaving, a step that is running on a machine.
CREATE FUNCTION demand_device_at_rest(p_asset asset, p_station text) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  busy record;
BEGIN
  IF EXISTS (SELECT FROM lineside.label l WHERE l.printer = p_asset.code AND l.station = p_station AND l.status IN ('sent', 'printing')) THEN
    RAISE EXCEPTION 'a label is on its way to %', p_asset.code USING ERRCODE = 'LS165', DETAIL = jsonb_build_object('device', p_asset.code)::text;
  END IF;
  SELECT b.code, s.no INTO busy FROM lineside.machine_run r JOIN lineside.batch b ON b.id = r.batch JOIN lineside.batch_step s ON s.id = r.batch_step
   WHERE r.machine = p_asset.id AND upper_inf(r.during) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION '% runs in batch %', p_asset.code, busy.code USING ERRCODE = 'LS166',
      DETAIL = jsonb_build_object('device', p_asset.code, 'batch', busy.code, 'step', busy.no)::text;
  END IF;
END $$;

-- What kind of thing an asset is bounds what may be spoken with it; a kind of device that came later is bound by its asset's unit alone.
CREATE FUNCTION device_fits_asset(p_asset asset, p_new device_connection) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT NOT (p_new.protocol IN ('modbus', 'opcua', 'mqtt') AND (p_new.map IS NULL OR NOT lineside.is_machine(p_asset.kind)))
     AND NOT (p_new.protocol IN ('zpl', 'tspl', 'sbpl', 'office') AND p_asset.kind <> 'printer')
     AND NOT (p_new.protocol = 'line_scanner' AND p_asset.kind <> 'scanner')
     AND NOT (p_new.unit IS NOT NULL AND p_new.unit IS DISTINCT FROM p_asset.unit)
$$;

CREATE FUNCTION device_connection_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  it lineside.asset;
  here lineside.station;
  before lineside.device_connection;
  is_here boolean;
BEGIN
  SELECT * INTO it FROM lineside.asset WHERE id = NEW.asset FOR NO KEY UPDATE;                    -- of two acts at once the second sees the first
  PERFORM lineside.demand('keep_assets', it.site);
  SELECT * INTO here FROM lineside.station WHERE code = (SELECT l.station FROM lineside.this_login() l);
  IF here.site IS DISTINCT FROM it.site THEN
    RAISE EXCEPTION '% is connected at a station of its site, and this connection proves none', it.code USING ERRCODE = 'LS160', DETAIL = jsonb_build_object('device', it.code)::text;
  END IF;
  SELECT * INTO before FROM lineside.device_connection_now(it.id, here.code);
  is_here := before.id IS NOT NULL AND before.act <> 'taken out';
  IF NEW.act = 'connected' AND is_here THEN
    RAISE EXCEPTION '% is connected at % already', it.code, here.code USING ERRCODE = 'LS161', DETAIL = jsonb_build_object('device', it.code, 'station', here.code)::text;
  ELSIF NEW.act <> 'connected' AND NOT is_here THEN
    RAISE EXCEPTION '% is not connected at %', it.code, here.code USING ERRCODE = 'LS162', DETAIL = jsonb_build_object('device', it.code, 'station', here.code)::text;
  END IF;
  IF NEW.act <> 'connected' THEN
    PERFORM lineside.demand_device_at_rest(it, here.code);
  END IF;
  IF NEW.act <> 'taken out' THEN
    IF NOT it.active OR NOT lineside.device_fits_asset(it, NEW) THEN
      RAISE EXCEPTION '% cannot be connected as %', it.code, NEW.protocol USING ERRCODE = 'LS163',
        DETAIL = jsonb_build_object('device', it.code, 'protocol', NEW.protocol)::text;
    END IF;
    IF NEW.serial_number <> it.serial_no AND it.serial_no <> '' THEN
      RAISE EXCEPTION '% is the device of another number', it.code USING ERRCODE = 'LS164',
        DETAIL = jsonb_build_object('device', it.code, 'said', NEW.serial_number, 'record', it.serial_no)::text;
    END IF;
  END IF;
  NEW.station := here.code;
  NEW.follows := before.id;
  RETURN NEW;
END $$;
CREATE TRIGGER device_connection_gate BEFORE INSERT ON device_connection FOR EACH ROW EXECUTE FUNCTION device_connection_gate();
ALTER TABLE device_connection ENABLE ALWAYS TRIGGER device_connection_gate;
REVOKE EXECUTE ON FUNCTION device_connection_gate, device_connection_now, demand_device_at_rest, device_fits_asset FROM PUBLIC;

GRANT SELECT ON device_connection TO lineside_person;
GRANT INSERT (id, asset, act, protocol, url, line, unit, serial_number, map, map_digest, details, reason) ON device_connection TO lineside_may_keep_assets;
