"""Ground and the first lot: people, trail, signatures, documents; materials, receiving, inspection, deviations, labels."""

from alembic import op

from migrations.files import run_files

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute("CREATE SCHEMA lineside AUTHORIZATION lineside_owner")
    run_files(
        "core_tables.sql",
        "login.sql",
        "command.sql",
        "audit.sql",
        "people.sql",
        "signature.sql",
        "tasks.sql",
        "attachments.sql",
        as_owner=True,
    )
    run_files(
        "plant.sql",
        "materials.sql",
        "receiving.sql",
        "inspection.sql",
        "deviations.sql",
        "labels.sql",
        "scope.sql",
        "plain_text.sql",
        as_owner=True,
    )
    run_files("subjects.sql", "trail.sql", "grants.sql", as_owner=True)
    run_files("logins_by_superuser.sql", as_owner=False)
