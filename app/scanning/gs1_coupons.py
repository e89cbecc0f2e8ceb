"""North American coupons in GS1 DataBar (AI 8110 and 8112): fields whose length stands in front of them.

Sources: GS1 US "North American Coupon Application Guideline Using GS1 DataBar Expanded"; "GS1 AI (8112) Coupon Data Specification".
They reach a receiving dock on bundled consumer goods; the point here is only not to take a broken one for anything else.
"""

from __future__ import annotations

from collections.abc import Callable

from app.scanning.gs1_dates import is_date


class _Broken(Exception):
    def __init__(self, code: str) -> None:
        self.code = code


class _Strip:
    """The figures still to be read, from the left."""

    def __init__(self, figures: str) -> None:
        self.rest = figures

    def take(self, count: int, code: str = "coupon_rule") -> str:
        if len(self.rest) < count:
            raise _Broken(code)
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken

    def one_of(self, allowed: str) -> str:
        figure = self.take(1)
        if figure not in allowed:
            raise _Broken("coupon_rule")
        return figure

    def counted(self, allowed: str, plus: int) -> str:
        """A figure that says how long the next field is, and that field."""
        return self.take(int(self.one_of(allowed)) + plus)

    def starts(self, option: str) -> bool:
        """Take the mark of an optional field when it stands next."""
        if not self.rest.startswith(option):
            return False
        self.rest = self.rest[1:]
        return True


def us_coupon(value: str) -> str | None:
    """AI 8110: company, offer, saving, one to three purchases, dates, serial, retailer, flags."""
    return _read(value, _us_coupon)


def positive_offer(value: str) -> str | None:
    """AI 8112: format, funder, offer code, serial."""
    return _read(value, _positive_offer)


def _read(value: str, reader: Callable[[_Strip], None]) -> str | None:
    if not value.isdecimal():
        return "bad_character"
    strip = _Strip(value)
    try:
        reader(strip)
        return "coupon_rule" if strip.rest else None
    except _Broken as broken:
        return broken.code


def _positive_offer(strip: _Strip) -> None:
    strip.one_of("01")
    strip.counted("0123456", plus=6)
    strip.take(6)
    strip.counted("0123456789", plus=6)


def _us_coupon(strip: _Strip) -> None:
    strip.counted("0123456", plus=6)
    strip.take(6)
    strip.counted("12345", plus=0)
    _purchase(strip)
    if strip.starts("1"):
        strip.one_of("0123")
        _purchase(strip)
        _company_of_purchase(strip)
    if strip.starts("2"):
        _purchase(strip)
        _company_of_purchase(strip)
    _dates(strip)
    if strip.starts("5"):
        strip.counted("0123456789", plus=6)
    if strip.starts("6"):
        strip.counted("1234567", plus=6)
    if strip.starts("9"):
        strip.one_of("01256")
        strip.one_of("012")
        strip.take(1)
        strip.one_of("01")


def _purchase(strip: _Strip) -> None:
    strip.counted("12345", plus=0)
    strip.one_of("012349")
    strip.take(3)


def _company_of_purchase(strip: _Strip) -> None:
    if strip.starts("9"):  # the same company as before
        return
    strip.counted("0123456", plus=6)


def _dates(strip: _Strip) -> None:
    last = _date(strip) if strip.starts("3") else None
    first = _date(strip) if strip.starts("4") else None
    if last is not None and first is not None and first > last:
        raise _Broken("bad_date")


def _date(strip: _Strip) -> str:
    figures = strip.take(6, "bad_length")
    if not is_date(figures, year_digits=2, may_lack_day=False):
        raise _Broken("bad_date")
    return figures
