"""Every icon that a screen names is drawn: a missing one shows only when somebody looks, and then in the middle of painting."""

import re
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
NAMED = re.compile(r'\bicon="([a-z_]+)"')


def missing(source: str) -> set[str]:
    """Icons that are named and have no drawing."""
    return {name for name in NAMED.findall(source) if not (HOUSE / "resources" / "icons" / f"{name}.svg").is_file()}


def test_every_icon_that_is_named_is_drawn():
    found = {f"{file.relative_to(HOUSE)}: {name}" for file in (HOUSE / "ui").rglob("*.py") for name in missing(file.read_text("utf-8"))}
    assert found == set()


def test_an_icon_without_a_drawing_is_named():
    assert missing('Button("Save", icon="pen", other="x") and Button("Save", icon="nowhere")') == {"nowhere"}
