-- Labels of units: each says what the record says, none comes out twice, and a unit is labelled when its own label was scanned on it.

ALTER TABLE label DROP CONSTRAINT label_kind_check, DROP CONSTRAINT label_status_check;
ALTER TABLE label ADD CONSTRAINT label_kind_check CHECK (kind IN ('container', 'unit')),
  ADD CONSTRAINT label_status_check CHECK (status IN ('requested', 'sent', 'printed', 'unknown', 'refused', 'applied', 'destroyed')),
  ADD COLUMN ended_by text CHECK (length(ended_by) <= 200), ADD COLUMN ended_at timestamptz,                -- who scanned it on its unit, or destroyed it
  ADD COLUMN scanned bytea CHECK (length(scanned) <= 200),
  ADD CHECK ((status IN ('applied', 'destroyed')) = (ended_by IS NOT NULL)), ADD CHECK (kind = 'unit' OR ended_by IS NULL);
CREATE UNIQUE INDEX label_of_unit ON label (subject_id) WHERE kind = 'unit' AND status NOT IN ('refused', 'destroyed');        -- one living label each
CREATE INDEX label_on_its_way ON label (subject_id) WHERE kind = 'unit' AND status IN ('requested', 'sent', 'unknown');
DROP TRIGGER status_order ON label;
CREATE TRIGGER status_order BEFORE UPDATE OF status ON label FOR EACH ROW
  EXECUTE FUNCTION status_order('requested>sent', 'requested>refused', 'sent>printed', 'sent>unknown', 'unknown>printed', 'unknown>refused', 'unknown>applied', 'unknown>destroyed',
    'printed>applied', 'printed>destroyed', 'applied>destroyed');
ALTER TABLE label ENABLE ALWAYS TRIGGER status_order;

