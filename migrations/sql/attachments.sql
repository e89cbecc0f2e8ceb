-- Files: what lies in the chunks is what the fingerprint names, from the first commit on; nobody adds a byte to somebody's file later.

CREATE FUNCTION attachment_whole(p_id uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT a.size_bytes = length(whole.bytes) AND a.sha256 = sha256(whole.bytes)
  FROM lineside.attachment a CROSS JOIN LATERAL (SELECT coalesce(string_agg(c.bytes, ''::bytea ORDER BY c.no), ''::bytea) AS bytes FROM lineside.attachment_chunk c WHERE c.attachment = a.id) whole
  WHERE a.id = p_id
$$;

CREATE FUNCTION attachment_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF NOT coalesce(lineside.attachment_whole(NEW.id), false) THEN
    RAISE EXCEPTION 'the bytes of % are not those its fingerprint names', NEW.file_name USING ERRCODE = 'LS062', DETAIL = jsonb_build_object('file', NEW.file_name)::text;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER attachment_gate AFTER INSERT ON attachment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION attachment_gate();
ALTER TABLE attachment ENABLE ALWAYS TRIGGER attachment_gate;

-- No chunk beyond the size: when the check above has passed, by commit or by SET CONSTRAINTS, the file is full and takes no byte more.
CREATE FUNCTION chunk_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  whole lineside.attachment;
BEGIN
  SELECT * INTO whole FROM lineside.attachment WHERE id = NEW.attachment FOR NO KEY UPDATE;
  IF whole.size_bytes < (SELECT sum(length(c.bytes)) FROM lineside.attachment_chunk c WHERE c.attachment = NEW.attachment) THEN
    RAISE EXCEPTION '% is full', whole.file_name USING ERRCODE = 'LS062', DETAIL = jsonb_build_object('file', whole.file_name)::text;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER chunk_gate AFTER INSERT ON attachment_chunk FOR EACH ROW EXECUTE FUNCTION chunk_gate();
ALTER TABLE attachment_chunk ENABLE ALWAYS TRIGGER chunk_gate;
ALTER TABLE attachment_chunk ADD CONSTRAINT attachment_chunk_bytes_size CHECK (length(bytes) BETWEEN 1 AND 1024 * 1024), ADD CHECK (no >= 0);
ALTER TABLE attachment ADD CHECK (length(sha256) = 32);
