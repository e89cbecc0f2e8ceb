"""What is wrong in a file somebody wrote by hand, in words: the first mistake that pydantic found."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from app.base.phrases import Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """The first mistake of a file."""

    path: Sequence[str | int]
    """Names and places in lists that lead to it, outermost first; empty: the file as a whole."""
    reason: Phrase
    """What is wrong there."""


def first_mistake(trouble: ValidationError) -> Mistake:
    """The mistake to mend first."""
    first = trouble.errors(include_url=False)[0]
    path = first["loc"]
    name = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
    match first["type"]:
        case "missing":
            reason = Phrase("“{name}” is missing.", name=name)
        case "extra_forbidden":
            reason = Phrase("“{name}” is not known here.", name=name)
        case _:
            reason = Phrase("“{name}” cannot be {value}.", name=name, value=json.dumps(first["input"], ensure_ascii=False, default=str))
    return Mistake(path=path, reason=reason)
