-- The trail's writer, third form. Gates look at rows that others change; a transaction that looks at an older moment (REPEATABLE READ, SERIALIZABLE) would pass
-- a hold or a deviation that stands by now. Nothing that is followed by the trail is changed in one; who only reads may read so.
CREATE OR REPLACE FUNCTION append_to_trail(p_tab text, p_op text, p_images text[], p_ids uuid[], p_reason_required boolean) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  given record;
  head record;
  my_chain text;
  stamp timestamptz;
  common text;
  entries text[];
  links bytea[];
  n integer := coalesce(array_length(p_images, 1), 0);
BEGIN
  IF n = 0 THEN RETURN; END IF;
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'nothing is changed from a look at an older moment' USING ERRCODE = 'LS117';
  END IF;
  SELECT id, name, station, chain, reason INTO given FROM lineside.command WHERE tx = pg_current_xact_id();
  IF p_reason_required AND given.reason IS NULL THEN
    RAISE EXCEPTION 'a change of % needs a reason', p_tab USING ERRCODE = 'LS011', DETAIL = jsonb_build_object('table', p_tab)::text;
  END IF;
  my_chain := coalesce(given.chain, lineside.current_chain());
  PERFORM pg_advisory_xact_lock(hashtextextended(my_chain, 4951763));
  SELECT seq, hash, at INTO head FROM lineside.audit_chain WHERE chain = my_chain;
  IF NOT FOUND THEN
    INSERT INTO lineside.audit_chain (chain) VALUES (my_chain) RETURNING seq, hash, at INTO head;
  END IF;
  stamp := greatest(clock_timestamp(), head.at + interval '1 microsecond');         -- never backwards, whatever the clock does
  common := left(jsonb_build_object('v', 1, 'chain', my_chain, 'who', session_user, 'station', given.station, 'command', given.id, 'name', given.name,
                                    'reason', given.reason, 'tab', p_tab, 'op', p_op, 'at', stamp)::text, -1) || ', "seq": ';
  IF n = 1 THEN
    entries[1] := common || head.seq + 1 || ', ' || p_images[1] || '}';
    links[1] := sha256(head.hash || convert_to(entries[1], 'UTF8'));
    INSERT INTO lineside.audit_log (chain, seq, at, payload, prev, hash, tab, row_id)
    VALUES (my_chain, head.seq + 1, stamp, entries[1], head.hash, links[1], p_tab, p_ids[1]);
    UPDATE lineside.audit_chain SET seq = head.seq + 1, hash = links[1], at = stamp WHERE chain = my_chain;
  ELSE
    entries := ARRAY (SELECT common || head.seq + k || ', ' || image || '}' FROM unnest(p_images) WITH ORDINALITY AS t (image, k));
    links[0] := head.hash;
    FOR k IN 1 .. n LOOP
      links[k] := sha256(links[k - 1] || convert_to(entries[k], 'UTF8'));
    END LOOP;
    INSERT INTO lineside.audit_log (chain, seq, at, payload, prev, hash, tab, row_id)
    SELECT my_chain, head.seq + k, stamp, e, p, l, p_tab, i
    FROM unnest(entries, links[0:n - 1], links[1:n], p_ids) WITH ORDINALITY AS t (e, p, l, i, k);
    UPDATE lineside.audit_chain SET seq = head.seq + n, hash = links[n], at = stamp WHERE chain = my_chain;
  END IF;
  IF my_chain LIKE '%/sign' OR my_chain LIKE 'direct:%' THEN PERFORM lineside.signed_content_stands(); END IF;
END $$;
