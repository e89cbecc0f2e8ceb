"""The UDI of a unit: checked before it is written, read back before it is printed."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from app.base import clock
from app.base.phrases import Language
from app.devices.simulators import ecc200
from app.labels.gs1_symbol import ElementsRefused, LabelNotProven, ProvenSymbol, prove
from app.labels.udi import FIELDS, Udi, compose
from app.labels.udi_refusals import (
    CharactersNotInGs1,
    DateOutOfReach,
    GtinCheckDigitWrong,
    GtinForInHouseUse,
    GtinNotFourteenFigures,
    LotLooksLikeTwoFields,
    MadeAfterExpiry,
    NoGtin,
    WrongLength,
)
from app.scanning.interpret import interpret
from app.scanning.result import Status
from tests.labels.units import IN_SET_82, PARTS, udi


@pytest.mark.capability("G3")
def test_fixed_lengths_come_first_so_that_one_separator_does():
    made = udi()
    assert made.element_string == "01069012345678921126100117290930" + "10L26-0382\x1d" + "210000123"
    assert made.hri == ("(01)06901234567892", "(11)261001", "(17)290930", "(10)L26-0382", "(21)0000123")


@pytest.mark.parametrize(
    ("without", "string"),
    [
        (["serial"], "01069012345678921126100117290930" + "10L26-0382"),
        (["made_on"], "010690123456789217290930" + "10L26-0382\x1d" + "210000123"),
        (["serial", "made_on"], "010690123456789217290930" + "10L26-0382"),
    ],
)
def test_what_a_product_does_not_carry_is_left_away_with_its_separator(without, string):
    assert udi(**dict.fromkeys(without)).element_string == string


def test_the_proof_is_what_was_read_from_the_picture_and_has_a_digest():
    one, same, other = udi(), udi(), udi(serial="0000124")
    assert one.symbol.decoded == one.element_string.encode("ascii")
    assert one.digest == same.digest == "04397ca8b43b4776999e0e4229520339729cc4a25aa5c1d6257a2e7645e54e43"
    assert one.digest != other.digest


@pytest.mark.capability("G3")
@pytest.mark.parametrize(
    ("parts", "refusal", "named"),
    [
        ({"gtin": None}, NoGtin, ""),
        ({"gtin": ""}, NoGtin, ""),
        ({"gtin": "6901234567892"}, GtinNotFourteenFigures, "6901234567892"),
        ({"gtin": "0690123456789X"}, GtinNotFourteenFigures, "0690123456789X"),
        ({"gtin": "069012345678920"}, GtinNotFourteenFigures, "069012345678920"),
        ({"gtin": "06901234567893"}, GtinCheckDigitWrong, "06901234567893"),
        ({"gtin": "02000000000008"}, GtinForInHouseUse, "02000000000008"),
        ({"gtin": "00000000000000"}, GtinForInHouseUse, "00000000000000"),
        ({"lot": ""}, WrongLength, "0"),
        ({"lot": "A" * 21}, WrongLength, "21"),
        ({"serial": ""}, WrongLength, "0"),
        ({"serial": "7" * 21}, WrongLength, "21"),
        ({"lot": "A^B"}, CharactersNotInGs1, "^ (U+005E)"),
        ({"lot": "LOT 5"}, CharactersNotInGs1, "U+0020"),
        ({"lot": "批5"}, CharactersNotInGs1, "批 (U+6279)"),
        ({"serial": "~JA"}, CharactersNotInGs1, "~ (U+007E)"),
        ({"serial": "1\x1d17300101"}, CharactersNotInGs1, "U+001D"),
        ({"serial": "5\n"}, CharactersNotInGs1, "U+000A"),
        ({"serial": "５"}, CharactersNotInGs1, "５ (U+FF15)"),
        ({"made_on": date(2029, 10, 1)}, MadeAfterExpiry, "2029-10-01"),
        ({"lot": "ABCDEFGH12211234", "serial": None}, LotLooksLikeTwoFields, "ABCDEFGH12211234"),
        ({"lot": "ABCDE17290930XYZ", "serial": None}, LotLooksLikeTwoFields, "ABCDE17290930XYZ"),
    ],
)
def test_a_part_that_cannot_stand_in_a_udi_is_refused_by_name(parts, refusal, named):
    with pytest.raises(refusal) as refused:
        udi(**parts)
    for language in Language:
        assert named in refused.value.what.in_language(language)
        assert refused.value.next.in_language(language)
        assert "–" not in refused.value.what.in_language(language), "every fact of the sentence is told"


def test_made_and_expiring_on_one_day_is_allowed():
    assert udi(made_on=date(2029, 9, 30)).made_on == date(2029, 9, 30)


def test_a_date_that_readers_would_take_for_another_century_is_refused():
    this_year = clock.now().year
    assert udi(expires_on=date(this_year + 50, 12, 31)).expires_on.year == this_year + 50
    for far in (date(this_year + 51, 1, 1), date(this_year + 100, 1, 1)):
        with pytest.raises(DateOutOfReach):
            udi(expires_on=far)
    with pytest.raises(DateOutOfReach):
        udi(made_on=date(this_year - 50, 1, 1))


DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


@given(lot=IN_SET_82, serial=IN_SET_82, expires_on=DAYS, age=st.integers(0, 3000) | st.none())
def test_any_legal_lot_and_serial_is_proven_and_scans_as_what_was_asked_for(lot, serial, expires_on, age):
    asked = {
        "gtin": PARTS["gtin"],
        "lot": lot,
        "serial": serial,
        "expires_on": expires_on,
        "made_on": None if age is None else expires_on - timedelta(days=age),
    }
    scanned = interpret("]d2" + compose(**asked).element_string)
    assert {name: scanned.usable(name) for name in FIELDS} == asked


LOTS_LIKE_TWO_FIELDS = st.from_regex(r"[A-Z]{2,6}(21|17|11)[0-9]{6}[A-Z0-9]{0,6}", fullmatch=True)


@given(lot=IN_SET_82 | LOTS_LIKE_TWO_FIELDS)
def test_a_lot_without_serial_is_made_exactly_when_our_own_scanners_would_take_it(lot):
    taken = interpret("]d2010690123456789217290930" + f"10{lot}").status is Status.VALID
    try:
        made = udi(lot=lot, serial=None, made_on=None)
    except LotLooksLikeTwoFields:
        assert not taken
    else:
        assert taken
        assert made.lot == lot


@given(lot=st.text(max_size=25), serial=st.text(max_size=25))
def test_whatever_is_asked_for_it_is_proven_or_refused(lot, serial):
    try:
        made = udi(lot=lot, serial=serial)
    except (WrongLength, CharactersNotInGs1):
        return
    assert (made.lot, made.serial) == (lot, serial)


@pytest.mark.capability("G3")
def test_a_symbol_of_other_content_can_never_stand_for_these_elements():
    good, other = udi().symbol, udi(serial="0000124").symbol
    with pytest.raises(LabelNotProven) as refused:
        ProvenSymbol(elements=good.elements, modules=other.modules)
    assert "0000123" in str(refused.value)
    assert "0000124" in str(refused.value)


def with_round_brackets(write):
    """The trap of the writer: a bracket in a lot becomes an element of its own."""
    return lambda text, *how, **more: write(text.replace("[", "(").replace("]", ")"), *how, **more)


def without_fnc1(write):
    def plain(text):
        return text.replace("[21]", "\x1d21").replace("[", "").replace("]", "")

    return lambda text, *how, **more: write(plain(text), *how, **{**more, "gs1": False})


def with_another_lot(write):
    return lambda text, *how, **more: write(text.replace("(99)", "(98)"), *how, **more)


def that_refuses(_):
    def write(*_, **__):
        raise ValueError("Error 999")

    return write


@pytest.mark.capability("G3")
@pytest.mark.parametrize("writer", [with_round_brackets, without_fnc1, with_another_lot, that_refuses])
def test_a_library_that_writes_something_else_is_caught_before_anything_is_printed(monkeypatch, writer):
    assert udi(lot="A(99)C").lot == "A(99)C"
    monkeypatch.setattr(zxingcpp, "create_barcode", writer(zxingcpp.create_barcode))
    with pytest.raises(LabelNotProven):
        udi(lot="A(99)C")


def drawn(words, side=24):
    """A symbol of these code words, made by the simulated printer."""
    return tuple(tuple(bool(dark) for dark in row) for row in ecc200.draw(words, side))


def words_of(data):
    """One code word per character; FNC1 for GS."""
    return [232 if character == "\x1d" else ord(character) + 1 for character in data]


SHORT = (("01", "06901234567892"), ("10", "A"), ("21", "7"))


def test_a_symbol_made_elsewhere_is_proven_when_it_says_the_same():
    assert ProvenSymbol(elements=SHORT, modules=drawn(words_of("\x1d010690123456789210A\x1d217"))).decoded == b"010690123456789210A\x1d217"


@pytest.mark.parametrize(
    "words",
    [
        words_of("010690123456789210A\x1d217"),
        words_of("\x1d010690123456789210A\x1d217\x1d"),
        words_of("\x1d0106901234567892\x1d10A\x1d217"),
        words_of("\x1d217\x1d010690123456789210A"),
        words_of("\x1d010690123456789210A217"),
    ],
    ids=["no GS1 symbol", "a separator at the end", "a separator too many", "another order", "no separator"],
)
def test_a_symbol_made_elsewhere_that_says_it_in_another_way_is_not_proven(words):
    with pytest.raises(LabelNotProven):
        ProvenSymbol(elements=SHORT, modules=drawn(words))


def test_a_picture_with_a_second_symbol_in_it_is_no_proof():
    both = np.zeros((48, 48), dtype=bool)
    both[:22, :22] = udi().symbol.modules
    alone = tuple(tuple(bool(dark) for dark in row) for row in both)
    assert ProvenSymbol(elements=udi().symbol.elements, modules=alone).decoded == udi().symbol.decoded
    both[26:, 26:] = udi(serial="0000124").symbol.modules
    with pytest.raises(LabelNotProven):
        ProvenSymbol(elements=udi().symbol.elements, modules=tuple(tuple(bool(dark) for dark in row) for row in both))


def test_what_biip_does_not_read_as_we_do_is_neither_encoded_nor_proven():
    signed = (("01", "12312312312319"), ("21", "ABC123"), ("8030", "1234=="))
    with pytest.raises(ElementsRefused):
        prove(signed)
    with pytest.raises(LabelNotProven):
        ProvenSymbol(elements=signed, modules=drawn(words_of("\x1d011231231231231921ABC123\x1d80301234=="), side=26))


@pytest.mark.parametrize("spoil", ["blank", "inverted", "cut"])
def test_a_symbol_that_no_scanner_reads_is_no_proof(spoil):
    good = udi().symbol
    rows = [list(row) for row in good.modules]
    spoiled = {
        "blank": [[False] * good.side] * good.side,
        "inverted": [[not dark for dark in row] for row in rows],
        "cut": [[*row[:8], *[False] * (good.side - 8)] for row in rows],
    }[spoil]
    with pytest.raises(LabelNotProven):
        ProvenSymbol(elements=good.elements, modules=tuple(map(tuple, spoiled)))


def test_elements_that_break_a_rule_make_no_symbol_even_where_it_would_scan():
    good = udi().symbol
    with pytest.raises(ElementsRefused):
        replace(good, elements=(("01", "06901234567893"), *good.elements[1:]))


@pytest.mark.parametrize("part", FIELDS)
def test_facts_and_symbol_of_a_udi_cannot_differ(part):
    other = {"gtin": "09501101530003", "lot": "L26-0383", "serial": None, "made_on": None, "expires_on": date(2029, 10, 1)}[part]
    with pytest.raises(LabelNotProven):
        replace(udi(), **{part: other})


@pytest.mark.parametrize(
    "elements",
    [
        [],
        [("01", "06901234567892"), ("02", "06901234567892"), ("37", "5")],
        [("01", "06901234567892"), ("37", "5")],
        [("01", "06901234567892"), ("10", "A"), ("10", "B")],
        [("01", "06901234567892"), ("17", "290931")],
        [("01", "06901234567892"), ("17", "291301")],
        [("00", "123456789012345678")],
        [("01", "06901234567892"), *((f"9{number}", "X" * 90) for number in range(1, 4))],
    ],
    ids=["none", "01 and 02", "01 and 37", "two lots", "31 September", "month 13", "check digit of an SSCC", "too much"],
)
def test_elements_that_gs1_forbids_are_refused(elements):
    with pytest.raises(ElementsRefused) as refused:
        prove(elements)
    assert "–" not in str(refused.value)


def test_the_symbol_is_as_large_as_every_encoder_gets_by_with():
    sides = [udi(serial=serial).symbol.side for serial in (None, "abc1234", "abc12345", "a" * 19, "a" * 20)]
    assert sides == [22, 22, 24, 26, 32], "30 words are the most of 22 modules, 44 of 26"
    assert udi(lot="a" * 20, serial="b" * 20).symbol.side == 32


def test_a_udi_cannot_be_made_without_its_symbol():
    with pytest.raises(TypeError):
        Udi(**PARTS)
