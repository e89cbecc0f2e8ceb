-- The pictures of a work instruction are kept before the record that shows them is: a step names one by the SHA-256 of its bytes, and that is what is signed.

CREATE FUNCTION pictures_are_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  lacks record;
BEGIN
  SELECT s ->> 'key' AS step, s ->> 'picture' AS file INTO lacks FROM jsonb_array_elements(NEW.content -> 'steps') s
   WHERE s ->> 'picture' IS NOT NULL
     AND NOT CASE WHEN s ->> 'picture' ~ '^[0-9a-f]{64}$' THEN EXISTS (SELECT FROM lineside.attachment a WHERE a.sha256 = decode(s ->> 'picture', 'hex')) ELSE false END
   LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'step % names a picture that is not kept', lacks.step USING ERRCODE = 'LS112', DETAIL = jsonb_build_object('step', lacks.step, 'file', lacks.file)::text;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER pictures_are_kept BEFORE INSERT ON master_record FOR EACH ROW EXECUTE FUNCTION pictures_are_kept();
ALTER TABLE master_record ENABLE ALWAYS TRIGGER pictures_are_kept;
