"""Somebody stops a whole batch; nothing goes on in it until the hold is decided by signatures."""

from migrations.files import run_files

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    run_files("batches_hold.sql", as_owner=True)
