-- Beside schema_lines.sql, in the same shape: what differs between the roles of the server and what the product's own commands wrote down. None of it is right.
WITH given AS (SELECT g.rolname AS has, m.rolname AS who FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid JOIN pg_roles m ON m.oid = a.member),
composed AS (SELECT has, who FROM given WHERE has LIKE 'lineside\_may\_%' AND who LIKE 'lineside%' AND who <> 'lineside_people'),
written AS (SELECT 'lineside_may_' || right_name AS has, 'lineside_' || job AS who FROM lineside.job_right),
held AS (SELECT g.has, g.who FROM given g JOIN lineside.person p ON p.login = g.who WHERE g.has LIKE 'lineside\_%' AND g.has <> 'lineside_person'),
placed AS (SELECT DISTINCT 'lineside_' || s.job AS has, p.login AS who FROM lineside.scope s JOIN lineside.person p ON p.id = s.person),
line AS (
  SELECT 'given past the product' AS told, * FROM (SELECT * FROM composed EXCEPT SELECT * FROM written) a
  UNION ALL SELECT 'taken past the product', * FROM (SELECT * FROM written EXCEPT SELECT * FROM composed) b
  UNION ALL SELECT 'given past the product', * FROM (SELECT * FROM held EXCEPT SELECT * FROM placed) c
  UNION ALL SELECT 'taken past the product', * FROM (SELECT * FROM placed EXCEPT SELECT * FROM held) d
)
SELECT 'membership' AS kind, has || ' of ' || who AS name, encode(sha256(convert_to(told, 'UTF8')), 'hex') AS digest FROM line ORDER BY 1, 2, 3
