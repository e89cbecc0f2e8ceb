-- What the database is made of, one line for everything that decides: kind, name, and the SHA-256 of all its details. People and stations come and go by the
-- product's own commands and are left out; what was given to one of them past the product is a line. Read from the catalogues alone, by whoever asks.
WITH space AS (SELECT oid FROM pg_namespace WHERE nspname = 'lineside'),
login AS (SELECT rolname FROM pg_roles r WHERE EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid AND g.rolname IN ('lineside_person', 'lineside_station'))),
every AS (SELECT c.oid, c.relname AS shown, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.relpersistence, c.relispartition FROM pg_class c WHERE c.relnamespace = (SELECT oid FROM space)),
rel AS (SELECT * FROM every WHERE NOT relispartition),
month AS (SELECT * FROM every WHERE relispartition AND relkind = 'r'),                     -- made by the product as time goes by, all alike
line AS (
  SELECT 'function' AS kind, p.oid::regprocedure::text AS name,
    concat_ws('|', pg_get_userbyid(p.proowner), p.prosecdef, p.provolatile, p.proisstrict, p.prokind, l.lanname, p.prorettype::regtype, p.proretset, p.proconfig, p.proacl, p.prosrc, p.probin) AS told
    FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang WHERE p.pronamespace = (SELECT oid FROM space)
  UNION ALL SELECT 'trigger', rel.shown || '.' || t.tgname, concat_ws('|', t.tgenabled, pg_get_triggerdef(t.oid))
    FROM rel JOIN pg_trigger t ON t.tgrelid = rel.oid WHERE NOT t.tgisinternal
  UNION ALL SELECT 'relation', rel.shown, concat_ws('|', rel.relkind, pg_get_userbyid(rel.relowner), rel.relacl, rel.relrowsecurity, rel.relforcerowsecurity, rel.relpersistence) FROM rel WHERE rel.relkind NOT IN ('i', 'I', 't')
  UNION ALL SELECT 'column', rel.shown || '.' || a.attname, concat_ws('|', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attgenerated, a.attidentity, a.attcollation, a.attacl, pg_get_expr(d.adbin, d.adrelid))
    FROM rel JOIN pg_attribute a ON a.attrelid = rel.oid AND a.attnum > 0 AND NOT a.attisdropped LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE rel.relkind IN ('r', 'p', 'v', 'm')
  UNION ALL SELECT 'constraint', rel.shown || '.' || k.conname, concat_ws('|', pg_get_constraintdef(k.oid), k.convalidated, k.conenforced) FROM rel JOIN pg_constraint k ON k.conrelid = rel.oid
  UNION ALL SELECT 'index', rel.shown, pg_get_indexdef(rel.oid) FROM rel WHERE rel.relkind IN ('i', 'I')
  UNION ALL SELECT 'rule', rel.shown || '.' || w.rulename, concat_ws('|', w.ev_enabled, pg_get_ruledef(w.oid)) FROM rel JOIN pg_rewrite w ON w.ev_class = rel.oid
  UNION ALL SELECT 'partition', m.shown, 'not as it is made' FROM month m                      -- a line for one that is not like the others
     WHERE m.relacl IS NOT NULL OR pg_get_userbyid(m.relowner) <> 'lineside_owner' OR EXISTS (SELECT FROM pg_rewrite w WHERE w.ev_class = m.oid)
        OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = m.oid AND a.attacl IS NOT NULL)
        OR (SELECT count(*) FILTER (WHERE t.tgenabled = 'A' AND t.tgname IN ('stands', 'stands_truncate') AND t.tgfoid = 'lineside.refuse_change()'::regprocedure) <> 2 OR count(*) <> 2
              FROM pg_trigger t WHERE t.tgrelid = m.oid AND NOT t.tgisinternal)
  UNION ALL SELECT 'policy', rel.shown || '.' || p.polname, concat_ws('|', p.polcmd, p.polpermissive, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) FROM rel JOIN pg_policy p ON p.polrelid = rel.oid
  UNION ALL SELECT 'event trigger', e.evtname, concat_ws('|', e.evtevent, e.evtenabled, e.evtfoid::regprocedure, e.evttags) FROM pg_event_trigger e
  UNION ALL SELECT 'schema', n.nspname, concat_ws('|', CASE WHEN n.nspname = 'lineside' THEN pg_get_userbyid(n.nspowner) END, n.nspacl) FROM pg_namespace n WHERE n.nspname IN ('lineside', 'public')
  UNION ALL SELECT 'default right', concat_ws('.', d.defaclrole::regrole, d.defaclnamespace, d.defaclobjtype), d.defaclacl::text FROM pg_default_acl d
  UNION ALL SELECT 'database', 'rights', (SELECT string_agg(concat_ws('/', coalesce(g.rolname, 'PUBLIC'), x.privilege_type, x.is_grantable), ' ' ORDER BY g.rolname, x.privilege_type)
      FROM pg_database b CROSS JOIN LATERAL aclexplode(b.datacl) x LEFT JOIN pg_roles g ON g.oid = x.grantee WHERE b.datname = current_database() AND x.grantee <> b.datdba)
  UNION ALL SELECT 'setting', coalesce(r.rolname, 'database'), s.setconfig::text FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole
     WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
  UNION ALL SELECT 'role', r.rolname, concat_ws('|', r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin, r.rolreplication, r.rolbypassrls, r.rolconnlimit)
    FROM pg_roles r WHERE r.rolname LIKE 'lineside%' AND r.rolname NOT IN (SELECT rolname FROM login)
  UNION ALL SELECT 'role', r.rolname, concat_ws('|', r.rolsuper, r.rolcreaterole, r.rolcreatedb, r.rolreplication, r.rolbypassrls)
    FROM pg_roles r WHERE r.rolname IN (SELECT rolname FROM login) AND (r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls)
  UNION ALL SELECT 'membership', g.rolname || ' of ' || m.rolname, concat_ws('|', a.admin_option, a.inherit_option, a.set_option)
    FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
   WHERE (g.rolname LIKE 'lineside%' OR m.rolname LIKE 'lineside%' OR m.rolname IN (SELECT rolname FROM login))
     AND NOT g.rolname IN (SELECT rolname FROM login) AND NOT m.rolsuper                    -- who made a login may take it away
     AND NOT (g.rolname LIKE 'lineside\_may\_%' AND m.rolname LIKE 'lineside%' AND m.rolname <> 'lineside_people' AND NOT a.admin_option AND NOT a.set_option)   -- job_lines.sql
     AND (m.rolname NOT IN (SELECT rolname FROM login) OR a.admin_option OR a.set_option OR g.rolname LIKE 'lineside\_may\_%' OR g.rolname NOT LIKE 'lineside%' OR g.rolname IN ('lineside_owner', 'lineside_people'))
)
SELECT DISTINCT kind, name, encode(sha256(convert_to(coalesce(told, ''), 'UTF8')), 'hex') AS digest FROM line ORDER BY 1, 2, 3
