"""Whoever sees a number may ask who put it there."""

from migrations.files import run_files

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    run_files("behind_values.sql", as_owner=True)
