import pytest
from PySide6.QtCore import Qt

from app.base.phrases import Name, Phrase
from tests.kit.conftest import hear, hue
from ui.kit import (
    WORKBENCHES,
    Banner,
    Button,
    FontsMissing,
    Frame,
    Panel,
    PrimaryButton,
    Rail,
    Run,
    ScanSlot,
    Sheet,
    State,
    Strip,
    Type,
    Workbench,
    back_button,
    theme,
)
from ui.kit.check import look_over
from ui.kit.tokens import COMPACT_WIDTH


@pytest.fixture
def frame(shown):
    frame = Frame()
    frame.top_bar.show_station("IQC-02", "Incoming inspection")
    frame.top_bar.show_person("李明 Li Ming", "inspector")
    frame.top_bar.show_clock("14:26:31", "Tue 24 Nov 2026 · UTC+8")
    frame.next_band.tell("Measure (2) length of sample 13, then press the caliper key.", "Incoming inspection IQC 26-1190")
    frame.rail.mark_open("inspect")
    frame.action_bar.lay(back_button(), Button("Photo", icon="camera", height=76), primary=PrimaryButton("Take 25.04 mm"))
    frame.strip.show_last_scan(State.PASS, "14:26:22", "25.08, 24.91 mm taken for samples 11, 12")
    frame.show_body(Panel("Lot L26-0382"))
    return shown(frame, 1920, 1080)


def test_the_frame_has_the_measures_of_the_1920_picture(frame):
    assert (frame.top_bar.height(), frame.next_band.height(), frame.action_bar.height(), frame.strip.height()) == (64, 104, 108, 64)
    assert frame.rail.width() == 96
    assert frame.strip.y() == 1016
    assert frame.rail.room(1).height() == 92
    assert frame.rail.call_room().height() == 104


def test_at_1280_the_compact_measures_apply_and_the_primary_keeps_its_size(frame):
    frame.resize(1280, 800)
    frame.layout().activate()
    assert frame.compact
    assert (frame.next_band.height(), frame.action_bar.height(), frame.rail.room(1).height()) == (84, 100, 68)
    assert frame.action_bar.primary.height() == 76
    assert "inspector" not in [said.text for said in frame.top_bar.said()]
    assert [said.kind for said in frame.next_band.said() if "length" in said.text] == [Type.TITLE]


def test_the_top_bar_writes_a_person_in_both_scripts_and_on_a_small_window_in_the_reader_s(frame):
    frame.top_bar.show_person(Name("Zhou Min", "周敏"), "receiver")
    assert "周敏 Zhou Min" in [said.text for said in frame.top_bar.said()]
    frame.top_bar.show_person(Name("Tom Becker", "Tom Becker"), "line supervisor")
    assert "Tom Becker" in [said.text for said in frame.top_bar.said()]
    frame.resize(1280, 800)
    frame.top_bar.show_person(Name("Zhou Min", "周敏"), "receiver")
    assert "Zhou Min" in [said.text for said in frame.top_bar.said()]


def test_a_banner_is_as_high_as_its_words_and_no_higher(frame):
    """Its heading breaks at the width a new widget has; that height must not stay."""
    heading = "Not received: one lot cannot have two expiry dates, and this one has another"
    frame.show_banner(Banner(State.FAIL, heading, "Rule RCV-12. Put the pack on the red shelf."))
    frame.layout().activate()
    assert frame.banner.height() == frame.banner.heightForWidth(frame.banner.width()) == 98


@pytest.mark.parametrize(("width", "compact"), [(COMPACT_WIDTH, True), (COMPACT_WIDTH + 2, False)])
def test_the_border_between_both_measures_is_1366(frame, width, compact):
    frame.resize(width, 800)
    assert frame.compact is compact


def test_the_number_in_the_sentence_becomes_a_blue_circle(frame, glass):
    [number] = [said for said in frame.next_band.said() if said.ground == "actfill"]
    assert number.text == "2"
    center = number.room.center()
    assert hue(glass(frame.next_band), center.x() + 18, center.y()) == theme.color.actfill.name()


def test_the_bar_of_the_next_band_is_vermillion_after_a_refusal_and_blue_again_after(frame, glass):
    frame.next_band.tell("Put this pack on R-01, then scan the next pack.", trouble=True)
    assert hue(glass(frame.next_band), 5, 50) == theme.color.stopfill.name()
    frame.next_band.tell("Scan the location.")
    assert hue(glass(frame.next_band), 5, 50) == theme.color.actfill.name()


def test_a_counter_and_a_badge_keep_clear_of_the_sentence(frame):
    frame.next_band.show_counter(Run("15", kind=Type.VERDICT, bold=False), Run(" of 40 trays", ink="ink2"))
    frame.next_band.show_badge(State.HOLD, "step held")
    frame.next_band.layout().activate()
    end = max(said.room.right() for said in frame.next_band.said())
    assert end < frame.next_band.counter.geometry().left() < frame.next_band.badge.geometry().left()


