-- The few steps only a superuser can take: who owns the functions that make logins, and the login trigger itself.
GRANT SELECT (rolname, rolpassword) ON pg_catalog.pg_authid TO lineside_people;
GRANT pg_signal_backend TO lineside_people;
ALTER FUNCTION lineside.create_person OWNER TO lineside_people;
ALTER FUNCTION lineside.give_job OWNER TO lineside_people;
ALTER FUNCTION lineside.take_job OWNER TO lineside_people;
ALTER FUNCTION lineside.disable_person OWNER TO lineside_people;
ALTER FUNCTION lineside.end_sessions OWNER TO lineside_people;
ALTER FUNCTION lineside.set_own_secret OWNER TO lineside_people;
ALTER FUNCTION lineside.enrol_station OWNER TO lineside_people;
ALTER FUNCTION lineside.secret_is_own OWNER TO lineside_people;
GRANT EXECUTE ON FUNCTION lineside.secret_is_own TO lineside_owner;
CREATE EVENT TRIGGER lineside_login ON login EXECUTE FUNCTION lineside.on_login();
ALTER EVENT TRIGGER lineside_login ENABLE ALWAYS;
