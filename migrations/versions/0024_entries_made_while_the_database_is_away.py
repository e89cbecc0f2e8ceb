"""What a person entered while the database was away arrives as a draft, and somebody proven makes it a record."""

from migrations.files import run_files

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    run_files("late_entries.sql", "late_orders.sql", "late_settled.sql", "late_subjects.sql", "late_review.sql", as_owner=True)
