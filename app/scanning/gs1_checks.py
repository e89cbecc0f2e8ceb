"""The content checks of GS1 data, one function per rule. A component of an identifier names the checks it must pass.

Sources: GS1 General Specifications §3 (formats per identifier), §7.9 (check digits and pairs), §7.11 (character sets);
names and behaviour follow the linters of the GS1 Barcode Syntax Dictionary. ISO 13616 for IBAN.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from biip.checksums import gs1_standard_check_digit

from app.scanning.code_lists import COUNTRY_LETTERS, COUNTRY_NUMBERS, CURRENCY_NUMBERS, MEDIA_TYPES, PACKAGE_TYPES, SEXES
from app.scanning.gs1_coupons import positive_offer, us_coupon
from app.scanning.gs1_dates import is_date

Check = Callable[[str], str | None]
"""Component → code of the broken rule, or ``None``. Character set and length have been checked before."""

CSET82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
CSET32 = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_VALUE_82 = {character: value for value, character in enumerate(CSET82)}
_SHORTEST_PREFIX = 4
"""Figures: the shortest GS1 company prefix."""
_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def _primes(count: int) -> list[int]:
    found: list[int] = []
    number = 2
    while len(found) < count:
        if all(number % prime for prime in found):
            found.append(number)
        number += 1
    return found


_PRIMES = _primes(90)


def check_digit(value: str) -> str | None:
    return None if gs1_standard_check_digit(value[:-1]) == int(value[-1]) else "check_digit"


def check_pair(value: str) -> str | None:
    """The two check characters of a GMN or M-UDI-DI: prime weights from the right, modulo 1021 (§7.9.5)."""
    if len(value) < 2:
        return "check_pair"
    data, pair = value[:-2], value[-2:]
    total = sum(_VALUE_82[character] * prime for character, prime in zip(reversed(data), _PRIMES, strict=False)) % 1021
    return None if pair == CSET32[total >> 5] + CSET32[total & 31] else "check_pair"


def company_prefix(value: str) -> str | None:
    start = value[:_SHORTEST_PREFIX]
    return None if len(start) == _SHORTEST_PREFIX and start.isdecimal() else "company_prefix"


def yymmdd(value: str) -> str | None:
    return None if is_date(value, year_digits=2, may_lack_day=False) else "bad_date"


def yymmd0(value: str) -> str | None:
    return None if is_date(value, year_digits=2, may_lack_day=True) else "bad_date"


def yyyymmdd(value: str) -> str | None:
    return None if is_date(value, year_digits=4, may_lack_day=False) else "bad_date"


def hours(value: str) -> str | None:
    return None if int(value) < 24 else "bad_time"


def minutes_or_seconds(value: str) -> str | None:
    return None if int(value) < 60 else "bad_time"


def hours_minutes(value: str) -> str | None:
    return hours(value[:2]) or minutes_or_seconds(value[2:])


def country_number(value: str) -> str | None:
    return None if value in COUNTRY_NUMBERS else "bad_code_list"


def country_number_or_999(value: str) -> str | None:
    return None if value == "999" else country_number(value)


def country_letters(value: str) -> str | None:
    return None if value in COUNTRY_LETTERS else "bad_code_list"


def currency(value: str) -> str | None:
    return None if value in CURRENCY_NUMBERS else "bad_code_list"


def iban(value: str) -> str | None:
    """ISO 13616: country, two check figures, account; modulo 97 of the rotated value is 1."""
    if len(value) < 4:
        return "bad_length"
    if value[:2] not in COUNTRY_LETTERS:
        return "bad_code_list"
    if not 11 <= len(value) <= 34:
        return "bad_length"
    if not re.fullmatch(r"[0-9A-Z]+", value):
        return "bad_character"
    figures = "".join(str(int(character, 36)) for character in value[4:] + value[:4])
    return None if int(figures) % 97 == 1 else "bad_character"


def percent_encoded(value: str) -> str | None:
    return "bad_character" if _PERCENT.search(value) else None


def latitude(value: str) -> str | None:
    return None if int(value) <= 1_800_000_000 else "rule"


def longitude(value: str) -> str | None:
    return None if int(value) <= 3_600_000_000 else "rule"


def yes_no(value: str) -> str | None:
    return None if value in "01" else "rule"


def zero(value: str) -> str | None:
    return None if not value.strip("0") else "rule"


def not_zero(value: str) -> str | None:
    return None if value.strip("0") else "rule"


def no_leading_zero(value: str) -> str | None:
    return "rule" if value.startswith("0") else None


def has_letter_or_sign(value: str) -> str | None:
    return "rule" if value.isdecimal() else None


def hyphen(value: str) -> str | None:
    return None if value == "-" else "rule"


def winding(value: str) -> str | None:
    return None if value in "019" else "rule"


def sex(value: str) -> str | None:
    return None if value in SEXES else "rule"


def media_type(value: str) -> str | None:
    return None if value in MEDIA_TYPES else "rule"


def package_type(value: str) -> str | None:
    return None if value in PACKAGE_TYPES else "rule"


def importer_index(value: str) -> str | None:
    return None if re.fullmatch(r"[0-9A-Za-z_-]", value) else "bad_character"


def piece_of_total(value: str) -> str | None:
    """Two halves of the same length: piece, then total; both from 1, the piece not above the total."""
    half = len(value) // 2
    piece, total = int(value[:half]), int(value[half:])
    return None if 1 <= piece <= total else "sequence_rule"


def position_slash_end(value: str) -> str | None:
    """``2/3``: position and end without leading zeros, the position not above the end."""
    if not (match := re.fullmatch(r"(\d+)/(\d+)", value)):
        return "rule"
    position, end = match.groups()
    if position.startswith("0") or end.startswith("0"):
        return "rule"
    return None if int(position) <= int(end) else "sequence_rule"


def base64_padding(value: str) -> str | None:
    """File-safe base 64 of the digital signature: at most two ``=``, only as far as they fill the last group of three."""
    padding = len(value) - len(value.rstrip("="))
    return "bad_character" if padding > 2 or (padding and len(value) % 3) else None


CHECKS: dict[str, Check] = {
    check.__name__: check
    for check in (
        check_digit, check_pair, company_prefix, yymmdd, yymmd0, yyyymmdd, hours, minutes_or_seconds, hours_minutes, country_number,
        country_number_or_999, country_letters, currency, iban, percent_encoded, latitude, longitude, yes_no, zero, not_zero,
        no_leading_zero, has_letter_or_sign, hyphen, winding, sex, media_type, package_type, importer_index, piece_of_total,
        position_slash_end, base64_padding, us_coupon, positive_offer,
    )
}  # fmt: skip
"""By name, as `gs1_rules` writes them."""

PROVING = frozenset(CHECKS) - {"company_prefix", "percent_encoded", "base64_padding", "hyphen", "zero", "not_zero", "no_leading_zero"}
"""Passing one of these by chance is unlikely: it proves that text without a symbology identifier is GS1 data."""
