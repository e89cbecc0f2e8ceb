"""${message}"""

from migrations.files import run_files

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Tables, functions, triggers and grants stand in migrations/sql; expand first, contract one release later."""
    run_files()
