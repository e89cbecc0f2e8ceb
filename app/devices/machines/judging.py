"""What the registers of one channel are worth: a value, or the reason why they are none. Pure."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from app.devices.machines.decoding import number_of
from app.devices.machines.register_map import Channel, NumberType
from app.devices.machines.reported import Reported
from app.devices.machines.samples import Quality, Sample

_SMALLEST_NORMAL = Decimal(2) ** -126


def sample_of(channel: Channel, words: tuple[int, ...], *, at: datetime, cycle: int | None, fresh: bool) -> Sample:
    """One sample. A value on the edge of the plausible span is plausible; only a good sample has a value.

    Args:
        channel: Whose registers these are.
        words: Its registers as they came.
        at: When they arrived, UTC.
        cycle: The cycle they belong to.
        fresh: Whether the machine's heartbeat moves.
    """
    value, quality = _judge(channel, words) if fresh else (None, Quality.STALE)
    return Sample(channel=channel.name, unit=channel.unit, at=at, value=value, quality=quality, cycle=cycle, raw=words)


def _judge(channel: Channel, words: tuple[int, ...]) -> tuple[Decimal | None, Quality]:
    raw = number_of(words, channel.place)
    return valued(channel, raw, subnormal=_is_subnormal(raw, channel))


def valued(channel: Reported, raw: Decimal, *, subnormal: bool = False) -> tuple[Decimal | None, Quality]:
    """What a raw number is worth on a channel.

    Args:
        channel: Whose number it is.
        raw: Before scaling; may be NaN or infinite.
        subnormal: Whether it is a float that no control computes.

    Returns:
        The value with the channel's decimals, and `Quality.GOOD`; or ``None`` and why there is none.
    """
    if _says_broken(raw, channel.sensor_break):
        return None, Quality.SENSOR_BREAK
    low, high = channel.plausible
    value = raw * channel.scale
    if not value.is_finite() or not low <= value <= high or subnormal:
        return None, Quality.IMPLAUSIBLE
    rounded = value.quantize(Decimal(1).scaleb(-channel.decimals))
    return rounded + 0, Quality.GOOD  # a float's minus zero is zero


def _says_broken(raw: Decimal, mark: Decimal | None) -> bool:
    if mark is None:
        return False
    return raw.is_nan() if mark.is_nan() else raw == mark


def _is_subnormal(raw: Decimal, channel: Channel) -> bool:
    """No control computes such floats; whole numbers and floats with their halves swapped look like them."""
    return channel.place.type is NumberType.F32 and raw.is_finite() and 0 < abs(raw) < _SMALLEST_NORMAL
