-- The trail: written by the database, per statement, in the same transaction (reliability: events of an ORM missed 9 of 11 write paths).
-- Payload = exact bytes hashed; chain = station + kind; hash = sha256(previous hash || payload).

CREATE FUNCTION append_to_trail(p_tab text, p_op text, p_rows jsonb[], p_reason_required boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET extra_float_digits = 1 SET bytea_output = 'hex' AS $$
DECLARE
  given lineside.command;
  my_chain text;
  head lineside.audit_chain;
  image jsonb;
  entry text;
  link bytea;
  stamp timestamptz;
  entries text[] := '{}'; stamps timestamptz[] := '{}'; prevs bytea[] := '{}'; links bytea[] := '{}'; ids uuid[] := '{}';
  common jsonb;
  first_seq bigint;
BEGIN
  IF coalesce(array_length(p_rows, 1), 0) = 0 THEN RETURN; END IF;
  SELECT * INTO given FROM lineside.command WHERE tx = pg_current_xact_id();
  IF p_reason_required AND given.reason IS NULL THEN
    RAISE EXCEPTION 'a change of % needs a reason', p_tab USING ERRCODE = 'LS011', DETAIL = jsonb_build_object('table', p_tab)::text;
  END IF;
  my_chain := coalesce(given.chain, lineside.current_chain());
  SELECT * INTO head FROM lineside.audit_chain WHERE chain = my_chain FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO lineside.audit_chain (chain) VALUES (my_chain) ON CONFLICT DO NOTHING;
    SELECT * INTO head FROM lineside.audit_chain WHERE chain = my_chain FOR UPDATE;
  END IF;
  common := jsonb_build_object('v', 1, 'chain', my_chain, 'who', session_user, 'station', given.station, 'command', given.id, 'name', given.name,
                               'reason', given.reason, 'tab', p_tab, 'op', p_op);
  first_seq := head.seq;
  FOREACH image IN ARRAY p_rows LOOP
    head.seq := head.seq + 1;
    stamp := greatest(clock_timestamp(), head.at + interval '1 microsecond');      -- never backwards, whatever the clock does
    head.at := stamp;
    entry := (common || jsonb_build_object('seq', head.seq, 'at', stamp) || image)::text;
    link := sha256(head.hash || convert_to(entry, 'UTF8'));
    entries := entries || entry; stamps := stamps || stamp; prevs := prevs || head.hash; links := links || link;
    ids := ids || (coalesce(image #>> '{new,id}', image #>> '{old,id}'))::uuid;
    head.hash := link;
  END LOOP;
  INSERT INTO lineside.audit_log (chain, seq, at, payload, prev, hash, tab, row_id)
  SELECT my_chain, first_seq + n, s, e, p, l, p_tab, i
  FROM unnest(stamps, entries, prevs, links, ids) WITH ORDINALITY AS t (s, e, p, l, i, n);
  UPDATE lineside.audit_chain SET seq = head.seq, hash = head.hash, at = head.at WHERE chain = my_chain;
END $$;

CREATE FUNCTION audit_insert() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET extra_float_digits = 1 SET bytea_output = 'hex' AS $$
BEGIN
  PERFORM lineside.append_to_trail(TG_TABLE_NAME, TG_OP, (SELECT array_agg(jsonb_build_object('new', to_jsonb(n))) FROM new_rows n), false);
  RETURN NULL;
END $$;

CREATE FUNCTION audit_update() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET extra_float_digits = 1 SET bytea_output = 'hex' AS $$
DECLARE
  pairs jsonb[];
BEGIN
  SELECT array_agg(jsonb_build_object('old', to_jsonb(o), 'new', to_jsonb(n))) INTO pairs FROM new_rows n JOIN old_rows o ON o.id = n.id;
  IF coalesce(array_length(pairs, 1), 0) <> (SELECT count(*) FROM new_rows) THEN
    RAISE EXCEPTION 'the identity of a row in % cannot be changed', TG_TABLE_NAME USING ERRCODE = 'LS012';
  END IF;
  PERFORM lineside.append_to_trail(TG_TABLE_NAME, TG_OP, pairs, TG_ARGV[0] = 'reason');
  RETURN NULL;
END $$;

CREATE FUNCTION audit_delete() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET extra_float_digits = 1 SET bytea_output = 'hex' AS $$
BEGIN
  PERFORM lineside.append_to_trail(TG_TABLE_NAME, TG_OP, (SELECT array_agg(jsonb_build_object('old', to_jsonb(o))) FROM old_rows o), TG_ARGV[0] = 'reason');
  RETURN NULL;
END $$;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '% of % is not possible: its rows stand for good', TG_OP, TG_TABLE_NAME USING ERRCODE = 'LS013';
END $$;

-- Put a table under the trail. p_updates: 'free', 'reason' (a change needs one), or 'never' (insert-only).
CREATE PROCEDURE keep_trail(p_table text, p_updates text) LANGUAGE plpgsql SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  target text := format('lineside.%I', p_table);
  argument text := CASE p_updates WHEN 'reason' THEN '''reason''' ELSE '''free''' END;
BEGIN
  IF p_updates NOT IN ('free', 'reason', 'never') THEN RAISE EXCEPTION 'keep_trail: %', p_updates; END IF;
  EXECUTE 'CREATE TRIGGER audit_insert AFTER INSERT ON ' || target || ' REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION lineside.audit_insert()';
  EXECUTE 'CREATE TRIGGER audit_update AFTER UPDATE ON ' || target || ' REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION lineside.audit_update(' || argument || ')';
  EXECUTE 'CREATE TRIGGER audit_delete AFTER DELETE ON ' || target || ' REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION lineside.audit_delete(' || argument || ')';
  EXECUTE 'CREATE TRIGGER audit_truncate BEFORE TRUNCATE ON ' || target || ' FOR EACH STATEMENT EXECUTE FUNCTION lineside.refuse_change()';
  EXECUTE 'ALTER TABLE ' || target || ' ENABLE ALWAYS TRIGGER audit_insert, ENABLE ALWAYS TRIGGER audit_update, ENABLE ALWAYS TRIGGER audit_delete, ENABLE ALWAYS TRIGGER audit_truncate';
  IF p_updates = 'never' THEN CALL lineside.stand_for_good(p_table); END IF;
END $$;

-- Insert-only, for everybody, the owner included.
CREATE PROCEDURE stand_for_good(p_table text) LANGUAGE plpgsql SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER stands BEFORE UPDATE OR DELETE ON lineside.%I FOR EACH STATEMENT EXECUTE FUNCTION lineside.refuse_change()', p_table);
  EXECUTE format('ALTER TABLE lineside.%I ENABLE ALWAYS TRIGGER stands', p_table);
  IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = format('lineside.%I', p_table)::regclass AND tgname = 'audit_truncate') THEN
    EXECUTE format('CREATE TRIGGER stands_truncate BEFORE TRUNCATE ON lineside.%I FOR EACH STATEMENT EXECUTE FUNCTION lineside.refuse_change()', p_table);
    EXECUTE format('ALTER TABLE lineside.%I ENABLE ALWAYS TRIGGER stands_truncate', p_table);
  END IF;
END $$;

-- Raise the content version of a row when anything but the named columns changes; signatures name the version they stand on.
CREATE FUNCTION raise_version() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.version := OLD.version + CASE WHEN (to_jsonb(NEW) - TG_ARGV - 'version') IS DISTINCT FROM (to_jsonb(OLD) - TG_ARGV - 'version') THEN 1 ELSE 0 END;
  RETURN NEW;
END $$;

-- A status may only go the ways given: arguments are 'from>to' pairs.
CREATE FUNCTION status_order() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT (OLD.status || '>' || NEW.status) = ANY (TG_ARGV) THEN
    RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, OLD.status, NEW.status USING ERRCODE = 'LS031',
      DETAIL = jsonb_build_object('table', TG_TABLE_NAME, 'from', OLD.status, 'to', NEW.status)::text;
  END IF;
  RETURN NEW;
END $$;

-- Commit-ordered feed of what changed (names of tables and rows only): nothing is missed, because a row counts only when every older transaction has ended.
CREATE FUNCTION feed_after(p_tx xid8) RETURNS TABLE (tx xid8, tab text, row_id uuid, op text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT a.tx, a.tab, a.row_id, a.payload::jsonb ->> 'op' FROM lineside.audit_log a
   WHERE a.tx >= p_tx AND a.tx < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY a.tx, a.chain, a.seq LIMIT 2000
$$;
CREATE FUNCTION feed_mark() RETURNS xid8 LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT pg_snapshot_xmin(pg_current_snapshot()) $$;
