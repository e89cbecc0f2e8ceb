-- Pictures of what was found, beside its description. They are part of what is signed: each makes another version, so that signatures before it no longer count
-- and whoever adds one is among those who cannot sign; none comes after the decision.

ALTER TABLE deviation ADD COLUMN photos integer CHECK (photos > 0);                       -- how many; raised by the gate below alone

CREATE TABLE deviation_photo (
  id uuid PRIMARY KEY,
  deviation uuid NOT NULL REFERENCES deviation,
  picture text NOT NULL CHECK (picture ~ '^[0-9a-f]{64}$'),       -- SHA-256 of its bytes
  taken_at timestamptz NOT NULL,                                  -- as the file says, by the workstation's clock
  station text,
  added_by text NOT NULL DEFAULT session_user,
  added_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (deviation, picture)
);

CREATE FUNCTION deviation_photo_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  own lineside.deviation;
BEGIN
  SELECT * INTO own FROM lineside.deviation WHERE id = NEW.deviation FOR NO KEY UPDATE;      -- before its decision or after it, never between
  PERFORM lineside.demand('raise_deviation', lineside.subject_site(own.subject_kind, own.subject_id));
  IF own.status <> 'open' THEN
    RAISE EXCEPTION 'deviation % is decided', own.code USING ERRCODE = 'LS119', DETAIL = jsonb_build_object('deviation', own.code)::text;
  END IF;
  IF NOT lineside.picture_is_kept(NEW.picture) THEN PERFORM lineside.refuse_value('picture'); END IF;
  PERFORM lineside.demand_time('picture', NEW.taken_at, own.opened_at);
  NEW.station := (lineside.this_login()).station; NEW.added_by := session_user; NEW.added_at := clock_timestamp();
  UPDATE lineside.deviation SET photos = coalesce(photos, 0) + 1 WHERE id = own.id;
  RETURN NEW;
END $$;
CREATE TRIGGER deviation_photo_gate BEFORE INSERT ON deviation_photo FOR EACH ROW EXECUTE FUNCTION deviation_photo_gate();
ALTER TABLE deviation_photo ENABLE ALWAYS TRIGGER deviation_photo_gate;
CALL keep_trail('deviation_photo', 'never');
CALL keep_plain('deviation_photo');
GRANT SELECT ON deviation_photo TO lineside_person;
GRANT INSERT (id, deviation, picture, taken_at) ON deviation_photo TO lineside_may_raise_deviation;

-- As before, with its pictures where there are any.
CREATE OR REPLACE FUNCTION canonical_deviation(p_id uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET extra_float_digits = 1 SET bytea_output = 'hex' AS $$
  SELECT 'deviation|1|' || lineside.part(d.id::text, d.version::text, d.code, d.subject_kind, d.subject_id::text, d.cause_kind, d.cause_id::text, d.kind, d.facts::text, d.class,
    d.what_happened, d.disposition, d.opened_by, d.opened_at::text, d.described_by)
    || coalesce((SELECT '|' || string_agg(lineside.part(p.id::text, p.picture, p.taken_at::text, p.station, p.added_by, p.added_at::text), ';' ORDER BY p.id)
                 FROM lineside.deviation_photo p WHERE p.deviation = d.id), '')
  FROM lineside.deviation d WHERE d.id = p_id
$$;

-- As before; what is decided says so in words of its own.
CREATE OR REPLACE FUNCTION deviation_changes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF OLD.status = 'decided' THEN
    RAISE EXCEPTION 'deviation % is decided', OLD.code USING ERRCODE = 'LS119', DETAIL = jsonb_build_object('deviation', OLD.code)::text;
  END IF;
  IF (NEW.what_happened, NEW.class, NEW.disposition) IS DISTINCT FROM (OLD.what_happened, OLD.class, OLD.disposition) THEN
    PERFORM lineside.demand('raise_deviation', lineside.subject_site(NEW.subject_kind, NEW.subject_id));
  END IF;
  IF (NEW.what_happened, NEW.class, NEW.disposition) IS DISTINCT FROM (OLD.what_happened, OLD.class, OLD.disposition) THEN NEW.described_by := session_user; END IF;
  IF NEW.status = 'decided' THEN NEW.decided_by := session_user; NEW.decided_at := clock_timestamp(); END IF;
  RETURN NEW;
END $$;
