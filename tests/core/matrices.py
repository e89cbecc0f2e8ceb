"""What people wrote down by hand about rights, read for the tests that compare it with a cluster; and the comparisons themselves.

Each comparison takes a superuser's connection and returns what differs, by name; nothing differs where it returns nothing.
"""

import csv
import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import psycopg

import app
from app.core.command import Command
from app.demo.people import ADMINISTRATOR, PEOPLE

for room in pkgutil.walk_packages(app.__path__, "app."):  # every command of the house is registered
    if room.name.endswith(".commands") or room.name.startswith("app.core."):
        importlib.import_module(room.name)

HERE = Path(__file__).parent
JOBS = ("operator", "receiver", "inspector", "supervisor", "quality", "regulatory", "engineer", "planner", "administrator", "auditor")
BY_JOB = {person.job: person.login for person in (*PEOPLE, ADMINISTRATOR)}
COLUMN_VERBS = ("SELECT", "INSERT", "UPDATE", "REFERENCES")
TABLE_VERBS = ("DELETE", "TRUNCATE", "TRIGGER", "MAINTAIN")
EVERYBODY = "everybody"

Reach = set[tuple[str, str, str]]
"""Table, column (empty: the whole table), verb."""

_REACH = """WITH col AS (SELECT c.oid, c.relname, a.attnum, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relnamespace = 'lineside'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped
      AND NOT c.relispartition),
    holder AS (SELECT unnest(%(holders)s::text[]) AS name)
    SELECT h.name, col.relname, col.attname, v FROM holder h, col, unnest(%(column_verbs)s::text[]) v
      WHERE has_column_privilege(h.name, col.oid, col.attnum, v)
    UNION ALL SELECT h.name, c.relname, '', v FROM holder h, pg_class c, unnest(%(table_verbs)s::text[]) v
      WHERE c.relnamespace = 'lineside'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p', 'f') AND NOT c.relispartition
      AND has_table_privilege(h.name, c.oid, v)"""


