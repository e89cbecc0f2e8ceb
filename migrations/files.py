"""Run SQL files inside a migration, as the owner of the schema or as the superuser who upgrades."""

from pathlib import Path

from alembic import op

FOLDER = Path(__file__).parent / "sql"


def run_files(*names: str, as_owner: bool) -> None:
    """Run files of ``migrations/sql`` in the given order.

    Args:
        names: File names, e.g. ``audit.sql``.
        as_owner: As ``lineside_owner`` (tables, functions, grants) or as the superuser (event trigger, ownership).
    """
    driver = op.get_bind().connection.cursor()
    if as_owner:
        driver.execute("SET LOCAL ROLE lineside_owner")
    driver.execute("SET LOCAL check_function_bodies = off; SET LOCAL search_path = lineside, pg_catalog")
    for name in names:
        driver.execute((FOLDER / name).read_text(encoding="utf-8"))
    driver.execute("RESET ROLE")
    driver.close()


def run_query_as_function(name: str, signature: str) -> None:
    """Make a function of a query that is also asked from outside, so that it stands written once.

    Args:
        name: The file with the query.
        signature: Of the function, e.g. ``schema_lines() RETURNS TABLE (…)``.
    """
    driver = op.get_bind().connection.cursor()
    driver.execute("SET LOCAL ROLE lineside_owner; SET LOCAL search_path = lineside, pg_catalog")
    query = (FOLDER / name).read_text(encoding="utf-8")
    kind = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lineside, pg_temp"
    driver.execute(f"CREATE OR REPLACE FUNCTION {signature} {kind} AS $query$\n{query}$query$")
    driver.execute("RESET ROLE")
    driver.close()
