"""A keyboard scanner against every screen: at every pace it should have, with every focus, nothing of a scan lands anywhere."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout
from pytestqt.qtbot import QtBot

from tests.shell.test_wedge_filter import SPECIAL, Station
from ui.shell.wedge_filter import BROKEN_WITHIN_MS, GS
from ui.shell.wedge_setup import PREFIXES, SLOWEST_MS, TrialScan, WedgeSetup, proposed

pytestmark = pytest.mark.capability("E2")

CODES = st.text(st.sampled_from("ABCXYZabc0123456789-/+. ]%&" + GS), min_size=4, max_size=40)
ENDS = st.sampled_from("\n\t")
SETUPS = st.builds(
    WedgeSetup,
    gap_ms=st.integers(10, 100),
    idle_ms=st.integers(100, 300),
    fewest=st.integers(3, 4),
)
EXAMPLES = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Bench(Station):
    """A screen with everything a scan must not reach, and no memory between two examples."""

    def __init__(self, qtbot: QtBot) -> None:
        super().__init__(qtbot, WedgeSetup())
        self.note = QPlainTextEdit()
        layout = self.screen.layout()
        assert layout is not None
        layout.addWidget(self.note)
        self.lost: list[str] = []
        self.filter.scan_lost.connect(self.lost.append)

    def fresh(self, setup: WedgeSetup) -> None:
        self.hands.now_ms += 10_000
        self.filter.configure(setup)
        self.filter._broken = ""
        self.scans.clear()
        self.lost.clear()
        self.clicks = 0
        for field in (self.field, self.password, self.note):
            field.clear()

    @property
    def landed(self) -> str:
        return self.field.text() + self.password.text() + self.note.toPlainText()

    def keys(self, text: str, gaps: list[float]) -> None:
        for n, character in enumerate(text):
            self.hands.press(character, after_ms=gaps[n % len(gaps)])


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    made = Bench(qtbot)
    yield made
    made.filter.remove()


@EXAMPLES
@given(data=st.data(), setup=SETUPS, code=CODES, end=ENDS, focus=st.integers(0, 3))
def test_at_every_pace_up_to_its_gap_a_scan_is_a_scan_and_lands_nowhere(
    bench: Bench, data: st.DataObject, setup: WedgeSetup, code: str, end: str, focus: int
):
    bench.fresh(setup)
    (bench.field, bench.password, bench.note, bench.approve)[focus].setFocus()
    gaps = data.draw(st.lists(st.floats(0, float(setup.gap_ms)), min_size=1, max_size=8))
    bench.keys(code + end, gaps)
    assert bench.scans == [code]
    assert (bench.landed, bench.clicks, bench.lost) == ("", 0, [])


@EXAMPLES
@given(code=CODES.filter(lambda code: len(code) >= 6), end=ENDS, at=st.integers(4, 5))
def test_a_scanner_that_hesitates_in_its_middle_is_still_one_scan(bench: Bench, code: str, end: str, at: int):
    setup = WedgeSetup()
    bench.fresh(setup)
    bench.field.setFocus()
    for n, character in enumerate(code + end):
        bench.hands.press(character, after_ms=float(setup.idle_ms) if n == at else 5.0)
    assert (bench.scans, bench.landed) == ([code], "")


@EXAMPLES
@given(code=CODES.filter(lambda code: len(code) >= 8), end=ENDS, pause_ms=st.floats(71, BROKEN_WITHIN_MS - 1), focus=st.integers(0, 3))
def test_the_rest_of_a_scan_that_broke_off_is_never_taken_for_a_code_of_its_own(
    bench: Bench, code: str, end: str, pause_ms: float, focus: int
):
    bench.fresh(WedgeSetup())
    (bench.field, bench.password, bench.note, bench.approve)[focus].setFocus()
    bench.keys(code[:4], [5.0])
    bench.filter._release_held()  # what the silence does
    bench.hands.now_ms += pause_ms - 5.0
    bench.keys(code[4:] + end, [5.0])
    assert (bench.scans, bench.lost[-1], bench.clicks, bench.password.text()) == ([], code, 0, "")
    assert bench.landed == ("" if focus in (1, 3) else code[:4].replace(GS, ""))  # words are written there: nothing is lost
    bench.hands.now_ms += BROKEN_WITHIN_MS
    bench.keys("L26-0001\n", [5.0])
    assert bench.scans == ["L26-0001"]


@EXAMPLES
@given(code=CODES, end=ENDS, prefix=st.sampled_from(sorted(PREFIXES)), gap_ms=st.floats(0, 400), focus=st.integers(0, 3))
def test_behind_its_prefix_key_a_scan_lands_nowhere_however_slow_it_is(
    bench: Bench, code: str, end: str, prefix: str, gap_ms: float, focus: int
):
    bench.fresh(WedgeSetup(prefix=prefix))
    (bench.field, bench.password, bench.note, bench.approve)[focus].setFocus()
    key, control = PREFIXES[prefix]
    modifiers = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QCoreApplication.sendEvent(bench.hands.window, QKeyEvent(kind, int(key), modifiers, ""))
    bench.keys(code + end, [gap_ms])
    assert (bench.scans, bench.landed, bench.clicks) == ([code], "", 0)


@EXAMPLES
@given(code=CODES, end=ENDS, moves=st.lists(st.tuples(st.integers(0, 39), st.integers(0, 3)), max_size=5))
def test_whatever_takes_the_focus_in_the_middle_of_a_scan_gets_nothing_of_it(
    bench: Bench, code: str, end: str, moves: list[tuple[int, int]]
):
    bench.fresh(WedgeSetup())
    bench.field.setFocus()
    for n, character in enumerate(code + end):
        for at, focus in moves:
            if at == n:
                (bench.field, bench.password, bench.note, bench.approve)[focus].setFocus()
        bench.hands.press(character, after_ms=8.0)
    assert (bench.scans, bench.landed, bench.clicks) == ([code], "", 0)


@EXAMPLES
@given(text=st.text(st.sampled_from("abcdefgh 0123456789"), min_size=1, max_size=12), pace_ms=st.floats(60, 400))
def test_what_a_person_types_arrives_whole_whatever_they_type(bench: Bench, text: str, pace_ms: float):
    bench.fresh(WedgeSetup())
    bench.field.setFocus()
    bench.keys(text, [pace_ms])
    bench.filter._release_held()
    assert (bench.field.text(), bench.scans, bench.lost) == (text, [], [])


@EXAMPLES
@given(key=st.sampled_from("a5\n\t"), repeats=st.integers(4, 40), gap_ms=st.floats(1, 40))
def test_a_key_that_is_held_down_is_no_scan_at_any_rate(bench: Bench, key: str, repeats: int, gap_ms: float):
    bench.fresh(WedgeSetup())
    bench.field.setFocus()
    bench.hands.press(key, after_ms=300.0)
    for _ in range(repeats):
        bench.hands.press(key, after_ms=gap_ms, auto_repeat=True)
    bench.hands.press("\n", after_ms=gap_ms)
    assert bench.scans == []


def test_a_scan_into_a_modal_sheet_presses_none_of_its_buttons(bench: Bench, qtbot: QtBot):
    bench.fresh(WedgeSetup())
    dialog = QDialog(bench.screen)
    field, button, presses = QLineEdit(), QPushButton("Yes"), []
    button.setDefault(True)
    button.clicked.connect(lambda: presses.append("yes"))
    layout = QVBoxLayout(dialog)
    for widget in (field, button):
        layout.addWidget(widget)
    dialog.setModal(True)
    with qtbot.waitExposed(dialog):
        dialog.show()
    field.setFocus()
    bench.hands.window = dialog.windowHandle()
    bench.hands.scan("L26-0382\n")
    assert (bench.scans, field.text(), presses, dialog.isVisible()) == (["L26-0382"], "", [], True)
    dialog.close()


def test_a_scan_that_waits_behind_a_busy_window_is_judged_by_the_time_its_keys_were_pressed(bench: Bench):
    bench.fresh(WedgeSetup())
    bench.field.setFocus()
    at = 50_000
    typed_by_hand = "abcd"
    for character in (*typed_by_hand, "\n"):  # all handled in one go, pressed 120 ms apart
        at += 120
        _press_at(bench, character, at)
    assert (bench.scans, bench.field.text()) == ([], typed_by_hand)
    bench.field.clear()
    for character in "L26-0382\n":
        at += 6
        _press_at(bench, character, at)
        bench.hands.now_ms += 900  # the window was busy between two of them
    assert (bench.scans, bench.field.text()) == (["L26-0382"], "")


def _press_at(bench: Bench, character: str, at_ms: int) -> None:
    key, modifiers, text = SPECIAL.get(character, (ord(character.upper()), Qt.KeyboardModifier.NoModifier, character))
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, int(key), modifiers, text)
        event.setTimestamp(at_ms)
        QCoreApplication.sendEvent(bench.hands.window, event)


@pytest.mark.parametrize(("suffix", "ends", "goes_on"), [("enter", "\n", "\t"), ("tab", "\t", "\n")])
def test_only_the_end_this_stations_scanner_sends_ends_a_scan(bench: Bench, suffix: str, ends: str, goes_on: str):
    bench.fresh(WedgeSetup(suffix=suffix))
    bench.field.setFocus()
    bench.hands.scan("L26-0382" + ends)
    assert (bench.scans, bench.landed) == (["L26-0382"], "")
    bench.scans.clear()
    bench.hands.now_ms += 5_000
    bench.hands.scan("L26-0383" + goes_on)
    assert bench.scans == []
    assert bench.field.text() == "L26-0383"


# the trial scan -------------------------------------------------------------------------------------------------------------------


@EXAMPLES
@given(code=CODES, end=st.sampled_from(["\n", "\t", ""]), gap_ms=st.floats(0, 400), focus=st.integers(0, 3))
def test_a_trial_scan_goes_nowhere_at_any_pace_and_its_proposal_takes_the_same_scan(
    bench: Bench, code: str, end: str, gap_ms: float, focus: int
):
    bench.fresh(WedgeSetup())
    (bench.field, bench.password, bench.note, bench.approve)[focus].setFocus()
    tried: list[TrialScan] = []
    bench.filter.tried.connect(tried.append)
    bench.filter.begin_trial()
    bench.keys(code + end, [gap_ms])
    if not end:
        bench.filter._told_trial()  # what the silence does
    bench.filter.tried.disconnect(tried.append)
    (trial,) = tried
    assert (trial.text, trial.ended_by) == (code, {"\n": "enter", "\t": "tab", "": None}[end])
    assert (bench.landed, bench.clicks, bench.scans) == ("", 0, [])
    found = proposed(trial, WedgeSetup())
    assert (found is None) == (not end or gap_ms > SLOWEST_MS)
    if found is not None:
        bench.fresh(found)
        bench.field.setFocus()
        bench.keys(code + end, [gap_ms])
        assert (bench.scans, bench.landed) == ([code], "")


@pytest.mark.parametrize("prefix", ["stx", "f13", "f24"])
def test_a_trial_scan_shows_its_prefix_key_and_proposes_it_however_slow_it_was(bench: Bench, prefix: str):
    bench.fresh(WedgeSetup())
    tried: list[TrialScan] = []
    bench.filter.tried.connect(tried.append)
    bench.filter.begin_trial()
    key, control = PREFIXES[prefix]
    modifiers = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    QCoreApplication.sendEvent(bench.hands.window, QKeyEvent(QEvent.Type.KeyPress, int(key), modifiers, ""))
    bench.keys("L26-0382\n", [150.0])
    (trial,) = tried
    assert (trial.prefix, trial.text) == (prefix, "L26-0382")
    found = proposed(trial, WedgeSetup())
    assert found is not None
    assert found.prefix == prefix


def test_enter_and_escape_alone_stay_a_persons_while_a_trial_scan_is_waited_for(bench: Bench):
    bench.fresh(WedgeSetup())
    bench.field.setFocus()
    entered: list[str] = []
    bench.field.returnPressed.connect(lambda: entered.append("enter"))
    bench.filter.begin_trial()
    bench.hands.press("\n", after_ms=500.0)
    assert entered == ["enter"]
    bench.filter.end_trial()
    bench.hands.type_slowly("ok")
    bench.filter._release_held()
    assert bench.field.text() == "ok"
