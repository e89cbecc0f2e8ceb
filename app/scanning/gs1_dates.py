"""Two-digit years, day 00 and times in GS1 data.

Source: GS1 General Specifications §7.12 (century), §3.4 (day 00 = last day of the month), §3.8.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time


def full_year(two_digits: int, today: date) -> int:
    """The year within 49 years back and 50 years ahead of today.

    Args:
        two_digits: 0 … 99.
        today: The reader's own day; the window slides with it.
    """
    century, now = divmod(today.year, 100)
    distance = two_digits - now
    if distance >= 51:
        century -= 1
    elif distance <= -50:
        century += 1
    return century * 100 + two_digits


def is_date(digits: str, *, year_digits: int, may_lack_day: bool) -> bool:
    """Whether ``YYMMDD`` / ``YYYYMMDD`` stands in the calendar. ``YY`` 00 counts as a leap year (2000).

    Args:
        digits: Figures only, exactly `year_digits` + 4 of them.
        year_digits: 2 or 4.
        may_lack_day: Day ``00`` is allowed (the last day of the month).
    """
    year, month, day = int(digits[:year_digits]), int(digits[year_digits : year_digits + 2]), int(digits[year_digits + 2 :])
    if not 1 <= month <= 12 or (year_digits == 4 and year == 0):
        return False
    last = monthrange(year if year_digits == 4 else 2000 + year, month)[1]
    return (0 if may_lack_day else 1) <= day <= last


def day_of(digits: str, today: date) -> date:
    """``YYMMDD`` (6 figures) or ``YYYYMMDD`` (8) → day. Day 00 is the last day of the month. The figures have been checked before."""
    if len(digits) == 8:
        year, rest = int(digits[:4]), digits[4:]
    else:
        year, rest = full_year(int(digits[:2]), today), digits[2:]
    month, day = int(rest[:2]), int(rest[2:])
    return date(year, month, day or monthrange(year, month)[1])


def moment_of(digits: str, today: date) -> datetime | None:
    """``YYMMDD`` + ``HH[MM[SS]]`` → local time without zone (GS1 carries none); ``None`` when the data holds no time."""
    clock = digits[6:]
    if not clock:
        return None
    at = time(int(clock[:2]), int(clock[2:4] or 0), int(clock[4:6] or 0))
    return datetime.combine(day_of(digits[:6], today), at)