def rows(name: str) -> list[dict[str, str]]:
    """A matrix as it stands in its file."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rights_of(job: str) -> set[str]:
    """What the matrix gives a job."""
    return {row["right"] for row in rows("rights_matrix.csv") if row[job] == "x"}


def declared_columns() -> dict[tuple[str, str], dict[str, set[str]]]:
    """(holder, verb) → table → columns; ``*`` for whole tables, an empty name for verbs that know no columns.

    Holders are the jobs, ``everybody`` (what every person is), ``station`` and ``people`` (the maker of logins).
    """
    declared: dict[tuple[str, str], dict[str, set[str]]] = {}
    for row in rows("table_matrix.csv"):
        for holder in row["who"].split():
            declared.setdefault((holder, row["verb"]), {}).setdefault(row["table"], set()).update(row["columns"].split() or {""})
    return declared


def columns_of(connection: psycopg.Connection) -> dict[str, set[str]]:
    """Every table and view with its columns."""
    found: dict[str, set[str]] = {}
    for table, column in connection.execute(
        """SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE c.relnamespace = 'lineside'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p', 'f') AND a.attnum > 0
            AND NOT a.attisdropped AND NOT c.relispartition"""
    ):
        found.setdefault(str(table), set()).add(str(column))
    return found


def wanted(columns: Mapping[str, set[str]], *holders: str) -> Reach:
    """What the matrix gives these holders together."""
    declared = declared_columns()
    return {
        (table, column, verb)
        for holder in holders
        for verb in (*COLUMN_VERBS, *TABLE_VERBS)
        for table, named in declared.get((holder, verb), {}).items()
        for column in (columns[table] if "*" in named else named)
    }


def reached(connection: psycopg.Connection, holders: Iterable[str]) -> dict[str, Reach]:
    """What the catalogue gives roles and logins (``public``: everybody who can connect), in one question."""
    names = list(holders)
    asked = {"holders": names, "column_verbs": list(COLUMN_VERBS), "table_verbs": list(TABLE_VERBS)}
    found: dict[str, Reach] = {name: set() for name in names}
    for holder, table, column, verb in connection.execute(_REACH, asked):
        found[holder].add((table, column, verb))
    return found


def columns_beyond_the_matrix(connection: psycopg.Connection) -> list[str]:
    """Every role and login against the matrix: jobs, rights, what every person and every station is, each of them, and PUBLIC."""
    columns = columns_of(connection)
    expected: dict[str, Reach] = {"public": set(), "lineside_person": wanted(columns, EVERYBODY)}
    expected |= {"lineside_station": wanted(columns, "station"), "lineside_people": wanted(columns, "people")}
    expected |= {f"lineside_{job}": wanted(columns, job) for job in JOBS}
    for login, jobs in connection.execute(
        """SELECT p.login, array_remove(array_agg(s.job), NULL) FROM lineside.person p LEFT JOIN lineside.scope s ON s.person = p.id
            GROUP BY 1"""
    ):
        expected[login] = wanted(columns, EVERYBODY, *jobs)
    expected |= {role: wanted(columns, "station") for (role,) in connection.execute("SELECT role_name FROM lineside.station")}
    rights = {f"lineside_may_{row['right']}": {job for job in JOBS if row[job] == "x"} for row in rows("rights_matrix.csv")}
    others = connection.execute(
        "SELECT rolname FROM pg_roles WHERE NOT rolsuper AND NOT rolcanlogin AND rolname <> 'lineside_owner' AND rolname !~ '^pg_'"
    )
    found = reached(connection, {*expected, *rights, *(str(name) for (name,) in others)})
    wrong = []
    for holder, reach in sorted(found.items()):
        if holder in rights:  # no row of the matrix is a right's: what it opens must be open to each of its jobs
            fits = set.intersection(*(expected[f"lineside_{job}"] | expected["lineside_person"] for job in rights[holder]))
            surplus, lacking = reach - fits, set[tuple[str, str, str]]()
        else:
            surplus, lacking = reach - expected.get(holder, set()), expected.get(holder, set()) - reach
        wrong += [f"{holder} has {verb} on {table}.{column}" for table, column, verb in sorted(surplus)]
        wrong += [f"{holder} lacks {verb} on {table}.{column}" for table, column, verb in sorted(lacking)]
    return wrong


def commands_beyond_the_matrix(registered: Mapping[type, Command]) -> list[str]:
    """Every command has its row, written by a person, and asks for what stands there; every row has its command."""
    declared = {row["command"]: (row["permission"], row["signature"]) for row in rows("command_matrix.csv")}
    found = {known.name: (str(known.permission), str(known.signature or "")) for known in registered.values()}
    wrong = [f"{name} has no row" for name in sorted(found.keys() - declared.keys())]
    wrong += [f"{name} has no command" for name in sorted(declared.keys() - found.keys())]
    both = sorted(found.keys() & declared.keys())
    return wrong + [f"{name} asks for {', '.join(found[name])}" for name in both if found[name] != declared[name]]


_CALLED = """SELECT p.proname, CASE a.grantee WHEN 0 THEN 'public' ELSE replace(a.grantee::regrole::text, 'lineside_', '') END
    FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
    WHERE p.pronamespace = 'lineside'::regnamespace AND a.grantee <> p.proowner"""


def calls_beyond_the_matrix(connection: psycopg.Connection) -> list[str]:
    """Every function and procedure: who may call it stands in the matrix with the reason, and nobody else may."""
    declared = {(row["function"], who) for row in rows("function_matrix.csv") for who in row["who"].split()}
    found = {(str(name), str(who)) for name, who in connection.execute(_CALLED)}
    extra = [f"{who} may call {name}" for name, who in sorted(found - declared)]
    return extra + [f"{who} may not call {name}" for name, who in sorted(declared - found)]


_DEFINERS = """SELECT p.proname, p.proowner::regrole::text, p.prosecdef,
      (SELECT substr(c, length('search_path=') + 1) FROM unnest(p.proconfig) c WHERE c LIKE 'search\\_path=%%'), p.proacl,
      (SELECT count(*) FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee <> p.proowner)
    FROM pg_proc p WHERE p.pronamespace IN ('lineside'::regnamespace, 'public'::regnamespace) ORDER BY 1"""
PATHS = ("pg_catalog, lineside, pg_temp", "pg_catalog, pg_temp")
OWNERS = ("lineside_owner", "lineside_people")


def definers_out_of_order(connection: psycopg.Connection) -> list[str]:
    """Every function: owned by a role nobody logs in as; its path pinned with the temporary schema last.

    A function without a path of its own runs only inside one that has it: nobody but its owner may call it, and it is no definer.
    """
    wrong = []
    for name, owner, definer, path, _, others in connection.execute(_DEFINERS):
        if owner not in OWNERS:
            wrong.append(f"{name} belongs to {owner}")
        if path is None and not definer and not others:
            continue
        if path not in PATHS:
            wrong.append(f"{name} looks in {path or 'no path of its own'}")
    return wrong


FOLLOWED = ("audit_insert", "audit_update", "audit_delete", "audit_truncate")


def tables_outside_the_trail(connection: psycopg.Connection, excepted: Iterable[str]) -> list[str]:
    """Every table not in `excepted` has the four triggers of the trail, each of them always on."""
    always = {
        (table, name)
        for table, name in connection.execute(
            """SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
                WHERE c.relnamespace = 'lineside'::regnamespace AND t.tgenabled = 'A' AND t.tgname = ANY (%s)""",
            [list(FOLLOWED)],
        )
    }
    tables = {str(name) for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'lineside'")}
    partitions = connection.execute("SELECT relname FROM pg_class WHERE relnamespace = 'lineside'::regnamespace AND relispartition")
    tables -= {str(name) for (name,) in partitions}
    return [f"{table} has no {name}" for table in sorted(tables - set(excepted)) for name in FOLLOWED if (table, name) not in always]


_TRIED = """DO $try$
DECLARE
  one record;
  verb text;
  refused text[] := '{}';
