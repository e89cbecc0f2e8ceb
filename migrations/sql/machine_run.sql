-- A machine makes one batch at a time: its parameters belong to the batch whose step ran, and two at once could not be told apart.
-- What runs where and when is derived from the steps, which the trail follows, by these triggers alone; the exclusion holds it against anybody.

CREATE TABLE machine_run (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  machine uuid NOT NULL REFERENCES asset,
  batch uuid NOT NULL REFERENCES batch,
  batch_step uuid NOT NULL REFERENCES batch_step,
  during tstzrange NOT NULL CHECK (NOT isempty(during) AND NOT lower_inf(during)),
  CONSTRAINT machine_run_one_batch EXCLUDE USING gist (machine WITH =, batch WITH <>, during WITH &&)
);
CREATE INDEX machine_run_step ON machine_run (batch_step);

CREATE FUNCTION machine_begins() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  wanted uuid;
  busy record;
BEGIN
  FOR wanted IN SELECT DISTINCT lineside.machine_of(NEW, p ->> 'machine') FROM jsonb_array_elements(NEW.spec -> 'parameters') p WHERE p ->> 'machine' IS NOT NULL ORDER BY 1 LOOP
    CONTINUE WHEN wanted IS NULL;                                             -- the step it is scanned in was left out: what it says will be missing, and named
    PERFORM FROM lineside.asset WHERE id = wanted FOR NO KEY UPDATE;          -- of two that begin at once the second waits and sees the first
    SELECT b.code, s.no, a.code AS machine INTO busy FROM lineside.machine_run r JOIN lineside.batch b ON b.id = r.batch JOIN lineside.batch_step s ON s.id = r.batch_step
      JOIN lineside.asset a ON a.id = r.machine WHERE r.machine = wanted AND r.batch <> NEW.batch AND r.during && tstzrange(NEW.started_at, NULL) LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'machine % runs in batch %', busy.machine, busy.code USING ERRCODE = 'LS145',
        DETAIL = jsonb_build_object('machine', busy.machine, 'batch', busy.code, 'step', busy.no)::text;
    END IF;
    INSERT INTO lineside.machine_run (machine, batch, batch_step, during) VALUES (wanted, NEW.batch, NEW.id, tstzrange(NEW.started_at, NULL));
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER machine_begins AFTER UPDATE OF status ON batch_step FOR EACH ROW WHEN (NEW.status = 'started' AND OLD.status = 'ready' AND NEW.kind = 'parameter') EXECUTE FUNCTION machine_begins();

-- A step ends, is left out, or its whole batch is closed while it stands open.
CREATE FUNCTION machine_ends() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  UPDATE lineside.machine_run SET during = tstzrange(lower(during), greatest(clock_timestamp(), lower(during) + interval '1 microsecond'))
   WHERE upper_inf(during) AND CASE TG_TABLE_NAME WHEN 'batch' THEN batch = NEW.id ELSE batch_step = NEW.id END;
  RETURN NULL;
END $$;
CREATE TRIGGER machine_ends AFTER UPDATE OF status ON batch_step FOR EACH ROW WHEN (OLD.status = 'started' AND NEW.status <> 'started') EXECUTE FUNCTION machine_ends();
CREATE TRIGGER machine_ends AFTER UPDATE OF status ON batch FOR EACH ROW WHEN (OLD.status = 'open' AND NEW.status <> 'open') EXECUTE FUNCTION machine_ends();
ALTER TABLE batch_step ENABLE ALWAYS TRIGGER machine_begins, ENABLE ALWAYS TRIGGER machine_ends;
ALTER TABLE batch ENABLE ALWAYS TRIGGER machine_ends;
REVOKE EXECUTE ON FUNCTION machine_begins, machine_ends FROM PUBLIC;
GRANT SELECT ON machine_run TO lineside_person;

-- Steps that stand open while this comes: the newest keeps the machine, an older one ends at its begin.
INSERT INTO machine_run (machine, batch, batch_step, during)
SELECT DISTINCT ON (m.machine) m.machine, m.batch, m.id, tstzrange(m.started_at, NULL)
  FROM (SELECT s.id, s.batch, s.started_at, machine_of(s, p ->> 'machine') AS machine FROM batch_step s JOIN batch b ON b.id = s.batch AND b.status = 'open'
        CROSS JOIN LATERAL jsonb_array_elements(s.spec -> 'parameters') p WHERE s.kind = 'parameter' AND s.status = 'started' AND p ->> 'machine' IS NOT NULL) m
 WHERE m.machine IS NOT NULL ORDER BY m.machine, m.started_at DESC;
