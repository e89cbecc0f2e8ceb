-- Lists compare what was signed with what stands there now, many records in one question: the text of each is computed once, however many signed it.
-- same: every character is what it was. Where it is not, both texts are handed out: a record may have grown by rule since (app/tracing/standing.py reads them).
CREATE FUNCTION signed_now(p_kind text, p_subjects uuid[]) RETURNS TABLE (subject uuid, meaning text, at timestamptz, version integer, version_now integer, digest bytea, same boolean,
  content text, content_now text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp AS $$
  WITH signed AS MATERIALIZED (SELECT g.subject_id, g.meaning, g.at, g.subject_version, g.digest, g.content, sha256(convert_to(g.content, 'UTF8')) = g.digest AS own
                                 FROM lineside.signature g WHERE g.subject_kind = p_kind AND g.subject_id = ANY (p_subjects)),
       now_is AS MATERIALIZED (SELECT s.subject_id, lineside.subject_version(p_kind, s.subject_id) AS version, lineside.canonical(p_kind, s.subject_id) AS content
                                 FROM (SELECT DISTINCT subject_id FROM signed) s)
  SELECT s.subject_id, s.meaning, s.at, s.subject_version, n.version, s.digest, f.same, CASE WHEN NOT f.same THEN s.content END, CASE WHEN NOT f.same THEN n.content END
    FROM signed s JOIN now_is n ON n.subject_id = s.subject_id CROSS JOIN LATERAL (SELECT s.own AND s.content = n.content AS same) f
$$;
REVOKE EXECUTE ON FUNCTION signed_now FROM PUBLIC;
GRANT EXECUTE ON FUNCTION signed_now TO lineside_person;
