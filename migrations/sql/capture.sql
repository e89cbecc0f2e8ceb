-- What machines say, second by second: channels, samples by month, batches of samples with their digest in the station's device chain.
-- A sample has no entry of its own in the trail (reliability 2a: 11.5 million a day): its batch has, with the digest over every sample in it.

ALTER TABLE asset DROP CONSTRAINT asset_kind_check;
ALTER TABLE asset ADD CONSTRAINT asset_kind_check CHECK (kind IN ('caliper', 'micrometer', 'force_gauge', 'scale', 'scanner', 'printer', 'machine', 'sealer', 'bonder', 'leak_tester'));

-- Kinds that report by channels; `machine` is one that has no kind of its own here.
CREATE FUNCTION is_machine(p_kind text) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT p_kind IN ('machine', 'sealer', 'bonder', 'leak_tester')
$$;

CREATE TABLE channel (
  id uuid PRIMARY KEY,
  machine uuid NOT NULL REFERENCES asset,
  name text NOT NULL CHECK (name ~ '^[a-z][a-z0-9_]{0,39}$'),                 -- as in the machine's register map
  name_en text NOT NULL CHECK (length(name_en) BETWEEN 1 AND 200 AND name_en !~ '[\u0001-\u001f\u007f\u202a-\u202e\u2066-\u2069]'),
  name_zh text NOT NULL CHECK (length(name_zh) <= 200 AND name_zh !~ '[\u0001-\u001f\u007f\u202a-\u202e\u2066-\u2069]'),
  unit text NOT NULL CHECK (length(unit) <= 20 AND unit !~ '[\u0001-\u001f\u007f\u202a-\u202e\u2066-\u2069]'),    -- empty: a count or a word of bits
  decimals integer NOT NULL CHECK (decimals BETWEEN 0 AND 6),
  CONSTRAINT channel_of_machine UNIQUE (machine, name),
  CHECK (length(name) <= 40)
);
CALL keep_trail('channel', 'never');

