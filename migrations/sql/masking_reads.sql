-- Functions that told what is masked now: as before, by the rule of who asks.

CREATE OR REPLACE FUNCTION what_is_signed(p_kind text, p_subject uuid) RETURNS TABLE (content text, digest bytea, version integer, performers text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT CASE WHEN coalesce((SELECT lineside.masks_here()) ? lineside.class_of_signed(p_kind), false) THEN '•••' ELSE c END,
    sha256(convert_to(c, 'UTF8')), lineside.subject_version(p_kind, p_subject), ARRAY (SELECT lineside.performers(p_kind, p_subject))
  FROM lineside.canonical(p_kind, p_subject) AS c
$$;
-- Nobody signs what is hidden from them.
CREATE FUNCTION signer_sees() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF lineside.class_of_signed(NEW.subject_kind) IS NOT NULL THEN PERFORM lineside.demand_sees(ARRAY[lineside.class_of_signed(NEW.subject_kind)]); END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER signer_sees BEFORE INSERT ON signature FOR EACH ROW EXECUTE FUNCTION signer_sees();
ALTER TABLE signature ENABLE ALWAYS TRIGGER signer_sees;

CREATE OR REPLACE FUNCTION trace_facts(p_kind text, p_id uuid) RETURNS TABLE (code text, name_en text, name_zh text, status text, amount numeric, unit text) LANGUAGE plpgsql STABLE ROWS 1 AS $$
#variable_conflict use_column
BEGIN
  CASE p_kind
  WHEN 'supplier_lot' THEN RETURN QUERY SELECT l.supplier_lot, s.name_en, s.name_zh, NULL::text, lineside.trace_received(l.id), l.unit
      FROM lineside.lot_seen l JOIN lineside.supplier_seen s ON s.id = l.supplier WHERE l.id = p_id;
  WHEN 'lot' THEN RETURN QUERY SELECT l.code, i.name_en, i.name_zh, l.status, lineside.trace_received(l.id), l.unit FROM lineside.lot l JOIN lineside.item i ON i.id = l.item WHERE l.id = p_id;
  WHEN 'container' THEN RETURN QUERY SELECT c.code, i.name_en, i.name_zh, NULL::text, c.quantity, l.unit
      FROM lineside.container c JOIN lineside.lot l ON l.id = c.lot JOIN lineside.item i ON i.id = l.item WHERE c.id = p_id;
  WHEN 'batch' THEN RETURN QUERY SELECT b.code, b.frozen #>> '{name,en}', b.frozen #>> '{name,zh}', b.status, (SELECT count(*)::numeric FROM lineside.unit u WHERE u.batch = b.id), b.unit
      FROM lineside.batch b WHERE b.id = p_id;
  WHEN 'unit' THEN RETURN QUERY SELECT u.serial, NULL::text, NULL::text, u.status, NULL::numeric, NULL::text FROM lineside.unit u WHERE u.id = p_id;
  WHEN 'label' THEN RETURN QUERY SELECT coalesce(u.serial, c.code) || '/' || l.copy_no, NULL::text, NULL::text, l.status, NULL::numeric, NULL::text FROM lineside.label l
      LEFT JOIN lineside.unit u ON l.kind = 'unit' AND u.id = l.subject_id LEFT JOIN lineside.container c ON l.kind = 'container' AND c.id = l.subject_id WHERE l.id = p_id;
  WHEN 'asset' THEN RETURN QUERY SELECT a.code, a.name_en, a.name_zh, NULL::text, NULL::numeric, NULL::text FROM lineside.asset a WHERE a.id = p_id;
  WHEN 'calibration' THEN RETURN QUERY SELECT c.certificate, a.code, a.code, CASE WHEN c.passed THEN 'passed' ELSE 'failed' END, NULL::numeric, NULL::text
      FROM lineside.calibration c JOIN lineside.asset a ON a.id = c.asset WHERE c.id = p_id;
  WHEN 'person' THEN RETURN QUERY SELECT p.login, p.name_en, p.name_zh, NULL::text, NULL::numeric, NULL::text FROM lineside.person p WHERE p.id = p_id;
  WHEN 'inspection' THEN RETURN QUERY SELECT i.code, NULL::text, NULL::text, coalesce(i.verdict, i.status), NULL::numeric, NULL::text FROM lineside.inspection i WHERE i.id = p_id;
  WHEN 'deviation' THEN RETURN QUERY SELECT d.code, NULL::text, NULL::text, d.status, NULL::numeric, NULL::text FROM lineside.deviation d WHERE d.id = p_id;
  END CASE;
END $$;
CREATE OR REPLACE FUNCTION trace_named(p_code text) RETURNS TABLE (kind text, id uuid, code text, said text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT 'lot', l.id, l.code, l.supplier_lot FROM lineside.lot_seen l WHERE l.code = p_code
  UNION ALL SELECT 'container', c.id, c.code, NULL FROM lineside.container c WHERE c.code = p_code
  UNION ALL SELECT 'batch', b.id, b.code, NULL FROM lineside.batch b WHERE b.code = p_code
  UNION ALL SELECT 'unit', u.id, u.serial, NULL FROM lineside.unit u WHERE u.serial = p_code
  UNION ALL SELECT 'supplier_lot', l.id, l.supplier_lot, l.code FROM lineside.lots_named(p_code) n JOIN lineside.lot l ON l.id = n
  UNION ALL SELECT 'asset', a.id, a.code, NULL FROM lineside.asset a WHERE a.code = p_code
  UNION ALL SELECT 'calibration', c.id, c.certificate, a.code FROM lineside.calibration c JOIN lineside.asset a ON a.id = c.asset WHERE c.certificate = p_code
  UNION ALL SELECT 'person', p.id, p.login, NULL FROM lineside.person p WHERE p.login = p_code
  UNION ALL SELECT 'inspection', i.id, i.code, NULL FROM lineside.inspection i WHERE i.code = p_code
  UNION ALL SELECT 'deviation', d.id, d.code, NULL FROM lineside.deviation d WHERE d.code = p_code
$$;

-- Lots by what their supplier calls them: found by the index, and by nobody who does not see it; whoever searched the masked column would find the mask.
CREATE FUNCTION lots_named(p_supplier_lot text) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER ROWS 1 SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT l.id FROM lineside.lot l WHERE l.supplier_lot = p_supplier_lot AND (SELECT lineside.sees('supplier'))
$$;
CREATE FUNCTION lot_of_supplier(p_item uuid, p_supplier uuid, p_supplier_lot text) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT l.id FROM lineside.lot l WHERE l.item = p_item AND l.supplier = p_supplier AND l.supplier_lot = p_supplier_lot AND (SELECT lineside.sees('supplier'))
$$;

-- What a batch wants of each item in all: told to who lays out its kit, and to who sees formulas. A store keeper reads what to bring, not how the product is made.
CREATE FUNCTION kit_wanted(p_batch uuid) RETURNS TABLE (no integer, item text, name_en text, name_zh text, unit text, whole numeric, consumed numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT s.no, i.code, i.name_en, i.name_zh, i.unit, lineside.demand_of_step(s.spec, b.planned), lineside.consumed_of(s.id)
    FROM lineside.batch b JOIN lineside.batch_step s ON s.batch = b.id AND s.kind = 'material' JOIN lineside.item i ON i.code = s.spec ->> 'item'
   WHERE b.id = p_batch AND (lineside.may('lay_out_kit', b.site) OR lineside.sees('formula')) ORDER BY s.no
$$;
GRANT EXECUTE ON FUNCTION kit_wanted, lots_named, lot_of_supplier TO lineside_person;
REVOKE EXECUTE ON FUNCTION signer_sees FROM PUBLIC;

-- As before, but the message, which goes into logs, does not say the supplier's lot; its detail says it to who received it.
CREATE OR REPLACE FUNCTION lot_begins() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  PERFORM lineside.demand('receive_material', NEW.site);
  PERFORM lineside.demand_given_code('lot', NEW.code);
  IF EXISTS (SELECT FROM lineside.lot l WHERE l.item = NEW.item AND l.supplier = NEW.supplier AND upper(l.supplier_lot) = upper(NEW.supplier_lot) AND l.supplier_lot <> NEW.supplier_lot) THEN
    RAISE EXCEPTION 'a lot of this supplier is written almost alike' USING ERRCODE = 'LS043', DETAIL = jsonb_build_object('read', NEW.supplier_lot)::text;
  END IF;
  NEW.status := 'quarantine'; NEW.balance := 0; NEW.version := 1;
  NEW.unit := (SELECT unit FROM lineside.item WHERE id = NEW.item);
  RETURN NEW;
END $$;
