"""What was said is stored as it was said; what was signed is compared in lists."""

from migrations.files import run_files

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    run_files("stored_as_said.sql", "tasks_at_their_sites.sql", "signed_now.sql", as_owner=True)
