"""At the window: a time is written, the newest picture of the camera's folder stands there by itself, an older one is turned to by hand."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.batches.bench import Bench, open_bench
from tests.batches.runs import Run
from tests.batches.test_photos import BLUE, GREEN, RED, ago, saw, sealing, take
from tests.batches.test_step_looks import SIZES, troubles
from ui.batches.step_correction import CorrectionSheet
from ui.kit import Picture
from ui.kit.check import look_over
from ui.shell.evidence_sheet import EvidenceSheet

__all__ = ["sealing"]
pytestmark = pytest.mark.capability("F4")


@pytest.fixture
def bench(sealing: Run, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """The operator at the window, sealing under way; a camera saves into the folder `pictures`."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    (tmp_path / "pictures" / "today").mkdir(parents=True)
    with open_bench(sealing, qtbot, tmp_path) as bench:
        yield bench


def saved(folder: Path, name: str, content: bytes, **ago: int) -> Path:
    """The camera wrote a file."""
    file = folder / "pictures" / name
    file.write_bytes(content)
    at = (datetime.now(UTC) - timedelta(**ago)).timestamp()
    os.utime(file, (at, at))
    return file


def said(bench: Bench) -> list[tuple[object, ...]]:
    return bench.run.plant.rows("SELECT said FROM step_entry WHERE field = 'seal' ORDER BY entered_at")


def test_a_time_is_written_as_it_was_seen_and_the_newest_picture_stands_there_by_itself(bench: Bench, tmp_path: Path):
    bench.reads("When was it: Jaws at temperature?")
    bench.write("7", "When was it: Jaws at temperature?")
    assert "07:40" in bench.glass(), "how a time is written is said beside the field"
    bench.screen.panel.other.time.set_text("")
    bench.write("0005", "Take a picture: Photo of the first seal.")
    saved(tmp_path, "old.jpg", BLUE, hours=2)
    assert bench.reason == "no picture stands here yet"
    bench.until(lambda: "No picture yet" in bench.glass())
    saved(tmp_path, "today/IMG_1.JPG", RED[:300])
    bench.until(lambda: "IMG_1.JPG is no whole picture yet." in bench.glass())
    saved(tmp_path, "today/IMG_1.JPG", RED)
    bench.until(lambda: bench.primary == "Take this picture" and bench.reason == "")
    for size in (*SIZES, SIZES[0]):
        bench.window.resize(*size)
        bench.until(lambda size=size: bench.window.size().toTuple() == size)
        assert troubles(bench, size) == []
    assert said(bench) == []
    bench.enter("Finish the step.")
    assert said(bench) == [(sha256(RED).hexdigest(),)]
    bench.until(lambda: "picture " + sha256(RED).hexdigest()[:12] in bench.glass())


def test_f4_shows_the_picture_itself(bench: Bench):
    bench.does(lambda: (take(bench.run, RED), bench.run.home()))
    bench.until(lambda: ("seal", 1) in bench.screen.view.step.current)
    bench.press(Qt.Key.Key_F4)
    bench.until(lambda: isinstance(bench.window.frame.sheet, EvidenceSheet))
    bench.until(lambda: "a picture that was taken here" in bench.glass())
    bench.until(lambda: any(one.stands for one in pictures_on(bench)))


def pictures_on(bench: Bench) -> list[Picture]:
    """Of the open sheet."""
    assert bench.window.frame.sheet is not None
    return bench.window.frame.sheet.findChildren(Picture)


def test_an_older_picture_is_turned_to_by_hand_and_says_that_it_is_older(bench: Bench, tmp_path: Path):
    bench.does(lambda: (saw(bench.run, ago(minutes=4)), bench.run.home()))
    saved(tmp_path, "old.jpg", BLUE, hours=2)
    saved(tmp_path, "new.jpg", RED)
    bench.reads("Take a picture: Photo of the first seal.")
    bench.until(lambda: "new.jpg" in bench.glass())
    bench.press(Qt.Key.Key_Left)
    bench.until(lambda: "before the work began" in bench.glass() and bench.primary == "Take this picture")
    bench.press(Qt.Key.Key_Right)
    bench.until(lambda: "new.jpg" in bench.glass())
    bench.press(Qt.Key.Key_Left)
    bench.until(lambda: "old.jpg" in bench.glass())
    bench.enter("Finish the step.")
    assert said(bench) == [(sha256(BLUE).hexdigest(),)]


