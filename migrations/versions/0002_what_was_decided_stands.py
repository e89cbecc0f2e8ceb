"""One time per statement in the trail, commands looked at once; what was decided or inspected stands at receipt and release."""

from migrations.files import run_files

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run_files("one_time_per_statement.sql", "command_is_plain.sql", "decided_stands.sql", as_owner=True)
