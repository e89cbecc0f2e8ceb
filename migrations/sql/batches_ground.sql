-- What the batch record needs of what stands already: a stage in process, codes of batches, lengths for texts of new tables.

ALTER TABLE inspection_plan DROP CONSTRAINT inspection_plan_stage_check;
ALTER TABLE inspection_plan ADD CONSTRAINT inspection_plan_stage_check CHECK (stage IN ('incoming', 'in-process'));

CREATE SEQUENCE batch_code;
CREATE OR REPLACE FUNCTION next_code(p_kind text) RETURNS text LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT lineside.practice_mark() || CASE p_kind WHEN 'lot' THEN 'L' || to_char(clock_timestamp(), 'YY') || '-' || lpad(nextval('lineside.lot_code')::text, 4, '0')
    WHEN 'container' THEN 'C' || to_char(clock_timestamp(), 'YY') || '-' || lpad(nextval('lineside.container_code')::text, 5, '0')
    WHEN 'inspection' THEN 'IQC' || to_char(clock_timestamp(), 'YY') || '-' || lpad(nextval('lineside.inspection_code')::text, 4, '0')
    WHEN 'deviation' THEN 'DEV' || to_char(clock_timestamp(), 'YY') || '-' || lpad(nextval('lineside.deviation_code')::text, 4, '0')
    WHEN 'batch' THEN 'B' || to_char(clock_timestamp(), 'YY') || '-' || lpad(nextval('lineside.batch_code')::text, 4, '0') END
$$;
CREATE OR REPLACE FUNCTION demand_given_code(p_kind text, p_code text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  prefix text := CASE p_kind WHEN 'lot' THEN 'L' WHEN 'container' THEN 'C' WHEN 'inspection' THEN 'IQC' WHEN 'deviation' THEN 'DEV' WHEN 'batch' THEN 'B' END;
  given bigint := pg_sequence_last_value(('lineside.' || p_kind || '_code')::regclass);
BEGIN
  IF p_code !~ ('^' || lineside.practice_mark() || prefix || '[0-9]{2}-[0-9]{4,9}$') OR split_part(p_code, '-', 2)::bigint > coalesce(given, 0) THEN
    RAISE EXCEPTION 'the code % was not given out', p_code USING ERRCODE = 'LS065', DETAIL = jsonb_build_object('code', p_code)::text;
  END IF;
END $$;

-- The rule of plain_text.sql for a table that came later: a length for every text, none of it invisible. Larger sizes are said by the table itself.
CREATE PROCEDURE keep_plain(p_table text) LANGUAGE plpgsql SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  col record;
BEGIN
  FOR col IN
    SELECT c.column_name AS name, c.data_type AS kind FROM information_schema.columns c
     WHERE c.table_schema = 'lineside' AND c.table_name = p_table AND c.data_type IN ('text', 'jsonb', 'bytea')
       AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = ('lineside.' || p_table)::regclass AND pg_get_constraintdef(k.oid) ~ ('length\(\(?' || c.column_name || '\)'))
     ORDER BY 1
  LOOP
    EXECUTE format('ALTER TABLE lineside.%I ADD CONSTRAINT %I CHECK (' || CASE col.kind
        WHEN 'text' THEN 'length(%I) <= %s AND %3$I !~ ''[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]'''
        WHEN 'jsonb' THEN 'length(%I::text) <= %s' ELSE 'length(%I) <= %s' END || ')',
      p_table, p_table || '_' || col.name || '_plain', col.name, CASE WHEN col.name = 'reason' THEN 500 WHEN col.kind = 'jsonb' THEN 20000 WHEN col.kind = 'bytea' THEN 2048 ELSE 200 END);
  END LOOP;
END $$;
