-- What a station prints next: in the order it was asked for, and the labels of one batch, while they wait together, in the order of its units.

CREATE OR REPLACE FUNCTION label_queue() RETURNS SETOF label LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT l.* FROM lineside.label l JOIN lineside.station s ON s.code = l.station LEFT JOIN lineside.unit u ON l.kind = 'unit' AND u.id = l.subject_id
   WHERE s.role_name = session_user AND l.status IN ('requested', 'sent')
   ORDER BY min(l.requested_at) OVER (PARTITION BY coalesce(u.batch, l.id)), u.batch, u.no, l.requested_at, l.id
$$;
