-- Material goes into a batch by scan: right item, released, in date, enough, for this step and this unit. The ledger moves in the same statement.

ALTER TABLE ledger DROP CONSTRAINT ledger_kind_check;
ALTER TABLE ledger ADD CONSTRAINT ledger_kind_check CHECK (kind IN ('receipt', 'undo', 'consumption', 'return'));

CREATE TABLE consumption (
  id uuid PRIMARY KEY,
  batch_step uuid NOT NULL REFERENCES batch_step,
  lot uuid NOT NULL REFERENCES lot,
  container uuid NOT NULL REFERENCES container,        -- what was scanned; so that a kit laid out for another batch is known
  unit_serial text REFERENCES unit (serial),
  quantity numeric NOT NULL CHECK (quantity > 0 AND quantity < 'Infinity'),
  origin text NOT NULL CHECK (origin IN ('scanned', 'measured', 'typed')),
  raw bytea,
  scale uuid REFERENCES asset,
  station text,
  reason text CHECK (reason <> ''),
  consumed_by text NOT NULL DEFAULT session_user,
  consumed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK (origin = 'typed' OR (raw IS NOT NULL AND raw <> ''))
);
CREATE INDEX consumption_step ON consumption (batch_step, unit_serial);
CREATE INDEX consumption_lot ON consumption (lot);
CREATE INDEX consumption_container ON consumption (container);

