"""A login that asks for less than the server's commits is on record; what is answered again is as safe as the first time."""

from migrations.files import run_files

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    run_files("commits_that_wait.sql", as_owner=True)
