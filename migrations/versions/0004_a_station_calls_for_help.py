"""A station calls for help while nobody is signed in."""

from migrations.files import run_files

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    run_files("station_call.sql", as_owner=True)
