"""What a station must know of a printer's language to print one label: how to ask, what an answer says, how to make it forget.

Pure, like the protocols below it. How a label is written in the language belongs to the emitters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Generic, Protocol, TypeVar

from app.base.phrases import Phrase
from app.devices.printer_condition import PrinterFault
from app.devices.protocol import Known
from app.devices.protocols import sbpl, tspl, zpl

OFFICE = "office"
"""The protocol of printers that the operating system drives; it has no language of ours."""
SYSTEM = "system:"
"""What the url of an office printer begins with; the rest is its name in the system."""
ReadStatus = TypeVar("ReadStatus")
Collected_co = TypeVar("Collected_co", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one answer says, in what all languages share."""

    faults: frozenset[PrinterFault]
    at_rest: bool
    """Nothing keeps it, it prints nothing, and as far as it counts labels none is left."""


class Answer(Protocol):
    """One answer on its way, piece by piece."""

    @property
    def heard(self) -> bytes:
        """Everything received since the question."""

    def feed(self, piece: bytes) -> Look | None:
        """Take what arrived. ``None``: not complete yet.

        Raises:
            UnreadablePrinterAnswer: it is not an answer; nothing is guessed.
        """


class PrinterLanguage(Protocol):
    """What a label printer understands."""

    @property
    def name(self) -> Phrase:
        """What people call such a printer."""

    @property
    def known(self) -> Known:
        """Where this knowledge comes from."""

    @property
    def ask(self) -> bytes:
        """How it stands; prints and changes nothing."""

    @property
    def cancel(self) -> bytes:
        """Forget every label that was sent, the one in work included."""

    @property
    def counts(self) -> bool:
        """Whether *at rest* means that everything sent is on paper, by its own count. Else it must have been seen printing before."""

    @property
    def needs_network(self) -> bool:
        """Whether a serial line is no way to it: labels are pictures, which take minutes there, or an answer cannot be told from noise."""

    @property
    def faults(self) -> type[PrinterFault]:
        """What it may say of itself."""

    def answer(self) -> Answer:
        """Begin to listen to one answer."""


class _Zpl:
    name = Phrase("Label printer (ZPL)")
    known = Known(source="Zebra ZPL II programming guide, ~HS host status, ~HI host identification, ~JA")
    ask, cancel, counts, needs_network, faults = zpl.ASK_STATUS, zpl.CANCEL_ALL, True, False, zpl.Fault

    def answer(self) -> Answer:
        return _Heard(zpl.StatusCollector(), lambda status: Look(faults=frozenset(status.faults), at_rest=status.through))


class _Sbpl:
    """It counts the labels that are left."""

    name = Phrase("Label printer (SBPL, SATO)")
    known = Known(source="SATO S84-ex programming reference §2.2.2, §2.2.3; CL4NX, status 4; WS412 §3.3.2; E series p. 7-9; DR300 ch. 10")
    ask, cancel, counts, needs_network, faults = sbpl.ASK_STATUS, sbpl.CANCEL_ALL, True, True, sbpl.Fault

    def answer(self) -> Answer:
        return _Heard(_BehindAcknowledgement(), lambda status: Look(faults=frozenset(status.faults), at_rest=status.through))


class _BehindAcknowledgement(sbpl.StatusCollector):
    """In STATUS3 a printer first acknowledges the label before it. NAK is not passed over: it refused, and nobody knows what."""

    def feed(self, piece: bytes) -> sbpl.PrinterStatus | None:
        return super().feed(piece if self.heard else piece.removeprefix(sbpl.ACKNOWLEDGED))


class _Tspl:
    """One byte, no count: 00 right behind a label may mean that it has not begun."""

    name = Phrase("Label printer (TSPL, TSC)")
    known = Known(
        source="Gprinter GP-2120T programming manual, command 29; TSC TSPL programming manual, <ESC>!?, TTP-343 p. IV, TTP-345 p. 85;"
        " Brother TD-4420TN FBPL §7",
        from_memory=("how the answer to ~!T ends", "which dot value BITMAP burns"),
    )
    ask, cancel, counts, needs_network, faults = tspl.ASK_STATUS, tspl.CANCEL_ALL, False, True, tspl.Fault

    def answer(self) -> Answer:
        return _Heard(tspl.StatusCollector(), lambda status: Look(faults=frozenset(status.faults), at_rest=status.at_rest))


LANGUAGES: Mapping[str, PrinterLanguage] = MappingProxyType({"zpl": _Zpl(), "tspl": _Tspl(), "sbpl": _Sbpl()})
"""By the word that stands for a printer's protocol in ``devices.toml``."""


class _Collector(Protocol[Collected_co]):
    @property
    def heard(self) -> bytes: ...

    def feed(self, piece: bytes) -> Collected_co | None: ...


class _Heard(Generic[ReadStatus]):
    """A language's own collector, its status told as a `Look`."""

    def __init__(self, collector: _Collector[ReadStatus], look: Callable[[ReadStatus], Look]) -> None:
        self._collector, self._look = collector, look

    @property
    def heard(self) -> bytes:
        return self._collector.heard

    def feed(self, piece: bytes) -> Look | None:
        status = self._collector.feed(piece)
        return None if status is None else self._look(status)
