"""A small house to plant faults in."""

from collections.abc import Callable
from pathlib import Path

import pytest

Planted = Callable[..., Path]


@pytest.fixture
def planted(tmp_path: Path) -> Planted:
    """Write files into an empty house: ``planted({"app/x.py": "…"})``; returns the house."""

    def write(files: dict[str, str]) -> Path:
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        return tmp_path

    return write