-- What the symbol of a unit's label holds: (01) (11) (17) (10) GS (21); see app.labels.udi for the order.
CREATE FUNCTION udi_of_unit(p_unit uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT '01' || i.gtin || '11' || to_char(b.made_on, 'YYMMDD') || '17' || to_char(b.expires_on, 'YYMMDD') || '10' || b.code || chr(29) || '21' || u.serial
  FROM lineside.unit u JOIN lineside.batch b ON b.id = u.batch JOIN lineside.item i ON i.id = b.product WHERE u.id = p_unit
$$;

CREATE FUNCTION labels_of(p_batch uuid, p_status text[]) RETURNS numeric LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT count(*)::numeric FROM lineside.unit u JOIN lineside.label l ON l.kind = 'unit' AND l.subject_id = u.id WHERE u.batch = p_batch AND l.status = ANY (p_status)
$$;

-- A unit of an open batch whose labelling has begun and has not ended; the site decides who may.
CREATE FUNCTION demand_labelling(p_unit uuid) RETURNS unit LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  piece lineside.unit;
  own lineside.batch;
BEGIN
  SELECT * INTO piece FROM lineside.unit WHERE id = p_unit FOR NO KEY UPDATE;
  SELECT * INTO own FROM lineside.batch WHERE id = piece.batch FOR SHARE;
  PERFORM lineside.demand('run_batch', own.site);
  IF own.status <> 'open' OR NOT EXISTS (SELECT FROM lineside.batch_step s WHERE s.batch = own.id AND s.kind = 'label' AND s.spec ->> 'form' = 'unit' AND s.status = 'started') THEN
    RAISE EXCEPTION 'labelling of % is not under way', own.code USING ERRCODE = 'LS103', DETAIL = jsonb_build_object('batch', own.code)::text;
  END IF;
  RETURN piece;
END $$;

CREATE OR REPLACE FUNCTION label_begins() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  box lineside.container;
  its_lot lineside.lot;
  piece lineside.unit;
  own lineside.batch;
  wrong text;
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
  RETURN NEW;
END $$;

-- The label in somebody's hand is scanned on its unit: what was read is compared by the database, byte for byte.
CREATE FUNCTION apply_label(p_unit uuid, p_scanned bytea) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  piece lineside.unit := lineside.demand_labelling(p_unit);
BEGIN
  IF p_scanned IS DISTINCT FROM convert_to(']d2' || lineside.udi_of_unit(piece.id), 'UTF8') THEN
    RAISE EXCEPTION 'that is not the label of unit %', piece.serial USING ERRCODE = 'LS106', DETAIL = jsonb_build_object('unit', piece.serial)::text;
  END IF;
  UPDATE lineside.label SET status = 'applied', ended_by = session_user, ended_at = clock_timestamp(), scanned = p_scanned
   WHERE kind = 'unit' AND subject_id = piece.id AND status IN ('printed', 'unknown');       -- an unknown one that is in somebody's hand did come out
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no label of unit % waits to be put on', piece.serial USING ERRCODE = 'LS107', DETAIL = jsonb_build_object('unit', piece.serial)::text;
  END IF;
  UPDATE lineside.unit SET status = 'labelled' WHERE id = piece.id;
END $$;

CREATE FUNCTION destroy_label(p_label uuid, p_reason text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  known lineside.label;
  piece lineside.unit;
BEGIN
  SELECT * INTO known FROM lineside.label WHERE id = p_label AND kind = 'unit';
  piece := lineside.demand_labelling(known.subject_id);
  SELECT * INTO known FROM lineside.label WHERE id = p_label FOR NO KEY UPDATE;
  IF coalesce(btrim(p_reason), '') = '' THEN
    RAISE EXCEPTION 'why is it destroyed?' USING ERRCODE = 'LS011', DETAIL = jsonb_build_object('table', 'label')::text;
  END IF;
  UPDATE lineside.label SET status = 'destroyed', detail = left(p_reason, 200), ended_by = session_user, ended_at = clock_timestamp() WHERE id = p_label;
  IF known.status = 'applied' AND piece.status = 'labelled' THEN UPDATE lineside.unit SET status = 'made' WHERE id = piece.id; END IF;
END $$;

CREATE FUNCTION unit_is_labelled() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF (NEW.status = 'labelled') <> EXISTS (SELECT FROM lineside.label l WHERE l.kind = 'unit' AND l.subject_id = NEW.id AND l.status = 'applied') THEN
    RAISE EXCEPTION 'unit % is labelled by its label and by nothing else', NEW.serial USING ERRCODE = 'LS107', DETAIL = jsonb_build_object('unit', NEW.serial)::text;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER unit_is_labelled BEFORE UPDATE OF status ON unit FOR EACH ROW WHEN (NEW.status IN ('made', 'labelled')) EXECUTE FUNCTION unit_is_labelled();
ALTER TABLE unit ENABLE ALWAYS TRIGGER unit_is_labelled;

GRANT INSERT (id, kind, subject_kind, subject_id, copy_no, printer, station, content, reason) ON label TO lineside_may_run_batch;
GRANT EXECUTE ON FUNCTION apply_label, destroy_label, udi_of_unit, labels_of TO lineside_person;

CREATE OR REPLACE FUNCTION settle_label(p_id uuid, p_status text, p_detail text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  known lineside.label;
BEGIN
  SELECT * INTO known FROM lineside.label WHERE id = p_id FOR NO KEY UPDATE;
  IF known.kind = 'unit' THEN
    PERFORM lineside.demand('run_batch', (SELECT b.site FROM lineside.unit u JOIN lineside.batch b ON b.id = u.batch WHERE u.id = known.subject_id));
  ELSE
    PERFORM lineside.demand('receive_material', (SELECT l.site FROM lineside.container c JOIN lineside.lot l ON l.id = c.lot WHERE c.id = known.subject_id));
  END IF;
  IF known.status <> 'unknown' OR p_status NOT IN ('printed', 'refused') THEN
    RAISE EXCEPTION 'label cannot go from % to %', known.status, p_status USING ERRCODE = 'LS031', DETAIL = jsonb_build_object('from', known.status, 'to', p_status)::text;
  END IF;
  IF p_status = 'refused' AND coalesce(btrim(p_detail), '') = '' THEN
    RAISE EXCEPTION 'what was seen at the printer?' USING ERRCODE = 'LS011', DETAIL = jsonb_build_object('table', 'label')::text;
  END IF;
  UPDATE lineside.label SET status = p_status, detail = coalesce(p_detail, ''), settled_at = clock_timestamp() WHERE id = p_id;
END $$;
