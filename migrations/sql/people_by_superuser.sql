-- Who owns the functions that alter logins and rights; only a superuser gives that away.
ALTER FUNCTION lineside.let_in_again OWNER TO lineside_people;
ALTER FUNCTION lineside.take_place OWNER TO lineside_people;
ALTER FUNCTION lineside.describe_person OWNER TO lineside_people;
ALTER FUNCTION lineside.mark_break_glass OWNER TO lineside_people;
ALTER FUNCTION lineside.give_right OWNER TO lineside_people;
ALTER FUNCTION lineside.withdraw_right OWNER TO lineside_people;

-- Signing stands on it too: a password past its age is nobody's own any more.
CREATE OR REPLACE FUNCTION secret_is_own(p_login text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  SELECT EXISTS (SELECT FROM pg_authid a JOIN lineside.person p ON p.login = a.rolname JOIN lineside.person_secret s ON s.id = p.id
                 WHERE a.rolname = p_login AND s.digest = sha256(convert_to(a.rolpassword, 'UTF8')) AND lineside.secret_ends(p) > clock_timestamp())
$$;
