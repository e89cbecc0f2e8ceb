"""What was said is stored as it was said; accounts are managed at their sites; what was signed is compared in lists."""

from migrations.files import run_files

revision = "0021"
down_revision = "0016"


def upgrade() -> None:
    run_files("stored_as_said.sql", "tasks_at_their_sites.sql", "signed_now.sql", as_owner=True)
    run_files("accounts_at_their_sites.sql", as_owner=False)
