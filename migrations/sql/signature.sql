-- Signing. The database computes what is signed; the client only says which digest its signer saw.

-- Length-prefixed join: no value can pretend to be two.
CREATE FUNCTION part(VARIADIC p_values text[]) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT string_agg(coalesce(length(v)::text || ':' || v, '-'), '|' ORDER BY n) FROM unnest(p_values) WITH ORDINALITY AS t (v, n)
$$;

-- Consumes the one act of a signing login. Purpose was fixed when the connection was opened; a later SET does not alter the record.
CREATE FUNCTION use_signing_login() RETURNS login_record LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  mine lineside.login_record := lineside.this_login();
BEGIN
  IF mine.id IS NULL OR mine.purpose <> 'sign' THEN
    RAISE EXCEPTION 'a signature needs a login of its own' USING ERRCODE = 'LS020';
  END IF;
  IF NOT mine.own_secret THEN
    RAISE EXCEPTION '% has not set an own secret through the product', session_user USING ERRCODE = 'LS021';
  END IF;
  UPDATE lineside.login_record SET used_at = clock_timestamp()
   WHERE id = mine.id AND used_at IS NULL AND clock_timestamp() BETWEEN at AND at + interval '60 s';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'this signing login was used already or is older than 60 s' USING ERRCODE = 'LS020';
  END IF;
  RETURN mine;
END $$;

CREATE FUNCTION sign_record(p_id uuid, p_kind text, p_subject uuid, p_version integer, p_meaning text, p_seen bytea, p_reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  rule lineside.signature_rule;
  mine lineside.login_record;
  signer_row lineside.person;
  place lineside.site;
  content text;
BEGIN
  SELECT * INTO rule FROM lineside.signature_rule WHERE kind = p_kind AND meaning = p_meaning;
  IF NOT FOUND THEN RAISE EXCEPTION 'nothing of kind % is signed as %', p_kind, p_meaning USING ERRCODE = 'LS026'; END IF;
  mine := lineside.use_signing_login();
  PERFORM lineside.lock_subject(p_kind, p_subject);        -- of two people who sign at once one waits here, then reads what the other left
  SELECT s.* INTO place FROM lineside.site s WHERE s.id = lineside.subject_site(p_kind, p_subject);
  IF session_user IN (SELECT lineside.performers(p_kind, p_subject)) THEN
    RAISE EXCEPTION '% performed this and cannot sign it', session_user USING ERRCODE = 'LS022', DETAIL = jsonb_build_object('who', session_user)::text;
  END IF;
  PERFORM lineside.demand(rule.right_name, place.id);
  IF EXISTS (SELECT FROM lineside.signature g WHERE g.subject_kind = p_kind AND g.subject_id = p_subject AND g.subject_version = p_version
             AND g.act = rule.act AND g.signer = session_user) THEN
    RAISE EXCEPTION '% has signed this already: a second signature must be another person''s', session_user USING ERRCODE = 'LS022', DETAIL = jsonb_build_object('who', session_user)::text;
  END IF;
  IF p_version IS DISTINCT FROM lineside.subject_version(p_kind, p_subject) THEN
    RAISE EXCEPTION 'version % is not the version on record', p_version USING ERRCODE = 'LS025';
  END IF;
  IF EXISTS (SELECT FROM lineside.signature g WHERE g.subject_kind = p_kind AND g.subject_id = p_subject AND g.subject_version = p_version AND g.meaning = p_meaning)
     OR (p_kind = 'deviation' AND EXISTS (SELECT FROM lineside.deviation d WHERE d.id = p_subject AND d.status <> 'open')) THEN
    RAISE EXCEPTION 'this was signed already' USING ERRCODE = 'LS028';
  END IF;
  content := lineside.canonical(p_kind, p_subject);
  IF sha256(convert_to(content, 'UTF8')) IS DISTINCT FROM p_seen THEN
    RAISE EXCEPTION 'the record is not what the signer saw' USING ERRCODE = 'LS023';
  END IF;
  SELECT * INTO signer_row FROM lineside.person WHERE login = session_user;
  INSERT INTO lineside.signature (id, subject_kind, subject_id, subject_version, meaning, act, signer_name_en, signer_name_zh, zone, station, digest, content, reason, login)
  VALUES (p_id, p_kind, p_subject, p_version, p_meaning, rule.act, signer_row.name_en, signer_row.name_zh, place.zone, coalesce(mine.station, 'direct'), p_seen, content, p_reason, mine.id);
END $$;

-- At commit: what stands in the row is what was signed, whatever the order of statements.
CREATE FUNCTION signature_stands() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF NEW.signer <> session_user OR NEW.digest IS DISTINCT FROM sha256(convert_to(lineside.canonical(NEW.subject_kind, NEW.subject_id), 'UTF8')) THEN
    RAISE EXCEPTION 'the content changed after it was signed' USING ERRCODE = 'LS024';
  END IF;
  IF NOT lineside.act_is_done(NEW.subject_kind, NEW.subject_id, NEW.subject_version, NEW.meaning) THEN
    RAISE EXCEPTION 'a signature comes only together with its act' USING ERRCODE = 'LS027';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER signature_stands AFTER INSERT ON signature DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION signature_stands();
ALTER TABLE signature ENABLE ALWAYS TRIGGER signature_stands;

-- The same after every further statement of a signing transaction, called by the trail: SET CONSTRAINTS … IMMEDIATE would spend the check above too early.
CREATE FUNCTION signed_content_stands() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM lineside.signature g WHERE g.tx = pg_current_xact_id_if_assigned()
             AND g.digest IS DISTINCT FROM sha256(convert_to(lineside.canonical(g.subject_kind, g.subject_id), 'UTF8'))) THEN
    RAISE EXCEPTION 'the content changed after it was signed' USING ERRCODE = 'LS024';
  END IF;
END $$;

CREATE FUNCTION signed_in_this_transaction(p_kind text, p_subject uuid, p_meaning text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT EXISTS (SELECT FROM lineside.signature WHERE subject_kind = p_kind AND subject_id = p_subject AND meaning = p_meaning AND tx = pg_current_xact_id_if_assigned()
                 AND signer = session_user)
$$;

-- Meanings that count for a record as it is now: signed over this version and this content.
CREATE FUNCTION standing_meanings(p_kind text, p_subject uuid) RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT coalesce(array_agg(meaning ORDER BY at), '{}') FROM lineside.signature
   WHERE subject_kind = p_kind AND subject_id = p_subject AND subject_version = lineside.subject_version(p_kind, p_subject)
     AND digest = sha256(convert_to(lineside.canonical(p_kind, p_subject), 'UTF8'))
$$;

-- For the signing sheet: the very text that would be signed, its digest, version, and who cannot sign.
CREATE FUNCTION what_is_signed(p_kind text, p_subject uuid) RETURNS TABLE (content text, digest bytea, version integer, performers text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT c, sha256(convert_to(c, 'UTF8')), lineside.subject_version(p_kind, p_subject), ARRAY (SELECT lineside.performers(p_kind, p_subject))
  FROM lineside.canonical(p_kind, p_subject) AS c
$$;
