from itertools import pairwise

import pytest
from PySide6.QtGui import QFontDatabase, QRawFont

from ui.kit import Mode, Type, theme
from ui.kit.theme import FONTS
from ui.kit.tokens import CONTROL_HEIGHT, DARK, FAMILY, LIGHT, PRIMARY_HEIGHT, Colours, contrast, even_px, high_contrast

TEXTS = [
    *((ink, ground) for ink in ("ink", "ink2") for ground in ("frame", "canvas", "surface", "entry", "track")),
    *((f"{name}", f"{name}wash") for name in ("act", "ok", "stop", "att", "hold")),
    *((f"{name}on", f"{name}fill") for name in ("act", "ok", "stop", "att", "hold")),
    ("stop", "surface"), ("stop", "frame"), ("act", "frame"), ("ok", "frame"), ("ink2", "attwash"), ("ink2", "actwash"),
]  # fmt: skip


@pytest.mark.capability("Q2")
@pytest.mark.parametrize("dpi", [82, 92, 96, 102, 110, 141, 157, 220])
def test_the_primary_is_at_least_20_mm_high_for_gloves_on_every_glass(dpi):
    theme.look(dpi=dpi)
    assert theme.px(PRIMARY_HEIGHT) * 25.4 / dpi >= 20.0


@pytest.mark.parametrize(("mm", "px"), [(20.1, 76), (14.8, 56), (11.6, 44), (10.6, 40), (3.2, 12)])
def test_the_sizes_in_mm_are_those_of_the_pictures_at_96_dpi(mm, px):
    assert even_px(mm, 96) == px


def test_at_96_dpi_and_scale_1_every_length_is_the_length_of_the_design():
    assert [theme.px(n) for n in (1, 2, 3, 7, 9, 56, 92, 236)] == [1, 2, 3, 7, 9, 56, 92, 236]


@pytest.mark.capability("Q2")
@pytest.mark.parametrize("scale", [1.0, 1.15, 1.3])
def test_three_scales_grow_targets_and_type_together(scale):
    theme.look(scale=scale)
    assert theme.px(CONTROL_HEIGHT) >= CONTROL_HEIGHT * scale - 0.1
    assert theme.font(Type.TEXT).pixelSize() >= 19 * scale - 0.1


def test_a_scale_that_nobody_offers_is_refused():
    with pytest.raises(ValueError, match="none of"):
        theme.look(scale=0.8)


@pytest.mark.capability("Q2")
@pytest.mark.parametrize("colours", [LIGHT, DARK, high_contrast(LIGHT), high_contrast(DARK)])
def test_every_text_stands_out_at_4_5_to_1_day_and_night(colours: Colours):
    faint = {pair: contrast(getattr(colours, pair[0]), getattr(colours, pair[1])) for pair in TEXTS}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_the_border_of_a_control_stands_out_at_3_to_1_on_every_ground(colours: Colours):
    assert min(contrast(colours.edge, ground) for ground in (colours.canvas, colours.surface, colours.entry)) >= 3.0


def test_no_writing_is_smaller_than_19_px():
    assert min(kind.px for kind in Type) == 19
    assert all(one.px < other.px for one, other in pairwise(Type))


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_our_font_holds_what_screens_write_and_digits_share_one_width(weight):
    font = QRawFont(str(FONTS / f"NotoSansSC-{weight}.ttf"), 100)
    assert [sign for sign in "≥≤×±µ℃°·–—…′•①\u2009\u202f灭菌囊" if not font.supportsCharacter(ord(sign))] == []
    widths = {round(point.x(), 2) for point in font.advancesForGlyphIndexes(font.glyphIndexesForString("0123456789"))}
    assert len(widths) == 1


def test_a_thin_space_is_a_fifth_of_an_em_and_comes_from_our_font():
    font = QRawFont(str(FONTS / "NotoSansSC-Regular.ttf"), 100)
    [advance] = font.advancesForGlyphIndexes(font.glyphIndexesForString("\u2009"))
    assert advance.x() == pytest.approx(20, abs=0.5)


def test_both_weights_are_one_family_to_qt(client):
    assert {"Regular", "Bold"} <= set(QFontDatabase.styles(FAMILY))
    assert client.font().family() == FAMILY


def test_day_and_night_change_the_palette_of_the_whole_client(client, qtbot):
    with qtbot.waitSignal(theme.changed):
        theme.look(mode=Mode.DARK)
    assert client.palette().window().color() == DARK.canvas
    assert theme.color is DARK
