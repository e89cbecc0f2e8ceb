-- Seals over the trail. A chain shows that nothing in it was altered, as long as nobody computes it anew from the altered place on; a seal binds the heads of
-- all chains at one moment, each seal the one before, and stations and papers outside the database keep what it says. Cadence: every minute of activity, at a
-- release, at the end of a shift, around an upgrade.

CREATE TABLE seal (
  no bigint PRIMARY KEY CHECK (no > 0),
  at timestamptz NOT NULL,
  why text NOT NULL CHECK (why IN ('activity', 'release', 'shift end', 'upgrade')),
  subject uuid,                                         -- of a release: what was released
  heads text NOT NULL,                                  -- of the chains that grew since the seal before, a line each: chain, number, hash
  root bytea NOT NULL CHECK (length(root) = 32),        -- over the heads of all chains
  schema bytea CHECK (length(schema) = 32),             -- of schema_lines(); not taken every minute
  told text NOT NULL,                                   -- the exact text that was hashed
  prev bytea NOT NULL,
  hash bytea NOT NULL CHECK (length(hash) = 32)
);
CREATE INDEX seal_subject ON seal (subject) WHERE subject IS NOT NULL;      -- seal_of: asked for every paper
CALL stand_for_good('seal');
CREATE INDEX audit_log_at ON audit_log USING brin (at);                   -- the trail is browsed by days; entries come in their order, so that a summary of blocks is enough

CREATE TABLE sealed_head (                              -- what the last seal bound; only a help: a seal can be computed anew from all seals before it
  chain text PRIMARY KEY,
  seq bigint NOT NULL,
  hash bytea NOT NULL
);

-- RFC 6962: leaves and nodes have different prefixes, so that no node passes for a leaf; a node without a neighbour goes up as it is.
CREATE FUNCTION merkle_root(p_leaves text[]) RETURNS bytea LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  nodes bytea[] := ARRAY(SELECT sha256('\x00'::bytea || convert_to(l, 'UTF8')) FROM unnest(p_leaves) WITH ORDINALITY t (l, n) ORDER BY n);
BEGIN
  IF cardinality(nodes) = 0 THEN RETURN sha256(''::bytea); END IF;
  WHILE cardinality(nodes) > 1 LOOP
    nodes := ARRAY(SELECT CASE WHEN nodes[2 * k] IS NULL THEN nodes[2 * k - 1] ELSE sha256('\x01'::bytea || nodes[2 * k - 1] || nodes[2 * k]) END
                     FROM generate_series(1, (cardinality(nodes) + 1) / 2) k ORDER BY k);
  END LOOP;
  RETURN nodes[1];
END $$;

CREATE FUNCTION schema_fingerprint() RETURNS bytea LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT sha256(convert_to(string_agg(l.kind || E'\t' || l.name || E'\t' || l.digest, E'\n' ORDER BY l.kind COLLATE "C", l.name COLLATE "C", l.digest), 'UTF8')) FROM lineside.schema_lines() l
$$;

-- Makes one, or gives the last one where nothing has grown since. One at a time, whoever asks; within a minute of the last one nobody needs another for mere activity.
CREATE FUNCTION append_seal(p_why text, p_subject uuid) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  last lineside.seal;
  made lineside.seal;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'nothing is sealed from a look at an older moment' USING ERRCODE = 'LS117';
  END IF;
  PERFORM pg_advisory_xact_lock(4951764);
  SELECT * INTO last FROM lineside.seal ORDER BY no DESC LIMIT 1;
  IF p_why = 'activity' AND last.at > clock_timestamp() - interval '50 s' THEN RETURN last.no; END IF;
  made.heads := (SELECT string_agg(c.chain || ' ' || c.seq || ' ' || encode(c.hash, 'hex'), E'\n' ORDER BY c.chain COLLATE "C")
                   FROM lineside.audit_chain c LEFT JOIN lineside.sealed_head s ON s.chain = c.chain WHERE (s.seq, s.hash) IS DISTINCT FROM (c.seq, c.hash));
  IF made.heads IS NULL AND last.no IS NOT NULL THEN RETURN last.no; END IF;
  made.no := coalesce(last.no, 0) + 1;
  made.at := greatest(clock_timestamp(), last.at + interval '1 microsecond');
  made.root := lineside.merkle_root(ARRAY(SELECT c.chain || ' ' || c.seq || ' ' || encode(c.hash, 'hex') FROM lineside.audit_chain c ORDER BY c.chain COLLATE "C"));
  made.schema := CASE WHEN p_why <> 'activity' THEN lineside.schema_fingerprint() END;
  made.told := concat_ws('|', 'LS1', made.no, to_char(made.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), p_why, coalesce(p_subject::text, '-'), encode(made.root, 'hex'),
                         coalesce(encode(made.schema, 'hex'), '-'), encode(sha256(convert_to(coalesce(made.heads, ''), 'UTF8')), 'hex'));
  made.prev := coalesce(last.hash, ''::bytea);
  made.hash := sha256(made.prev || convert_to(made.told, 'UTF8'));
  INSERT INTO lineside.seal (no, at, why, subject, heads, root, schema, told, prev, hash)
  VALUES (made.no, made.at, p_why, p_subject, coalesce(made.heads, ''), made.root, made.schema, made.told, made.prev, made.hash);
  INSERT INTO lineside.sealed_head (chain, seq, hash) SELECT c.chain, c.seq, c.hash FROM lineside.audit_chain c LEFT JOIN lineside.sealed_head s ON s.chain = c.chain
   WHERE (s.seq, s.hash) IS DISTINCT FROM (c.seq, c.hash) ON CONFLICT (chain) DO UPDATE SET seq = excluded.seq, hash = excluded.hash;
  RETURN made.no;
