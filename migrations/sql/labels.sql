-- Physical labels, one row each, and what is known of them. A station serves the queue of its own printers.

CREATE TABLE label (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('container')),
  subject_kind text NOT NULL,
  subject_id uuid NOT NULL,
  copy_no integer NOT NULL CHECK (copy_no > 0),
  printer text NOT NULL,
  station text NOT NULL,
  content jsonb NOT NULL,                               -- the facts printed, as they were
  status text NOT NULL DEFAULT 'requested' CHECK (status IN ('requested', 'sent', 'printed', 'unknown', 'refused')),
  detail text NOT NULL DEFAULT '',
  reason text,                                          -- of a second copy
  requested_by text NOT NULL DEFAULT session_user,
  requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  sent_at timestamptz, settled_at timestamptz,
  UNIQUE (kind, subject_id, copy_no),
  CHECK (copy_no = 1 OR reason IS NOT NULL)
);
CREATE INDEX label_queue ON label (station, requested_at) WHERE status IN ('requested', 'sent');

CREATE TRIGGER status_order BEFORE UPDATE OF status ON label FOR EACH ROW
  EXECUTE FUNCTION status_order('requested>sent', 'requested>refused', 'sent>printed', 'sent>unknown', 'unknown>printed', 'unknown>refused');

-- A label says what the record says: an existing container of a site where the person may receive, its own codes, the next copy.
CREATE FUNCTION label_begins() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  box lineside.container;
  its_lot lineside.lot;
BEGIN
  SELECT * INTO box FROM lineside.container WHERE id = NEW.subject_id AND NEW.subject_kind = 'container';
  SELECT * INTO its_lot FROM lineside.lot WHERE id = box.lot;
  PERFORM lineside.demand('receive_material', its_lot.site);
  IF (NEW.content ->> 'container', NEW.content ->> 'lot', (NEW.content ->> 'expires_on')::date) IS DISTINCT FROM (box.code, its_lot.code, its_lot.expires_on)
     OR NEW.copy_no <> 1 + (SELECT count(*) FROM lineside.label l WHERE l.kind = NEW.kind AND l.subject_id = NEW.subject_id) THEN
    RAISE EXCEPTION 'the label names other facts than the record' USING ERRCODE = 'LS064', DETAIL = jsonb_build_object('container', box.code)::text;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER label_begins BEFORE INSERT ON label FOR EACH ROW EXECUTE FUNCTION label_begins();

-- The station moves a label of its own queue; sent is committed before the first byte leaves, so that a crash can only leave "unknown", never a second copy.
CREATE FUNCTION move_label(p_id uuid, p_status text, p_detail text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  UPDATE lineside.label l SET status = p_status, detail = left(p_detail, 200),
         sent_at = CASE WHEN p_status = 'sent' THEN clock_timestamp() ELSE sent_at END,
         settled_at = CASE WHEN p_status = 'sent' THEN NULL ELSE clock_timestamp() END
   WHERE l.id = p_id AND l.station = (SELECT s.code FROM lineside.station s WHERE s.role_name = session_user);
  IF NOT FOUND THEN RAISE EXCEPTION 'that label is not of this station''s queue' USING ERRCODE = 'LS010'; END IF;
END $$;

-- A person looked at the printer: only an unknown label is settled so, by who may receive at its site; "none there" says what was seen.
CREATE FUNCTION settle_label(p_id uuid, p_status text, p_detail text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  known lineside.label;
BEGIN
  SELECT * INTO known FROM lineside.label WHERE id = p_id FOR NO KEY UPDATE;
  PERFORM lineside.demand('receive_material', (SELECT l.site FROM lineside.container c JOIN lineside.lot l ON l.id = c.lot WHERE c.id = known.subject_id));
  IF known.status <> 'unknown' OR p_status NOT IN ('printed', 'refused') THEN
    RAISE EXCEPTION 'label cannot go from % to %', known.status, p_status USING ERRCODE = 'LS031', DETAIL = jsonb_build_object('from', known.status, 'to', p_status)::text;
  END IF;
  IF p_status = 'refused' AND coalesce(btrim(p_detail), '') = '' THEN
    RAISE EXCEPTION 'what was seen at the printer?' USING ERRCODE = 'LS011', DETAIL = jsonb_build_object('table', 'label')::text;
  END IF;
  UPDATE lineside.label SET status = p_status, detail = coalesce(p_detail, ''), settled_at = clock_timestamp() WHERE id = p_id;
END $$;

CREATE FUNCTION label_queue() RETURNS SETOF label LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT l.* FROM lineside.label l JOIN lineside.station s ON s.code = l.station
   WHERE s.role_name = session_user AND l.status IN ('requested', 'sent') ORDER BY l.requested_at, l.id
$$;
