"""People over the years, jobs composed of rights, pairs that may not meet, jobs on one line."""

from migrations.files import run_files

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    run_files("accounts_at_their_sites.sql", as_owner=False)
    run_files("people_kept.sql", "job_rights.sql", as_owner=True)
    run_files("people_by_superuser.sql", as_owner=False)
