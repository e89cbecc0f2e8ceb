"""What is typed in place of a device is verified by a second person; gauges suit what they measure; devices say who they are."""

from migrations.files import run_files

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    run_files(
        "evidence_of_values.sql",
        "gauge_suits.sql",
        "typed_values.sql",
        "typed_values_signed.sql",
        "typed_values_gates.sql",
        as_owner=True,
    )
