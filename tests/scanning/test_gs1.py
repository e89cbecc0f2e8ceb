"""What a GS1 label says at the receiving dock."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from app.scanning.gs1_dates import day_of, full_year
from app.scanning.interpret import interpret
from app.scanning.result import Status
from tests.scanning.cases import TODAY

pytestmark = pytest.mark.capability("A5")
GTIN = "09506000134352"


def read(text):
    return interpret(text, today=TODAY)


def test_one_scan_gives_product_lot_expiry_serial_and_making_day():
    scanned = read(f"]d201{GTIN}1126090117290930" + "10L2409A\x1d21SN000123")
    assert scanned.status is Status.VALID
    assert scanned.kind == "gs1"
    assert scanned.symbology == "]d2"
    assert (scanned.gtin, scanned.lot, scanned.serial) == (GTIN, "L2409A", "SN000123")
    assert (scanned.expires_on, scanned.made_on) == (date(2029, 9, 30), date(2026, 9, 1))
    assert scanned.missing == ()


def test_a_count_is_an_exact_decimal_and_a_weight_keeps_its_places():
    scanned = read(f"]C102{GTIN}3703000012" + "37" + "40\x1d3103001250")
    assert scanned.status is Status.INVALID  # 3703000012 is longer than a count may be
    scanned = read(f"]C101{GTIN}3103001250" + "3040")
    assert scanned.quantity == Decimal(40)
    assert str(scanned.usable("net_weight_kg")) == "1.250"


def test_a_wrong_check_digit_is_named_with_the_number_it_was_found_in():
    scanned = read("]d20109506000134353")
    assert scanned.error is not None
    assert scanned.error.code == "check_digit"
    assert "09506000134353" in str(scanned.error.text)
    assert scanned.gtin is None


@pytest.mark.parametrize(
    "text",
    [
        f"]d201{GTIN}10ABCDEFGHIJ21SER123",
        f"01{GTIN}10ABCDEFGHIJ17290930",
        f"]d201{GTIN}21SER12345617290930X",
    ],
)
def test_lot_and_serial_merged_by_a_missing_separator_are_not_taken(text):
    scanned = read(text)
    assert scanned.status is Status.UNKNOWN
    assert scanned.error is not None
    assert scanned.error.code == "separator_lost"
    assert scanned.lot is None
    assert scanned.serial is None


@pytest.mark.parametrize(
    "text",
    [
        f"]d201{GTIN}10ABCDEFGHIJ21SER123\x1d21A1",
        f"(01){GTIN}(10)ABCDEFGHIJ21SER123",
        f"]d201{GTIN}10ABCDEFGHIJKLMNO",
        f"]d201{GTIN}21SERIAL00210000021",
    ],
)
def test_a_long_lot_whose_end_is_certain_is_taken(text):
    assert read(text).status is Status.VALID


def test_a_typed_label_may_have_blanks_between_brackets_and_values():
    scanned = read(f"(01) {GTIN} (17) 290930 (10) L2409A")
    assert (scanned.gtin, scanned.expires_on, scanned.lot) == (GTIN, date(2029, 9, 30), "L2409A")


def test_brackets_inside_a_typed_lot_never_cut_it_silently():
    assert read("(10)A(B)1").status is Status.INVALID
    assert read("(10)A\\(B)1").fields["lot"] == "A(B)1"


def test_the_window_of_the_century_slides_with_the_year():
    assert full_year(76, date(2026, 1, 1)) == 2076
    assert full_year(77, date(2026, 1, 1)) == 1977
    assert full_year(10, date(2060, 1, 1)) == 2110
    assert full_year(11, date(2060, 1, 1)) == 2011
    assert day_of("280200", TODAY) == date(2028, 2, 29)


def test_expiry_to_the_minute_and_making_time_are_moments_too():
    scanned = read(f"]d201{GTIN}70032909301430\x1d8008260901081530")
    assert scanned.expires_on == date(2029, 9, 30)
    assert scanned.usable("expires_at") == datetime.fromisoformat("2029-09-30T14:30")
    assert scanned.usable("made_at") == datetime.fromisoformat("2026-09-01T08:15:30")


def test_article_numbers_without_identifier_are_told_from_gs1_data():
    assert read("6901234567892").gtin == "06901234567892"
    assert read("96385074").gtin == "00000096385074"
    assert read("6901234567893").error.code == "check_digit"
    assert read("17290930").expires_on == date(2029, 9, 30)
    assert read(f"01{GTIN}").gtin == GTIN
    assert read("10ABC").status is Status.UNKNOWN
    assert read("12 months").status is Status.UNKNOWN


def test_a_figure_that_is_article_number_and_dated_lot_at_once_is_not_guessed():
    scanned = read("17260930101233")
    assert (scanned.status, scanned.error.code) == (Status.UNKNOWN, "ambiguous")


def test_a_leading_separator_of_scanners_without_identifier_is_no_fault():
    assert read(f"\x1d01{GTIN}10AB\x1d21C\r\n").serial == "C"


def test_symbols_that_can_be_read_in_part_are_refused_by_name():
    assert read("]I105901234123457").error.code == "unsupported_symbology_identifier"


def test_a_plain_code_of_another_symbology_is_only_taken_when_somebody_knows_it():
    assert read("]A0HELLO").status is Status.UNKNOWN
    assert read("]C0L26-0382").code == "L26-0382"
    assert read("]d1+A123BJC5D6E71G").kind == "hibc"
