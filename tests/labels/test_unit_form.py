"""The label of a finished unit: on a printer's roll and as a page, in both languages, real and for practice."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pypdfium2
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.base.errors import RuleViolation
from app.base.phrases import Language, Name
from app.devices.simulators.zpl_drawing import scan
from app.labels.container_form import LabelFacts, LabelUnreadable
from app.labels.emit.container_label import LabelStock
from app.labels.emit.pieces import DoesNotFitLabel, Matrix, Sign
from app.labels.emit.unit_label import UNIT_STOCK
from app.labels.emit.unit_layout import lay_out_unit
from app.labels.unit_form import PAGE_MODULE_MM, unit_content, unit_label, unit_pdf, unit_zpl
from app.reports import fonts
from app.reports.fonts import CharacterNotInFont
from app.reports.pictures import page_pictures
from tests.labels.units import IN_SET_82, NAME, printed, udi, unit

SCAN = "]d201069012345678921126100117290930" + "10L26-0382\x1d" + "210000123"
MODULE_DOTS = {203: 3, 300: 4, 600: 9}
BOX_STOCK = LabelStock(width_mm=100, height_mm=60)


def page_scans(pdf, dpi):
    (picture,) = page_pictures(pdf, dpi=dpi)
    return scan(np.asarray(picture.convert("L")) < 128)


def page_text(pdf):
    return pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()


def facts_of(content, copy_no=1):
    return LabelFacts(content=content, copy_no=copy_no, requested_at=datetime(2026, 10, 1, tzinfo=UTC), zone=UTC)


CONTENT = unit_content(udi(), ref="IS-150-02F", name=NAME, holds=1)


@pytest.mark.capability("G3")
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("dpi", MODULE_DOTS)
@pytest.mark.parametrize("facts", [{}, {"practice": True}, {"copy_no": 2}, {"holds": 10}])
def test_the_label_scans_as_the_unit_it_is_for_at_every_head(language, dpi, facts):
    paper = printed(unit(**facts), language, dpi=dpi)
    assert (paper.scans, paper.refused) == ((SCAN,), ())


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_the_page_scans_as_the_unit_it_is_for_at_every_printer_s_resolution(language, dpi):
    assert page_scans(unit_pdf(unit(), language, stock=UNIT_STOCK), dpi) == (SCAN,)


@pytest.mark.capability("G3")
@settings(max_examples=150, deadline=None)
@given(lot=IN_SET_82, serial=IN_SET_82, dpi=st.sampled_from(list(MODULE_DOTS)), language=st.sampled_from(Language), practice=st.booleans())
def test_any_legal_lot_and_serial_comes_out_of_the_printer_as_asked(lot, serial, dpi, language, practice):
    label = unit(lot=lot, serial=serial, practice=practice)
    paper = printed(label, language, dpi=dpi)
    assert paper.scans == ("]d2" + label.udi.element_string,)
    said = "".join(paper.texts)
    assert all(text in said for text in (lot, serial, *label.udi.hri))


@pytest.mark.capability("G3")
@settings(max_examples=100, deadline=None)
@given(lot=IN_SET_82, serial=IN_SET_82, dpi=st.sampled_from([203, 300, 600]), language=st.sampled_from(Language), practice=st.booleans())
def test_any_legal_lot_and_serial_comes_out_of_the_page_as_asked(lot, serial, dpi, language, practice):
    label = unit(lot=lot, serial=serial, practice=practice)
    assert page_scans(unit_pdf(label, language, stock=UNIT_STOCK), dpi) == ("]d2" + label.udi.element_string,)


@pytest.mark.parametrize("lot", ["m" * 20, "%" * 20, "W" * 20, "_" * 20, "(10)(21)_1__d065&'\"", "\"'()*+,-./:;<=>?!%&_"])
@pytest.mark.parametrize("language", Language)
def test_the_widest_and_the_strangest_lots_find_room(lot, language):
    label = unit(lot=lot, serial=lot[::-1], practice=True, copy_no=99)
    assert printed(label, language).scans == ("]d2" + label.udi.element_string,)
    assert page_scans(unit_pdf(label, language, stock=UNIT_STOCK), 203) == ("]d2" + label.udi.element_string,)


@settings(max_examples=100, deadline=None)
@given(
    lot=IN_SET_82,
    serial=IN_SET_82 | st.none(),
    language=st.sampled_from(Language),
    practice=st.booleans(),
    copy_no=st.sampled_from([1, 2, 99]),
    holds=st.sampled_from([1, 10]),
    dpi=st.sampled_from(list(MODULE_DOTS)),
)
def test_nothing_touches_another_piece_the_quiet_zone_or_the_edge(lot, serial, language, practice, copy_no, holds, dpi):
    assume(serial is not None or len(lot) < 15)
    label = unit(lot=lot, serial=serial, practice=practice, copy_no=copy_no, holds=holds)
    module = MODULE_DOTS[dpi] * 25.4 / dpi
    try:
        pieces = lay_out_unit(label, UNIT_STOCK, language, module_mm=module)
    except DoesNotFitLabel:
        assert holds > 1, "only a line more, for the contents of a box, may be too much"
        return
    boxes = [box_of(piece) for piece in pieces]
    for number, (left, top, right, bottom) in enumerate(boxes):
        assert left >= 1
        assert top >= 1
        assert right <= UNIT_STOCK.width_mm - 1
        assert bottom <= UNIT_STOCK.height_mm - 0.9
        apart = module if isinstance(pieces[number], Matrix) else 0
        for x, y, x2, y2 in boxes[:number] + boxes[number + 1 :]:
            assert x >= right + apart or x2 <= left - apart or y >= bottom + apart - 0.01 or y2 <= top - apart + 0.01


def box_of(piece):
    width = {
        "Text": lambda: fonts.width_of(piece.text, piece.size, piece.weight),
        "Matrix": lambda: piece.side,
        "Icon": lambda: piece.size,
    }.get(type(piece).__name__, lambda: piece.width)()
    return piece.x, piece.y, piece.x + width, piece.bottom


@pytest.mark.parametrize("dpi", MODULE_DOTS)
def test_a_module_is_a_whole_number_of_dots_within_what_gs1_allows(dpi):
    zpl = unit_zpl(unit(), Language.EN, dpi=dpi, stock=UNIT_STOCK)
    assert b"^BXN,%d,200,22,22,,_^FD_1" % MODULE_DOTS[dpi] in zpl
    assert 0.254 <= MODULE_DOTS[dpi] * 25.4 / dpi <= 0.495


def test_on_paper_a_module_is_exactly_eight_dots_of_a_600_dpi_printer():
    assert 0.254 <= PAGE_MODULE_MM <= 0.495
    (picture,) = page_pictures(unit_pdf(unit(), Language.EN, stock=UNIT_STOCK), dpi=600)
    dark = np.asarray(picture.convert("L"))
    (symbol,) = (piece for piece in lay_out_unit(unit(), UNIT_STOCK, Language.EN, module_mm=PAGE_MODULE_MM) if isinstance(piece, Matrix))
    edge = round(symbol.x / PAGE_MODULE_MM) * 8
    lower = dark.shape[0] - round((UNIT_STOCK.height_mm - symbol.y) / PAGE_MODULE_MM) * 8 + 8 * symbol.symbol.side
    cells = dark[lower - 8 * 22 : lower, edge : edge + 8 * 22].reshape(22, 8, 22, 8)
    asked = np.array(symbol.symbol.modules)
    middle = cells[:, 2:6, :, 2:6]
    assert np.array_equal(middle.max(axis=(1, 3)) == 0, asked)
    assert np.array_equal(middle.min(axis=(1, 3)) == 255, ~asked)


@pytest.mark.parametrize("dpi", [152, 204, 1200])
def test_a_head_nobody_has_is_a_defect(dpi):
    with pytest.raises(ValueError, match="dpi"):
        unit_zpl(unit(), Language.EN, dpi=dpi, stock=UNIT_STOCK)


@pytest.mark.capability("G8")
def test_one_job_is_one_label_the_printer_may_not_repeat_it_and_no_field_of_a_symbol_is_read_as_hexadecimal():
    zpl = unit_zpl(unit(lot="A_5E"), Language.ZH, dpi=300, stock=UNIT_STOCK)
    assert zpl.isascii()
    assert zpl.startswith(b"^XA^CI28^JZN")
    assert zpl.endswith(b"^PQ1^XZ\n")
    (symbol,) = (line for line in zpl.splitlines() if b"^BX" in line)
    assert b"^FH" not in symbol
    assert b"10A__5E_121" in symbol


def test_what_is_read_by_eye_has_dashes_in_dates_and_what_is_copied_from_the_symbol_has_none():
    for said in ("".join(printed(unit(), Language.EN).texts), page_text(unit_pdf(unit(), Language.EN, stock=UNIT_STOCK))):
        assert all(fact in said for fact in ("IS-150-02F", "L26-0382", "0000123", "2026-10-01", "2029-09-30", "(11)261001", "(17)290930"))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (Language.EN, (NAME.en, "REF", "LOT", "SN", "UDI")),
        (Language.ZH, (NAME.zh, "货号", "批号", "序列号", "生产日期", "失效日期", "UDI")),
    ],
)
def test_the_page_speaks_the_language_of_its_reader(language, words):
    text = page_text(unit_pdf(unit(), language, stock=UNIT_STOCK))
    assert all(word in text for word in words)


@pytest.mark.capability("J6")
@pytest.mark.parametrize(("language", "word"), [(Language.EN, "PRACTICE"), (Language.ZH, "练习标签")])
@pytest.mark.parametrize(
    "facts", [{}, {"copy_no": 2}, {"lot": "m" * 20, "serial": "%" * 20}, {"serial": None, "made_on": None, "holds": 5}]
)
def test_a_label_of_practice_says_so_in_white_on_black(language, word, facts):
    label = unit(practice=True, **facts)
    (mark,) = (piece for piece in lay_out_unit(label, UNIT_STOCK, language, module_mm=0.375) if isinstance(piece, Sign) and piece.filled)
    assert (mark.text, mark.height >= 2.8) == (word, True)
    dots = printed(label, language).dots
    band = dots[round(mark.y * 8) + 1 : round((mark.y + mark.height) * 7.99), round(mark.x * 8) + 1 : round((mark.x + mark.width) * 7.99)]
    assert 0.55 < np.mean(band) < 0.95, "a black field with white letters in it"
    assert word in page_text(unit_pdf(label, language, stock=UNIT_STOCK))
    assert word not in page_text(unit_pdf(replace(label, practice=False), language, stock=UNIT_STOCK))


@pytest.mark.capability("G7")
@pytest.mark.parametrize(("language", "words"), [(Language.EN, "Copy 3"), (Language.ZH, "第 3 份")])
def test_a_reprint_says_which_copy_it_is_and_the_original_does_not(language, words):
    assert words in page_text(unit_pdf(unit(copy_no=3), language, stock=UNIT_STOCK))
    assert words[:2] not in page_text(unit_pdf(unit(), language, stock=UNIT_STOCK)).replace(NAME.zh, "")
    first, third = (printed(unit(copy_no=number), language).dots for number in (1, 3))
    assert np.any(first != third)
    assert not np.any(first & ~third), "the mark is added, nothing else moves"


@pytest.mark.capability("G4")
@pytest.mark.parametrize("stock", [UNIT_STOCK, BOX_STOCK])
def test_a_box_says_how_many_it_holds_and_has_a_code_of_its_own(stock):
    box = unit(gtin="16901234567899", serial=None, holds=10)
    paper = printed(box, Language.EN, stock=stock)
    assert paper.scans == ("]d2011690123456789911261001172909301" + "0L26-0382",)
    assert "10" in paper.texts
    assert all(word in page_text(unit_pdf(box, Language.ZH, stock=stock)) for word in ("数量", "10"))


def test_what_one_product_does_not_have_is_not_on_its_label():
    text = page_text(unit_pdf(unit(serial=None, made_on=None), Language.ZH, stock=UNIT_STOCK))
    assert not any(word in text for word in ("序列号", "生产日期", "数量", "(21)", "(11)", "None"))


@pytest.mark.parametrize(
    "facts", [{"name": Name("Set 😀", "装置😀")}, {"ref": "IS-😀"}, {"name": Name("Set\u200b", "喆")}, {"ref": "IS\n150"}]
)
@pytest.mark.parametrize("language", Language)
def test_a_character_that_cannot_be_drawn_is_refused_by_name(facts, language):
    for made in (lambda label: printed(label, language), lambda label: unit_pdf(label, language, stock=UNIT_STOCK)):
        with pytest.raises(CharacterNotInFont, match=r"U\+(1F600|200B|5586|000A)"):
            made(unit(**facts))


@pytest.mark.parametrize(
    ("facts", "stock"),
    [
        ({"name": Name("A name without end " * 8, "很长的名称" * 20)}, UNIT_STOCK),
        ({"ref": "R" * 60}, UNIT_STOCK),
        ({}, LabelStock(width_mm=25, height_mm=15)),
        ({}, LabelStock(width_mm=50, height_mm=18)),
    ],
)
@pytest.mark.parametrize("language", Language)
def test_what_does_not_fit_is_refused_and_not_cut_off(facts, stock, language):
    with pytest.raises(DoesNotFitLabel):
        unit_zpl(unit(**facts), language, dpi=203, stock=stock)
    with pytest.raises(DoesNotFitLabel):
        unit_pdf(unit(**facts), language, stock=stock)


@settings(max_examples=40, deadline=None)
@given(lot=IN_SET_82, serial=IN_SET_82, language=st.sampled_from(Language), number=st.integers(2, 99))
def test_what_could_be_printed_once_can_be_printed_again(lot, serial, language, number):
    lay_out_unit(unit(lot=lot, serial=serial), UNIT_STOCK, language, module_mm=0.375)
    lay_out_unit(unit(lot=lot, serial=serial, copy_no=number), UNIT_STOCK, language, module_mm=0.375)


def test_the_same_label_gives_the_same_bytes():
    for made in (lambda: unit_pdf(unit(), Language.ZH, stock=UNIT_STOCK), lambda: unit_zpl(unit(), Language.ZH, dpi=300, stock=UNIT_STOCK)):
        assert made() == made()


@pytest.mark.parametrize("parts", [{}, {"serial": None}, {"made_on": None}, {"lot": 'a"%&_(1', "serial": "\"'<>\\"[:4]}])
def test_a_label_on_record_is_made_again_as_it_was(parts):
    content = json.loads(json.dumps(unit_content(udi(**parts), ref="IS-150-02F", name=NAME, holds=4)))
    assert unit_label(facts_of(content, copy_no=2), practice=True) == unit(holds=4, copy_no=2, practice=True, **parts)


@pytest.mark.parametrize("fact", CONTENT)
@pytest.mark.parametrize("value", ["left out", None, 7, True, 1.5, ["x"], {}, "", "2029-09-00", "2029-13-01"])
def test_a_record_with_a_hole_or_a_contradiction_makes_no_label(fact, value):
    content = {**CONTENT, fact: value}
    if value == "left out":
        del content[fact]
    if value != "left out" and isinstance(value, str) and (fact == "name_zh" or (fact in {"ref", "name_en"} and value)):
        assert unit_label(facts_of(content), practice=False).ref == content["ref"]  # any text may stand there
    elif fact == "holds" and value == 7:
        assert unit_label(facts_of(content), practice=False).holds == 7
    else:
        with pytest.raises(RuleViolation):
            unit_label(facts_of(content), practice=False)


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("lot", "L26-0383"),
        ("serial", None),
        ("serial", "0000124"),
        ("made_on", None),
        ("expires_on", "2029-10-01"),
        ("gtin", "09501101530003"),
    ],
)
def test_a_record_that_was_changed_behind_its_proof_makes_no_label(fact, value):
    with pytest.raises(LabelUnreadable):
        unit_label(facts_of({**CONTENT, fact: value}), practice=False)
