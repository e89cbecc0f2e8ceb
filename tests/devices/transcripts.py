"""What devices were heard to say, and what a station makes of it: one file for each family."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "transcripts"


@cache
def transcript(key: str) -> dict[str, Any]:
    """``unit`` of the asset's record, where the family has values, and ``said``: ``heard`` and what it ``means``."""
    return tomllib.loads((FOLDER / f"{key}.toml").read_text(encoding="utf-8"))


def unit_of(key: str) -> str | None:
    """The unit of the asset's record in the transcript."""
    unit: str | None = transcript(key).get("unit")
    return unit
