-- Whether this plant is one for practice. Whoever builds it says so before anybody is entered, and nobody says otherwise later: neither does a plant
-- become one for practice, nor one for practice a plant. Window, paper, label, file and code ask here; no client decides it.
CREATE TABLE practice (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  only_one boolean NOT NULL DEFAULT true UNIQUE CHECK (only_one),
  said_by text NOT NULL DEFAULT session_user CHECK (length(said_by) <= 200),
  said_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE FUNCTION practice_begins() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM lineside.person) OR EXISTS (SELECT FROM lineside.site) THEN
    RAISE EXCEPTION 'a plant in which somebody was entered does not become one for practice' USING ERRCODE = 'LS013';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER practice_begins BEFORE INSERT ON practice FOR EACH ROW EXECUTE FUNCTION practice_begins();
ALTER TABLE practice ENABLE ALWAYS TRIGGER practice_begins;
CALL keep_trail('practice', 'never');
CALL keep_plain('practice');

CREATE FUNCTION is_practice() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT EXISTS (SELECT FROM lineside.practice)
$$;
-- Stands before every code that is given out here: TL26-0001 is no lot of any plant, on whatever paper it is found.
CREATE FUNCTION practice_mark() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT CASE WHEN lineside.is_practice() THEN 'T' ELSE '' END
$$;

REVOKE EXECUTE ON FUNCTION practice_begins, practice_mark, is_practice FROM PUBLIC;
GRANT SELECT ON practice TO lineside_person;
GRANT EXECUTE ON FUNCTION is_practice TO lineside_person, lineside_station;
