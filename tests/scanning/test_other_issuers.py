"""HIBC, MA, ICCBBA and the tracing codes of AHM."""

from datetime import date

import pytest

from app.scanning import hibc, ma
from app.scanning.interpret import interpret
from app.scanning.refusals import Refused
from app.scanning.result import Status
from tests.scanning.cases import TODAY, cases

pytestmark = pytest.mark.capability("A5")
OUR_WORDS = {
    "expiry": "expires_on",
    "expiry_month": "expires_month",
    "expiry_hour": "expires_hour",
    "manufactured": "made_on",
    "gtin14": "gtin",
}
STATUS = {"valid": "valid", "not_supported": "unknown"}


def read(text):
    return interpret(text, today=TODAY)


def expected_fields(case):
    skipped = {"elements", "segments"}
    found = {OUR_WORDS.get(name, name): str(value) for name, value in (case["expected"] or {}).items() if name not in skipped}
    return {"gtin": found["gtin"].zfill(14), **found} if "gtin" in found else found


@pytest.mark.parametrize("name", ["udi_hibc", "udi_cn", "udi_iccbba_gudid"])
def test_every_code_is_judged_and_explained_as_its_issuer_says(name):
    wrong = []
    for case in cases(name):
        scanned = read(case["input"])
        fields = {key: str(value) for key, value in scanned.fields.items()}
        if scanned.status.value != STATUS.get(case["verdict"], "invalid") or not expected_fields(case).items() <= fields.items():
            wrong.append(case["input"])
        elements = (case["expected"] or {}).get("elements")
        if elements is not None and [[element.ai, element.raw] for element in scanned.elements] != elements:
            wrong.append(case["input"])
    assert wrong == []


def test_two_hibc_symbols_of_a_pack_are_joined_only_when_the_link_fits():
    for case in cases("udi_hibc_pairs"):
        primary, secondary = (read(text) for text in case["input"])
        assert hibc.linked(primary, secondary) is case["linked"]
        fields = {key: str(value) for key, value in hibc.join(primary, secondary).fields.items()}
        assert expected_fields(case).items() <= fields.items()


def test_the_second_symbol_of_another_pack_is_refused():
    primary, stranger = read("+A123BJC5D6E71G"), read("+$$20928053C001LA")
    with pytest.raises(Refused) as refused:
        hibc.join(primary, stranger)
    assert refused.value.code == "not_linked"
    with pytest.raises(Refused):
        hibc.join(stranger, primary)


def test_a_joined_pack_hands_out_lot_and_expiry():
    pack = hibc.join(read("+A123BJC5D6E71G"), read("+2001510X3GG"))
    assert (pack.status, pack.lot, pack.expires_on) == (Status.VALID, "10X3", date(2020, 1, 15))


def test_a_hibc_code_with_a_wrong_check_character_shows_its_fields_and_hands_none_out():
    scanned = read("+A999ABC123DE1/$+1234567Y")
    assert scanned.fields["serial"] == "1234567"
    assert scanned.serial is None
    assert "Z" in str(scanned.error.text)


@pytest.mark.parametrize("text", ["+A99912345/$$2133210X3", "+A99912345/$$536610X3", "+A99912345/$$40509282410X3", "+A99912345/$$1310X3"])
def test_hibc_dates_and_hours_stand_in_the_calendar(text):
    scanned = read(text + hibc.check_character(text))
    assert scanned.error.code in {"bad_date", "bad_time"}


@pytest.mark.parametrize("text", ["+A99912345/X", "+A99912345/", "+A99912345/$$10282521960/99Q", "+A99912345/$$10282521960/S"])
def test_hibc_parts_that_nobody_defined_are_refused(text):
    assert read(text + hibc.check_character(text)).error.code == "hibc_form"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("MA.156.M0.100761.2123456", "ma_form"),
        ("MA.156.M0.100761.21234561.", "ma_form"),
        ("MA.156.M0.100761.21234561.X1", "ma_form"),
        ("MA.156.M0.100761.21234561.LA.LB", "ma_form"),
        ("MA.156.M0.100761.21234561.E20260230", "bad_date"),
        ("MA.156.M0.100761.21234561.E260230", "bad_date"),
    ],
)
def test_ma_codes_that_break_their_rules_are_refused(text, code):
    assert read(text).error.code == code


def test_ma_dates_come_with_two_or_four_figures_of_the_year():
    assert read("MA.156.M0.100761.21234561.E20280229").expires_on == date(2028, 2, 29)
    assert read("MA.156.M0.100761.21234561.E280229.LA1").lot == "A1"


def test_an_ahm_tracing_code_stays_opaque():
    scanned = read("81234567890123456789")
    assert (scanned.status, scanned.kind, scanned.fields["code"]) == (Status.UNKNOWN, "ahm", "81234567890123456789")
    assert ma.read_ahm("81234567890123456789").lot is None


def test_tissue_labels_give_donation_expiry_and_lot():
    scanned = read("=/A9999XYZ100T0944=,000025=A99971312345600=>014032=}013032&,1000000000000XYZ123")
    assert scanned.status is Status.VALID
    assert (scanned.expires_on, scanned.made_on) == (date(2014, 2, 1), date(2013, 2, 1))
    assert (scanned.lot, scanned.serial) == ("000000000000XYZ123", "000025")
    assert read("=>014000=,000025").error.code == "bad_date"
    assert read("=)1TE123456A=)1TE123456A").error.code == "iccbba_form"
