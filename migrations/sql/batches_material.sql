-- Material goes into a batch by scan: right item, released, in date, enough, for this step and this unit. The ledger moves in the same statement.

ALTER TABLE ledger DROP CONSTRAINT ledger_kind_check;
ALTER TABLE ledger ADD CONSTRAINT ledger_kind_check CHECK (kind IN ('receipt', 'undo', 'consumption', 'return'));

CREATE TABLE consumption (
  id uuid PRIMARY KEY,
  batch_step uuid NOT NULL REFERENCES batch_step,
  lot uuid NOT NULL REFERENCES lot,
  container uuid REFERENCES container,
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
CREATE INDEX consumption_step ON consumption (batch_step);
CREATE INDEX consumption_lot ON consumption (lot);

CREATE TABLE consumption_undo (                         -- compensating entry; the consumption itself stays visible
  id uuid PRIMARY KEY,
  consumption uuid NOT NULL UNIQUE REFERENCES consumption,
  reason text NOT NULL CHECK (btrim(reason) <> ''),
  undone_by text NOT NULL DEFAULT session_user,
  undone_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- What stands of a step's consumptions; of one unit, or of all.
CREATE FUNCTION consumed_of(p_step uuid, p_unit text DEFAULT NULL) RETURNS numeric LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT coalesce(sum(c.quantity), 0) FROM lineside.consumption c
   WHERE c.batch_step = p_step AND (p_unit IS NULL OR c.unit_serial = p_unit) AND NOT EXISTS (SELECT FROM lineside.consumption_undo u WHERE u.consumption = c.id)
$$;
CREATE FUNCTION demand_of_step(p_spec jsonb, p_planned numeric) RETURNS numeric LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT (p_spec ->> 'quantity')::numeric * CASE p_spec ->> 'per' WHEN 'unit' THEN p_planned ELSE 1 END
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
     OR (NEW.container IS NOT NULL AND NOT EXISTS (SELECT FROM lineside.container c WHERE c.id = NEW.container AND c.lot = the_lot.id)) THEN
    RAISE EXCEPTION 'lot % is not what step % takes', the_lot.code, step.no USING ERRCODE = 'LS080',
      DETAIL = jsonb_build_object('lot', the_lot.code, 'step', step.no, 'wanted', step.spec ->> 'item')::text;
  END IF;
  IF the_lot.status <> 'released' THEN
    RAISE EXCEPTION 'lot % is %', the_lot.code, the_lot.status USING ERRCODE = 'LS081', DETAIL = jsonb_build_object('lot', the_lot.code, 'status', the_lot.status)::text;
  END IF;
  IF the_lot.expires_on < lineside.today_at(own.site) THEN
    RAISE EXCEPTION 'lot % expired on %', the_lot.code, the_lot.expires_on USING ERRCODE = 'LS082', DETAIL = jsonb_build_object('lot', the_lot.code, 'expires_on', the_lot.expires_on)::text;
  END IF;
  IF (step.spec ->> 'bound_to' = 'unit' OR NEW.unit_serial IS NOT NULL)
     AND NOT EXISTS (SELECT FROM lineside.unit u WHERE u.serial = NEW.unit_serial AND u.batch = step.batch AND u.status IN ('made', 'labelled')) THEN
    RAISE EXCEPTION 'no unit of this batch is named' USING ERRCODE = 'LS085', DETAIL = jsonb_build_object('unit', NEW.unit_serial)::text;
  END IF;
  IF the_lot.balance < NEW.quantity THEN
    RAISE EXCEPTION 'lot % holds % only', the_lot.code, the_lot.balance USING ERRCODE = 'LS083', DETAIL = jsonb_build_object('lot', the_lot.code, 'balance', the_lot.balance, 'unit', the_lot.unit)::text;
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

-- Where a lot stands: the place of its last movement, or of the container that was scanned.
CREATE FUNCTION place_of(p_lot uuid, p_container uuid) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT coalesce((SELECT r.location FROM lineside.container c JOIN lineside.receipt r ON r.id = c.receipt WHERE c.id = p_container),
    (SELECT g.location FROM lineside.ledger g WHERE g.lot = p_lot ORDER BY g.no DESC LIMIT 1))
$$;
CREATE FUNCTION consumption_posts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  INSERT INTO lineside.ledger (id, lot, quantity, kind, location, cause) VALUES (uuidv7(), NEW.lot, -NEW.quantity, 'consumption', lineside.place_of(NEW.lot, NEW.container), NEW.id);
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
  RETURN NULL;
END $$;
CREATE TRIGGER consumption_undo_posts AFTER INSERT ON consumption_undo FOR EACH ROW EXECUTE FUNCTION consumption_undo_posts();
ALTER TABLE consumption_undo ENABLE ALWAYS TRIGGER consumption_undo_posts;

CALL keep_plain('consumption');
CALL keep_plain('consumption_undo');
CALL keep_trail('consumption', 'never');
CALL keep_trail('consumption_undo', 'never');
GRANT SELECT ON consumption, consumption_undo TO lineside_person;
GRANT INSERT (id, batch_step, lot, container, unit_serial, quantity, origin, raw, scale, reason) ON consumption TO lineside_may_run_batch;
GRANT INSERT (id, consumption, reason) ON consumption_undo TO lineside_may_run_batch;
