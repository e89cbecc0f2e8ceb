"""Receipts among a million lots: indexes for what a receipt, its gates and the proposal of a free place look for."""

from migrations.files import run_files

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    run_files("receipt_indexes.sql", as_owner=True)