BEGIN
  FOR one IN SELECT c.relname AS tab, a.attname AS col, format_type(a.atttypid, a.atttypmod) AS kind,
        CASE a.attidentity WHEN '' THEN 'NULL' ELSE 'DEFAULT' END AS nothing,
        CASE WHEN c.relkind = 'v' THEN ARRAY['SELECT']
             WHEN a.attnum = min(a.attnum) OVER (PARTITION BY c.oid) THEN ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']
             ELSE ARRAY['SELECT', 'INSERT', 'UPDATE'] END AS verbs
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relnamespace = 'lineside'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND a.attnum > 0 AND NOT a.attisdropped
      AND NOT c.relispartition LOOP
    FOREACH verb IN ARRAY one.verbs LOOP
      BEGIN
        EXECUTE format(CASE verb
          WHEN 'SELECT' THEN 'SELECT %2$I FROM lineside.%1$I LIMIT 0'
          WHEN 'INSERT' THEN 'INSERT INTO lineside.%1$I (%2$I) OVERRIDING SYSTEM VALUE SELECT CAST(NULL AS %3$s) WHERE false'
          WHEN 'UPDATE' THEN 'UPDATE lineside.%1$I SET %2$I = %4$s WHERE false'
          ELSE 'DELETE FROM lineside.%1$I WHERE false' END, one.tab, one.col, one.kind, one.nothing);
      EXCEPTION WHEN insufficient_privilege THEN
        refused := refused || concat_ws('.', one.tab, CASE verb WHEN 'DELETE' THEN '' ELSE one.col END, verb);
      WHEN OTHERS THEN NULL;                              -- past the grants: what a trigger says to it is another test's
      END;
    END LOOP;
  END LOOP;
  PERFORM set_config('attack.refused', array_to_string(refused, ' '), false);
END
$try$"""
TRIED_VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE")


def refused_to(shell: psycopg.Connection) -> Reach:
    """Every column really read, inserted into and updated, every table deleted from, over no rows, in somebody's own shell."""
    with shell.transaction():
        shell.execute(_TRIED)
    told = shell.execute("SELECT current_setting('attack.refused')").fetchone()
    assert told is not None
    tried = (one.split(".") for one in str(told[0]).split())
    return {(table, column, verb) for table, column, verb in tried}
