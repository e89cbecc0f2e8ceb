-- What a machine said while a step ran, as the three figures that its record keeps: lowest, highest, longest time without a good sample.

CREATE INDEX sample_batch_machine ON sample_batch (machine, stored_at);

-- The machine that was scanned in an equipment step of the same batch.
CREATE FUNCTION machine_of(p_step batch_step, p_equipment text) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT e.device FROM lineside.batch_step s CROSS JOIN LATERAL lineside.current_entries(s.id) e
   WHERE s.batch = p_step.batch AND s.key = p_equipment AND e.field = 'asset'
$$;

CREATE FUNCTION channel_of_parameter(p_step batch_step, p_ask jsonb) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT c.id FROM lineside.channel c
   WHERE c.machine = lineside.machine_of(p_step, p_ask ->> 'machine') AND c.name = p_ask ->> 'channel' AND c.unit = p_ask ->> 'unit'
$$;

CREATE FUNCTION channel_verdict(p_field text, p_ask jsonb, p_value numeric) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT CASE WHEN p_field LIKE '%.gap' THEN lineside.judged(p_value, NULL, p_ask ->> 'longest_gap_s') ELSE lineside.judged(p_value, p_ask ->> 'lower', p_ask ->> 'upper') END
$$;

-- From the start of the step to its end, or to now. A silence that still goes on counts only once it is longer than it may be: until then the next sample is under way.
-- NULL: there is no good sample yet.
CREATE FUNCTION channel_figure(p_step batch_step, p_field text) RETURNS numeric LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  ask jsonb := (SELECT f.ask FROM lineside.fields_of_step(p_step.kind, p_step.spec) f WHERE f.field = p_field);
  source uuid := lineside.channel_of_parameter(p_step, ask);
  till timestamptz := coalesce(p_step.done_at, clock_timestamp());
  told record;
BEGIN
  IF p_field NOT LIKE '%.gap' THEN
    SELECT min(s.value) AS low, max(s.value) AS high INTO told FROM lineside.sample s WHERE s.channel = source AND s.at >= p_step.started_at AND s.at < till;
    RETURN CASE WHEN p_field LIKE '%.low' THEN told.low ELSE told.high END;
  END IF;
  SELECT max(extract(epoch FROM s.at - s.before)) AS longest, extract(epoch FROM till - max(s.at)) AS silent INTO told
    FROM (SELECT at, lag(at, 1, p_step.started_at) OVER (ORDER BY at) AS before FROM lineside.sample
           WHERE channel = source AND at >= p_step.started_at AND at < till AND value IS NOT NULL) s;
  RETURN trunc(greatest(told.longest, CASE WHEN told.silent > (ask ->> 'longest_gap_s')::numeric THEN told.silent END), 1);
END $$;
