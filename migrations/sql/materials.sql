-- Items, suppliers with their approvals, locations, lots, and the ledger that alone moves a balance.

CREATE TABLE item (
  id uuid PRIMARY KEY,
  code text NOT NULL UNIQUE CHECK (code ~ '^[A-Z0-9-]{2,24}$'),
  gtin text UNIQUE CHECK (gtin ~ '^[0-9]{14}$'),
  name_en text NOT NULL, name_zh text NOT NULL,
  unit text NOT NULL CHECK (unit <> ''),
  min_days_left integer NOT NULL CHECK (min_days_left >= 0),
  version integer NOT NULL DEFAULT 1
);

CREATE TABLE supplier (
  id uuid PRIMARY KEY,
  code text NOT NULL UNIQUE CHECK (code ~ '^[A-Z0-9-]{2,12}$'),
  name_en text NOT NULL, name_zh text NOT NULL,
  version integer NOT NULL DEFAULT 1
);

CREATE TABLE approval (                                 -- of a supplier for an item at a site, for a time; lapse is a condition at use
  id uuid PRIMARY KEY,
  supplier uuid NOT NULL REFERENCES supplier,
  item uuid NOT NULL REFERENCES item,
  site uuid NOT NULL REFERENCES site,
  valid_from date NOT NULL,
  valid_to date NOT NULL CHECK (valid_to >= valid_from),
  certificate text NOT NULL CHECK (certificate <> ''),
  certificate_valid_to date NOT NULL,
  approved_by text NOT NULL DEFAULT session_user,
  approved_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX approval_pair ON approval (supplier, item, site);

CREATE TABLE location (
  id uuid PRIMARY KEY,
  code text NOT NULL UNIQUE CHECK (code ~ '^[A-Z0-9-]{2,16}$'),
  site uuid NOT NULL REFERENCES site,
  kind text NOT NULL CHECK (kind IN ('quarantine', 'released', 'rejected'))
);

CREATE TABLE lot (
  id uuid PRIMARY KEY,
  code text NOT NULL UNIQUE,
  item uuid NOT NULL REFERENCES item,
  supplier uuid NOT NULL REFERENCES supplier,
  supplier_lot text NOT NULL CHECK (supplier_lot ~ '^[!-~]{1,20}$'),          -- GS1 AI 10: 1–20 printable ASCII; nothing that only looks alike
  site uuid NOT NULL REFERENCES site,
  made_on date,
  expires_on date NOT NULL,
  status text NOT NULL DEFAULT 'quarantine' CHECK (status IN ('quarantine', 'held', 'released', 'rejected')),
  balance numeric NOT NULL DEFAULT 0 CHECK (balance >= 0 AND balance < 'Infinity'),
  unit text NOT NULL,
  version integer NOT NULL DEFAULT 1,
  opened_by text NOT NULL DEFAULT session_user,
  opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK (made_on IS NULL OR made_on < expires_on),
  CONSTRAINT lot_of_supplier UNIQUE (item, supplier, supplier_lot)            -- one supplier lot, one expiry
);

CREATE TABLE ledger (
  id uuid PRIMARY KEY,
  lot uuid NOT NULL REFERENCES lot,
  no integer NOT NULL,
  quantity numeric NOT NULL CHECK (quantity <> 0 AND quantity > '-Infinity' AND quantity < 'Infinity'),
  after_balance numeric NOT NULL CHECK (after_balance >= 0),
  kind text NOT NULL CHECK (kind IN ('receipt', 'undo')),
  location uuid NOT NULL REFERENCES location,
  cause uuid NOT NULL,                                  -- the receipt or other act that moved it
  by_person text NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (lot, no)
);

CREATE SEQUENCE lot_code;
CREATE SEQUENCE container_code;
CREATE SEQUENCE inspection_code;
CREATE SEQUENCE deviation_code;
-- Gaps are possible (a refused command keeps its number) and say nothing: the trail, not the number, proves completeness.
CREATE FUNCTION next_code(p_kind text) RETURNS text LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT CASE p_kind WHEN 'lot' THEN 'L' || to_char(clock_timestamp(), 'YY') || '-' || lpad(nextval('lineside.lot_code')::text, 4, '0')
    WHEN 'container' THEN 'C' || to_char(clock_timestamp(), 'YY') || '-' || lpad(nextval('lineside.container_code')::text, 5, '0')
    WHEN 'inspection' THEN 'IQC' || to_char(clock_timestamp(), 'YY') || '-' || lpad(nextval('lineside.inspection_code')::text, 4, '0')
    WHEN 'deviation' THEN 'DEV' || to_char(clock_timestamp(), 'YY') || '-' || lpad(nextval('lineside.deviation_code')::text, 4, '0') END
$$;

-- Codes come from next_code: nobody takes one that was not given out yet, or writes one that only looks like ours.
CREATE FUNCTION demand_given_code(p_kind text, p_code text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  prefix text := CASE p_kind WHEN 'lot' THEN 'L' WHEN 'container' THEN 'C' WHEN 'inspection' THEN 'IQC' WHEN 'deviation' THEN 'DEV' END;
  given bigint := pg_sequence_last_value(('lineside.' || p_kind || '_code')::regclass);
BEGIN
  IF p_code !~ ('^' || prefix || '[0-9]{2}-[0-9]{4,9}$') OR split_part(p_code, '-', 2)::bigint > coalesce(given, 0) THEN
    RAISE EXCEPTION 'the code % was not given out', p_code USING ERRCODE = 'LS065', DETAIL = jsonb_build_object('code', p_code)::text;
  END IF;
END $$;

-- A new lot is in quarantine with nothing in it; the ledger alone fills it.
CREATE FUNCTION lot_begins() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  PERFORM lineside.demand('receive_material', NEW.site);
  PERFORM lineside.demand_given_code('lot', NEW.code);
  IF EXISTS (SELECT FROM lineside.lot l WHERE l.item = NEW.item AND l.supplier = NEW.supplier AND upper(l.supplier_lot) = upper(NEW.supplier_lot) AND l.supplier_lot <> NEW.supplier_lot) THEN
    RAISE EXCEPTION 'a lot of this supplier is written almost like %', NEW.supplier_lot USING ERRCODE = 'LS043', DETAIL = jsonb_build_object('read', NEW.supplier_lot)::text;
  END IF;
  NEW.status := 'quarantine'; NEW.balance := 0; NEW.version := 1;
  NEW.unit := (SELECT unit FROM lineside.item WHERE id = NEW.item);
  RETURN NEW;
END $$;
CREATE TRIGGER lot_begins BEFORE INSERT ON lot FOR EACH ROW EXECUTE FUNCTION lot_begins();

CREATE FUNCTION ledger_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  UPDATE lineside.lot SET balance = balance + NEW.quantity WHERE id = NEW.lot RETURNING balance INTO NEW.after_balance;     -- the row lock serialises; CHECK refuses < 0
  NEW.no := coalesce((SELECT max(no) FROM lineside.ledger WHERE lot = NEW.lot), 0) + 1;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_moves BEFORE INSERT ON ledger FOR EACH ROW EXECUTE FUNCTION ledger_moves();

-- Everything but balance counts as a new version of a lot: a signature names the version it was given for.
CREATE TRIGGER raise_version BEFORE UPDATE ON lot FOR EACH ROW EXECUTE FUNCTION raise_version('balance');
CREATE TRIGGER raise_version BEFORE UPDATE ON item FOR EACH ROW EXECUTE FUNCTION raise_version();
CREATE TRIGGER raise_version BEFORE UPDATE ON supplier FOR EACH ROW EXECUTE FUNCTION raise_version();
CREATE TRIGGER status_order BEFORE UPDATE OF status ON lot FOR EACH ROW
  EXECUTE FUNCTION status_order('quarantine>held', 'quarantine>released', 'quarantine>rejected', 'held>quarantine', 'held>rejected', 'released>held');

-- A status changes only with a signature of this transaction, by the person who changes it, over the content that is committed.
CREATE FUNCTION lot_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  now_row lineside.lot;
  wanted text;
BEGIN
  SELECT * INTO now_row FROM lineside.lot WHERE id = NEW.id;                  -- as it will be committed, whatever the order of statements
  IF NEW.status <> now_row.status THEN                                        -- two steps under one signature: held > quarantine > released
    RAISE EXCEPTION 'the status of lot % changes once in a transaction', now_row.code USING ERRCODE = 'LS031',
      DETAIL = jsonb_build_object('from', NEW.status, 'to', now_row.status)::text;
  END IF;
  wanted := CASE now_row.status WHEN 'released' THEN 'released' WHEN 'rejected' THEN 'rejected' WHEN 'held' THEN 'held' ELSE 'hold ended' END;
  IF NOT lineside.signed_in_this_transaction('lot', now_row.id, wanted) THEN
    RAISE EXCEPTION 'lot % cannot become % without a signature over its content', now_row.code, now_row.status USING ERRCODE = 'LS030',
      DETAIL = jsonb_build_object('lot', now_row.code)::text;
  END IF;
  IF now_row.status = 'released' THEN
    IF lineside.open_deviations('lot', now_row.id) > 0 THEN
      RAISE EXCEPTION 'lot % has an open deviation', now_row.code USING ERRCODE = 'LS033', DETAIL = jsonb_build_object('lot', now_row.code)::text;
    END IF;
    IF NOT lineside.inspection_allows_release(now_row.id) THEN
      RAISE EXCEPTION 'lot % has no accepted inspection', now_row.code USING ERRCODE = 'LS034', DETAIL = jsonb_build_object('lot', now_row.code)::text;
    END IF;
    IF now_row.expires_on < lineside.today_at(now_row.site) THEN
      RAISE EXCEPTION 'lot % expired on %', now_row.code, now_row.expires_on USING ERRCODE = 'LS041', DETAIL = jsonb_build_object('expires_on', now_row.expires_on)::text;
    END IF;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER lot_gate AFTER UPDATE OF status ON lot DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION lot_gate();
ALTER TABLE lot ENABLE ALWAYS TRIGGER lot_gate;
