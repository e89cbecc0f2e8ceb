"""Every state of a physical label stands on record, and a station's labels go where an engineer said."""

from migrations.files import run_files

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    run_files("label_states.sql", "label_routes.sql", "label_states_in_batches.sql", as_owner=True)
