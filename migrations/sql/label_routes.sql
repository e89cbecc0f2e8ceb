-- Where a station's labels come out, by their kind; a label whose printer is not there goes to another one by a person's decision alone.

CREATE TABLE label_route (
  id uuid PRIMARY KEY,
  station text NOT NULL REFERENCES station (code),
  kind text NOT NULL CHECK (kind IN ('container', 'unit')),
  printer text CHECK (length(printer) <= 20),           -- code of the asset; NULL: whichever printer the station has
  set_by text NOT NULL DEFAULT session_user CHECK (length(set_by) <= 200),
  set_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (station, kind)
);
CREATE FUNCTION label_route_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  its_site uuid := (SELECT s.site FROM lineside.station s WHERE s.code = NEW.station);
BEGIN
  PERFORM lineside.demand('keep_assets', its_site);
  IF NEW.printer IS NOT NULL AND NOT EXISTS (SELECT FROM lineside.asset a WHERE a.code = NEW.printer AND a.kind = 'printer' AND a.site = its_site AND a.active) THEN
    RAISE EXCEPTION '% is no printer of this site', NEW.printer USING ERRCODE = 'LS173', DETAIL = jsonb_build_object('printer', NEW.printer)::text;
  END IF;
  NEW.set_by := session_user; NEW.set_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER label_route_gate BEFORE INSERT OR UPDATE ON label_route FOR EACH ROW EXECUTE FUNCTION label_route_gate();
ALTER TABLE label_route ENABLE ALWAYS TRIGGER label_route_gate;
CALL keep_plain('label_route');
CALL keep_trail('label_route', 'reason');
GRANT SELECT ON label_route TO lineside_person;
GRANT INSERT (id, station, kind, printer), UPDATE (printer) ON label_route TO lineside_may_keep_assets;

-- As before; a second copy names the one it stands for, which does not count any more, and whoever asks for a label, it comes out where its kind goes.
CREATE OR REPLACE FUNCTION label_begins() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  box lineside.container;
  its_lot lineside.lot;
  piece lineside.unit;
  own lineside.batch;
  wrong text;
  before lineside.label;
  wanted text := (SELECT r.printer FROM lineside.label_route r WHERE (r.station, r.kind) = (NEW.station, NEW.kind));
BEGIN
  IF NEW.kind = 'unit' AND NEW.subject_kind = 'unit' THEN
    piece := lineside.demand_labelling(NEW.subject_id);
    SELECT * INTO own FROM lineside.batch WHERE id = piece.batch;
    IF piece.status <> 'made' OR EXISTS (SELECT FROM lineside.label l WHERE l.kind = 'unit' AND l.subject_id = piece.id AND l.status NOT IN ('refused', 'destroyed')) THEN
      RAISE EXCEPTION 'unit % has a label', piece.serial USING ERRCODE = 'LS105', DETAIL = jsonb_build_object('unit', piece.serial)::text;
    END IF;
    wrong := CASE WHEN lineside.udi_of_unit(piece.id) IS NULL OR (NEW.content ->> 'decoded', NEW.content ->> 'gtin', NEW.content ->> 'lot', NEW.content ->> 'serial', (NEW.content ->> 'made_on')::date, (NEW.content ->> 'expires_on')::date)
        IS DISTINCT FROM (lineside.udi_of_unit(piece.id), (SELECT gtin FROM lineside.item WHERE id = own.product), own.code, piece.serial, own.made_on, own.expires_on) THEN piece.serial END;
  ELSE
    SELECT * INTO box FROM lineside.container WHERE id = NEW.subject_id AND NEW.subject_kind = 'container' AND NEW.kind = 'container';
    SELECT * INTO its_lot FROM lineside.lot WHERE id = box.lot;
    PERFORM lineside.demand('receive_material', its_lot.site);
    wrong := CASE WHEN (NEW.content ->> 'container', NEW.content ->> 'lot', (NEW.content ->> 'expires_on')::date) IS DISTINCT FROM (box.code, its_lot.code, its_lot.expires_on)
        THEN coalesce(box.code, '?') END;
  END IF;
  IF wrong IS NOT NULL OR NEW.copy_no <> 1 + (SELECT count(*) FROM lineside.label l WHERE l.kind = NEW.kind AND l.subject_id = NEW.subject_id) THEN
    RAISE EXCEPTION 'the label names other facts than the record' USING ERRCODE = 'LS064', DETAIL = jsonb_build_object('container', coalesce(wrong, box.code, piece.serial))::text;
  END IF;
  SELECT * INTO before FROM lineside.label l WHERE l.kind = NEW.kind AND l.subject_id = NEW.subject_id AND l.copy_no = NEW.copy_no - 1 FOR SHARE;
  IF before.status NOT IN ('refused', 'destroyed') THEN
    RAISE EXCEPTION 'copy % of % still counts', before.copy_no, lineside.label_names(NEW.kind, NEW.subject_id) USING ERRCODE = 'LS172',
      DETAIL = jsonb_build_object('what', lineside.label_names(NEW.kind, NEW.subject_id), 'copy_no', before.copy_no)::text;
  END IF;
  NEW.replaces := before.id;
  NEW.printer := coalesce(wanted, NEW.printer);
  RETURN NEW;
END $$;

-- A label that waits goes to another printer of its station: who may receive or label there decides, and says why. Whether that printer is there, its own station sees.
CREATE FUNCTION reroute_label(p_label uuid, p_printer text, p_reason text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  known lineside.label := lineside.label_in_hand(p_label);
BEGIN
  IF known.status NOT IN ('requested', 'validated') THEN       -- a byte of it may have left: nobody knows what the first printer does with it
    RAISE EXCEPTION 'label is % and stays at its printer', known.status USING ERRCODE = 'LS031', DETAIL = jsonb_build_object('from', known.status, 'to', 'requested')::text;
  END IF;
  IF coalesce(btrim(p_reason), '') = '' THEN
    RAISE EXCEPTION 'why does it go elsewhere?' USING ERRCODE = 'LS011', DETAIL = jsonb_build_object('table', 'label')::text;
  END IF;
  IF NOT EXISTS (SELECT FROM lineside.asset a JOIN lineside.station s ON s.site = a.site WHERE s.code = known.station AND a.code = p_printer AND a.kind = 'printer' AND a.active) THEN
    RAISE EXCEPTION '% is no printer of this site', p_printer USING ERRCODE = 'LS173', DETAIL = jsonb_build_object('printer', p_printer)::text;
  END IF;
  UPDATE lineside.label SET printer = p_printer, detail = p_reason WHERE id = p_label;
END $$;

REVOKE EXECUTE ON FUNCTION label_route_gate, reroute_label FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reroute_label TO lineside_person;
