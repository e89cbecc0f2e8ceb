"""The simulated printer makes a Data Matrix of what it is told, and of nothing else: a label made wrong comes out wrong."""

import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from app.devices.simulators import ecc200
from app.devices.simulators.zpl_drawing import burn, scan
from app.devices.simulators.zpl_reader import CommandStream, FormatReader, Settings

GTIN = "_10109501101530003"


def printed(field, *, before=""):
    reader = FormatReader(Settings(width=500, height=400))
    zpl = f"^XA^CI28{before}^FO40,40{field}^FS^XZ".encode()
    (drawn,) = filter(None, (reader.obey(command) for command in CommandStream().feed(zpl)))
    assert reader.unknown == []
    return burn(drawn, upto=1)


def size_of(label):
    rows, columns = np.nonzero(label.dots)
    return (int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1)


@pytest.mark.parametrize("side", ecc200.SIZES)
def test_every_size_is_drawn_as_by_another_writer_full_and_with_one_word_of_room(side):
    for words in range(max(1, ecc200.SIZES[side][0] - 2), ecc200.SIZES[side][0] + 1):
        size = list(ecc200.SIZES).index(side) + 1
        other = zxingcpp.create_barcode("12" * words, zxingcpp.BarcodeFormat.DataMatrix, version=size)
        assert np.array_equal(ecc200.draw([142] * words, side), np.asarray(other.to_image(scale=1, add_quiet_zones=False)) < 128)


def sides_and_fitting_data():
    return st.sampled_from(list(ecc200.SIZES)).flatmap(
        lambda side: st.tuples(st.just(side), st.lists(st.integers(0, 127), min_size=1, max_size=ecc200.SIZES[side][0] - 1))
    )


@given(sides_and_fitting_data())
def test_any_ascii_comes_back_from_any_size(drawn):
    side, numbers = drawn
    symbol = ecc200.draw([232, *(number + 1 for number in numbers)], side)
    assert scan(symbol.repeat(3, axis=0).repeat(3, axis=1)) == ("]d2" + bytes(numbers).decode(),)


@pytest.mark.parametrize(
    ("parameters", "data", "scans"),
    [
        ("N,4,200,,,,_", GTIN + "17290930_1" + "10A", "0109501101530003" + "17290930\x1d" + "10A"),
        ("N,4,200,,,,_", GTIN + "10A_1", "010950110153000310A\x1d"),
        ("N,4,200,,,,_", "_10109501101530000", "0109501101530000"),
        ("N,4,200,,,,_", "_1999XYZ", "999XYZ"),
        ("N,4,200,,,,#", "#10109501101530003" + "10A_1B##", "0109501101530003" + "10A_1B#"),
        ("N,4,200,,,,_", GTIN + "10_d065_d066", "010950110153000310AB"),
        ("N,4,200,,,,_", GTIN + "10A__1", "010950110153000310A_1"),
    ],
)
def test_a_gs1_symbol_holds_what_the_escapes_say_right_or_wrong(parameters, data, scans):
    assert printed(f"^BX{parameters}^FD{data}").scans == ("]d2" + scans,)


@pytest.mark.parametrize(
    ("field", "scans"),
    [
        (f"^BXN,4,200,,,,_^FD{GTIN}10A_B", "]d2010950110153000310A\x02"),
        (f"^BXN,4,200,,,,_^FD{GTIN}10A_1B", "]d2010950110153000310A\x1dB"),
        (f"^BXN,4,200,,,,_^FH^FD{GTIN}10A", "]d1\x10109501101530003" + "10A"),
        (f"^BXN,4,200^FD{GTIN}10A", "]d1_1010950110153000310A"),
        (f"^BXN,4,200,,,,_^FD{GTIN.removeprefix('_1')}10A", "]d1010950110153000310A"),
        (f"^BXN,4,200,,,,_^FD{GTIN}10A21B", "]d2010950110153000310A21B"),
        ("^BXN,4,200,,,,_^FD(01)09501101530003", "]d1(01)09501101530003"),
    ],
    ids=["_ not doubled", "_1 in a lot", "hexadecimal", "g not named", "no FNC1 in front", "no FNC1 between", "brackets"],
)
def test_a_mistake_in_the_escapes_is_seen_on_the_paper(field, scans):
    assert printed(field).scans == (scans,)


@pytest.mark.parametrize("told", [18, 22, 26, 32, 36])
def test_a_size_that_is_told_is_kept_whatever_would_do(told):
    label = printed(f"^BXN,3,200,{told},{told},,_^FD{GTIN}")
    assert size_of(label) == (3 * told, 3 * told)
    assert label.scans == ("]d20109501101530003",)


@pytest.mark.parametrize(
    ("parameters", "why"), [("N,3,200,16,16", "18 code words"), ("N,3,200,21,21", "INVALID-P"), ("N,3,200,8,8", "INVALID-P")]
)
def test_a_size_that_does_not_do_leaves_the_label_without_a_symbol(parameters, why):
    label = printed(f"^BX{parameters},,_^FD_1010950110153000310ABCDEFGH")
    assert (label.scans, np.any(label.dots)) == ((), False)
    assert why in label.refused[0]


@pytest.mark.parametrize("parameters", ["N,3", "N,3,140", "N,3,200,18,8", "N,3,200,,,,_,2"])
def test_a_kind_that_is_not_drawn_here_is_never_drawn_as_another(parameters):
    label = printed(f"^BX{parameters}^FD12")
    assert (len(label.refused), np.any(label.dots)) == (1, False)


@pytest.mark.parametrize("escaped", ["_", "_2", "_3", "_5", "_0", "_a"])
def test_an_escape_that_is_not_understood_leaves_the_label_without_a_symbol(escaped):
    assert len(printed(f"^BXN,3,200,,,,_^FD12{escaped}").refused) == 1


def test_a_character_beyond_latin_1_makes_no_symbol():
    assert printed("^BXN,3,200,,,,_^FDé").refused == ()
    assert "U+4E2D" in printed("^BXN,3,200,,,,_^FD中").refused[0]


@pytest.mark.parametrize(("turned", "corner"), [("N", (-1, 0)), ("R", (0, 0)), ("I", (0, -1)), ("B", (-1, -1))])
def test_a_turned_symbol_has_its_solid_corner_where_it_belongs_and_scans(turned, corner):
    label = printed(f"^BX{turned},4,200,,,,_^FD{GTIN}")
    assert label.scans == ("]d20109501101530003",)
    symbol = label.dots[40 : 40 + size_of(label)[1], 40 : 40 + size_of(label)[0]]
    assert symbol[corner[0]].all()
    assert symbol[:, corner[1]].all()


def test_without_a_module_the_height_of_the_bars_says_how_large_a_symbol_gets():
    assert size_of(printed(f"^BXN,,200,,,,_^FD{GTIN}", before="^BY2,3,64")) == (64, 64)


def test_text_stands_on_the_line_that_ft_names():
    standing, hanging = printed("^FT40,200^A0N,40,40^FDH"), printed("^FO40,200^A0N,40,40^FDH")
    assert np.nonzero(standing.dots)[0].max() in (198, 199, 200)
    assert np.nonzero(hanging.dots)[0].min() >= 200
