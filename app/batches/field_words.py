"""What fields of steps are called: those of a kind of step here, the others as the record names them; the same on glass and on paper."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from app.base.phrases import Name, Phrase

OWN_FIELDS = {
    "asset": Phrase("Equipment"),
    "cleaned": Phrase("Cleaned"),
    "issued": Phrase("Labels issued"),
    "applied": Phrase("Labels applied"),
    "destroyed": Phrase("Labels destroyed"),
    "samples": Phrase("Samples"),
    "left": Phrase("Left over"),
    "made": Phrase("Pieces made"),
    "good": Phrase("Good"),
    "scrapped": Phrase("Scrapped"),
    "not_found": Phrase("Not found"),
    "minutes": Phrase("Time passed"),
}
ANSWERS = {"yes": Phrase("yes"), "no": Phrase("no")}
_PICTURE = re.compile(r"[0-9a-f]{64}")
_FIGURES = {"low": "{name}, lowest", "high": "{name}, highest", "gap": "{name}, longest silence"}


def said_words(said: str, ask: Mapping[str, Any] | None) -> Phrase | Name | str:
    """An answer as the record names it, else yes and no; a picture by the beginning of its SHA-256; a code as it is."""
    if _PICTURE.fullmatch(said):
        return Phrase("picture {digest}", digest=said[:12])
    for option in (ask or {}).get("options", ()):
        if option["key"] == said:
            return Name(option["name"]["en"], option["name"]["zh"])
    return ANSWERS.get(said, said)


def said_in_facts(facts: Mapping[str, Any]) -> Phrase | Name | str:
    """The answer a deviation was opened for; of a choice as the database copied its words from the record."""
    return Name(facts["said_en"], facts["said_zh"]) if facts.get("said_en") else said_words(str(facts["said"]), None)


def figure_words(name: Name, field: str) -> Phrase:
    """``Seal temperature, highest``: which figure of a channel a field holds stands behind its dot."""
    return Phrase(_FIGURES[field.rpartition(".")[2]], name=name)
