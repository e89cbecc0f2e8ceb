-- A job gets no right that nobody can use without seeing a class of fields which the job does not see: the class is opened to it first, or the right is not given.
CREATE FUNCTION right_is_seen() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
DECLARE
  hid text := (SELECT c FROM unnest(ARRAY['personal', 'supplier', 'price', 'formula']) c WHERE NEW.right_name = ANY (lineside.rights_that_need(c))
                AND NOT EXISTS (SELECT FROM lineside.mask_rule r WHERE r.class = c AND r.job = NEW.job AND r.rule = 'clear') LIMIT 1);
BEGIN
  IF hid IS NOT NULL THEN
    RAISE EXCEPTION '% cannot % without seeing fields of the class %', NEW.job, NEW.right_name, hid USING ERRCODE = 'LS151',
      DETAIL = jsonb_build_object('job', NEW.job, 'right', NEW.right_name, 'class', hid)::text;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER right_is_seen BEFORE INSERT ON job_right FOR EACH ROW EXECUTE FUNCTION right_is_seen();
ALTER TABLE job_right ENABLE ALWAYS TRIGGER right_is_seen;
REVOKE EXECUTE ON FUNCTION right_is_seen FROM PUBLIC;
