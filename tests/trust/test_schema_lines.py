"""What the database is made of is what the program ships; whatever is changed past it has a name."""

import os

import pytest

from app.core.trust.schema_lines import SHIPPED, differences, lines_of, shipped, written
from tests.plant import Plant

pytestmark = pytest.mark.capability("K5")

WRITE = "LINESIDE_WRITE_SCHEMA_LINES"


def test_a_fresh_installation_is_made_of_what_is_shipped(plant: Plant):
    """After a migration: run this test with ``LINESIDE_WRITE_SCHEMA_LINES=1``, look at the difference, and commit the file with it."""
    here = plant.sign_in("ma.lin").ask(lines_of)
    if os.environ.get(WRITE):
        SHIPPED.write_text(written(here), "utf-8")
    assert differences(here, shipped()) == []
    assert SHIPPED.read_text("utf-8") == written(shipped())