END $$;

-- What anybody may ask for: a minute went by, a shift ended. A release seals by itself.
CREATE FUNCTION seal_trail(p_why text) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF p_why NOT IN ('activity', 'shift end') THEN
    RAISE EXCEPTION 'a seal for % is not asked for', p_why USING ERRCODE = 'LS010', DETAIL = jsonb_build_object('right', p_why, 'who', session_user)::text;
  END IF;
  RETURN lineside.append_seal(p_why, NULL);
END $$;

-- At the end of the releasing transaction, when everything it writes stands in its chain.
CREATE FUNCTION release_is_sealed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  PERFORM lineside.append_seal('release', NEW.id);
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER release_is_sealed AFTER UPDATE OF status ON lot DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.status IN ('released', 'rejected') AND OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION release_is_sealed();
CREATE CONSTRAINT TRIGGER release_is_sealed AFTER UPDATE OF status ON batch DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.status IN ('released for production', 'released to market', 'rejected') AND OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION release_is_sealed();
ALTER TABLE lot ENABLE ALWAYS TRIGGER release_is_sealed;
ALTER TABLE batch ENABLE ALWAYS TRIGGER release_is_sealed;

-- What a station compares with what it has seen: of its own chains and of the seals, the newest, and what stands now where it looked last. NULL: it is gone.
CREATE FUNCTION witness_look(p_chains text[], p_numbers bigint[]) RETURNS TABLE (chain text, seq bigint, hash bytea, then_seq bigint, then_hash bytea) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp AS $$
  WITH here AS (SELECT s.code FROM lineside.station s WHERE s.role_name = session_user AND s.enabled),
  known AS (SELECT k.chain, k.no FROM unnest(p_chains, p_numbers) k (chain, no)),
  head AS (
    SELECT c.chain, c.seq, c.hash FROM lineside.audit_chain c, here WHERE starts_with(c.chain, here.code || '/')
    UNION ALL (SELECT 'seals', s.no, s.hash FROM lineside.seal s, here ORDER BY s.no DESC LIMIT 1))
  SELECT coalesce(h.chain, k.chain), h.seq, h.hash, k.no,
      CASE WHEN k.chain = 'seals' THEN (SELECT s.hash FROM lineside.seal s WHERE s.no = k.no)
           WHEN starts_with(k.chain, here.code || '/') THEN (SELECT l.hash FROM lineside.audit_log l WHERE l.chain = k.chain AND l.seq = k.no) END
    FROM here CROSS JOIN (head h FULL JOIN known k ON k.chain = h.chain)
$$;

-- The seal that stands for what became of a record, newest first: printed on its paper.
CREATE FUNCTION seal_of(p_subject uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT 'LS1|' || no || '|' || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') || '|' || encode(hash, 'hex') FROM lineside.seal WHERE subject = p_subject ORDER BY no DESC LIMIT 1
$$;

-- A station's witness was begun anew after a restore or a failover that an administrator knows of: it stays on record that it was, from what to what, and why.
CREATE TABLE witness_renewal (
  id uuid PRIMARY KEY,
  station uuid NOT NULL REFERENCES station,
  seen jsonb NOT NULL,                                  -- what the station had seen
  stands jsonb NOT NULL,                                -- what stands there now
  reason text NOT NULL CHECK (btrim(reason) <> ''),
  renewed_by text NOT NULL DEFAULT session_user,
  renewed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE FUNCTION witness_renewal_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  PERFORM lineside.demand('manage_stations', (SELECT site FROM lineside.station WHERE id = NEW.station));
  NEW.renewed_by := session_user; NEW.renewed_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER witness_renewal_gate BEFORE INSERT ON witness_renewal FOR EACH ROW EXECUTE FUNCTION witness_renewal_gate();
ALTER TABLE witness_renewal ENABLE ALWAYS TRIGGER witness_renewal_gate;
CALL keep_trail('witness_renewal', 'never');
CALL keep_plain('witness_renewal');

REVOKE EXECUTE ON FUNCTION merkle_root, schema_fingerprint, append_seal, seal_trail, witness_look, seal_of, schema_lines FROM PUBLIC;
GRANT SELECT ON seal, witness_renewal TO lineside_person;
GRANT INSERT (id, station, seen, stands, reason) ON witness_renewal TO lineside_may_manage_stations;
GRANT EXECUTE ON FUNCTION seal_trail TO lineside_person, lineside_station;
GRANT EXECUTE ON FUNCTION witness_look, schema_fingerprint TO lineside_station;
GRANT EXECUTE ON FUNCTION seal_of, schema_fingerprint, schema_lines TO lineside_person;
SELECT append_seal('upgrade', NULL);
