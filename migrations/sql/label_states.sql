-- Every state of a physical label stands on record: read back before it is sent, being printed, printed, scanned back, put on; and what went wrong with it.
-- Each state is entered once at most, so that the row itself is the label's history (decision 0017).

ALTER TABLE label DROP CONSTRAINT label_status_check;
ALTER TABLE label
  ADD CONSTRAINT label_status_check CHECK (status IN ('requested', 'validated', 'sent', 'printing', 'printed', 'unknown', 'refused', 'verified', 'applied', 'destroyed')),
  ADD COLUMN replaces uuid REFERENCES label,                                                                 -- of a second copy: the one it stands for
  ADD COLUMN read_back bytea CHECK (length(read_back) <= 200),                                               -- what its own picture was read as before it was sent
  ADD COLUMN digest text CHECK (digest ~ '^[0-9a-f]{64}$'),                                                  -- SHA-256 of that
  ADD COLUMN validated_at timestamptz, ADD COLUMN printing_at timestamptz,
  ADD COLUMN doubted_at timestamptz, ADD COLUMN doubt text CHECK (length(doubt) <= 200),                     -- why nobody knew; detail says how it was settled
  ADD COLUMN settled_by text CHECK (length(settled_by) <= 200),                                              -- the person at the printer; NULL: the printer itself
  ADD COLUMN verified_by text CHECK (length(verified_by) <= 200), ADD COLUMN verified_at timestamptz,
  ADD CONSTRAINT label_is_read_back CHECK ((read_back IS NULL) = (validated_at IS NULL) AND (read_back IS NULL) = (digest IS NULL)),
  ADD CONSTRAINT label_validated CHECK (status NOT IN ('validated', 'printing') OR validated_at IS NOT NULL),
  ADD CONSTRAINT label_verified CHECK ((verified_by IS NULL) = (verified_at IS NULL) AND (status <> 'verified' OR verified_by IS NOT NULL AND scanned IS NOT NULL));
DO $$
DECLARE
  old text;
BEGIN
  FOR old IN SELECT conname FROM pg_constraint WHERE conrelid = 'lineside.label'::regclass AND pg_get_constraintdef(oid) ~ 'kind = ''unit''.*ended_by IS NULL' LOOP
    EXECUTE format('ALTER TABLE lineside.label DROP CONSTRAINT %I', old);                                    -- a container's label is destroyed too
  END LOOP;
END $$;
ALTER TABLE label ADD CONSTRAINT label_applied CHECK (kind = 'unit' OR status <> 'applied');
CREATE INDEX label_replaces ON label (replaces) WHERE replaces IS NOT NULL;

DROP INDEX label_queue, label_on_its_way;
CREATE INDEX label_queue ON label (station, requested_at) WHERE status IN ('requested', 'validated', 'sent', 'printing');
CREATE INDEX label_on_its_way ON label (subject_id) WHERE kind = 'unit' AND status IN ('requested', 'validated', 'sent', 'printing', 'unknown');
CREATE INDEX label_of_station ON label (station, requested_at DESC);

DROP TRIGGER status_order ON label;
CREATE TRIGGER status_order BEFORE UPDATE OF status ON label FOR EACH ROW
  EXECUTE FUNCTION status_order('requested>validated', 'requested>refused', 'validated>refused', 'validated>sent', 'sent>printing', 'sent>printed', 'sent>unknown',
    'printing>printed', 'printing>unknown', 'unknown>printed', 'unknown>refused', 'unknown>verified', 'unknown>destroyed', 'printed>verified', 'printed>destroyed',
    'verified>applied', 'verified>destroyed', 'applied>destroyed');
ALTER TABLE label ENABLE ALWAYS TRIGGER status_order;

