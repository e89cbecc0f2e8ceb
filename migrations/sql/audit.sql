-- The trail: written by the database, per statement, in the same transaction (reliability: events of an ORM missed 9 of 11 write paths).
-- Payload = exact bytes hashed; chain = station + kind; hash = sha256(previous hash || payload).

-- Append one entry per image to the chain of this connection, and write the chain's head once.
-- p_images: the varying end of each entry, JSON text such as "new": {…}; p_ids: the rows. The settings that fix how values are written
-- (UTC, bytea as hex, search path, owner) are those of the calling trigger: it runs inside one and has no grant of its own. Everything but the hash is computed as a set; the loop only links.
CREATE FUNCTION append_to_trail(p_tab text, p_op text, p_images text[], p_ids uuid[], p_reason_required boolean) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  given record;
  my_chain text;
  last_seq bigint; last_hash bytea; last_at timestamptz;
  base timestamptz;
  common text;
  entry text;
  entries text[];
  links bytea[];
  n integer := coalesce(array_length(p_images, 1), 0);
BEGIN
  IF n = 0 THEN RETURN; END IF;
  SELECT id, name, station, chain, reason INTO given FROM lineside.command WHERE tx = pg_current_xact_id();
  IF p_reason_required AND given.reason IS NULL THEN
    RAISE EXCEPTION 'a change of % needs a reason', p_tab USING ERRCODE = 'LS011', DETAIL = jsonb_build_object('table', p_tab)::text;
  END IF;
  my_chain := coalesce(given.chain, lineside.current_chain());
  PERFORM pg_advisory_xact_lock(hashtextextended(my_chain, 4951763));
  SELECT seq, hash, at INTO last_seq, last_hash, last_at FROM lineside.audit_chain WHERE chain = my_chain;
  IF NOT FOUND THEN
    INSERT INTO lineside.audit_chain (chain) VALUES (my_chain) RETURNING seq, hash, at INTO last_seq, last_hash, last_at;
  END IF;
  base := greatest(clock_timestamp(), last_at + interval '1 microsecond');         -- never backwards, whatever the clock does
  common := left(jsonb_build_object('v', 1, 'chain', my_chain, 'who', session_user, 'station', given.station, 'command', given.id, 'name', given.name,
                                    'reason', given.reason, 'tab', p_tab, 'op', p_op)::text, -1);
  IF n = 1 THEN
    entry := common || ', "seq": ' || last_seq + 1 || ', "at": ' || to_json(base) || ', ' || p_images[1] || '}';
    INSERT INTO lineside.audit_log (chain, seq, at, payload, prev, hash, tab, row_id)
    VALUES (my_chain, last_seq + 1, base, entry, last_hash, sha256(last_hash || convert_to(entry, 'UTF8')), p_tab, p_ids[1])
    RETURNING hash INTO last_hash;
  ELSE
    entries := ARRAY (SELECT common || ', "seq": ' || last_seq + k || ', "at": ' || to_json(base + (k - 1) * interval '1 microsecond') || ', ' || image || '}'
                      FROM unnest(p_images) WITH ORDINALITY AS t (image, k));
    links := ARRAY[last_hash];
    FOREACH entry IN ARRAY entries LOOP
      last_hash := sha256(last_hash || convert_to(entry, 'UTF8'));
      links := links || last_hash;
    END LOOP;
    INSERT INTO lineside.audit_log (chain, seq, at, payload, prev, hash, tab, row_id)
    SELECT my_chain, last_seq + k, base + (k - 1) * interval '1 microsecond', e, p, l, p_tab, i
    FROM unnest(entries, links[1:n], links[2:n + 1], p_ids) WITH ORDINALITY AS t (e, p, l, i, k);
  END IF;
  UPDATE lineside.audit_chain SET seq = last_seq + n, hash = last_hash, at = base + (n - 1) * interval '1 microsecond' WHERE chain = my_chain;
  IF my_chain LIKE '%/sign' OR my_chain LIKE 'direct:%' THEN PERFORM lineside.signed_content_stands(); END IF;      -- the only chains a signing login writes to
END $$;

CREATE FUNCTION audit_insert() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' SET bytea_output = 'hex' AS $$
DECLARE
  images text[]; ids uuid[];
BEGIN
  SELECT array_agg('"new": ' || row_to_json(n)), array_agg(n.id) INTO images, ids FROM new_rows n;
  PERFORM lineside.append_to_trail(TG_TABLE_NAME, TG_OP, images, ids, false);
  RETURN NULL;
END $$;

CREATE FUNCTION audit_update() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' SET bytea_output = 'hex' AS $$
DECLARE
  images text[]; ids uuid[];
BEGIN
  SELECT array_agg('"old": ' || row_to_json(o) || ', "new": ' || row_to_json(n)), array_agg(n.id) INTO images, ids FROM new_rows n JOIN old_rows o ON o.id = n.id;
  IF coalesce(array_length(ids, 1), 0) <> (SELECT count(*) FROM new_rows) THEN
    RAISE EXCEPTION 'the identity of a row in % cannot be changed', TG_TABLE_NAME USING ERRCODE = 'LS012';
  END IF;
  PERFORM lineside.append_to_trail(TG_TABLE_NAME, TG_OP, images, ids, TG_ARGV[0] = 'reason');
  RETURN NULL;
END $$;

CREATE FUNCTION audit_delete() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' SET bytea_output = 'hex' AS $$
DECLARE
  images text[]; ids uuid[];
BEGIN
  SELECT array_agg('"old": ' || row_to_json(o)), array_agg(o.id) INTO images, ids FROM old_rows o;
  PERFORM lineside.append_to_trail(TG_TABLE_NAME, TG_OP, images, ids, TG_ARGV[0] = 'reason');
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
   WHERE a.tx >= p_tx AND a.tx < pg_snapshot_xmin(pg_current_snapshot())
     AND a.tx <= (SELECT max(b.tx) FROM (SELECT c.tx FROM lineside.audit_log c WHERE c.tx >= p_tx ORDER BY c.tx LIMIT 2000) b)     -- whole transactions only
   ORDER BY a.tx, a.chain, a.seq
$$;
CREATE FUNCTION feed_mark() RETURNS xid8 LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT pg_snapshot_xmin(pg_current_snapshot()) $$;

-- At which station rows were made and last changed, as the trail knows it: so that no record has to carry it a second time.
-- Shown to everybody who may read the records; the rest of the trail is not.
CREATE FUNCTION stations_of(p_rows uuid[]) RETURNS TABLE (row_id uuid, op text, station text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT DISTINCT ON (a.row_id, p.op) a.row_id, p.op, p.station
  FROM lineside.audit_log a CROSS JOIN LATERAL (SELECT a.payload::jsonb ->> 'op' AS op, a.payload::jsonb ->> 'station' AS station) p
  WHERE a.row_id = ANY (p_rows) ORDER BY a.row_id, p.op, a.tx DESC, a.seq DESC
$$;
