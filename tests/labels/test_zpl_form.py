"""A container label on a ZPL printer: the picture is scanned back, so a wrong escape shows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.base.phrases import Language
from app.devices.simulators.zpl_drawing import burn
from app.devices.simulators.zpl_reader import CommandStream, FormatReader, Settings
from app.devices.simulators.zpl_symbols import code_128
from app.labels.emit import zpl_fields
from app.labels.emit.container_label import CONTAINER_STOCK, LabelStock
from app.labels.emit.pieces import DoesNotFitLabel
from app.labels.emit.zpl_form import zpl_label
from app.reports.fonts import CharacterNotInFont
from tests.labels.conftest import label


@pytest.mark.capability("G2")
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_the_label_scans_back_as_the_container_it_is_for(print_on, dpi, language):
    printer = print_on(zpl_label(label(), CONTAINER_STOCK, language, dpi=dpi), dpi=dpi)
    (printed,) = printer.printed
    assert printed.scans == ("]C0C26-00017",)
    assert printed.dots.shape == {203: (480, 799), 300: (709, 1181), 600: (1417, 2362)}[dpi]
    assert {"C26-00017", "LOT-A123", "L26-0003", "12.50 kg", "A-01-02"} <= set(printed.texts)
    assert (printed.refused, printer.unknown_commands) == ((), [])


@pytest.mark.parametrize(
    "lot", ["^XA~JA", "^XZ^XA^FDx^FS", "~HS", "LOT\\5E_5E", "A_1B>;", "~DGR:X,1,1,FF", "^FS^FO0,0^GB500,500,500^FS", "\\^~"]
)
def test_lot_text_is_printed_and_never_obeyed(print_on, lot):
    printer = print_on(zpl_label(label(supplier_lot=lot), CONTAINER_STOCK, Language.EN, dpi=203))
    (printed,) = printer.printed
    assert lot in printed.texts
    assert (printer.controls_obeyed, printer.unknown_commands) == ([], [])
    assert printed.scans == ("]C0C26-00017",)


def test_chinese_is_sent_as_dots_because_the_printer_has_no_such_type(print_on):
    zpl = zpl_label(label(), CONTAINER_STOCK, Language.ZH, dpi=203)
    assert zpl.isascii()
    (with_name,) = print_on(zpl).printed
    assert not any("软管" in text for text in with_name.texts)
    name_band = with_name.dots[215:250, 28:]
    assert 0.05 < np.mean(name_band[:, :500]) < 0.5, "the name is there, in strokes, not as a block"


def test_one_job_is_one_label_and_the_printer_may_not_repeat_it():
    zpl = zpl_label(label(), CONTAINER_STOCK, Language.EN, dpi=203)
    assert zpl.startswith(b"^XA^CI28^JZN")
    assert zpl.endswith(b"^PQ1^XZ\n")
    assert zpl.count(b"^XA") == zpl.count(b"^XZ") == 1


def test_a_reprint_says_which_copy_it_is(print_on):
    (printed,) = print_on(zpl_label(label(copy_no=2), CONTAINER_STOCK, Language.EN, dpi=203)).printed
    assert "Copy 2" in printed.texts


def test_material_without_expiry_says_so(print_on):
    (printed,) = print_on(zpl_label(label(expiry=None), CONTAINER_STOCK, Language.EN, dpi=203)).printed
    assert "No expiry date" in printed.texts


def test_a_long_lot_number_goes_over_two_lines_and_none_of_it_is_lost(print_on):
    lot = "SUPPLIER-LOT-0123456789-ABCDEFGHIJ-9876543210"
    (printed,) = print_on(zpl_label(label(supplier_lot=lot), CONTAINER_STOCK, Language.EN, dpi=203)).printed
    texts = list(printed.texts)
    begun = next(place for place, text in enumerate(texts) if text.startswith("SUPPLIER"))
    assert texts[begun] + texts[begun + 1] == lot


@pytest.mark.parametrize(("facts", "stock"), [({"supplier_lot": "X" * 90}, CONTAINER_STOCK), ({}, LabelStock(width_mm=30, height_mm=20))])
def test_what_does_not_fit_is_refused_and_not_cut_off(facts, stock):
    with pytest.raises(DoesNotFitLabel):
        zpl_label(label(**facts), stock, Language.EN, dpi=203)


def test_a_character_the_font_does_not_know_is_refused_by_name():
    with pytest.raises(CharacterNotInFont, match=r"U\+1F600"):
        zpl_label(label(supplier_lot="LOT😀"), CONTAINER_STOCK, Language.EN, dpi=203)


def test_a_line_end_in_a_fact_is_refused_because_what_stands_behind_it_would_be_lost():
    with pytest.raises(CharacterNotInFont, match=r"U\+000A"):
        zpl_label(label(supplier_lot="LOT\n5"), CONTAINER_STOCK, Language.EN, dpi=203)


PRINTABLE = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=30)


@settings(max_examples=150, deadline=None)
@given(PRINTABLE)
def test_any_printable_text_scans_back_from_code_128(text):
    field = zpl_fields.code_128_field(60, 40, 90, 2, text)
    reader = FormatReader(Settings(width=1400, height=200))
    (drawn,) = filter(None, (reader.obey(command) for command in CommandStream().feed(b"^XA^CI28" + field + b"^XZ")))
    assert burn(drawn, upto=1).scans == ("]C0" + text,)


@settings(max_examples=150, deadline=None)
@given(PRINTABLE)
def test_the_width_of_the_bars_is_foretold(text):
    assert zpl_fields.code_128_modules(text) == code_128(zpl_fields.code_128_text(text), "N").shape[1]
