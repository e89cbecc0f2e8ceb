-- Which orders may arrive late, and what they are about. Nothing else is taken: no correction, nothing that asks for a reason, nothing the database computes itself.

CREATE FUNCTION late_subject(p_command text, p_order jsonb) RETURNS TABLE (kind text, id uuid, site uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT 'lot', l.id, l.site FROM lineside.inspection i JOIN lineside.lot l ON l.id = i.lot WHERE p_command = 'RecordMeasurement' AND i.id = (p_order ->> 'inspection')::uuid
  UNION ALL SELECT 'batch', b.id, b.site FROM lineside.batch_step s JOIN lineside.batch b ON b.id = s.batch
   WHERE p_command IN ('EnterValue', 'TakeReading') AND s.id = (p_order ->> 'step')::uuid AND p_order ->> 'corrects' IS NULL AND p_order ->> 'reason' IS NULL
     AND (p_command = 'TakeReading' OR coalesce(p_order ->> 'value', p_order ->> 'said', p_order ->> 'device', p_order ->> 'done_at') IS NOT NULL)
$$;

-- The station hands over what lies in its spool: once. Sent again nothing happens; under the same identity with other content it is refused for good.
-- Returns 'on record' where the order itself had come through and only its answer was lost, else 'waiting'.
CREATE FUNCTION store_late_entry(p_id uuid, p_author text, p_content text, p_made_at timestamptz, p_boot_id text, p_mono_ns bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  here lineside.station;
  given lineside.command;
  known lineside.late_entry;
  about_kind text; about uuid; place uuid;
  told bytea := sha256(convert_to(p_content, 'UTF8'));
  said jsonb := CASE WHEN p_content IS JSON ARRAY THEN p_content::jsonb END;
BEGIN
  SELECT * INTO here FROM lineside.station s WHERE s.role_name = session_user AND s.enabled;
  SELECT * INTO given FROM lineside.command c WHERE c.id = p_id;
  IF FOUND THEN
    IF given.who <> p_author OR given.digest <> told THEN
      RAISE EXCEPTION 'order % was given with other content', p_id USING ERRCODE = 'LS181', DETAIL = jsonb_build_object('entry', p_id)::text;
    END IF;
    RETURN 'on record';
  END IF;
  BEGIN
    SELECT s.kind, s.id, s.site INTO about_kind, about, place FROM lineside.late_subject(said ->> 0, said -> 1) s;
  EXCEPTION WHEN data_exception THEN about := NULL;        -- a form that no order has
  END;
  IF here.id IS NULL OR about IS NULL OR place <> here.site OR said #>> '{1,command_id}' IS DISTINCT FROM p_id::text OR said #>> '{1,id}' IS NULL
     OR NOT EXISTS (SELECT FROM lineside.login_record l WHERE l.station = here.code AND l.who = p_author AND l.purpose = 'work') THEN
    RAISE EXCEPTION 'entry % cannot be of % at this station', p_id, p_author USING ERRCODE = 'LS180', DETAIL = jsonb_build_object('entry', p_id, 'who', p_author)::text;
  END IF;
  INSERT INTO lineside.late_entry (id, station, kind, author, content, digest, site, subject_kind, subject_id, record, made_at, boot_id, mono_ns)
  VALUES (p_id, here.code, said ->> 0, p_author, p_content, told, place, about_kind, about, (said #>> '{1,id}')::uuid, p_made_at, p_boot_id, p_mono_ns)
  ON CONFLICT (id) DO NOTHING;
  SELECT * INTO known FROM lineside.late_entry e WHERE e.id = p_id;
  IF known.digest <> told OR known.author <> p_author OR known.station <> here.code THEN
    RAISE EXCEPTION 'entry % is here with other content', p_id USING ERRCODE = 'LS181', DETAIL = jsonb_build_object('entry', p_id)::text;
  END IF;
  RETURN 'waiting';
END $$;

-- Everything that stands in the record is what was kept at the station, to the digit; and who settled it is who stands in it.
CREATE FUNCTION late_record_is(p_entry late_entry, p_by text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  WITH said AS (SELECT p_entry.content::jsonb -> 1 AS o),
  kept AS (SELECT o, coalesce(o #> '{reading,quantity}', o) ->> 'value' AS value, coalesce(o #> '{reading,quantity}', o) ->> 'unit' AS unit, coalesce(o #>> '{reading,device}', o ->> 'device') AS device,
             coalesce(o #>> '{reading,raw}', o ->> 'scanned') AS raw, coalesce(o #>> '{reading,at}', o ->> 'done_at')::timestamptz AS at FROM said)
  SELECT EXISTS (SELECT FROM kept k JOIN lineside.measurement m ON m.id = p_entry.record JOIN lineside.asset g ON g.id = m.gauge
      WHERE p_entry.kind = 'RecordMeasurement' AND m.inspection = (o ->> 'inspection')::uuid AND m.characteristic = (o ->> 'characteristic')::uuid AND m.sample_no = (o ->> 'sample_no')::integer
        AND m.value::text = k.value::numeric::text AND m.unit = k.unit AND m.origin = 'device' AND g.code = k.device AND encode(m.raw, 'hex') = k.raw AND m.read_at = k.at AND m.taken_by = p_by)
    OR EXISTS (SELECT FROM kept k JOIN lineside.step_entry e ON e.id = p_entry.record LEFT JOIN lineside.asset d ON d.id = e.device
      WHERE p_entry.kind IN ('EnterValue', 'TakeReading') AND e.batch_step = (o ->> 'step')::uuid AND e.field = o ->> 'field' AND e.sample_no = (o ->> 'sample_no')::integer
        AND e.unit_serial IS NOT DISTINCT FROM o ->> 'unit_serial' AND e.value::text IS NOT DISTINCT FROM k.value::numeric::text AND e.corrects IS NULL AND e.reason IS NULL AND e.entered_by = p_by
        AND e.read_at IS NOT DISTINCT FROM k.at AND e.origin = CASE WHEN p_entry.kind = 'TakeReading' THEN 'measured' WHEN k.raw IS NULL THEN 'typed' ELSE 'scanned' END
        AND (e.said = o ->> 'said' OR o ->> 'said' IS NULL)                    -- what the gate itself says of an asset or a time was not entered
        AND d.code IS NOT DISTINCT FROM k.device AND (e.unit IS NOT DISTINCT FROM k.unit OR e.unit IS NULL) AND encode(e.raw, 'hex') IS NOT DISTINCT FROM k.raw)
$$;

REVOKE EXECUTE ON FUNCTION late_subject, store_late_entry, late_record_is FROM PUBLIC;
GRANT EXECUTE ON FUNCTION store_late_entry TO lineside_station;
