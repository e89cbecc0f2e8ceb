"""Whether a value that was read whole may be taken: its unit is the record's, and a sign before nothing but zeros means nothing."""

from __future__ import annotations

from app.devices.errors import MinusZero, NotSettled, WrongUnit
from app.devices.protocol import Parsed


def demand_takeable(said: Parsed, expected_unit: str | None, frame: bytes) -> None:
    """Refuse what no record may hold, whatever instrument sent it.

    Args:
        said: What the frame says.
        expected_unit: The unit of the asset's record; ``None``: every unit is taken as sent.
        frame: The frame it came in, for the refusal.

    Raises:
        NotSettled: the unit is blank: so some balances say that the value still moves.
        WrongUnit: another unit; nothing is converted behind anybody's back. Units are compared as they are written: ``G`` is no ``g``.
        MinusZero: ``-0.00``: the instrument stands at the edge of its zero point.
    """
    value, unit = said.quantity.value, said.quantity.unit
    if not unit:
        raise NotSettled()
    if expected_unit is not None and unit != expected_unit:
        raise WrongUnit(sent=unit, expected=expected_unit)
    if value.is_zero() and value.is_signed():
        raise MinusZero(frame=frame)
