"""Master records as controlled documents."""

from migrations.files import run_files

revision = "0006"
down_revision = "0002"


def upgrade() -> None:
    run_files("batches_ground.sql", "batches_master.sql", as_owner=True)
