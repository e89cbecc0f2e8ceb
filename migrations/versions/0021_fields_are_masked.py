"""Fields of four classes are masked by a rule for each job; a line of an order may have a price."""

from migrations.files import run_files

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    rules = ("masking_rules.sql", "masking_price.sql", "masking_signs.sql")
    run_files(*rules, "masking_views.sql", "masking_reads.sql", "masking_rights.sql", as_owner=True)
