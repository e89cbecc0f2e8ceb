-- For every table with a masked column a view of the same columns in the same order, masked by the rule of who asks; the columns themselves are granted to nobody any more.
-- They hide values, not rows: there is no condition that a cheap function of the asker's could be looked at before, so they are no security barriers, and a join by key into
-- one of them still goes by the index (a barrier would read the whole table). Sorting, searching and grouping see the mask.
CREATE PROCEDURE show_masked(p_table text, p_holder text) LANGUAGE plpgsql SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  every text;
  open text;
BEGIN
  SELECT string_agg(CASE m.form WHEN 'text' THEN format(
        'CASE (SELECT lineside.mask_of(%1$L)) WHEN ''clear'' THEN t.%2$I WHEN ''masked'' THEN CASE WHEN t.%2$I <> '''' THEN left(t.%2$I, 1) || ''•••'' ELSE t.%2$I END ELSE ''•••'' END AS %2$I', m.class, a.attname)
      WHEN 'bytes' THEN format('CASE WHEN (SELECT lineside.sees(%1$L)) THEN t.%2$I ELSE ''***''::bytea END AS %2$I', m.class, a.attname)
      WHEN 'figure' THEN format('CASE WHEN (SELECT lineside.sees(%1$L)) THEN t.%2$I END AS %2$I', m.class, a.attname)
      WHEN 'formula' THEN format('CASE WHEN (SELECT lineside.sees(%1$L)) THEN t.%2$I ELSE lineside.without_formula(t.%2$I) END AS %2$I', m.class, a.attname)
      WHEN 'keys' THEN format('CASE WHEN (SELECT lineside.sees(%1$L)) THEN t.%2$I ELSE lineside.masked_facts(t.%2$I, (SELECT lineside.mask_of(%1$L))) END AS %2$I', m.class, a.attname)
      WHEN 'signed' THEN format('CASE WHEN coalesce((SELECT lineside.masks_here()) ? lineside.class_of_signed(t.subject_kind), false) THEN ''•••'' ELSE t.%1$I END AS %1$I', a.attname)
      ELSE format('t.%I', a.attname) END, ', ' ORDER BY a.attnum),
    string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FILTER (WHERE m.form IS NULL)
    INTO every, open
    FROM pg_attribute a LEFT JOIN (SELECT DISTINCT ON (tab, col) * FROM lineside.masked_columns()) m ON m.tab = p_table AND m.col = a.attname
   WHERE a.attrelid = format('lineside.%I', p_table)::regclass AND a.attnum > 0 AND NOT a.attisdropped;
  EXECUTE format('CREATE OR REPLACE VIEW lineside.%I AS SELECT %s FROM lineside.%I t', p_table || '_seen', every, p_table);
  EXECUTE format('REVOKE SELECT ON lineside.%I FROM %I', p_table, p_holder);
  EXECUTE format('GRANT SELECT (%s) ON lineside.%I TO %I', open, p_table, p_holder);
  EXECUTE format('GRANT SELECT ON lineside.%I TO %I', p_table || '_seen', p_holder);
END $$;
DO $$
DECLARE
  t text;
BEGIN
  FOR t IN SELECT DISTINCT tab FROM lineside.masked_columns() ORDER BY 1 LOOP
    CALL lineside.show_masked(t, 'lineside_person');
  END LOOP;
END $$;

-- The trail: its hashes are those of the whole entry. who: so that somebody's entries are found without reading what is masked.
CREATE VIEW audit_log_seen AS
  SELECT a.chain, a.seq, a.at, CASE WHEN (SELECT lineside.masks_here()) IS NULL THEN a.payload ELSE lineside.masked_payload(a.tab, a.payload, (SELECT lineside.masks_here())) END AS payload,
    a.prev, a.hash, a.tab, a.row_id, a.tx, split_part(substr(a.payload, strpos(a.payload, '"who": "') + 8, 64), '"', 1) AS who
  FROM lineside.audit_log a;
REVOKE SELECT ON audit_log FROM lineside_may_read_trail;
GRANT SELECT (chain, seq, at, prev, hash, tab, row_id, tx) ON audit_log TO lineside_may_read_trail;
GRANT SELECT ON audit_log_seen TO lineside_may_read_trail;

-- Drafts hold what somebody typed before it is a record: read by who began them alone. What is not one's own is refused by the trigger, as before.
ALTER TABLE draft ENABLE ROW LEVEL SECURITY;
CREATE POLICY draft_is_read_by_its_own ON draft FOR SELECT TO lineside_person USING (person = session_user);
CREATE POLICY draft_is_begun ON draft FOR INSERT TO lineside_person WITH CHECK (true);
CREATE POLICY draft_goes_on ON draft FOR UPDATE TO lineside_person USING (true);
CREATE POLICY draft_is_dropped ON draft FOR DELETE TO lineside_person USING (true);
