-- Purchase orders, receipts, containers and their weighing.

CREATE TABLE purchase_order (
  id uuid PRIMARY KEY,
  code text NOT NULL UNIQUE CHECK (code ~ '^PO[0-9]{2}-[0-9]{4}$'),
  supplier uuid NOT NULL REFERENCES supplier,
  site uuid NOT NULL REFERENCES site,
  version integer NOT NULL DEFAULT 1
);

CREATE TABLE order_line (
  id uuid PRIMARY KEY,
  purchase_order uuid NOT NULL REFERENCES purchase_order,
  no integer NOT NULL CHECK (no > 0),
  item uuid NOT NULL REFERENCES item,
  quantity numeric NOT NULL CHECK (quantity > 0 AND quantity < 'Infinity'),
  due_on date NOT NULL,
  UNIQUE (purchase_order, no)
);

CREATE TABLE receipt (
  id uuid PRIMARY KEY,
  order_line uuid NOT NULL REFERENCES order_line,
  lot uuid NOT NULL REFERENCES lot,
  quantity numeric NOT NULL CHECK (quantity > 0 AND quantity < 'Infinity'),
  location uuid NOT NULL REFERENCES location,
  origin text NOT NULL CHECK (origin IN ('scanned', 'typed')),
  raw bytea NOT NULL,                                   -- the supplier's code as it was scanned
  scanner text NOT NULL,
  received_by text NOT NULL DEFAULT session_user,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX receipt_lot ON receipt (lot);
CREATE INDEX receipt_line ON receipt (order_line);

CREATE TABLE receipt_undo (                             -- compensating entry; the receipt itself stays visible
  id uuid PRIMARY KEY,
  receipt uuid NOT NULL UNIQUE REFERENCES receipt,
  reason text NOT NULL CHECK (reason <> ''),
  undone_by text NOT NULL DEFAULT session_user,
  undone_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE container (
  id uuid PRIMARY KEY,
  code text NOT NULL UNIQUE,
  receipt uuid NOT NULL REFERENCES receipt,
  lot uuid NOT NULL REFERENCES lot,
  quantity numeric NOT NULL CHECK (quantity > 0 AND quantity < 'Infinity')
);
CREATE INDEX container_lot ON container (lot);

CREATE TABLE weighing (
  id uuid PRIMARY KEY,
  container uuid NOT NULL REFERENCES container,
  kind text NOT NULL CHECK (kind IN ('gross')),
  value numeric NOT NULL CHECK (value > 0 AND value < 'Infinity'),
  unit text NOT NULL,
  scale uuid NOT NULL REFERENCES asset,
  raw bytea NOT NULL,
  read_at timestamptz NOT NULL,                         -- the workstation's clock
  weighed_by text NOT NULL DEFAULT session_user,
  weighed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX weighing_container ON weighing (container);

CREATE FUNCTION received_of(p_line uuid) RETURNS numeric LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT coalesce(sum(r.quantity), 0) FROM lineside.receipt r WHERE r.order_line = p_line AND NOT EXISTS (SELECT FROM lineside.receipt_undo u WHERE u.receipt = r.id)
$$;

CREATE FUNCTION supplier_is_approved(p_supplier uuid, p_item uuid, p_site uuid, p_day date) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT EXISTS (SELECT FROM lineside.approval a WHERE a.supplier = p_supplier AND a.item = p_item AND a.site = p_site
                 AND p_day BETWEEN a.valid_from AND least(a.valid_to, a.certificate_valid_to))
$$;

-- RCV: a receipt stands only for the ordered item, of a supplier approved today, in date, into quarantine, within the ordered quantity.
CREATE FUNCTION receipt_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  line lineside.order_line;
  po lineside.purchase_order;
  the_lot lineside.lot;
  place lineside.location;
  today date;
BEGIN
  SELECT * INTO line FROM lineside.order_line WHERE id = NEW.order_line FOR UPDATE;
  SELECT * INTO po FROM lineside.purchase_order WHERE id = line.purchase_order;
  SELECT * INTO the_lot FROM lineside.lot WHERE id = NEW.lot;
  SELECT * INTO place FROM lineside.location WHERE id = NEW.location;
  PERFORM lineside.demand('receive_material', po.site);
  today := lineside.today_at(po.site);
  IF the_lot.item <> line.item OR the_lot.supplier <> po.supplier OR the_lot.site <> po.site THEN
    RAISE EXCEPTION 'lot % is not what line % of % orders', the_lot.code, line.no, po.code USING ERRCODE = 'LS042';
  END IF;
  IF NOT lineside.supplier_is_approved(po.supplier, line.item, po.site, today) THEN
    RAISE EXCEPTION 'the supplier is not approved for this item today' USING ERRCODE = 'LS040';
  END IF;
  IF the_lot.expires_on - today < greatest((SELECT min_days_left FROM lineside.item WHERE id = line.item), 0) THEN
    RAISE EXCEPTION 'lot % expires on %', the_lot.code, the_lot.expires_on USING ERRCODE = 'LS041', DETAIL = jsonb_build_object('expires_on', the_lot.expires_on)::text;
  END IF;
  IF the_lot.status <> 'quarantine' THEN
    RAISE EXCEPTION 'lot % is %: nothing is added to it', the_lot.code, the_lot.status USING ERRCODE = 'LS046', DETAIL = jsonb_build_object('lot', the_lot.code)::text;
  END IF;
  IF place.kind <> 'quarantine' OR place.site <> po.site THEN
    RAISE EXCEPTION 'location % is not a quarantine location of this site', place.code USING ERRCODE = 'LS045', DETAIL = jsonb_build_object('location', place.code)::text;
  END IF;
  IF lineside.received_of(line.id) + NEW.quantity > line.quantity THEN
    RAISE EXCEPTION 'more than ordered' USING ERRCODE = 'LS044';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER receipt_gate BEFORE INSERT ON receipt FOR EACH ROW EXECUTE FUNCTION receipt_gate();
ALTER TABLE receipt ENABLE ALWAYS TRIGGER receipt_gate;

-- The ledger entry is the database's own: no receipt without it, none of it without a receipt.
CREATE FUNCTION receipt_posts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  INSERT INTO lineside.ledger (id, lot, quantity, kind, location, cause) VALUES (uuidv7(), NEW.lot, NEW.quantity, 'receipt', NEW.location, NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER receipt_posts AFTER INSERT ON receipt FOR EACH ROW EXECUTE FUNCTION receipt_posts();

CREATE FUNCTION undo_posts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  undone lineside.receipt;
  the_lot lineside.lot;
BEGIN
  SELECT * INTO undone FROM lineside.receipt WHERE id = NEW.receipt;
  SELECT * INTO the_lot FROM lineside.lot WHERE id = undone.lot;
  PERFORM lineside.demand('receive_material', the_lot.site);
  IF the_lot.status <> 'quarantine' OR EXISTS (SELECT FROM lineside.inspection i WHERE i.lot = the_lot.id) THEN
    RAISE EXCEPTION 'lot % is in inspection or decided: its receipt stands', the_lot.code USING ERRCODE = 'LS047', DETAIL = jsonb_build_object('lot', the_lot.code)::text;
  END IF;
  INSERT INTO lineside.ledger (id, lot, quantity, kind, location, cause) VALUES (uuidv7(), undone.lot, -undone.quantity, 'undo', undone.location, NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER undo_posts AFTER INSERT ON receipt_undo FOR EACH ROW EXECUTE FUNCTION undo_posts();

-- A container holds a part of one receipt, all containers together no more than was received.
CREATE FUNCTION container_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  whole lineside.receipt;
BEGIN
  SELECT * INTO whole FROM lineside.receipt WHERE id = NEW.receipt FOR NO KEY UPDATE;
  PERFORM lineside.demand('receive_material', (SELECT site FROM lineside.lot WHERE id = whole.lot));
  PERFORM lineside.demand_given_code('container', NEW.code);
  IF NEW.lot <> whole.lot OR EXISTS (SELECT FROM lineside.receipt_undo u WHERE u.receipt = whole.id)
     OR NEW.quantity + coalesce((SELECT sum(c.quantity) FROM lineside.container c WHERE c.receipt = whole.id), 0) > whole.quantity THEN
    RAISE EXCEPTION 'the containers do not match their receipt' USING ERRCODE = 'LS063';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER container_gate BEFORE INSERT ON container FOR EACH ROW EXECUTE FUNCTION container_gate();
ALTER TABLE container ENABLE ALWAYS TRIGGER container_gate;

CREATE FUNCTION weighing_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  the_scale lineside.asset;
BEGIN
  SELECT * INTO the_scale FROM lineside.asset WHERE id = NEW.scale;
  PERFORM lineside.demand('receive_material', the_scale.site);
  PERFORM lineside.demand('receive_material', (SELECT l.site FROM lineside.container c JOIN lineside.lot l ON l.id = c.lot WHERE c.id = NEW.container));
  PERFORM lineside.demand_station();
  IF the_scale.kind <> 'scale' OR NOT lineside.gauge_is_fit(NEW.scale, clock_timestamp()) THEN
    RAISE EXCEPTION 'scale % is not fit for use', the_scale.code USING ERRCODE = 'LS050', DETAIL = jsonb_build_object('gauge', the_scale.code)::text;
  END IF;
  IF NEW.unit <> the_scale.unit THEN
    RAISE EXCEPTION 'the scale reads in %', the_scale.unit USING ERRCODE = 'LS051';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER weighing_gate BEFORE INSERT ON weighing FOR EACH ROW EXECUTE FUNCTION weighing_gate();
