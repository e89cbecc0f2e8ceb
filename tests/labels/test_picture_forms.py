"""Labels that are sent as pictures, in TSPL and SBPL: what comes out of the printer is scanned again."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.base.phrases import Language
from app.devices.simulators import sbpl_picture, tspl_picture
from app.labels.emit.bands import Band, bands, free_of
from app.labels.emit.burnt_label import burn
from app.labels.emit.container_label import CONTAINER_STOCK, LabelStock
from app.labels.emit.jobs import job
from app.labels.emit.layout import lay_out
from app.labels.emit.pieces import Bars, Box, DoesNotFitLabel, Matrix, Text
from app.labels.emit.print_head import MM_PER_INCH, PrintHead, dots_of
from app.labels.emit.unit_label import UNIT_STOCK
from app.labels.gs1_symbol import LabelNotProven
from app.labels.unit_form import unit_job
from app.reports import fonts
from app.reports.fonts import Weight
from tests.labels.conftest import label
from tests.labels.units import IN_SET_82, udi, unit

PICTURES = ("tspl", "sbpl")
HEADS = [PrintHead(speaks=speaks, dpi=dpi) for speaks in PICTURES for dpi in (203, 300, 600)]
TSPL, SBPL = PrintHead(speaks="tspl", dpi=203), PrintHead(speaks="sbpl", dpi=203)

heads = pytest.mark.parametrize("head", HEADS, ids=lambda head: f"{head.speaks}-{head.dpi}")


def paper(made, head, stock=CONTAINER_STOCK):
    """What the printer makes of a job."""
    if head.speaks == "tspl":
        return tspl_picture.paper(made, dpi=head.dpi)
    raw = made.removeprefix(b"\x02").removesuffix(b"\x03")
    return sbpl_picture.paper(raw, width=dots_of(stock.width_mm, head.dpi), height=dots_of(stock.height_mm, head.dpi))


def container(head, language=Language.EN, **facts):
    return job(lay_out(label(**facts), CONTAINER_STOCK, language), CONTAINER_STOCK, head)


@pytest.mark.capability("G2")
@heads
@pytest.mark.parametrize("language", Language)
def test_a_container_label_comes_out_as_it_was_drawn_and_scans_as_its_container(head, language):
    out = paper(container(head, language, copy_no=2), head)
    assert out.scans == ("]C0C26-00017",)
    assert out.refused == ()
    assert np.array_equal(out.dots, burn(lay_out(label(copy_no=2), CONTAINER_STOCK, language), CONTAINER_STOCK, dpi=head.dpi))


@pytest.mark.capability("G2")
@pytest.mark.capability("G3")
@heads
@pytest.mark.parametrize("language", Language)
def test_a_unit_label_scans_as_the_udi_that_was_proven(head, language):
    out = paper(unit_job(unit(), language, head=head, stock=UNIT_STOCK), head, UNIT_STOCK)
    assert out.scans == ("]d2" + udi().element_string,)
    assert out.refused == ()


@settings(max_examples=60, deadline=None)
@given(lot=IN_SET_82, serial=IN_SET_82, head=st.sampled_from(HEADS))
def test_whatever_may_stand_in_a_udi_is_read_back_from_the_picture_that_is_sent(lot, serial, head):
    try:
        asked = unit(lot=lot, serial=serial)
        made = unit_job(asked, Language.EN, head=head, stock=UNIT_STOCK)
    except DoesNotFitLabel:
        return
    assert paper(made, head, UNIT_STOCK).scans == ("]d2" + asked.udi.element_string,)


def test_one_tspl_job_is_one_label_and_the_printer_may_not_repeat_it():
    made = container(TSPL)
    assert made.startswith(b"\r\nSIZE 100.0 mm,60.0 mm\r\nSET REPRINT OFF\r\nDIRECTION 0,0\r\nREFERENCE 0,0\r\nCLS\r\nBITMAP ")
    assert made.endswith(b"\r\nPRINT 1,1\r\n")
    assert made.count(b"PRINT") == 2, "the word and SET REPRINT"


def test_one_sbpl_job_is_one_label_and_holds_no_byte_that_a_printer_obeys_at_once():
    made = container(SBPL)
    assert made.startswith(b"\x02\x1bA\x1bV")
    assert made.endswith(b"\x1bQ1\x1bZ\x03")
    assert (made.count(b"\x1bA"), made.count(b"\x1bQ"), made.count(b"\x1bZ")) == (1, 1, 1)
    assert re.fullmatch(rb"[\x1bA-Z0-9]*", made[1:-1])


@pytest.mark.parametrize("lot", ['A"PRINT 9,9', "~!T", "CLS PRINT 1,1", "GH001001FF", "\\[]"])
@pytest.mark.parametrize("head", [TSPL, SBPL], ids=PICTURES)
def test_lot_text_is_drawn_and_never_sent_as_text(head, lot):
    made = container(head, supplier_lot=lot)
    assert lot.encode() not in made
    out = paper(made, head)
    assert (out.scans, out.refused) == (("]C0C26-00017",), ())
    assert not np.array_equal(out.dots, paper(container(head), head).dots)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_every_line_of_text_stands_where_the_layout_put_it_and_there_is_no_ink_elsewhere(language, dpi):
    pieces = lay_out(label(copy_no=3), CONTAINER_STOCK, language)
    dots = burn(pieces, CONTAINER_STOCK, dpi=dpi)
    rest = dots.copy()
    for piece in pieces:
        match piece:
            case Text():
                x, y, em = (dots_of(length, dpi) for length in (piece.x, piece.y, piece.size))
                wide = dots_of(piece.size * len(piece.text), dpi)
                assert dots[y : y + em, x : x + em].any(), piece.text
                rest[y : y + em * 6 // 5, x : x + wide] = False
            case _:
                x, y, width, height = (dots_of(length, dpi) for length in (piece.x, piece.y, piece.width, piece.height))
                assert dots[y : y + max(height, 1), x : x + width].any()
                rest[y : y + height + 1, x : x + width + 1] = False
    assert not rest.any()


def test_a_text_is_never_wider_than_the_layout_reckoned_with():
    for size in np.arange(2.2, 7.5, 0.1):
        text = Text(x=1, y=1, size=size, weight=Weight.BOLD, text="SUPPLIER-LOT 0123456789")
        ink = np.flatnonzero(burn([text], CONTAINER_STOCK, dpi=203).any(axis=0))
        assert ink[-1] + 1 <= dots_of(1, 203) + dots_of(fonts.width_of(text.text, size, Weight.BOLD), 203) + 2


def symbol_alone(**moved):
    return Matrix(**{"x": 10, "y": 10, "module": 3 * MM_PER_INCH / 203, "symbol": udi().symbol, **moved})


@pytest.mark.capability("G5")
@pytest.mark.parametrize(
    "over",
    [
        Box(x=10, y=12, width=40, height=3, line=0),
        Text(x=10, y=10, size=8, weight=Weight.BOLD, text="LOT"),
        Box(x=9.6, y=9, width=0.35, height=20, line=0),
    ],
    ids=["a bar across", "text over it", "a bar in its quiet zone"],
)
def test_a_symbol_that_does_not_read_back_from_the_finished_label_stops_the_label(over):
    with pytest.raises(LabelNotProven):
        burn([symbol_alone(), over], CONTAINER_STOCK, dpi=203)


def test_a_symbol_whose_modules_were_exchanged_behind_its_proof_is_found_out():
    other = udi(serial="0000124").symbol
    swapped = replace(udi().symbol)
    object.__setattr__(swapped, "modules", other.modules)
    with pytest.raises(LabelNotProven) as refusal:
        burn([symbol_alone(symbol=swapped)], CONTAINER_STOCK, dpi=203)
    assert "0000124" in str(refusal.value)
    assert "0000123" in str(refusal.value)


@pytest.mark.capability("G5")
def test_bars_that_say_something_else_stop_the_label():
    good = Bars(x=5, y=5, width=90, height=10, code="C26-00017")
    burn([good], CONTAINER_STOCK, dpi=203)
    with pytest.raises(LabelNotProven):
        burn([good, Box(x=20, y=5, width=3, height=10, line=0)], CONTAINER_STOCK, dpi=203)


@pytest.mark.parametrize("head", [TSPL, SBPL], ids=PICTURES)
@pytest.mark.parametrize(
    ("pieces", "stock"),
    [
        ([Bars(x=5, y=5, width=30, height=10, code="C" * 24)], CONTAINER_STOCK),
        ([Text(x=90, y=5, size=5, weight=Weight.BOLD, text="TOO FAR RIGHT")], CONTAINER_STOCK),
        ([Box(x=5, y=55, width=9, height=9, line=1)], CONTAINER_STOCK),
        ([symbol_alone()], LabelStock(width_mm=15, height_mm=30)),
    ],
)
def test_what_would_be_too_narrow_or_fall_beside_the_label_is_refused(head, pieces, stock):
    with pytest.raises(DoesNotFitLabel):
        job(pieces, stock, head)


def test_no_head_of_another_density_is_guessed_at():
    with pytest.raises(ValueError, match="200"):
        container(PrintHead(speaks="tspl", dpi=200))


PICTURE = st.integers(1, 5).flatmap(
    lambda across: st.integers(1, 40).flatmap(
        lambda down: st.lists(
            st.lists(st.sampled_from([0x00, 0x1B, 0x21, 0xFF]), min_size=across, max_size=across), min_size=down, max_size=down
        )
    )
)


@given(picture=PICTURE)
def test_a_picture_is_cut_so_that_nothing_in_it_is_taken_for_an_order_and_no_dot_is_lost_or_sent_twice(picture):
    packed = np.array(picture, dtype=np.uint8)
    again, times = np.zeros_like(packed), np.zeros_like(packed)
    for part in free_of(b"\x1b!", Band(x=16, y=3, packed=packed)):
        assert b"\x1b!" not in part.packed.tobytes()
        rows, width = part.packed.shape
        place = (slice(part.y - 3, part.y - 3 + rows), slice(part.x // 8 - 2, part.x // 8 - 2 + width))
        again[place] = part.packed
        times[place] += 1
    assert np.array_equal(again, packed)
    assert (times == 1).all()


@given(picture=PICTURE, edge=st.integers(1, 7))
def test_bands_hold_all_ink_and_do_not_overlap(picture, edge):
    dots = np.unpackbits(np.array(picture, dtype=np.uint8), axis=1)[:, :-edge].astype(np.bool_)
    height, width = dots.shape
    again, times = np.zeros((height + 8, width + 8), dtype=np.bool_), np.zeros((height + 8, width + 8), dtype=int)
    for band in bands(dots):
        rows, across = band.packed.shape[0], band.packed.shape[1] * 8
        again[band.y : band.y + rows, band.x : band.x + across] |= np.unpackbits(band.packed, axis=1).astype(np.bool_)
        times[band.y : band.y + rows, band.x : band.x + across] += 1
        assert (band.x % 8, band.y % 8, rows % 8) == (0, 0, 0)
    assert np.array_equal(again[:height, :width], dots)
    assert not again[height:].any()
    assert times.max(initial=0) <= 1


def test_a_drawing_that_reads_like_an_order_to_be_obeyed_at_once_is_sent_so_that_it_does_not():
    dot = MM_PER_INCH / 203
    runs = ((0, 3), (5, 1), (8, 2), (11, 4), (16, 6))  # white and black as in ESC ! ?
    pieces = [Box(x=(16 + x) * dot, y=24 * dot, width=wide * dot, height=8 * dot, line=0) for x, wide in runs]
    dots = burn(pieces, UNIT_STOCK, dpi=203)
    (band,) = bands(dots)
    assert (~band.packed[0]).tobytes() == b"\x1b!\x03"
    made = job(pieces, UNIT_STOCK, TSPL)
    assert b"\x1b!" not in made
    assert np.array_equal(paper(made, TSPL).dots, dots)
