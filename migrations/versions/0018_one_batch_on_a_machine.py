"""A machine makes one batch at a time."""

from migrations.files import run_files

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    run_files("machine_run_by_superuser.sql", as_owner=False)
    run_files("machine_run.sql", as_owner=True)
