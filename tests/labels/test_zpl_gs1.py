"""GS1 symbols in ZPL, against field data found in the wild."""

import json
from pathlib import Path

import pytest

from app.labels.emit import zpl_fields
from app.labels.gs1_symbol import ElementsRefused, prove
from app.scanning.interpret import interpret
from app.scanning.result import Status

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases" / "zpl_gs1_fielddata.json"
PLACES = {"^BX": b"^XA^FO40,40^BXN,4,200,,,,_^FD%s^FS^XZ", "^BC": b"^XA^FO60,40^BY2^BCN,80,N,N,N^FD%s^FS^XZ"}


def cases(*, valid=None):
    if not CASES.exists():
        return [pytest.param(None, marks=pytest.mark.skip(reason="the case files stand outside this repository"))]
    found = json.loads(CASES.read_text(encoding="utf-8"))["cases"]
    return [pytest.param(case, id=case["id"]) for case in found if valid is None or (case["verdict"] == "valid") == valid]


def emitted(case):
    symbol = prove([tuple(pair) for pair in case["elements"]])
    if case["command"] == "^BX":
        return zpl_fields.gs1_datamatrix_field(40, 40, 4, symbol)
    return zpl_fields.gs1_128_field(60, 40, 80, 2, symbol)


@pytest.mark.capability("G2")
@pytest.mark.parametrize("case", cases(valid=True))
def test_our_field_data_scans_as_the_elements_it_was_made_of(print_on, case):
    (printed,) = print_on(b"^XA^PW800^LL300^CI28" + emitted(case) + b"^XZ").printed
    assert printed.scans == (case["scan_text"],)


@pytest.mark.parametrize("case", cases())
def test_foreign_field_data_scans_as_it_does_in_the_wild_or_leaves_no_bars(print_on, case):
    (printed,) = print_on(PLACES[case["command"]] % case["input"].encode()).printed
    if printed.refused:
        assert (case["command"], printed.refused) == ("^BC", ("subset C cannot code '4'",)), "17 figures do not go into pairs"
        assert printed.scans == ()
    else:
        assert printed.scans == (case["scan_text"],)


@pytest.mark.capability("G5")
@pytest.mark.parametrize("case", cases(valid=False))
def test_a_wrong_label_of_the_wild_is_caught_when_it_is_scanned_and_cannot_be_made_by_us(case):
    assert interpret(case["scan_text"]).status is Status.INVALID
    hri = case.get("printed_hri") or "(01)0950110153000"  # the one label without it has a GTIN of 13 figures
    elements = [tuple(part.strip().split(")")) for part in hri.removesuffix(" SSCC").split("(")[1:]]
    with pytest.raises(ElementsRefused):
        prove(elements)


def test_an_underscore_in_a_lot_survives_the_escapes_of_the_symbol(print_on):
    field = zpl_fields.gs1_datamatrix_field(40, 40, 4, prove([("01", "09501101530003"), ("21", "7"), ("10", "A_1B__dE_d065")]))
    (printed,) = print_on(b"^XA^PW600^LL300^CI28" + field + b"^XZ").printed
    assert printed.scans == ("]d20109501101530003217\x1d10A_1B__dE_d065",)
    assert b"^FH" not in field, "hexadecimal would be undone before the escapes of the symbol"


@pytest.mark.parametrize("identifier", ["999", "05", "1", ""])
def test_an_identifier_that_does_not_exist_is_refused(identifier):
    with pytest.raises(ElementsRefused):
        prove([(identifier, "x")])