@pytest.mark.capability("Q4")
def test_a_refusal_stands_in_the_flow_pushes_the_body_down_and_goes_with_the_next_good_scan(frame):
    body = frame._body
    at_rest = body.mapTo(frame, body.rect().topLeft()).y()
    frame.show_banner(Banner.of_error(FontsMissing(file="NotoSansSC-Bold.ttf"), button=Button("Ask her to decide")))
    frame.layout().activate()
    words = [said.text for said in frame.banner.said()]
    assert words[0] == "The screens cannot be drawn: the font NotoSansSC-Bold.ttf is not built."
    assert words[1] == "Run tools/build_fonts.py once on this computer, then start again."
    assert body.mapTo(frame, body.rect().topLeft()).y() >= at_rest + frame.banner.height()
    frame.show_banner(None)
    frame.layout().activate()
    assert body.mapTo(frame, body.rect().topLeft()).y() == at_rest


def test_a_banner_for_something_good_would_cry_wolf():
    with pytest.raises(ValueError, match="no trouble"):
        Banner(State.PASS, "All is well")


def test_a_sheet_narrows_the_screen_and_its_primary_is_the_only_one(frame):
    wide = frame.next_band.width()
    signed = []
    sign = PrimaryButton("Sign as Tom Becker")
    sign.clicked.connect(lambda: signed.append(True))
    sheet = Sheet("Sign here", icon="pen", primary=sign)
    frame.show_sheet(sheet)
    frame.layout().activate()
    assert sheet.width() == 648
    assert frame.next_band.width() == wide - 648
    assert not frame.action_bar.primary.isVisible()
    frame.press(Qt.Key.Key_Return)
    assert signed == [True]


def test_esc_in_a_sheet_says_not_now_and_the_screen_is_as_before(frame):
    sheet = Sheet("Sign here", primary=PrimaryButton("Sign"))
    left = []
    sheet.left.connect(lambda: (left.append(True), frame.show_sheet(None)))
    frame.show_sheet(sheet)
    frame.press(Qt.Key.Key_Escape)
    assert left == [True]
    assert frame.action_bar.primary.isVisible()


def test_enter_goes_nowhere_while_the_frame_waits_for_a_scan(frame, qtbot):
    photo = frame.action_bar.buttons()[1]
    heard = []
    photo.clicked.connect(lambda: heard.append(True))
    frame.action_bar.put_in_corner(ScanSlot("Scan the next pack"))
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        assert frame.press(key)
    assert heard == []


def test_no_button_has_the_focus_before_a_hand_gave_it_one(frame, qtbot):
    qtbot.waitUntil(frame.isActiveWindow, timeout=2000)
    assert not any(button.hasFocus() for button in frame.action_bar.buttons())


def test_every_workbench_opens_and_help_is_always_there(frame, qtbot):
    opened, called = hear(frame.rail.opened), []
    frame.rail.called.connect(lambda: called.append(True))
    for n in range(len(WORKBENCHES)):
        qtbot.mouseClick(frame.rail, Qt.MouseButton.LeftButton, pos=frame.rail.room(n).center().toPoint())
    qtbot.mouseClick(frame.rail, Qt.MouseButton.LeftButton, pos=frame.rail.call_room().center().toPoint())
    assert opened == [bench.key for bench in WORKBENCHES]
    assert called == [True]


def test_a_rail_of_nine_is_refused():
    nine = [Workbench(key=str(n), words=str(n), icon="home") for n in range(9)]
    with pytest.raises(ValueError, match="at most 8"):
        Rail(nine)


def test_a_count_is_amber_only_when_something_waits_too_long(frame, glass):
    room = frame.rail.room(1)
    frame.rail.show_count("receive", 3)
    spot = (room.right() - 32, room.top() + 12)
    assert hue(glass(frame.rail), *spot) == theme.color.ink2.name()
    frame.rail.show_count("receive", 3, too_long=True)
    assert hue(glass(frame.rail), *spot) == theme.color.attfill.name()


def test_healthy_chips_fold_away_at_1280_and_trouble_stays(shown):
    strip = shown(Strip(), 1280, 64)
    gauge, printer = strip.chip("gauge", "gauge", "DC-014"), strip.chip("printer", "printer", "LP-07")
    base = strip.chip("database", "database", "Database")
    printer.show_state(State.ATTENTION, Phrase("head open"))
    strip.set_compact(True)
    assert [chip.isVisible() for chip in (gauge, printer, base)] == [False, True, True]
    strip.set_compact(False)
    assert gauge.isVisible()


@pytest.mark.parametrize(("scale", "width", "height"), [(1.0, 1280, 800), (1.0, 1366, 768), (1.3, 1920, 1080), (1.15, 1920, 1080)])
def test_every_part_of_the_frame_is_whole_on_every_supported_glass(frame, client, scale, width, height):
    theme.look(scale=scale)
    frame.resize(width, height)
    client.processEvents()
    assert [str(trouble) for trouble in look_over(frame)] == []


def test_a_long_sentence_takes_two_lines_instead_of_being_cut(frame, client):
    frame.resize(1280, 800)
    frame.next_band.tell("Set the other eleven samples of tray (14) aside, then call the supervisor and have the deviation signed here.")
    client.processEvents()
    tops = {round(said.room.top()) for said in frame.next_band.said()}
    assert len(tops) == 2
    assert look_over(frame.next_band) == []


def test_on_a_very_low_glass_the_rail_drops_its_icons_and_keeps_its_words(shown):
    rail = shown(Rail(), 96, 420)
    assert not rail._shows_icons
    assert rail.room(7).bottom() <= rail.call_room().top()
    assert look_over(rail) == []
