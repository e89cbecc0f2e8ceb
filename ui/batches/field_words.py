"""Fields of steps in words: by the frozen record where it names them, else what every record counts."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.base.measurement import Limits
from app.base.phrases import Name, Phrase
from app.batches.review import ReviewedStep
from ui.kit import Words

_FIELDS = {
    "asset": "equipment",
    "cleaned": "cleaned",
    "issued": "labels issued",
    "applied": "labels applied",
    "destroyed": "labels destroyed",
    "samples": "samples",
    "left": "left over",
    "made": "were made",
    "good": "good",
    "scrapped": "scrapped",
    "not_found": "not found",
    "minutes": "minutes passed",
}
_FIGURES = {"low": "{name}, lowest", "high": "{name}, highest", "gap": "{name}, longest silence"}


def asked(step: ReviewedStep, field: str) -> Mapping[str, Any] | None:
    """What the record says of a field; ``.low``, ``.high`` and ``.gap`` are figures of one channel."""
    return step.asked.get(field) or step.asked.get(field.rpartition(".")[0])


def field_words(step: ReviewedStep | None, field: str) -> Words:
    """``Seal temperature, highest``; the code itself for what has no name."""
    part = asked(step, field) if step is not None else None
    if part is None:
        return Phrase(_FIELDS[field]) if field in _FIELDS else field
    name, ending = Name(part["name"]["en"], part["name"]["zh"]), field.rpartition(".")[2]
    is_figure = step is not None and field not in step.asked
    return Phrase(_FIGURES[ending], name=name) if is_figure else name


def limits_of(step: ReviewedStep, field: str) -> Limits | None:
    """The hard limits of a figure."""
    part = asked(step, field)
    if part is None or field.endswith(".gap") or (part.get("lower") is None and part.get("upper") is None):
        return None
    lower, nominal, upper = (Decimal(part[name]) if part.get(name) is not None else None for name in ("lower", "nominal", "upper"))
    return Limits(unit=part["unit"], lower=lower, nominal=nominal, upper=upper)
