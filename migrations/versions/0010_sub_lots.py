"""Units go through the line in sub-lots: material is bound to them, the trace and what is signed know them."""

from migrations.files import run_files

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    run_files("batches_sublots.sql", "batches_sublots_signed.sql", "batches_sublots_trace.sql", as_owner=True)
