"""Figures of a step that are computed from others, and answers that are one of a few."""

from migrations.files import run_files

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    run_files("batches_formulas.sql", "batches_formulas_entered.sql", as_owner=True)
