"""What the keeper finds, and drills of backups as records that quality signs."""

from migrations.files import run_files

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    run_files("keeper.sql", "keeper_subjects.sql", as_owner=True)
