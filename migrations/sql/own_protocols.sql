-- Protocols of devices that the plant defines itself: controlled documents that say how bytes become a number in a record. What the text says is read by the
-- program; the database holds that it belongs to its document, stands still once it left the draft, and is signed whole.

ALTER TABLE document DROP CONSTRAINT document_kind_check;
ALTER TABLE document ADD CONSTRAINT document_kind_check CHECK (kind IN ('inspection_plan', 'master_record', 'device_protocol'));

CREATE TABLE device_protocol (
  id uuid PRIMARY KEY REFERENCES document,
  source text NOT NULL CHECK (length(source) BETWEEN 1 AND 20000 AND source !~ '[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]'),
  why text NOT NULL CHECK (length(why) BETWEEN 1 AND 500 AND why !~ '[\u0001-\u001f\u007f\u202a-\u202e\u2066-\u2069]'),      -- why this revision was made
  sha256 bytea NOT NULL CHECK (length(sha256) = 32)                            -- of the text, filled by the database; stations show it with every value
);

-- The text begins with the key and revision of the document it stands in: no revision is signed under another's name.
CREATE FUNCTION protocol_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  doc lineside.document;
BEGIN
  SELECT * INTO doc FROM lineside.document WHERE id = NEW.id;
  IF NOT starts_with(NEW.source, format(E'key = "%s"\nrevision = %s\n', doc.code, doc.revision)) THEN
    RAISE EXCEPTION 'the text is not that of % revision %', doc.code, doc.revision USING ERRCODE = 'LS167',
      DETAIL = jsonb_build_object('document', doc.code, 'revision', doc.revision)::text;
  END IF;
  NEW.sha256 := sha256(convert_to(NEW.source, 'UTF8'));
  RETURN NEW;
END $$;
CREATE TRIGGER protocol_gate BEFORE INSERT OR UPDATE ON device_protocol FOR EACH ROW EXECUTE FUNCTION protocol_gate();
ALTER TABLE device_protocol ENABLE ALWAYS TRIGGER protocol_gate;

CREATE OR REPLACE FUNCTION document_is_draft() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  doc lineside.document;
  key uuid := CASE WHEN TG_TABLE_NAME IN ('inspection_plan', 'master_record', 'device_protocol') THEN (to_jsonb(coalesce(NEW, OLD)) ->> 'id')::uuid
                   ELSE (to_jsonb(coalesce(NEW, OLD)) ->> 'plan')::uuid END;
BEGIN
  SELECT * INTO doc FROM lineside.document WHERE id = key FOR UPDATE;
  PERFORM lineside.demand('prepare_document', doc.site);
  IF doc.prepared_by <> session_user THEN                -- else somebody could write into a draft and approve it, being its preparer to nobody's knowledge
    RAISE EXCEPTION 'a draft belongs to who prepares it' USING ERRCODE = 'LS010';
  END IF;
  IF doc.status <> 'draft' THEN
    RAISE EXCEPTION '% revision % is no draft any more', doc.code, doc.revision USING ERRCODE = 'LS032', DETAIL = jsonb_build_object('document', doc.code)::text;
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER document_is_draft BEFORE INSERT OR UPDATE OR DELETE ON device_protocol FOR EACH ROW EXECUTE FUNCTION document_is_draft();
CREATE TRIGGER content_fits_kind BEFORE INSERT ON device_protocol FOR EACH ROW EXECUTE FUNCTION content_fits_kind();
ALTER TABLE device_protocol ENABLE ALWAYS TRIGGER document_is_draft, ENABLE ALWAYS TRIGGER content_fits_kind;
CALL keep_trail('device_protocol', 'free');

-- A document without its text is signed by nobody.
CREATE FUNCTION protocol_has_text() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM lineside.device_protocol WHERE id = NEW.id) THEN
    RAISE EXCEPTION '% revision % has no text', NEW.code, NEW.revision USING ERRCODE = 'LS167', DETAIL = jsonb_build_object('document', NEW.code, 'revision', NEW.revision)::text;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER protocol_has_text BEFORE UPDATE OF status ON document FOR EACH ROW WHEN (NEW.kind = 'device_protocol') EXECUTE FUNCTION protocol_has_text();
ALTER TABLE document ENABLE ALWAYS TRIGGER protocol_has_text;

-- The other two kinds as before, character by character: what was signed stands.
CREATE OR REPLACE FUNCTION canonical_document(p_id uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET extra_float_digits = 1 SET bytea_output = 'hex' AS $$
  SELECT 'document|1|' || lineside.part(d.id::text, d.version::text, d.kind, d.code, d.revision::text, d.site::text, d.effective_from::text, d.prepared_by, d.prepared_at::text,
    CASE d.kind
      WHEN 'inspection_plan' THEN (SELECT lineside.part(p.item::text, p.stage, p.sample_size::text, p.accept_no::text,
         (SELECT string_agg(lineside.part(c.id::text, c.no::text, c.kind, c.name_en, c.name_zh, c.unit, c.decimals::text, c.lower::text, c.nominal::text, c.upper::text, c.gauge_kind), ';' ORDER BY c.no)
          FROM lineside.characteristic c WHERE c.plan = p.id)) FROM lineside.inspection_plan p WHERE p.id = d.id)
      WHEN 'master_record' THEN (SELECT lineside.part(m.product::text, m.batch_size::text, m.unit, m.shelf_life_days::text, m.content::text, m.source, encode(m.source_sha256, 'hex'))
         FROM lineside.master_record m WHERE m.id = d.id)
      WHEN 'device_protocol' THEN (SELECT lineside.part(x.source, x.why, encode(x.sha256, 'hex')) FROM lineside.device_protocol x WHERE x.id = d.id) END)
  FROM lineside.document d WHERE d.id = p_id
$$;

-- What the stations of a site speak today: effective, and still what was signed. A station asks before anybody is signed in.
CREATE FUNCTION own_protocols(p_site uuid) RETURNS TABLE (id uuid, code text, revision integer, source text, sha256 bytea) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT d.id, d.code, d.revision, x.source, x.sha256 FROM lineside.document d JOIN lineside.device_protocol x ON x.id = d.id
   WHERE d.kind = 'device_protocol' AND d.site = p_site AND lineside.protocol_is_effective(d.id) ORDER BY d.code
$$;
CREATE FUNCTION protocol_is_effective(p_id uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT EXISTS (SELECT FROM lineside.document d WHERE d.id = p_id AND d.kind = 'device_protocol'
    AND d.id = lineside.effective_document('device_protocol', d.code, lineside.today_at(d.site)) AND 'approved' = ANY (lineside.standing_meanings('document', d.id)))
$$;

REVOKE EXECUTE ON FUNCTION protocol_gate, protocol_has_text, own_protocols, protocol_is_effective FROM PUBLIC;
GRANT EXECUTE ON FUNCTION own_protocols TO lineside_person, lineside_station;
GRANT SELECT ON device_protocol TO lineside_person;
GRANT INSERT (id, source, why), UPDATE (source, why) ON device_protocol TO lineside_may_prepare_document;
