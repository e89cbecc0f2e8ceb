"""Of two people at one step the slower is told who was faster."""

from migrations.files import run_files

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    run_files("batches_first_come.sql", as_owner=True)
