"""Label printers that speak SBPL or TSPL as recognition sees them: on the network only, for their labels need it.

Their questions are control characters and short words that another device could take for something else, so each is said only to what
the answers before allow. ENQ goes first, behind an end of line. Who said anything else to that is asked no further: it speaks by itself,
echoes, or answers whatever it hears, and one byte of it would prove nothing. ``ESC ! ?`` is said to who kept silent. One byte that the
manuals name is no proof yet: ``ESC ! S`` must bring its four letters. Older printers do not know it; of them the byte must come again,
and it counts only where no other kind was understood. ``~!T`` holds a T, at which some scales tare: it is said to proven printers alone.

A receipt printer (ESC/POS) takes ``ESC ! ?`` for a print mode until it is switched off.

Source: the protocols' own, `app.devices.protocols.sbpl` and `app.devices.protocols.tspl`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.devices.printer_condition import UnreadablePrinterAnswer
from app.devices.protocols import sbpl, tspl
from app.devices.recognition.findings import Recognised
from app.devices.recognition.questions import END

SBPL, TSPL = "sbpl", "tspl"
ASK_SBPL = END + sbpl.ASK_STATUS
"""Behind an end of line: a machine's question ends in 01, and SOH ENQ is another question; SATO CL4NX programming reference, STATUS5."""
ASK_TSPL = tspl.ASK_STATUS
ASK_TSPL_WHOLE = tspl.ASK_WHOLE_STATUS
ASK_TSPL_MODEL = END + tspl.ASK_MODEL

Say = Callable[[bytes], bytes]
"""Says something on the connection and gives what came in the time for an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What came of the questions to printers."""

    found: Recognised | None = None
    """``None``: no such printer."""
    is_sure: bool = False
    """Whether no other kind can be meant."""
    heard: bytes
    """Everything that was said meanwhile; another kind may understand it."""


def ask(say: Say) -> Asked:
    """Ask for both kinds, each question only where it can do no harm."""
    heard = say(ASK_SBPL)
    if not heard:
        return _ask_tspl(say)
    if not is_sbpl(heard):
        return Asked(heard=heard)
    again = say(ASK_SBPL)
    return _sure(SBPL, again) if is_sbpl(again) else Asked(heard=heard + again)


def is_sbpl(heard: bytes) -> bool:
    """Whether it is one whole answer to ENQ and nothing else. A printer that tells its status in cycles is of no use to a station."""
    try:
        sbpl.read_status(heard)
    except UnreadablePrinterAnswer:
        return False
    return True


def is_tspl(heard: bytes) -> bool:
    """Whether it is one byte that the manuals name; ACK, NAK, XON and XOFF are none of them."""
    return len(heard) == 1 and heard[0] in tspl.NAMED


def _ask_tspl(say: Say) -> Asked:
    status = say(ASK_TSPL)
    if not is_tspl(status):
        return Asked(heard=status)
    whole = say(ASK_TSPL_WHOLE)
    if tspl.is_whole_status(whole):
        return _sure(TSPL, whole, tspl.read_model(say(ASK_TSPL_MODEL)))
    again = b"" if whole else say(ASK_TSPL)
    heard = status + whole + again
    return Asked(found=_recognised(TSPL, again), heard=heard) if is_tspl(again) else Asked(heard=heard)


def _sure(key: str, frame: bytes, model: str | None = None) -> Asked:
    return Asked(found=_recognised(key, frame, model), is_sure=True, heard=frame)


def _recognised(key: str, frame: bytes, model: str | None = None) -> Recognised:
    return Recognised(key=key, line=None, serial_number=None, frame=frame, model=model)
