"""Fields as the review of a batch names and limits them: by the frozen record where it knows them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.base.measurement import Limits
from app.base.phrases import Name
from app.batches.field_words import OWN_FIELDS, figure_words
from app.batches.review import ReviewedStep
from ui.kit import Words


def asked(step: ReviewedStep, field: str) -> Mapping[str, Any] | None:
    """What the record says of a field; ``.low``, ``.high`` and ``.gap`` are figures of one channel."""
    return step.asked.get(field) or step.asked.get(field.rpartition(".")[0])


def field_words(step: ReviewedStep | None, field: str) -> Words:
    """``Seal temperature, highest``; the code itself for what has no name."""
    part = asked(step, field) if step is not None else None
    if step is None or part is None:
        return OWN_FIELDS.get(field, field)
    name = Name(part["name"]["en"], part["name"]["zh"])
    return name if field in step.asked else figure_words(name, field)


def limits_of(step: ReviewedStep, field: str) -> Limits | None:
    """The hard limits of a figure."""
    part = asked(step, field)
    if part is None or field.endswith(".gap") or (part.get("lower") is None and part.get("upper") is None):
        return None
    lower, nominal, upper = (Decimal(part[name]) if part.get(name) is not None else None for name in ("lower", "nominal", "upper"))
    return Limits(unit=part["unit"], lower=lower, nominal=nominal, upper=upper)
