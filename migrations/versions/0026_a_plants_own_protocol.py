"""The plant defines protocols of devices; a value says which of them it was read by."""

from migrations.files import run_files

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    run_files("own_protocols.sql", "read_by_protocol.sql", as_owner=True)
