"""Of two people at one step the slower is told who was faster; "performed" is signed by somebody who did some of it."""

from migrations.files import run_files

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    run_files("batches_first_come.sql", "batches_performer.sql", as_owner=True)
