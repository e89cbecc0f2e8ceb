"""Who connected, changed or took out which device at which station."""

from migrations.files import run_files

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    run_files("device_connections.sql", as_owner=True)
