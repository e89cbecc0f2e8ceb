"""A label is destroyed: the one in the hand, or the one that is scanned; the reason is part of it, and it stays counted."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from app.base.phrases import Phrase
from app.batches.step_scans import UnitFound
from app.scanning.result import Scanned
from ui.batches.step_panels.units import serial_of
from ui.kit import Field, Label, PrimaryButton, Sheet
from ui.kit.reason_sheet import SHORTEST

LIVING = ("printed", "unknown", "verified", "applied")


class DestroySheet(Sheet):
    """Scanning a label names it; whoever wears it has none then."""

    def __init__(
        self,
        first: tuple[str, UUID] | None,
        *,
        find: Callable[[str, Callable[[UnitFound], None]], None],
        take: Callable[[UUID, str], None],
    ) -> None:
        """Args:
        first: Serial and label of the unit in hand; ``None``: a label must be scanned.
        find: Asks which unit has a serial.
        take: Hears which label is destroyed and why.
        """
        self.act = PrimaryButton(Phrase("Destroy the label"), icon="waste")
        super().__init__(Phrase("Destroy the label"), icon="waste", primary=self.act)
        self._label, self._find, self._take = first[1] if first is not None else None, find, take
        self.which = Label(self._words(first[0] if first is not None else None), bold=True, wrap=True)
        self.reason = Field(Phrase("Why, in one line"))
        self.reason.edited.connect(lambda _: self._look())
        self.body.addWidget(self.which)
        self.body.addWidget(Label(Phrase("It is counted as destroyed. Scan another label to destroy that one."), ink="ink2", wrap=True))
        self.body.addWidget(self.reason)
        self.body.addStretch(1)
        self.act.clicked.connect(self._pressed)
        self._look()

    @staticmethod
    def _words(serial: str | None) -> Phrase:
        return Phrase("Scan the label that is destroyed.") if serial is None else Phrase("Label of unit {unit}", unit=serial)

    def on_scan(self, scanned: Scanned) -> bool:
        """The label of another unit."""
        serial = serial_of(scanned)
        if serial is None:
            return False
        self._find(serial, self._found)
        return True

    def _found(self, unit: UnitFound) -> None:
        if unit.label is not None and unit.label_status in LIVING:
            self._label = unit.label
            self.which.tell(self._words(unit.serial))
        self._look()

    def _look(self) -> None:
        if self._label is None:
            self.act.not_yet(Phrase("scan the label first"))
        elif len(self.reason.text.strip()) < SHORTEST:
            self.act.not_yet(Phrase("write the reason"))
        else:
            self.act.ready()

    def _pressed(self) -> None:
        if self._label is not None:
            self._take(self._label, self.reason.text.strip())
