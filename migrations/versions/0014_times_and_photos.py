"""Fields of a step that are a time or a picture, and pictures of what a deviation is about."""

from migrations.files import run_files

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    run_files("batches_photos.sql", "deviation_photos.sql", as_owner=True)
