"""A reviewer accepts each exception of a batch by name, before it is released."""

from migrations.files import run_files

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    run_files("batches_acceptance.sql", as_owner=True)
