"""Channels of machines, their samples by month, and the batches in which stations hand them over."""

from migrations.files import run_files

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    run_files("capture.sql", as_owner=True)
