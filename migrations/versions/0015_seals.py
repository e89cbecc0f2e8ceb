"""Seals over the trail, what stations compare with, and what the schema is made of."""

from migrations.files import run_files, run_query_as_function

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    run_query_as_function("schema_lines.sql", "schema_lines() RETURNS TABLE (kind text, name text, digest text)")
    run_files("trail_seals.sql", as_owner=True)
