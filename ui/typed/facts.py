"""What stands behind a number that a device sent or a person typed in its place, in the lines of F4; the same on every screen."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from app.base.phrases import Phrase
from app.typed.queries import TypedRow
from ui.deviations.words import instant
from ui.kit import Words
from ui.shell.evidence import Fact

TYPED = Phrase("typed by one person, verified by another")
NOT_SAID = Phrase("not said by the device")


def device_facts(*, device: str, serial_no: str, said_serial_no: str | None, firmware: str | None) -> list[Fact]:
    """Which device: as it is registered, and as it said of itself on the wire.

    Args:
        device: Its code.
        serial_no: As it is registered.
        said_serial_no: As it said when the value came; ``None``: its protocol does not say it.
        firmware: Likewise.
    """
    return [
        Fact(name=Phrase("device"), value=Phrase("{gauge}, serial no. {serial}", gauge=device, serial=serial_no)),
        Fact(name=Phrase("it says of itself"), value=said_words(said_serial_no, firmware)),
    ]


def said_words(serial_no: str | None, firmware: str | None) -> Words:
    """What a device said of itself when the value came."""
    if serial_no is None and firmware is None:
        return Phrase("serial number and firmware not said by the device")
    if firmware is None:
        return Phrase("serial no. {serial}, firmware not said", serial=serial_no)
    return Phrase("serial no. {serial}, firmware {firmware}", serial=serial_no or NOT_SAID, firmware=firmware)


def calibration_fact(certificate: str | None, due: date | None) -> Fact:
    """The calibration in force at that second."""
    value: Words = Phrase("none on record")
    if certificate is not None and due is not None:
        value = Phrase("{certificate}, due {due}", certificate=certificate, due=due)
    return Fact(name=Phrase("calibration"), value=value)


def clock_facts(read_at: datetime | None, clock_ahead_ms: int | None, zone: tzinfo) -> list[Fact]:
    """The workstation's time of a value, and how its clock stood to the database's."""
    if read_at is None:
        return []
    value = Phrase("{at}, {clock}", at=instant(read_at, zone), clock=clock_words(clock_ahead_ms))
    return [Fact(name=Phrase("workstation time"), value=value)]


def clock_words(ahead_ms: int | None) -> Words:
    """How far a workstation's clock was off when the value came; `ahead_ms`: the database's clock was so much ahead of it."""
    if ahead_ms is None:
        return Phrase("clock not compared with the database's")
    off = f"{abs(ahead_ms) / 1000:.3f}"
    if ahead_ms < 0:
        return Phrase("clock {seconds} s ahead of the database's", seconds=off)
    return Phrase("clock {seconds} s behind the database's", seconds=off)


def typed_facts(typed: TypedRow, zone: tzinfo) -> list[Fact]:
    """Who typed it, why, who verified it, and when."""
    typist = Phrase("{who}, {at}", who=typed.by_name, at=instant(typed.at, zone))
    facts = [Fact(name=Phrase("typed by"), value=typist), Fact(name=Phrase("typed because"), value=typed.reason)]
    if typed.ended_at is not None and typed.status == "verified":
        second = typed.ended_name if typed.ended_name is not None else typed.ended_by or ""
        facts.append(Fact(name=Phrase("verified by"), value=Phrase("{who}, {at}", who=second, at=instant(typed.ended_at, zone))))
    return facts
