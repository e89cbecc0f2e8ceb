"""What the cases of a protocol say, one row each: the frame, what it means, and whether that was written."""

from __future__ import annotations

from collections.abc import Sequence

from app.base.phrases import Phrase
from app.devices.errors import readable
from app.devices.patterns.cases import Held
from app.devices.patterns.trying import Tried
from ui.devices.device_words import meaning_words
from ui.kit import State, StateRow, Words


def rows_of(tried: Tried) -> list[StateRow]:
    """Those that do not fit stand first."""
    return [_row(one) for one in sorted(tried.held, key=lambda one: one.fits)]


def _row(one: Held) -> StateRow:
    means: Words = meaning_words(one.meaning)
    if not one.fits:
        means = Phrase("case {number} means something else: {means}", number=one.number, means=means)
    frame = readable(one.case.frame.encode("latin-1"))
    right: Words = Phrase("pattern {number}", number=one.which + 1) if one.which is not None else ""
    return StateRow(state=State.PASS if one.fits else State.FAIL, title=frame, line=means, right=right)


def count_of(held: Sequence[Held]) -> Words:
    """``7 of 8 fit``."""
    return Phrase("{fitting} of {count} fit", fitting=sum(one.fits for one in held), count=len(held)) if held else ""
