"""The gate of tasks looks once at all rows of a statement."""

from migrations.files import run_files

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    run_files("tasks_gated_once.sql", as_owner=True)
