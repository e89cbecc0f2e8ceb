"""A label is scanned before its unit goes on: what is on it, and what the person is told when it is the wrong one."""

from datetime import date

import pytest

from app.base.phrases import Language
from app.labels.emit.unit_label import UNIT_STOCK
from app.labels.scan_back import (
    NoSymbologyIdentifier,
    NotGs1,
    OtherCarrier,
    OtherContent,
    ScanDiffers,
    ScanNotTaken,
    WrongExpiry,
    WrongItem,
    WrongLot,
    WrongMadeOn,
    WrongSerial,
    same_as,
)
from app.labels.unit_form import unit_zpl
from app.scanning.interpret import interpret
from tests.labels.units import burnt, printed, udi, unit

GOOD = "01069012345678921126100117290930" + "10L26-0382\x1d" + "210000123"


def said(scan, **parts):
    """What the comparison says of a scan of the unit 0000123."""
    return same_as(udi(**parts), interpret(scan))


@pytest.mark.capability("G5")
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_the_label_that_was_printed_is_the_one_that_goes_on(language, dpi):
    (scan,) = printed(unit(), language, dpi=dpi).scans
    assert said(scan) is None
    assert said(scan + "\r\n") is None


@pytest.mark.capability("G5")
@pytest.mark.parametrize(
    ("parts", "differs", "facts"),
    [
        ({"gtin": "09501101530003"}, WrongItem, ("09501101530003", "06901234567892")),
        ({"lot": "L26-0383"}, WrongLot, ("L26-0383", "L26-0382")),
        ({"lot": "l26-0382"}, WrongLot, ("l26-0382", "L26-0382")),
        ({"serial": "0000124"}, WrongSerial, ("0000124", "0000123")),
        ({"serial": "123"}, WrongSerial, ("123", "0000123")),
        ({"serial": None}, WrongSerial, ("–", "0000123")),
        ({"expires_on": date(2029, 10, 30)}, WrongExpiry, ("2029-10-30", "2029-09-30")),
        ({"made_on": date(2026, 10, 2)}, WrongMadeOn, ("2026-10-02", "2026-10-01")),
        ({"made_on": None}, WrongMadeOn, ("–", "2026-10-01")),
        ({"gtin": "09501101530003", "lot": "X", "serial": "Y"}, WrongItem, ("09501101530003", "06901234567892")),
    ],
)
def test_another_label_is_named_by_what_is_wrong_with_it_and_what_was_expected(parts, differs, facts):
    (scan,) = printed(unit(**parts), Language.EN).scans
    difference = said(scan)
    assert type(difference) is differs
    for language in Language:
        assert all(fact in difference.what.in_language(language) for fact in facts)
        assert difference.next.in_language(language)


def test_a_serial_where_none_was_printed_is_seen():
    assert isinstance(said("]d2" + GOOD, serial=None), WrongSerial)


@pytest.mark.parametrize(
    ("scan", "differs", "fact"),
    [
        (GOOD, NoSymbologyIdentifier, "AIM"),
        ("L26-0382", NoSymbologyIdentifier, "AIM"),
        ("]d1" + GOOD, NotGs1, "GS1"),
        ("]C0C26-00017", NotGs1, "C26-00017"),
        ("]Q1https://example.com/01/06901234567892", NotGs1, "06901234567892"),
        ("]E00690123456789", NotGs1, "GS1"),
        ("]C0BDG:geheim-4711", NotGs1, "GS1"),
        ("]C1" + GOOD, OtherCarrier, "]C1"),
        ("]Q3" + GOOD, OtherCarrier, "]Q3"),
        ("]d2" + GOOD.replace("06901234567892", "06901234567893"), ScanNotTaken, "06901234567893"),
        ("]d20106901234567892172909301" + "0ABCDEFGH12211234", ScanNotTaken, "ABCDEFGH12211234"),
        ("]d2", ScanNotTaken, ""),
        ("]d2" + GOOD + "\x1d2405", OtherContent, "␝2405"),
        ("]d2" + "0106901234567892" + "210000123\x1d" + "1126100117290930" + "10L26-0382", OtherContent, "210000123␝"),
        ("]d2" + GOOD.replace("17290930", "17290930\x1d"), OtherContent, "17290930␝"),
        ("]d2" + GOOD + "\x1d", OtherContent, "0000123␝"),
    ],
)
def test_what_is_not_our_symbol_is_never_taken_for_it(scan, differs, fact):
    difference = said(scan)
    assert type(difference) is differs
    for language in Language:
        said_of_it = difference.what.in_language(language) + difference.next.in_language(language)
        assert fact in said_of_it
        assert "geheim" not in said_of_it, "a badge is never read out"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (b",,_^FD", b"^FD"),
        (b"^FD_101", b"^FD01"),
        (b"_121", b"21"),
        (b"_121", b"_1_121"),
        (b"17290930", b"17290930_1"),
        (b"L26__0382", b"L26_0382"),
        (b"^FD_101", b"^FH^FD_101"),
        (b"^BXN,3,200", b"^BXN,3,140"),
        (b"_121", b"_110"),
    ],
    ids=[
        "escape not named",
        "no FNC1 in front",
        "no FNC1 between",
        "FNC1 twice",
        "FNC1 too many",
        "_ not doubled",
        "hexadecimal",
        "not ECC 200",
        "lot twice",
    ],
)
@pytest.mark.capability("G5")
def test_a_label_with_a_mistake_in_its_escapes_does_not_pass(right, wrong):
    label = unit(lot="L26_0382")
    zpl = unit_zpl(label, Language.EN, dpi=203, stock=UNIT_STOCK)
    assert [same_as(label.udi, interpret(scan)) for scan in burnt(zpl).scans] == [None]
    assert zpl.count(right) == 1
    spoiled = burnt(zpl.replace(right, wrong))
    assert all(isinstance(same_as(label.udi, interpret(scan)), ScanDiffers) for scan in spoiled.scans)
    assert spoiled.scans or spoiled.refused
