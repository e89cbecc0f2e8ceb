-- What a reviewer of a batch asks beside its obstacles: who had a hand in it. The signing sheet names the same people (what_is_signed).
GRANT EXECUTE ON FUNCTION performers TO lineside_person;
