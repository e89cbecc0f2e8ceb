"""A plant's own protocol at work: the first pattern that fits the whole frame says what it means; what fits none is an error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from app.base.errors import DeviceError
from app.base.measurement import Quantity
from app.devices.errors import InstrumentTrouble, NotSettled, OutOfRange, UnreadableFrame, readable
from app.devices.patterns.program import Program, groups_in
from app.devices.patterns.written import WrittenPattern, WrittenStable, WrittenUnit
from app.devices.protocol import Parsed, Scanned, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One pattern, ready to be held against frames."""

    written: WrittenPattern
    program: Program


class PatternProtocol:
    """Pure: bytes in, reading or trouble out."""

    wishes: Mapping[str, bytes] = MappingProxyType({})

    def __init__(self, key: str, patterns: Sequence[Spoken], *, ask: bytes | None, identify: bytes | None, unit: str | None) -> None:
        """Speak with one device.

        Args:
            key: Of the protocol.
            patterns: In the order in which they are tried.
            ask: What makes it send a value.
            identify: The harmless question.
            unit: Of the asset's record.

        Raises:
            ValueError: a pattern takes its unit from the record, and there is none.
        """
        if unit is None and any(one.written.unit == "record" for one in patterns):
            raise ValueError(f"{key} sends no unit: the record of the device must name one")
        self._key, self._patterns, self._unit = key, patterns, unit
        self.ask_for_value, self.are_you_there = ask, identify

    def parse(self, frame: bytes) -> Parsed | Scanned | Status:
        """Understand one frame.

        Raises:
            OutOfRange, InstrumentTrouble, NotSettled: a pattern says so.
            UnreadableFrame: no pattern fits, or the text of its group ``stable`` stands in none of its lists; never a guessed number.
        """
        for one in self._patterns:
            groups = groups_in(one.program, frame)
            if groups is not None:
                return self._said(one.written, groups, frame)
        raise UnreadableFrame(protocol=self._key, frame=frame)

    def which(self, frame: bytes) -> int | None:
        """Which pattern decides about this frame, counted from 0; ``None``: none fits."""
        fitting = (place for place, one in enumerate(self._patterns) if groups_in(one.program, frame) is not None)
        return next(fitting, None)

    def _said(self, written: WrittenPattern, groups: dict[str, bytes], frame: bytes) -> Parsed | Status:
        text = _text(groups.get("text"))
        match written.means:
            case "value":
                return self._value(written, groups, frame)
            case "info":
                return Status(about=text, text=text, kind="info", serial_number=_text(groups.get("serial")) or None)
            case "status":
                return Status(about=text or readable(frame), text=text)
        raise _trouble(written, text or readable(frame))

    def _value(self, written: WrittenPattern, groups: dict[str, bytes], frame: bytes) -> Parsed:
        sign, digits = _text(groups.get("sign")), _text(groups["value"]).replace(" ", "")
        value = Decimal(sign + (digits.replace(",", ".") if written.decimal == "," else digits))
        return Parsed(
            quantity=Quantity(value, self._unit_of(written, groups)),
            stable=self._stable(written, groups, frame),
            judged=_text(groups.get("judged")) or None,
        )

    def _unit_of(self, written: WrittenPattern, groups: dict[str, bytes]) -> str:
        match written.unit:
            case WrittenUnit(always=unit):
                return unit
            case "record":
                return self._unit or ""
        return _text(groups.get("unit"))

    def _stable(self, written: WrittenPattern, groups: dict[str, bytes], frame: bytes) -> bool | None:
        match written.stable:
            case WrittenStable() as texts:
                said = _text(groups.get("stable"))
                for meaning, known in ((True, texts.stable), (False, texts.moving), (None, texts.unknown)):
                    if said in known:
                        return meaning
                raise UnreadableFrame(protocol=self._key, frame=frame)
            case "always":
                return True
            case "never":
                return False
        return None


def _text(group: bytes | None) -> str:
    """What a group holds without the spaces around it; empty where it was passed by."""
    return (group or b"").decode("latin-1").strip(" ")


def _trouble(written: WrittenPattern, reported: str) -> DeviceError:
    match written.means:
        case "overload" | "underload":
            return OutOfRange(above=written.means == "overload")
        case "no_value":
            return NotSettled()
    return InstrumentTrouble(reported=reported)
