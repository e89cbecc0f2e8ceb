"""Five wrong passwords close a station to a person for a while, and call a supervisor."""

from migrations.files import run_files

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    run_files("people_lock_out.sql", as_owner=True)
