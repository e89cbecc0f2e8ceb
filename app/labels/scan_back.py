"""A printed label is scanned before its unit goes on: it must say what was asked for, and nothing else (21 CFR 820.45)."""

from __future__ import annotations

from app.base.errors import RuleViolation
from app.labels.gs1_symbol import CARRIER
from app.labels.udi import Udi
from app.scanning.characters import GS
from app.scanning.result import Scanned, Status
from app.scanning.words import in_plain_words


class ScanDiffers(RuleViolation):
    """What was scanned is not the label that was printed. `same_as` returns one; whoever needs it raised raises it."""


class NoSymbologyIdentifier(ScanDiffers):
    """Without it a symbol that lost its FNC1 in print looks like a good one."""

    code = "scan_back.no_symbology_identifier"
    text = "The label was not compared: the scanner does not say which kind of symbol it read."
    next_step = "Call Maintenance: the scanner must send its symbology identifier (AIM). Then scan the label again."


class NotGs1(ScanDiffers):
    code = "scan_back.not_gs1"
    text = "This is not the symbol of the label: {read} was read, which is no GS1 code."
    next_step = (
        "Scan the square symbol of the label that was just printed. If that is what you scanned, destroy the label and print another copy."
    )


class OtherCarrier(ScanDiffers):
    """A GS1-128 or QR code with GS1 content is some other label: ours carries a GS1 DataMatrix."""

    code = "scan_back.other_carrier"
    text = "This is not the symbol of the label: a GS1 code of the type {symbology} was read, and the label carries a GS1 DataMatrix."
    next_step = "Scan the square symbol of the label that was just printed."


class ScanNotTaken(ScanDiffers):
    code = "scan_back.unreadable"
    text = "The label says nothing that may be used. {reason}"
    next_step = "Scan it again. If it repeats, destroy this label and print another copy."


class WrongItem(ScanDiffers):
    code = "scan_back.wrong_item"
    text = "Wrong label: it is for product {scanned}, this one is {printed}."
    next_step = "Do not put it on. Find out where it belongs; scan the label that was printed for this product."


class WrongLot(ScanDiffers):
    code = "scan_back.wrong_lot"
    text = "Wrong label: it says lot {scanned}, this is lot {printed}."
    next_step = "Do not put it on. Find out where it belongs; scan the label that was printed for this lot."


class WrongSerial(ScanDiffers):
    code = "scan_back.wrong_serial"
    text = "Wrong label: it says serial number {scanned}, this is serial number {printed}."
    next_step = "Do not put it on. Put it to the unit whose number it carries; scan the label of this unit."


class WrongExpiry(ScanDiffers):
    code = "scan_back.wrong_expiry"
    text = "Wrong label: it says usable until {scanned}, the record says {printed}."
    next_step = "Do not put it on. Destroy it, print another copy and call Quality: labels with two expiry dates are about."


class WrongMadeOn(ScanDiffers):
    code = "scan_back.wrong_made_on"
    text = "Wrong label: it says made on {scanned}, the record says {printed}."
    next_step = "Do not put it on. Destroy it, print another copy and call Quality: labels with two dates of manufacture are about."


class OtherContent(ScanDiffers):
    """All that was asked for is there, with something more, in another order or otherwise separated: printed from something else."""

    code = "scan_back.other_content"
    text = "Wrong label: it holds {scanned}, and {printed} was printed."
    next_step = "Do not put it on. Destroy it, print another copy and call Quality."


_BY_FIELD = {"gtin": WrongItem, "lot": WrongLot, "serial": WrongSerial, "expires_on": WrongExpiry, "made_on": WrongMadeOn}


def same_as(printed: Udi, scanned: Scanned) -> ScanDiffers | None:
    """Compare a scan with what was printed, field by field; the first difference, in the order of what matters most.

    Args:
        printed: As it was composed for the label.
        scanned: As `app.scanning.interpret.interpret` read it.

    Returns:
        ``None`` when the label says what it should to the last separator.
    """
    if scanned.symbology is None:
        return NoSymbologyIdentifier()
    if scanned.kind != "gs1":
        return NotGs1(read=in_plain_words(scanned))
    if scanned.symbology != CARRIER:
        return OtherCarrier(symbology=scanned.symbology)
    if scanned.status is not Status.VALID:
        return ScanNotTaken(reason=in_plain_words(scanned))
    for name, differs in _BY_FIELD.items():
        asked, found = getattr(printed, name), scanned.usable(name)
        if asked != found:
            return differs(printed=_shown(asked), scanned=_shown(found))
    if (data := scanned.raw.removeprefix(CARRIER)) != printed.element_string:
        return OtherContent(printed=printed.element_string.replace(GS, "␝"), scanned=data.replace(GS, "␝"))
    return None


def _shown(value: object) -> str:
    """As the label prints it: dates as YYYY-MM-DD in every language."""
    return "–" if value is None else str(value)
