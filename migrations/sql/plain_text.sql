-- Nothing endless and nothing invisible in a record: every text column has a length (200 unless told) and holds no control character and none of the
-- signs that turn the writing direction round (U+202A…202E, U+2066…2069); JSON and raw frames have a size. What the database itself writes is left out.
DO $plain$
DECLARE
  col record;
  longest integer;
BEGIN
  FOR col IN
    SELECT c.table_name AS tab, c.column_name AS name, c.data_type AS kind FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE c.table_schema = 'lineside' AND t.table_type = 'BASE TABLE' AND c.data_type IN ('text', 'jsonb', 'bytea')
       AND c.table_name NOT IN ('audit_log', 'audit_chain', 'station_ticket', 'login_record', 'person_secret', 'attachment_chunk', 'signature_rule', 'disposition_rule')
       AND (c.table_name, c.column_name) NOT IN (('signature', 'content'), ('inspection', 'frozen'))
     ORDER BY 1, 2
  LOOP
    longest := CASE WHEN col.name IN ('what_happened', 'reason') THEN 500 WHEN (col.tab, col.name) = ('draft', 'content') THEN 200000 WHEN col.kind = 'jsonb' THEN 20000
                    WHEN col.kind = 'bytea' THEN 2048 ELSE 200 END;
    EXECUTE format('ALTER TABLE lineside.%I ADD CONSTRAINT %I CHECK (' || CASE col.kind
        WHEN 'text' THEN 'length(%I) <= %s AND %3$I !~ ''[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]'''
        WHEN 'jsonb' THEN 'length(%I::text) <= %s' ELSE 'length(%I) <= %s' END || ')', col.tab, col.tab || '_' || col.name || '_plain', col.name, longest);
  END LOOP;
END
$plain$;
