-- What the database would enter now in the fields that it computes itself: shown while a step runs, and before its end asks for a deviation.

CREATE FUNCTION figures_of_step(p_step uuid) RETURNS TABLE (field text, value numeric) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT f.field, lineside.computed_value(s, f.field) FROM lineside.batch_step s CROSS JOIN LATERAL lineside.fields_of_step(s.kind, s.spec) f
   WHERE s.id = p_step AND s.status = 'started' AND f.form IN ('computed', 'minutes', 'channel')
$$;
GRANT EXECUTE ON FUNCTION figures_of_step TO lineside_person;