CREATE TABLE sample_batch (
  id uuid PRIMARY KEY,                                  -- made by the station: the same batch sent again is stored once
  machine uuid NOT NULL REFERENCES asset,
  station text NOT NULL CHECK (length(station) <= 20),
  samples integer NOT NULL CHECK (samples BETWEEN 1 AND 10000),
  first_at timestamptz NOT NULL,                        -- the station's clock
  last_at timestamptz NOT NULL CHECK (last_at >= first_at),
  digest bytea NOT NULL CHECK (length(digest) = 32),    -- SHA-256 over every sample, as canonical_samples writes them
  stored_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CALL keep_trail('sample_batch', 'never');

CREATE TABLE sample (
  channel uuid NOT NULL REFERENCES channel,
  at timestamptz NOT NULL,                              -- the station's clock at which the machine's answer arrived
  value numeric CHECK (value > '-Infinity' AND value < 'Infinity'),           -- refuses NaN too
  quality text NOT NULL CHECK (quality IN ('good', 'sensor_break', 'implausible', 'unproven', 'stale')),
  cycle bigint,
  raw text NOT NULL CHECK (raw ~ '^([0-9a-f]{4}){0,8}$'),                     -- the registers as they came
  batch uuid NOT NULL REFERENCES sample_batch,
  PRIMARY KEY (channel, at),
  CHECK ((value IS NOT NULL) = (quality = 'good'))
) PARTITION BY RANGE (at);
CREATE INDEX sample_of_batch ON sample (batch);

-- Partitions are months, made when the first sample of a month arrives; each stands for good, like every record.
CREATE FUNCTION sample_month(p_at timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  begins timestamptz := date_trunc('month', p_at);
  name text := 'sample_' || to_char(begins, 'YYYY_MM');
BEGIN
  IF to_regclass('lineside.' || name) IS NOT NULL THEN RETURN; END IF;
  LOCK TABLE lineside.sample IN ACCESS EXCLUSIVE MODE;      -- not an advisory lock: only a table's lock makes what another made meanwhile visible to the next line
  IF to_regclass('lineside.' || name) IS NOT NULL THEN RETURN; END IF;
  EXECUTE format('CREATE TABLE lineside.%I PARTITION OF lineside.sample FOR VALUES FROM (%L) TO (%L)', name, begins, begins + interval '1 month');
  CALL lineside.stand_for_good(name);
END $$;

-- One text over every sample of a batch, in the order of channel and time: what the digest in the trail is of.
CREATE FUNCTION canonical_samples(p_batch uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' AS $$
  SELECT string_agg(lineside.part(s.channel::text, s.at::text, s.value::text, s.quality, s.cycle::text, s.raw), ';' ORDER BY s.channel, s.at)
  FROM lineside.sample s JOIN lineside.sample_batch b ON b.id = s.batch WHERE s.batch = p_batch AND s.at BETWEEN b.first_at AND b.last_at
$$;

-- The station hands over what lies in its spool: whole or not at all, once. Sent again with the same content nothing happens; with other content it is refused.
CREATE FUNCTION store_samples(p_id uuid, p_machine text, p_channels text[], p_at timestamptz[], p_values numeric[], p_qualities text[], p_cycles bigint[], p_raw text[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' AS $$
DECLARE
  here lineside.station;
  the_machine lineside.asset;
  n integer := coalesce(array_length(p_channels, 1), 0);
  earliest timestamptz; latest timestamptz; known integer;
  told bytea;
BEGIN
  SELECT * INTO here FROM lineside.station s WHERE s.role_name = session_user AND s.enabled;
  SELECT * INTO the_machine FROM lineside.asset a WHERE a.code = p_machine AND lineside.is_machine(a.kind) AND a.active;
  IF here.id IS NULL OR the_machine.site IS DISTINCT FROM here.site THEN
    RAISE EXCEPTION 'machine % does not stand at the site of a station of ours', p_machine USING ERRCODE = 'LS066', DETAIL = jsonb_build_object('machine', p_machine)::text;
  END IF;
  SELECT min(a), max(a), count(*) INTO earliest, latest, known FROM unnest(p_at) a;
  IF n NOT BETWEEN 1 AND 10000 OR known <> n OR NOT (array_length(p_values, 1), array_length(p_qualities, 1), array_length(p_cycles, 1), array_length(p_raw, 1)) = (n, n, n, n)
     OR latest > clock_timestamp() + interval '1 hour' OR earliest < clock_timestamp() - interval '60 days' THEN
    RAISE EXCEPTION 'a batch of % has no form that can be stored', p_machine USING ERRCODE = 'LS067', DETAIL = jsonb_build_object('machine', p_machine)::text;
  END IF;
  SELECT sha256(convert_to(string_agg(lineside.part(c.id::text, s.at::text, s.value::text, s.quality, s.cycle::text, s.raw), ';' ORDER BY c.id, s.at), 'UTF8')), count(c.id)
    INTO told, known
    FROM unnest(p_channels, p_at, p_values, p_qualities, p_cycles, p_raw) AS s (name, at, value, quality, cycle, raw)
    LEFT JOIN lineside.channel c ON c.machine = the_machine.id AND c.name = s.name;
  IF known <> n THEN
    RAISE EXCEPTION 'machine % has a channel that nobody entered', p_machine USING ERRCODE = 'LS066', DETAIL = jsonb_build_object('machine', p_machine)::text;
  END IF;
  -- Before the first row is written: making a month locks the tables it refers to, and two stations that both wrote would wait for each other.
  PERFORM lineside.sample_month(m) FROM (SELECT DISTINCT date_trunc('month', a) AS m FROM unnest(p_at) a) months;
  INSERT INTO lineside.sample_batch (id, machine, station, samples, first_at, last_at, digest) VALUES (p_id, the_machine.id, here.code, n, earliest, latest, told)
  ON CONFLICT (id) DO NOTHING;
  IF NOT FOUND THEN
    IF (SELECT b.digest FROM lineside.sample_batch b WHERE b.id = p_id) IS DISTINCT FROM told THEN
      RAISE EXCEPTION 'batch % was stored with other content', p_id USING ERRCODE = 'LS068';
    END IF;
    RETURN;
  END IF;
  INSERT INTO lineside.sample (channel, at, value, quality, cycle, raw, batch)
  SELECT c.id, s.at, s.value, s.quality, s.cycle, s.raw, p_id
    FROM unnest(p_channels, p_at, p_values, p_qualities, p_cycles, p_raw) AS s (name, at, value, quality, cycle, raw)
    JOIN lineside.channel c ON c.machine = the_machine.id AND c.name = s.name;
END $$;

-- Where the machine belongs decides who may enter its channels.
CREATE FUNCTION channel_begins() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  the_machine lineside.asset;
BEGIN
  SELECT * INTO the_machine FROM lineside.asset WHERE id = NEW.machine;
  PERFORM lineside.demand('keep_assets', the_machine.site);
  IF NOT lineside.is_machine(the_machine.kind) THEN
    RAISE EXCEPTION '% is no machine', the_machine.code USING ERRCODE = 'LS069', DETAIL = jsonb_build_object('asset', the_machine.code)::text;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER channel_begins BEFORE INSERT ON channel FOR EACH ROW EXECUTE FUNCTION channel_begins();
ALTER TABLE channel ENABLE ALWAYS TRIGGER channel_begins;

CALL stand_for_good('sample');
REVOKE ALL ON channel, sample_batch, sample FROM PUBLIC;
GRANT SELECT ON channel, sample_batch, sample TO lineside_person;
GRANT INSERT (id, machine, name, name_en, name_zh, unit, decimals) ON channel TO lineside_may_keep_assets;
GRANT EXECUTE ON FUNCTION canonical_samples TO lineside_person;
GRANT EXECUTE ON FUNCTION store_samples TO lineside_station;
