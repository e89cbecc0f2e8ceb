"""What is said where material is bound to a piece: to one unit, or to a sub-lot in its tray."""

from __future__ import annotations

from app.base.errors import AppError
from app.base.measurement import Quantity
from app.base.phrases import Phrase
from app.batches.step_facts import NextUnit
from app.batches.step_scans import UnitFound
from ui.batches.step_panels.panel import Awaited
from ui.batches.step_rules import ScanTheTrayFirst, ScanTheUnitFirst, SublotHasItsPart, UnitHasItsPart


class UnitWords:
    """One unit in the hand."""

    scanned = frozenset({"unit"})
    """Kinds of house codes that name it; the label of a unit does so too."""
    awaited = Awaited(words=Phrase("Scan the unit"), suggestion=Phrase("its card or its label"))
    other = Phrase("Another unit")

    def next_one(self, unit: NextUnit | None, missing: str | None) -> Phrase:
        """`missing`: what the step lacks, where nobody got nothing and somebody too little."""
        return Phrase("Scan the unit in your hand; the next one is {unit}.", unit=unit.serial if unit is not None else missing or "–")

    def gets(self, found: UnitFound, quantity: Quantity) -> Phrase:
        return Phrase("Unit {unit} gets {quantity}", unit=found.serial, quantity=quantity)

    def wants(self, found: UnitFound, item: str) -> Phrase:
        return Phrase("Unit {unit}: scan a container of {item}.", unit=found.serial, item=item)

    def has_its_part(self, found: UnitFound) -> AppError:
        return UnitHasItsPart(unit=found.serial)

    def comes_first(self, container: str) -> AppError:
        return ScanTheUnitFirst(container=container)


class SublotWords(UnitWords):
    """A tray in the hand: what is taken is for every unit in it."""

    scanned = frozenset({"unit", "sublot"})
    awaited = Awaited(words=Phrase("Scan the tray"), suggestion=Phrase("its card or a unit in it"))
    other = Phrase("Another tray")

    def next_one(self, unit: NextUnit | None, missing: str | None) -> Phrase:
        """As for a unit."""
        code = unit.sublot_code if unit is not None else missing or "–"
        return Phrase("Scan the tray in your hand; the next one is {sublot}.", sublot=code)

    def gets(self, found: UnitFound, quantity: Quantity) -> Phrase:
        if found.pieces == 1:
            return Phrase("Sub-lot {sublot}, 1 unit, gets {quantity}", sublot=found.sublot_code, quantity=quantity)
        return Phrase("Sub-lot {sublot}, {n} units, gets {quantity}", sublot=found.sublot_code, n=found.pieces, quantity=quantity)

    def wants(self, found: UnitFound, item: str) -> Phrase:
        return Phrase("Sub-lot {sublot}: scan a container of {item}.", sublot=found.sublot_code, item=item)

    def has_its_part(self, found: UnitFound) -> AppError:
        return SublotHasItsPart(sublot=found.sublot_code)

    def comes_first(self, container: str) -> AppError:
        return ScanTheTrayFirst(container=container)


BOUND = {"unit": UnitWords(), "sublot": SublotWords()}
"""By what a step binds its material to; a whole batch is no piece."""
