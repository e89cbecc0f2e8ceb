from decimal import Decimal

import pytest
from PySide6.QtCore import Qt

from app.base.measurement import Limits
from app.base.phrases import Language, Phrase
from tests.kit.conftest import hear, hue
from ui.kit import NumberEntry, NumberPad, NumberSheet, State, set_language, theme
from ui.kit.check import look_over

HARD = Limits(unit="°C", lower=Decimal("132.0"), nominal=Decimal("137.0"), upper=Decimal("142.0"))
SOFT = Limits(unit="°C", lower=Decimal("134.0"), nominal=None, upper=Decimal("140.0"))


@pytest.fixture
def entry(shown):
    entry = NumberEntry("Seal temperature", unit="°C", places=1, limits=HARD, soft=SOFT)
    return shown(entry, 600, 260)


def texts(widget) -> list[str]:
    return [said.text for said in widget.said()]


@pytest.mark.capability("F4")
@pytest.mark.parametrize(
    ("text", "state", "words"),
    [
        ("137.4", State.PASS, "inside"),
        ("134", State.PASS, "inside"),
        ("140.0", State.PASS, "inside"),
        ("140.1", State.ATTENTION, "above the alert limit of 140.0 °C"),
        ("132", State.ATTENTION, "below the alert limit of 134.0 °C"),
        ("142.1", State.FAIL, "above the limit of 142.0 °C"),
        ("-5", State.FAIL, "below the limit of 132.0 °C"),
    ],
)
def test_limits_are_told_in_words_while_the_hand_types_and_a_value_on_one_is_inside(entry, qtbot, text, state, words):
    qtbot.keyClicks(entry.edit, text)
    assert (entry.standing, entry.value) == (state, Decimal(text))
    assert words in " ".join(texts(entry))
    assert entry.check() == Decimal(text), "beyond a limit it is still a number: the caller decides"


def test_soft_and_hard_limits_are_drawn_and_the_needle_is_amber_between_them(entry, qtbot, glass):
    bar = 28 + 8 + 88 + 12 + 28
    span = 10 * 1.44

    def x(value: float) -> float:
        return (value - (132 - 2.2)) / span * 600

    image = glass(entry)
    assert hue(image, x(133), bar) == theme.color.attwash.name()
    assert hue(image, x(136), bar) == theme.color.band.name()
    assert hue(image, x(131), bar) == theme.color.track.name()
    qtbot.keyClicks(entry.edit, "141")
    assert hue(glass(entry), x(141), bar) == theme.color.att.name()
    entry.set_text("138")
    assert hue(glass(entry), x(138), bar) == theme.color.actfill.name()


def test_what_is_no_number_is_refused_below_the_field_until_something_else_is_written(entry, qtbot, glass):
    changed = hear(entry.changed)
    qtbot.keyClicks(entry.edit, "12,5")
    assert "Not taken: 12,5 has a comma. Write the decimals behind a point." in " ".join(texts(entry))
    assert entry.value is None
    assert entry.check() is None
    entry.edit.clearFocus()
    assert hue(glass(entry), 300, 37) == theme.color.stopfill.name()
    entry.set_text("125")
    assert entry.refusal is None
    assert changed == [Decimal(1), Decimal(12), None, Decimal(125)]


def test_the_digits_that_were_typed_are_the_value(entry):
    changed = hear(entry.changed)
    entry.set_text("137")
    entry.set_text("137.0")
    assert [str(value) for value in changed] == ["137", "137.0"]


def test_an_empty_field_is_quiet_until_somebody_wants_its_value(entry):
    assert entry.refusal is None
    assert entry.check() is None
    assert "no number is written yet" in " ".join(texts(entry))


def test_the_screen_may_refuse_what_the_record_did_not_take(entry, qtbot):
    entry.set_text("137.4")
    entry.refuse(Phrase("Not taken: {typed} is not a number. Write digits with a point, such as 12.50.", typed="137.4"))
    assert entry.check() is None
    qtbot.keyClicks(entry.edit, "\b")
    assert entry.refusal is None


def test_one_sided_and_no_limits_are_possible(shown, glass):
    at_least = Limits(unit="N", lower=Decimal("7.0"), nominal=None, upper=None)
    entry = shown(NumberEntry("Pull-off", unit="N", places=None, limits=at_least, soft=None), 500, 260)
    entry.set_text("6.99")
    assert entry.standing is State.FAIL
    bare = shown(NumberEntry("Trays", unit="", places=0, limits=None, soft=None), 500, 200)
    bare.set_text("40")
    assert (bare.value, bare.standing, texts(bare)) == (Decimal(40), None, ["Trays"])


def test_limits_that_do_not_belong_together_are_a_bug_of_the_caller():
    with pytest.raises(ValueError, match="limits are in"):
        NumberEntry("Force", unit="N", places=1, limits=HARD, soft=None)
    with pytest.raises(ValueError, match="inside hard ones"):
        NumberEntry("Heat", unit="°C", places=1, limits=None, soft=SOFT)
    with pytest.raises(ValueError, match="outside the hard ones"):
        NumberEntry("Heat", unit="°C", places=1, limits=SOFT, soft=HARD)


def test_no_keyboard_of_the_system_and_no_candidates_come_up(entry):
    assert not entry.edit.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)


def test_gloves_write_with_the_pad_and_the_caret_stays_where_it_is(entry, shown, qtbot):
    pad = shown(NumberPad(entry), 500, 340)
    for sign in ["1", "3", "7", ".", "4"]:
        qtbot.mouseClick(pad.key(sign), Qt.MouseButton.LeftButton)
    assert entry.text == "137.4"
    qtbot.mouseClick(pad.erase_key, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(pad.key("±"), Qt.MouseButton.LeftButton)
    assert (entry.text, entry.edit.cursorPosition()) == ("-137.", 5)
    qtbot.mouseClick(pad.key("5"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(pad.key("±"), Qt.MouseButton.LeftButton)
    assert entry.value == Decimal("137.5")


@pytest.mark.capability("Q2")
@pytest.mark.parametrize("flat", [False, True])
def test_every_key_is_twenty_millimetres_and_twelve_pixels_apart(shown, flat):
    pad = NumberPad()
    pad.set_flat(flat)
    shown(pad, pad.least_width(flat), pad.high(flat))
    assert look_over(pad) == []
    assert min(pad.key("5").width(), pad.key("5").height()) >= theme.mm(20) - 1


@pytest.mark.parametrize("mode", ["roomy", "low"])
def test_the_sheet_fits_its_glass_and_names_in_its_button_what_it_takes(shown, client, mode):
    sheet = NumberSheet("Seal temperature", "Seal temperature", unit="°C", places=1, limits=HARD, soft=SOFT)
    sheet.set_compact(mode == "low")
    shown(sheet, 648, 672 if mode == "low" else 952)
    taken = hear(sheet.taken)
    sheet.press(Qt.Key.Key_Return)
    assert taken == []
    sheet.entry.write("137.4")
    client.processEvents()
    assert sheet.primary.said_text == "Take 137.4 °C"
    assert look_over(sheet) == []
    sheet.press(Qt.Key.Key_Return)
    assert taken == [Decimal("137.4")]


def test_the_entry_speaks_the_readers_language(entry):
    entry.set_text("141")
    set_language(Language.ZH)
    assert "高于警戒上限 140.0 °C" in texts(entry)
    assert entry.edit.accessibleDescription() == "高于警戒上限 140.0 °C"