def test_a_picture_that_says_it_is_still_to_come_waits_for_a_hand_and_what_cannot_be_shown_is_said_once(bench: Bench, tmp_path: Path):
    bench.does(lambda: (saw(bench.run, ago(minutes=4)), bench.run.home()))
    bench.reads("Take a picture: Photo of the first seal.")
    saved(tmp_path, "tomorrow.jpg", BLUE, hours=-2)
    saved(tmp_path, "new.jpg", RED)
    bench.until(lambda: "new.jpg" in bench.glass())
    bench.press(Qt.Key.Key_Right)
    bench.until(lambda: "which is still to come" in bench.glass())
    file = saved(tmp_path, "newer.jpg", RED[:200])
    os.utime(file, (datetime.now(UTC).timestamp() + 1, datetime.now(UTC).timestamp() + 1))
    bench.screen.panel.other.begin(bench.screen.panel.in_hand)
    bench.until(lambda: "newer.jpg cannot be shown" in bench.glass())


def test_a_folder_that_is_not_there_is_said_and_heals_by_itself(bench: Bench, tmp_path: Path):
    (tmp_path / "pictures" / "today").rmdir()
    (tmp_path / "pictures").rename(tmp_path / "gone")
    bench.does(lambda: (saw(bench.run, ago(minutes=4)), bench.run.home()))
    bench.until(lambda: "No picture can be offered" in bench.glass())
    (tmp_path / "gone").rename(tmp_path / "pictures")
    saved(tmp_path, "new.jpg", RED)
    bench.until(lambda: "new.jpg" in bench.glass())


def test_a_wrong_picture_is_replaced_in_the_sheet_that_shows_it(bench: Bench, tmp_path: Path):
    bench.does(lambda: (take(bench.run, RED), bench.run.home()))
    bench.until(lambda: ("seal", 1) in bench.screen.view.step.current)
    asked = next(one for one in bench.screen.view.step.fields if one.field == "seal")
    bench.screen.correct(asked)
    sheet = bench.window.frame.sheet
    assert isinstance(sheet, CorrectionSheet)
    bench.until(lambda: any(one.stands for one in pictures_on(bench)))
    saved(tmp_path, "better.jpg", GREEN)
    bench.until(lambda: "better.jpg" in bench.glass())
    for size in (*SIZES, SIZES[0]):
        bench.window.resize(*size)
        bench.until(lambda size=size: bench.window.size().toTuple() == size)
        assert look_over(sheet) == []
    sheet.reason.setFocus()
    bench.type("the first was not sharp")
    bench.window.idle.touch()
    bench.press(Qt.Key.Key_Return)
    bench.until(lambda: said(bench) == [(sha256(RED).hexdigest(),), (sha256(GREEN).hexdigest(),)])
    bench.until(lambda: bench.window.frame.sheet is None)


def test_a_station_that_was_killed_comes_back_to_the_time_and_to_the_picture_a_hand_had_turned_to(
    sealing: Run, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    for folder in (tmp_path, tmp_path / "again"):
        (folder / "pictures").mkdir(parents=True)
    with open_bench(sealing, qtbot, tmp_path) as bench:
        bench.reads("When was it: Jaws at temperature?")
        bench.type("0005")
        bench.until(lambda: sealing.plant.rows("SELECT count(*) FROM draft WHERE screen = 'batches.step'") == [(1,)])
    with open_bench(sealing, qtbot, tmp_path) as bench:
        bench.until(lambda: bench.primary == "Enter the time" and bench.reason == "")
        bench.enter("Take a picture: Photo of the first seal.")
        saved(tmp_path, "old.jpg", BLUE, hours=2)
        saved(tmp_path, "new.jpg", RED)
        bench.until(lambda: "new.jpg" in bench.glass())
        bench.press(Qt.Key.Key_Left)
        bench.until(lambda: "old.jpg" in bench.glass())
        bench.until(lambda: sealing.plant.rows("SELECT count(*) FROM draft WHERE screen = 'batches.step'") == [(1,)])
    with open_bench(sealing, qtbot, tmp_path) as bench:
        bench.until(lambda: "old.jpg" in bench.glass())
