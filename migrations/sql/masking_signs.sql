-- Every masked column, once: the views, the trail and the tests read it here. form: text, bytes, figure; formula (a step or record: figures and texts go, what it is
-- called and how it hangs together stays); keys (facts of which some are of the class); signed (the text that was signed: its class is that of its subject).
CREATE FUNCTION masked_columns() RETURNS TABLE (class text, tab text, col text, form text) LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  VALUES ('personal', 'person', 'badge', 'text'), ('personal', 'person', 'enabled_check', 'text'),
    ('supplier', 'supplier', 'code', 'text'), ('supplier', 'supplier', 'name_en', 'text'), ('supplier', 'supplier', 'name_zh', 'text'),
    ('supplier', 'lot', 'supplier_lot', 'text'), ('supplier', 'approval', 'certificate', 'text'), ('supplier', 'receipt', 'raw', 'bytes'),
    ('supplier', 'label', 'content', 'keys'), ('supplier', 'task', 'facts', 'keys'),
    ('price', 'order_line', 'unit_price', 'figure'), ('price', 'order_line', 'currency', 'text'),
    ('formula', 'master_record', 'content', 'formula'), ('formula', 'master_record', 'source', 'text'),
    ('formula', 'batch', 'frozen', 'formula'), ('formula', 'batch_step', 'spec', 'formula'),
    ('supplier', 'signature', 'content', 'signed'), ('formula', 'signature', 'content', 'signed')
$$;
-- The sign of a mask (of bytes, which are shown as they came: ***). No record may hold it in such a column: what was shown masked is never written back as if it were the value.
CREATE FUNCTION masked_text(p_value text, p_rule text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE p_rule WHEN 'clear' THEN p_value WHEN 'masked' THEN CASE WHEN p_value <> '' THEN left(p_value, 1) || '•••' ELSE p_value END ELSE '•••' END
$$;
ALTER TABLE supplier ADD CONSTRAINT supplier_is_no_mask CHECK (name_en !~ '•••' AND name_zh !~ '•••');
ALTER TABLE approval ADD CONSTRAINT approval_is_no_mask CHECK (certificate !~ '•••');
ALTER TABLE label ADD CONSTRAINT label_is_no_mask CHECK (content::text !~ '•••');
ALTER TABLE task ADD CONSTRAINT task_is_no_mask CHECK (facts::text !~ '•••');
ALTER TABLE master_record ADD CONSTRAINT master_record_is_no_mask CHECK (source !~ '•••' AND content::text !~ '•••');

-- A record or step without its formula. Only what is named here is told: a key that comes later is hidden until it is named too.
CREATE FUNCTION without_formula(p_said jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  RETURN CASE jsonb_typeof(p_said)
    WHEN 'array' THEN (SELECT coalesce(jsonb_agg(lineside.without_formula(e) ORDER BY n), '[]') FROM jsonb_array_elements(p_said) WITH ORDINALITY AS t (e, n))
    WHEN 'object' THEN (SELECT coalesce(jsonb_object_agg(key, CASE WHEN key = ANY ('{code,revision,name,en,zh,steps,no,key,kind,after,signs,sign,right,since,machine,form,parameters,choices,checks,
        times,photos,characteristics,options,source,readings,sample_size,decimals,device,counted,by,per,bound_to,item,unit,asset,channel,plan,plan_id,scan_back,calibrated,sublot_size,batch_size,
        shelf_life_days,source_sha256}'::text[]) THEN lineside.without_formula(value) ELSE 'null' END), '{}') FROM jsonb_each(p_said))
    ELSE p_said END;
END $$;
-- Facts of a label or a task: the supplier's lot, and the supplier's code as it was scanned.
CREATE FUNCTION masked_facts(p_facts jsonb, p_rule text) RETURNS jsonb LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT CASE WHEN p_facts ?| ARRAY['supplier_lot', 'raw'] THEN (SELECT jsonb_object_agg(key, CASE WHEN key = 'supplier_lot' THEN to_jsonb(lineside.masked_text(value #>> '{}', p_rule))
    WHEN key = 'raw' THEN '"***"' ELSE value END) FROM jsonb_each(p_facts)) ELSE p_facts END
$$;
-- Whose class the text is that somebody signs; NULL: hashes and states, nothing of a class.
CREATE FUNCTION class_of_signed(p_kind text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE p_kind WHEN 'lot' THEN 'supplier' WHEN 'document' THEN 'formula' WHEN 'batch_step' THEN 'formula' END
$$;

-- One column of an image in the trail; p_image: the row it stands in.
CREATE FUNCTION masked_value(p_form text, p_class text, p_rule text, p_value jsonb, p_image jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT CASE WHEN p_value = 'null' AND p_rule = 'masked' THEN p_value
    WHEN p_form = 'text' THEN to_jsonb(lineside.masked_text(p_value #>> '{}', p_rule))
    WHEN p_form = 'formula' THEN lineside.without_formula(p_value)
    WHEN p_form = 'keys' THEN lineside.masked_facts(p_value, p_rule)
    WHEN p_form = 'signed' AND lineside.class_of_signed(p_image ->> 'subject_kind') IS DISTINCT FROM p_class THEN p_value
    ELSE '"•••"' END
$$;
-- An entry of the trail as somebody reads it who does not see everything: with "masked": the changed columns that hold more than is shown. Its hash is that of the whole.
CREATE FUNCTION masked_payload(p_tab text, p_payload text, p_masks jsonb) RETURNS text LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  whole jsonb;
  told jsonb;
  rule record;
  side text;
  masked jsonb;
  hid text[] := '{}';
BEGIN
  FOR rule IN SELECT m.class, m.col, m.form, p_masks ->> m.class AS how FROM lineside.masked_columns() m WHERE m.tab = p_tab AND p_masks ? m.class LOOP
    whole := coalesce(whole, p_payload::jsonb);
    told := coalesce(told, whole);
    FOREACH side IN ARRAY ARRAY['old', 'new'] LOOP
      CONTINUE WHEN whole #> ARRAY[side, rule.col] IS NULL;
      masked := lineside.masked_value(rule.form, rule.class, rule.how, whole #> ARRAY[side, rule.col], whole -> side);
      CONTINUE WHEN masked = whole #> ARRAY[side, rule.col];
      told := jsonb_set(told, ARRAY[side, rule.col], masked);
      IF NOT rule.col = ANY (hid) AND whole #> ARRAY['old', rule.col] IS DISTINCT FROM whole #> ARRAY['new', rule.col] THEN hid := hid || rule.col; END IF;
    END LOOP;
  END LOOP;
  RETURN CASE WHEN told IS NULL THEN p_payload ELSE (told || jsonb_build_object('masked', to_jsonb(hid)))::text END;
END $$;
-- Whoever asks a view calls what is in it; none of these reads a table.
GRANT EXECUTE ON FUNCTION masked_columns, masked_text, without_formula, masked_facts, class_of_signed, masked_value, masked_payload TO lineside_person;
