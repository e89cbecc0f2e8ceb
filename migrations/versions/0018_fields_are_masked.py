"""Fields of four classes are masked by a rule for each job; a line of an order may have a price."""

from migrations.files import run_files

revision = "0018"
down_revision = "0016"


def upgrade() -> None:
    run_files("masking_rules.sql", "masking_price.sql", "masking_signs.sql", "masking_views.sql", "masking_reads.sql", as_owner=True)
