-- Who put a value where it stands: of a row and a column the newest entry of the trail that changed it. No value is told, only its hand, place, act and entry,
-- so whoever sees a number may ask (F4); what stood there before, and why it changed, is the trail's, with its right and its masks. 50 values are answered at most.
CREATE FUNCTION entries_behind(p_rows uuid[], p_columns text[])
RETURNS TABLE (row_id uuid, col text, who text, station text, act text, at timestamptz, chain text, seq bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' AS $$
  SELECT asked.r, asked.c, e.p ->> 'who', e.p ->> 'station', e.p ->> 'name', e.at, e.chain, e.seq
  FROM (SELECT DISTINCT u.r, u.c FROM unnest(p_rows, p_columns) AS u (r, c) LIMIT 50) asked
  CROSS JOIN LATERAL (
    SELECT it.p, k.at, k.chain, k.seq
    FROM (SELECT a.chain, a.seq, a.at FROM lineside.audit_log a
           WHERE a.row_id = asked.r
             AND a.tab IN ('lot', 'container', 'receipt', 'order_line', 'purchase_order', 'inspection', 'measurement', 'weighing', 'deviation', 'batch', 'batch_step', 'step_entry',
                           'unit', 'kit', 'consumption', 'label', 'document', 'master_record', 'device_protocol', 'asset', 'calibration', 'device_connection')
           ORDER BY a.at DESC, a.seq DESC OFFSET 0) k
    -- Read one by one from the newest on: a balance that ten thousand movements changed is answered by the first.
    CROSS JOIN LATERAL (SELECT a.payload::jsonb AS p FROM lineside.audit_log a WHERE a.chain = k.chain AND a.seq = k.seq OFFSET 0) it
    WHERE (it.p -> 'new') ? asked.c AND (it.p -> 'new' -> asked.c) IS DISTINCT FROM (it.p -> 'old' -> asked.c)
    ORDER BY k.at DESC, k.seq DESC LIMIT 1) e
$$;
REVOKE EXECUTE ON FUNCTION entries_behind FROM PUBLIC;
GRANT EXECUTE ON FUNCTION entries_behind TO lineside_person;
