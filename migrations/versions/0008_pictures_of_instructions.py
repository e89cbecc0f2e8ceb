"""A step of a master record names its picture by the bytes, which are kept before it."""

from migrations.files import run_files

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    run_files("batches_pictures.sql", as_owner=True)