-- What a scan of the label must say, with the symbology identifier of its symbol.
CREATE FUNCTION label_says(p_kind text, p_subject uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT CASE p_kind WHEN 'unit' THEN ']d2' || lineside.udi_of_unit(p_subject) WHEN 'container' THEN ']C0' || (SELECT c.code FROM lineside.container c WHERE c.id = p_subject) END
$$;
-- How people call it.
CREATE FUNCTION label_names(p_kind text, p_subject uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT coalesce(CASE p_kind WHEN 'unit' THEN (SELECT u.serial FROM lineside.unit u WHERE u.id = p_subject)
    WHEN 'container' THEN (SELECT c.code FROM lineside.container c WHERE c.id = p_subject) END, '?')
$$;

-- The label in a person's hand, locked; who may decide about it is decided by what it labels.
CREATE FUNCTION label_in_hand(p_label uuid) RETURNS label LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  known lineside.label;
BEGIN
  SELECT * INTO known FROM lineside.label WHERE id = p_label FOR NO KEY UPDATE;
  IF known.kind = 'unit' THEN
    PERFORM lineside.demand('run_batch', (SELECT b.site FROM lineside.unit u JOIN lineside.batch b ON b.id = u.batch WHERE u.id = known.subject_id));
  ELSE
    PERFORM lineside.demand('receive_material', (SELECT l.site FROM lineside.container c JOIN lineside.lot l ON l.id = c.lot WHERE c.id = known.subject_id));
  END IF;
  RETURN known;
END $$;

-- The station drew the label and read it back from its own drawing; what it read is compared here, byte for byte. Saying so again changes nothing.
CREATE FUNCTION validate_label(p_id uuid, p_read_back bytea) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  known lineside.label;
BEGIN
  SELECT l.* INTO known FROM lineside.label l WHERE l.id = p_id AND l.station = (SELECT s.code FROM lineside.station s WHERE s.role_name = session_user) FOR NO KEY UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'that label is not of this station''s queue' USING ERRCODE = 'LS010'; END IF;
  IF known.status NOT IN ('requested', 'validated') THEN
    RAISE EXCEPTION 'label cannot go from % to validated', known.status USING ERRCODE = 'LS031', DETAIL = jsonb_build_object('from', known.status, 'to', 'validated')::text;
  END IF;
  IF p_read_back IS DISTINCT FROM convert_to(lineside.label_says(known.kind, known.subject_id), 'UTF8') THEN
    RAISE EXCEPTION 'the label reads as something else than the record' USING ERRCODE = 'LS064',
      DETAIL = jsonb_build_object('container', lineside.label_names(known.kind, known.subject_id))::text;
  END IF;
  IF known.status = 'requested' THEN
    UPDATE lineside.label SET status = 'validated', read_back = p_read_back, digest = encode(sha256(p_read_back), 'hex'), validated_at = clock_timestamp() WHERE id = p_id;
  END IF;
END $$;

-- The station moves a label of its own queue; sent is committed before the first byte leaves, so that a crash can only leave "unknown", never a second copy.
-- What nobody knows is settled by a person and not by a printer's late answer; what was scanned back or put on, a person says too.
CREATE OR REPLACE FUNCTION move_label(p_id uuid, p_status text, p_detail text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  known lineside.label;
BEGIN
  SELECT l.* INTO known FROM lineside.label l WHERE l.id = p_id AND l.station = (SELECT s.code FROM lineside.station s WHERE s.role_name = session_user) FOR NO KEY UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'that label is not of this station''s queue' USING ERRCODE = 'LS010'; END IF;
  IF known.status NOT IN ('requested', 'validated', 'sent', 'printing') OR p_status IS NULL OR p_status NOT IN ('sent', 'printing', 'printed', 'unknown', 'refused') THEN
    RAISE EXCEPTION 'label cannot go from % to %', known.status, p_status USING ERRCODE = 'LS031', DETAIL = jsonb_build_object('from', known.status, 'to', p_status)::text;
  END IF;
  UPDATE lineside.label SET status = p_status, detail = left(p_detail, 200),
         sent_at = CASE WHEN p_status = 'sent' THEN clock_timestamp() ELSE sent_at END,
         printing_at = CASE WHEN p_status = 'printing' THEN clock_timestamp() ELSE printing_at END,
         doubted_at = CASE WHEN p_status = 'unknown' THEN clock_timestamp() END, doubt = CASE WHEN p_status = 'unknown' THEN left(p_detail, 200) END,
         settled_at = CASE WHEN p_status IN ('sent', 'printing') THEN NULL ELSE clock_timestamp() END
   WHERE id = p_id;
END $$;

-- A person looked at the printer: only an unknown label is settled so; "none there" says what was seen.
CREATE OR REPLACE FUNCTION settle_label(p_id uuid, p_status text, p_detail text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  known lineside.label := lineside.label_in_hand(p_id);
BEGIN
  IF known.status <> 'unknown' OR p_status NOT IN ('printed', 'refused') THEN
    RAISE EXCEPTION 'label cannot go from % to %', known.status, p_status USING ERRCODE = 'LS031', DETAIL = jsonb_build_object('from', known.status, 'to', p_status)::text;
  END IF;
  IF p_status = 'refused' AND coalesce(btrim(p_detail), '') = '' THEN
    RAISE EXCEPTION 'what was seen at the printer?' USING ERRCODE = 'LS011', DETAIL = jsonb_build_object('table', 'label')::text;
  END IF;
  UPDATE lineside.label SET status = p_status, detail = coalesce(p_detail, ''), settled_at = clock_timestamp(), settled_by = session_user WHERE id = p_id;
END $$;

-- A paper that was destroyed, and none in its place: whoever scans it is told so, and by whom it was destroyed and why.
CREATE FUNCTION demand_not_void(p_kind text, p_subject uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  known lineside.label;
BEGIN
  SELECT * INTO known FROM lineside.label WHERE kind = p_kind AND subject_id = p_subject ORDER BY copy_no DESC LIMIT 1;
  IF known.status = 'destroyed' THEN
    RAISE EXCEPTION 'copy % of % was destroyed', known.copy_no, lineside.label_names(p_kind, p_subject) USING ERRCODE = 'LS171',
      DETAIL = jsonb_build_object('what', lineside.label_names(p_kind, p_subject), 'copy_no', known.copy_no, 'who', known.ended_by, 'reason', known.detail)::text;
  END IF;
END $$;

-- A label that came out is scanned back before it is used; compared by the database. A container's code may come without the identifier of its symbol (a keyboard scanner).
CREATE FUNCTION verify_label(p_label uuid, p_scanned bytea) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  known lineside.label;
  says text;
BEGIN
  SELECT * INTO known FROM lineside.label WHERE id = p_label;
  IF known.kind = 'unit' THEN PERFORM lineside.demand_labelling(known.subject_id); END IF;                   -- the unit before its label, as everywhere
  known := lineside.label_in_hand(p_label);
  says := lineside.label_says(known.kind, known.subject_id);
  IF p_scanned IS DISTINCT FROM convert_to(says, 'UTF8') AND NOT (known.kind = 'container' AND p_scanned = convert_to(substr(says, 4), 'UTF8')) THEN
    RAISE EXCEPTION 'that is not the label of %', lineside.label_names(known.kind, known.subject_id) USING ERRCODE = 'LS170',
      DETAIL = jsonb_build_object('what', lineside.label_names(known.kind, known.subject_id))::text;
  END IF;
  PERFORM lineside.demand_not_void(known.kind, known.subject_id);
  IF known.status NOT IN ('printed', 'unknown') THEN       -- an unknown one that is in somebody's hand did come out
    RAISE EXCEPTION 'label cannot go from % to verified', known.status USING ERRCODE = 'LS031', DETAIL = jsonb_build_object('from', known.status, 'to', 'verified')::text;
  END IF;
  UPDATE lineside.label SET status = 'verified', verified_by = session_user, verified_at = clock_timestamp(), scanned = p_scanned WHERE id = p_label;
END $$;

-- The label in somebody's hand is scanned on its unit: what was read is compared by the database, byte for byte. Who scans it there verifies it, unless that was done before.
CREATE OR REPLACE FUNCTION apply_label(p_unit uuid, p_scanned bytea) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  piece lineside.unit := lineside.demand_labelling(p_unit);
  known lineside.label;
BEGIN
  IF p_scanned IS DISTINCT FROM convert_to(lineside.label_says('unit', piece.id), 'UTF8') THEN
    RAISE EXCEPTION 'that is not the label of unit %', piece.serial USING ERRCODE = 'LS106', DETAIL = jsonb_build_object('unit', piece.serial)::text;
  END IF;
  SELECT * INTO known FROM lineside.label WHERE kind = 'unit' AND subject_id = piece.id AND status IN ('printed', 'unknown', 'verified') FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    PERFORM lineside.demand_not_void('unit', piece.id);
    RAISE EXCEPTION 'no label of unit % waits to be put on', piece.serial USING ERRCODE = 'LS107', DETAIL = jsonb_build_object('unit', piece.serial)::text;
  END IF;
  IF known.status <> 'verified' THEN PERFORM lineside.verify_label(known.id, p_scanned); END IF;
  UPDATE lineside.label SET status = 'applied', ended_by = session_user, ended_at = clock_timestamp(), scanned = p_scanned WHERE id = known.id;
  UPDATE lineside.unit SET status = 'labelled' WHERE id = piece.id;
END $$;

CREATE OR REPLACE FUNCTION destroy_label(p_label uuid, p_reason text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  known lineside.label;
  piece lineside.unit;
BEGIN
  SELECT * INTO known FROM lineside.label WHERE id = p_label;
  IF known.kind = 'unit' THEN piece := lineside.demand_labelling(known.subject_id); END IF;                  -- the unit before its label, as everywhere
  known := lineside.label_in_hand(p_label);
  IF coalesce(btrim(p_reason), '') = '' THEN
    RAISE EXCEPTION 'why is it destroyed?' USING ERRCODE = 'LS011', DETAIL = jsonb_build_object('table', 'label')::text;
  END IF;
  UPDATE lineside.label SET status = 'destroyed', detail = p_reason, ended_by = session_user, ended_at = clock_timestamp() WHERE id = p_label;
  IF known.status = 'applied' AND piece.status = 'labelled' THEN UPDATE lineside.unit SET status = 'made' WHERE id = piece.id; END IF;
END $$;

CREATE OR REPLACE FUNCTION label_queue() RETURNS SETOF label LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT l.* FROM lineside.label l JOIN lineside.station s ON s.code = l.station LEFT JOIN lineside.unit u ON l.kind = 'unit' AND u.id = l.subject_id
   WHERE s.role_name = session_user AND l.status IN ('requested', 'validated', 'sent', 'printing')
   ORDER BY min(l.requested_at) OVER (PARTITION BY coalesce(u.batch, l.id)), u.batch, u.no, l.requested_at, l.id
$$;

REVOKE EXECUTE ON FUNCTION label_says, label_names, label_in_hand, validate_label, demand_not_void, verify_label FROM PUBLIC;
GRANT EXECUTE ON FUNCTION validate_label TO lineside_station;
GRANT EXECUTE ON FUNCTION verify_label TO lineside_person;
CALL keep_plain('label');
CALL show_masked('label', 'lineside_person');
