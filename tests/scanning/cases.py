"""Test cases that nobody here wrote; they live beside the repository and are never copied into it."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "cases"
TODAY = date(2026, 11, 23)
"""The cases were computed in 2026; two-digit years slide with the reader's day."""


def cases(name: str) -> list[dict[str, Any]]:
    """All cases of one file; the test is skipped where the folder is absent."""
    file = FOLDER / f"{name}.json"
    if not file.exists():
        pytest.skip(f"external cases {name}.json are not on this machine (expected beside the repository in ../shared/cases)")
    found: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["cases"]
    return found