CREATE TABLE kit (                                      -- a container laid out for one batch; nobody else takes from it until it is put back
  id uuid PRIMARY KEY,
  batch uuid NOT NULL REFERENCES batch,
  container uuid NOT NULL REFERENCES container,
  laid_by text NOT NULL DEFAULT session_user,
  laid_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  status text NOT NULL DEFAULT 'laid out' CHECK (status IN ('laid out', 'put back')),
  version integer NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX kit_container ON kit (container) WHERE status = 'laid out';
CREATE INDEX kit_batch ON kit (batch);
CREATE FUNCTION kit_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  own lineside.batch;
BEGIN
  SELECT * INTO own FROM lineside.batch WHERE id = NEW.batch FOR SHARE;
  PERFORM lineside.demand('lay_out_kit', own.site);
  IF TG_OP = 'INSERT' THEN
    IF own.status <> 'open' THEN
      RAISE EXCEPTION 'batch % is %', own.code, own.status USING ERRCODE = 'LS087', DETAIL = jsonb_build_object('batch', own.code)::text;
    END IF;
    IF NOT EXISTS (SELECT FROM lineside.container c JOIN lineside.lot l ON l.id = c.lot JOIN lineside.item i ON i.id = l.item
                    JOIN lineside.batch_step s ON s.batch = own.id AND s.kind = 'material' AND s.spec ->> 'item' = i.code WHERE c.id = NEW.container AND l.site = own.site) THEN
      RAISE EXCEPTION 'batch % takes nothing from that container', own.code USING ERRCODE = 'LS108', DETAIL = (SELECT jsonb_build_object('batch', own.code, 'container', code)::text FROM lineside.container WHERE id = NEW.container);
    END IF;
    NEW.status := 'laid out'; NEW.version := 1;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER kit_gate BEFORE INSERT OR UPDATE ON kit FOR EACH ROW EXECUTE FUNCTION kit_gate();
CREATE TRIGGER status_order BEFORE UPDATE OF status ON kit FOR EACH ROW EXECUTE FUNCTION status_order('laid out>put back');
CREATE TRIGGER raise_version BEFORE UPDATE ON kit FOR EACH ROW EXECUTE FUNCTION raise_version('status');
ALTER TABLE kit ENABLE ALWAYS TRIGGER kit_gate, ENABLE ALWAYS TRIGGER status_order, ENABLE ALWAYS TRIGGER raise_version;

CREATE TABLE consumption_undo (                         -- compensating entry; the consumption itself stays visible
  id uuid PRIMARY KEY,
  consumption uuid NOT NULL UNIQUE REFERENCES consumption,
  reason text NOT NULL CHECK (btrim(reason) <> ''),
  undone_by text NOT NULL DEFAULT session_user,
  undone_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Sums of what stands, by step and by container: the ten-thousandth consumption of a batch costs what the first did. Moved by the triggers below, under the
-- locks of step and lot; nobody else writes it, and every row of it can be added up again from consumption and consumption_undo.
CREATE TABLE consumption_sum (
  id uuid PRIMARY KEY,                                  -- a step or a container
  quantity numeric NOT NULL CHECK (quantity >= 0)
);
CREATE PROCEDURE add_to_sums(p_of consumption) LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  INSERT INTO lineside.consumption_sum AS s (id, quantity) VALUES (p_of.batch_step, p_of.quantity), (p_of.container, p_of.quantity)
  ON CONFLICT (id) DO UPDATE SET quantity = s.quantity + excluded.quantity
$$;

-- What stands of a step's consumptions; of one unit, or of all.
CREATE FUNCTION consumed_of(p_step uuid, p_unit text DEFAULT NULL) RETURNS numeric LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT coalesce(CASE WHEN p_unit IS NULL THEN (SELECT quantity FROM lineside.consumption_sum WHERE id = p_step)
    ELSE (SELECT sum(c.quantity) FROM lineside.consumption c
           WHERE c.batch_step = p_step AND c.unit_serial = p_unit AND NOT EXISTS (SELECT FROM lineside.consumption_undo u WHERE u.consumption = c.id)) END, 0)
$$;
CREATE FUNCTION demand_of_step(p_spec jsonb, p_planned numeric) RETURNS numeric LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT (p_spec ->> 'quantity')::numeric * CASE p_spec ->> 'per' WHEN 'unit' THEN p_planned ELSE 1 END
$$;

CREATE FUNCTION left_in(p_container uuid) RETURNS numeric LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT k.quantity - coalesce((SELECT s.quantity FROM lineside.consumption_sum s WHERE s.id = k.id), 0)
  FROM lineside.container k WHERE k.id = p_container
$$;

CREATE FUNCTION consumption_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  step lineside.batch_step := lineside.demand_open_step(NEW.batch_step, false);
  own lineside.batch;
  the_lot lineside.lot;
  room numeric;
BEGIN
  SELECT * INTO own FROM lineside.batch WHERE id = step.batch;
  SELECT * INTO the_lot FROM lineside.lot WHERE id = NEW.lot FOR NO KEY UPDATE;        -- a hold that is being signed comes before or after, never between
  IF step.kind <> 'material' OR (SELECT code FROM lineside.item WHERE id = the_lot.item) IS DISTINCT FROM step.spec ->> 'item' OR the_lot.site IS DISTINCT FROM own.site
     OR NOT EXISTS (SELECT FROM lineside.container c WHERE c.id = NEW.container AND c.lot = the_lot.id) THEN
    RAISE EXCEPTION 'lot % is not what step % takes', the_lot.code, step.no USING ERRCODE = 'LS080',
      DETAIL = jsonb_build_object('lot', the_lot.code, 'step', step.no, 'wanted', step.spec ->> 'item')::text;
  END IF;
  IF the_lot.status <> 'released' THEN
    RAISE EXCEPTION 'lot % is %', the_lot.code, the_lot.status USING ERRCODE = 'LS081', DETAIL = jsonb_build_object('lot', the_lot.code, 'status', the_lot.status)::text;
  END IF;
  IF the_lot.expires_on < lineside.today_at(own.site) THEN
    RAISE EXCEPTION 'lot % expired on %', the_lot.code, the_lot.expires_on USING ERRCODE = 'LS082', DETAIL = jsonb_build_object('lot', the_lot.code, 'expires_on', the_lot.expires_on)::text;
  END IF;
  IF EXISTS (SELECT FROM lineside.kit k WHERE k.container = NEW.container AND k.status = 'laid out' AND k.batch <> own.id) THEN
    RAISE EXCEPTION 'that container is laid out for another batch' USING ERRCODE = 'LS104', DETAIL = (SELECT jsonb_build_object('container', c.code, 'batch', b.code)::text
      FROM lineside.kit k JOIN lineside.container c ON c.id = k.container JOIN lineside.batch b ON b.id = k.batch WHERE k.container = NEW.container AND k.status = 'laid out');
  END IF;
  IF (step.spec ->> 'bound_to' = 'unit' OR NEW.unit_serial IS NOT NULL)
     AND NOT EXISTS (SELECT FROM lineside.unit u WHERE u.serial = NEW.unit_serial AND u.batch = step.batch AND u.status IN ('made', 'labelled')) THEN
    RAISE EXCEPTION 'no unit of this batch is named' USING ERRCODE = 'LS085', DETAIL = jsonb_build_object('unit', NEW.unit_serial)::text;
  END IF;
  IF the_lot.balance < NEW.quantity THEN
    RAISE EXCEPTION 'lot % holds % only', the_lot.code, the_lot.balance USING ERRCODE = 'LS083', DETAIL = jsonb_build_object('lot', the_lot.code, 'balance', the_lot.balance, 'unit', the_lot.unit)::text;
  END IF;
  room := lineside.left_in(NEW.container);
  IF room < NEW.quantity THEN
    RAISE EXCEPTION 'the container holds % only', room USING ERRCODE = 'LS109', DETAIL = jsonb_build_object('container', (SELECT code FROM lineside.container WHERE id = NEW.container), 'left', room, 'unit', the_lot.unit)::text;
  END IF;
  room := lineside.demand_of_step(step.spec, own.planned) + (step.spec ->> 'tolerance')::numeric - lineside.consumed_of(step.id);
  IF step.spec ->> 'bound_to' = 'unit' AND step.spec ->> 'per' = 'unit' THEN
    room := least(room, (step.spec ->> 'quantity')::numeric - lineside.consumed_of(step.id, NEW.unit_serial));
  END IF;
  IF NEW.quantity > room THEN
    RAISE EXCEPTION 'step % takes % more', step.no, greatest(room, 0) USING ERRCODE = 'LS084', DETAIL = jsonb_build_object('step', step.no, 'room', greatest(room, 0), 'unit', the_lot.unit)::text;
  END IF;
  IF NEW.origin = 'typed' AND coalesce(btrim(NEW.reason), '') = '' THEN
    RAISE EXCEPTION 'a typed lot needs a reason' USING ERRCODE = 'LS078', DETAIL = jsonb_build_object('field', the_lot.code)::text;
  END IF;
  IF NEW.origin = 'measured' THEN
    PERFORM lineside.demand_station();
    PERFORM lineside.demand_instrument(NEW.scale, 'scale', the_lot.unit);
  ELSIF step.spec ->> 'by' = 'weigh' AND NEW.origin <> 'typed' THEN
    RAISE EXCEPTION 'step % is weighed', step.no USING ERRCODE = 'LS077', DETAIL = jsonb_build_object('step', step.no, 'field', the_lot.code)::text;
  END IF;
  NEW.station := (lineside.this_login()).station;
  RETURN NEW;
END $$;
CREATE TRIGGER consumption_gate BEFORE INSERT ON consumption FOR EACH ROW EXECUTE FUNCTION consumption_gate();
ALTER TABLE consumption ENABLE ALWAYS TRIGGER consumption_gate;

CREATE FUNCTION consumption_posts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  INSERT INTO lineside.ledger (id, lot, quantity, kind, location, cause) VALUES (uuidv7(), NEW.lot, -NEW.quantity, 'consumption',
    (SELECT r.location FROM lineside.container c JOIN lineside.receipt r ON r.id = c.receipt WHERE c.id = NEW.container), NEW.id);
  CALL lineside.add_to_sums(NEW);
  RETURN NULL;
END $$;
CREATE TRIGGER consumption_posts AFTER INSERT ON consumption FOR EACH ROW EXECUTE FUNCTION consumption_posts();
ALTER TABLE consumption ENABLE ALWAYS TRIGGER consumption_posts;

CREATE FUNCTION consumption_undo_posts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  undone lineside.consumption;
BEGIN
  SELECT * INTO undone FROM lineside.consumption WHERE id = NEW.consumption;
  PERFORM lineside.demand_open_step(undone.batch_step, false);
  INSERT INTO lineside.ledger (id, lot, quantity, kind, location, cause)
  VALUES (uuidv7(), undone.lot, undone.quantity, 'return', (SELECT g.location FROM lineside.ledger g WHERE g.lot = undone.lot AND g.cause = undone.id), NEW.id);
  UPDATE lineside.consumption_sum SET quantity = quantity - undone.quantity WHERE id IN (undone.batch_step, undone.container);
  RETURN NULL;
END $$;
CREATE TRIGGER consumption_undo_posts AFTER INSERT ON consumption_undo FOR EACH ROW EXECUTE FUNCTION consumption_undo_posts();
ALTER TABLE consumption_undo ENABLE ALWAYS TRIGGER consumption_undo_posts;

CALL keep_plain('consumption');
CALL keep_plain('kit');
CALL keep_trail('kit', 'free');
CALL keep_plain('consumption_undo');
CALL keep_trail('consumption', 'never');
CALL keep_trail('consumption_undo', 'never');
GRANT SELECT ON consumption, consumption_undo, kit TO lineside_person;
GRANT INSERT (id, batch, container), UPDATE (status) ON kit TO lineside_may_lay_out_kit;
GRANT EXECUTE ON FUNCTION left_in TO lineside_person;
GRANT INSERT (id, batch_step, lot, container, unit_serial, quantity, origin, raw, scale, reason) ON consumption TO lineside_may_run_batch;
GRANT INSERT (id, consumption, reason) ON consumption_undo TO lineside_may_run_batch;
