"""docs/devices.md says of every kind what its protocol says."""

import pytest

from app.devices.printer_language import LANGUAGES
from app.devices.protocol import families
from app.devices.settings import MODBUS
from tools.device_table import BEGIN, DOCUMENT, with_table


def test_the_table_of_kinds_is_that_of_the_protocols():
    text = DOCUMENT.read_text("utf-8")
    assert with_table(text) == text, "run python tools/device_table.py"
    assert all(f"| `{key}` |" in text for key in (*families(), *LANGUAGES, MODBUS))


def test_a_document_without_its_marks_is_refused():
    with pytest.raises(ValueError, match="marks"):
        with_table(DOCUMENT.read_text("utf-8").replace(BEGIN, ""))
