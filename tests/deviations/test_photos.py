"""Pictures beside a deviation: shown where it is decided, part of what is signed, on its papers."""

import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.base.ids import new_id
from app.base.phrases import Language, Phrase
from app.core.pictures import NotAPicture
from app.core.refusals import NotAllowed, PerformerCannotSign
from app.deviations.commands import ApproveDisposition, ApproveDispositionAsQuality
from app.deviations.photos import AddPhoto
from app.deviations.queries import deviation_file
from app.deviations.rules import DeviationIsDecided, PictureThere
from app.reports.bundle import bundle
from app.tracing.export import lot_bundle
from app.tracing.queries import lot_history
from app.tracing.report import lot_paper
from tests.attack.target import sqlstate_of
from tests.batches.bench import open_bench
from tests.batches.runs import Run
from tests.batches.test_photos import BLUE, RED, picture
from tests.batches.test_step_looks import SIZES, at_held, troubles
from tests.deviations.test_signing_here import deviated, open_sheet
from tests.inspection.station import Station
from tests.plant import Plant
from tests.tracing.test_export import checked, parts
from ui.deviations.photographs import PhotoSheet, PhotosSheet
from ui.kit import Picture
from ui.kit.check import look_over

pytestmark = pytest.mark.capability("I2")


def photo(deviation: UUID, content: bytes = RED, *, minutes_ago: int = 1) -> AddPhoto:
    at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    return AddPhoto(command_id=new_id(), id=new_id(), deviation=deviation, file_name="IMG_7.JPG", content=content, taken_at=at)


def add(plant: Plant, deviation: UUID, content: bytes = RED, *, login: str = "li.ming") -> None:
    plant.sign_in(login).give(photo(deviation, content))
    plant.close()


def standing(plant: Plant, deviation: UUID) -> set[str]:
    ((meanings,),) = plant.rows("SELECT lineside.standing_meanings('deviation', %s)", deviation)
    assert isinstance(meanings, list)
    return set(meanings)


def approve(
    plant: Plant, deviation: UUID, kind: type[ApproveDisposition | ApproveDispositionAsQuality], signer: str, version: int = 2
) -> None:
    order = kind(command_id=new_id(), deviation=deviation, version=version)
    plant.give_signed(plant.sign_in(signer), order, kind="deviation", subject=deviation, signer=signer)
    plant.close()


def test_a_picture_stands_beside_the_deviation_with_who_where_and_when(plant: Plant):
    deviation = deviated(plant)
    add(plant, deviation, RED)
    add(plant, deviation, BLUE, login="tom.becker")
    file = plant.sign_in("li.ming").ask(lambda session: deviation_file(session, deviation))
    assert [(one.picture, one.by, one.station) for one in file.photos] == [
        (sha256(RED).hexdigest(), "li.ming", "IQC-02"),
        (sha256(BLUE).hexdigest(), "tom.becker", "IQC-02"),
    ]
    assert str(file.name("tom.becker").en) == "Tom Becker"


def test_the_same_picture_twice_and_what_is_none_are_refused(plant: Plant):
    deviation = deviated(plant)
    add(plant, deviation)
    here = plant.sign_in("li.ming")
    with pytest.raises(PictureThere, match=r"IMG_7\.JPG"):
        here.give(photo(deviation))
    with pytest.raises(NotAPicture):
        here.give(photo(deviation, RED[:200]))
    assert plant.rows("SELECT count(*) FROM deviation_photo") == [(1,)]


def test_a_picture_that_comes_after_a_signature_lets_it_fall_and_none_comes_after_the_decision(plant: Plant):
    deviation = deviated(plant)
    approve(plant, deviation, ApproveDisposition, "tom.becker")
    assert standing(plant, deviation) == {"approved by supervisor"}
    add(plant, deviation)
    assert standing(plant, deviation) == set()
    approve(plant, deviation, ApproveDispositionAsQuality, "wang.haiyan", version=3)
    approve(plant, deviation, ApproveDisposition, "tom.becker", version=3)
    assert plant.rows("SELECT status FROM deviation") == [("decided",)]
    with pytest.raises(DeviationIsDecided, match="DEV26-0001"):
        add(plant, deviation, BLUE)
    assert standing(plant, deviation) == {"approved by supervisor", "approved by quality"}


@pytest.mark.capability("K4")
def test_who_added_a_picture_does_not_sign_it(plant: Plant):
    deviation = deviated(plant)
    add(plant, deviation, login="tom.becker")
    with pytest.raises(PerformerCannotSign):
        approve(plant, deviation, ApproveDisposition, "tom.becker", version=3)


@pytest.mark.capability("K4")
def test_a_sql_shell_adds_none_without_the_right_none_that_is_no_picture_and_takes_none_away(plant: Plant):
    deviation = deviated(plant)
    add(plant, deviation)
    kept, text = sha256(RED).hexdigest(), "0" * 64
    insert = "INSERT INTO lineside.deviation_photo (id, deviation, picture, taken_at) VALUES (uuidv7(), '{0}', '{1}', {2})"
    inspector, planner = plant.shell("li.ming"), plant.shell("ma.lin")
    assert sqlstate_of(planner, insert.format(deviation, kept, "now()")) == "42501"
    assert sqlstate_of(inspector, insert.format(deviation, text, "now()")) == "LS089"
    for at in ("now() + interval '1 h'", "'-infinity'", "'infinity'", "'4000-01-01 BC'", "now() - interval '40 days'"):
        assert sqlstate_of(inspector, insert.format(deviation, kept, at)) == "LS120", at
    assert sqlstate_of(inspector, "UPDATE lineside.deviation_photo SET picture = picture") == "42501"
    assert sqlstate_of(inspector, "DELETE FROM lineside.deviation_photo") == "42501"
    owner = plant.superuser()
    with pytest.raises(psycopg.DatabaseError, match="stand for good"):
        owner.execute("DELETE FROM lineside.deviation_photo")


def test_somebody_without_the_right_is_refused(plant: Plant):
    deviation = deviated(plant)
    with pytest.raises(NotAllowed):
        add(plant, deviation, login="ma.lin")


@pytest.mark.capability("F10")
def test_the_lots_paper_shows_it_and_the_bundle_proves_it(plant: Plant, tmp_path: Path):
    deviation = deviated(plant)
    add(plant, deviation)
    ((lot,),) = plant.rows("SELECT id FROM lot")
    assert isinstance(lot, UUID)
    history = plant.sign_in("wang.haiyan").ask(lambda session: lot_history(session, lot, pictures=True))
    for language in Language:
        assert lot_paper(history, language, printed=Phrase("Page {page} of {pages}", page="–", pages="–")).count(b"/DCTDecode") == 1
    plant.close()
    whole = plant.sign_in("ma.lin").ask(lambda session: lot_bundle(session, lot, Language.EN))
    assert parts(whole)[f"attachment.{sha256(RED).hexdigest()}"] == RED
    assert checked(whole, tmp_path)[0] == 0


def saved(folder: Path, name: str, content: bytes) -> None:
    (folder / "pictures").mkdir(exist_ok=True)
    (folder / "pictures" / name).write_bytes(content)
    at = datetime.now(UTC).timestamp()
    os.utime(folder / "pictures" / name, (at, at))


def test_at_the_deviations_screen_it_is_added_seen_small_and_opened_large(station_of: Callable[..., Station], plant: Plant, tmp_path: Path):
    deviation = deviated(plant)
    add(plant, deviation, BLUE)
    station = station_of()
    station.window.open("deviations.deviation", {"deviation": str(deviation)})
    station.until(lambda: len(station.screen.panel.photos.photos) == 1)
    folder = station.window.picture_folder
    saved(folder.parent, "IMG_8.JPG", RED)
    station.screen.photographs.button.click()
    sheet = station.window.frame.sheet
    assert isinstance(sheet, PhotoSheet)
    station.until(sheet.primary.isEnabled)
    assert look_over(sheet) == []
    station.window.idle.touch()
    sheet.primary.click()
    station.until(lambda: len(station.screen.panel.photos.photos) == 2)
    assert plant.rows("SELECT picture, added_by FROM deviation_photo ORDER BY added_at") == [
        (sha256(BLUE).hexdigest(), "li.ming"),
        (sha256(RED).hexdigest(), "li.ming"),
    ]
    station.screen.panel.photos.opened.emit(1)
    station.until(lambda: isinstance(station.window.frame.sheet, PhotosSheet))
    station.until(lambda: any(one.stands for one in station.window.frame.sheet.findChildren(Picture)))
    assert "Picture of DEV26-0001, 2 of 2" in station.glass()
    assert station.window.frame.sheet is not None
    assert look_over(station.window.frame.sheet) == []
    station.press(Qt.Key.Key_Left)
    station.until(lambda: "Picture of DEV26-0001, 1 of 2" in station.glass())


def test_where_the_step_is_held_what_was_written_stays_while_a_picture_is_added(
    run: Run, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    at_held(run)
    with open_bench(run, qtbot, tmp_path) as bench:
        bench.until(lambda: bench.screen.is_held and bench.screen.body.deviation.is_editing)
        bench.screen.body.deviation.form.what_happened.setFocus()
        bench.type("Jaw heater overshot")
        saved(tmp_path, "IMG_9.JPG", RED)
        bench.screen.photographs.button.click()
        sheet = bench.window.frame.sheet
        assert isinstance(sheet, PhotoSheet)
        bench.until(sheet.primary.isEnabled)
        bench.window.idle.touch()
        sheet.primary.click()
        bench.until(lambda: len(bench.screen.body.deviation.photos.photos) == 1)
        assert bench.screen.body.deviation.form.now.what_happened == "Jaw heater overshot"
        assert plant_photos(run) == [("chen.jing",)]
        for size in SIZES:
            bench.window.resize(*size)
            bench.until(lambda size=size: bench.window.size().toTuple() == size)
            assert troubles(bench, size) == []


def test_the_picture_goes_to_the_deviation_the_sheet_was_opened_for(station_of: Callable[..., Station], plant: Plant):
    first, other = deviated(plant), deviated(plant, supplier_lot="NF26-0932")
    station = station_of()
    station.window.open("deviations.deviation", {"deviation": str(first)})
    station.until(lambda: station.screen.panel.row is not None and station.screen.panel.row.id == first)
    saved(station.window.picture_folder.parent, "IMG_8.JPG", RED)
    station.screen.photographs.button.click()
    sheet = station.window.frame.sheet
    assert isinstance(sheet, PhotoSheet)
    station.until(sheet.primary.isEnabled)
    station.screen._wanted = other  # meanwhile another one stands in the panel
    station.screen._ask_file(other)
    station.until(lambda: station.screen.panel.row.id == other)
    station.window.idle.touch()
    sheet.primary.click()
    station.until(lambda: plant.rows("SELECT deviation FROM deviation_photo") == [(first,)])


def test_who_signs_can_look_at_every_picture_however_many(station_of: Callable[..., Station], plant: Plant):
    deviation = deviated(plant)
    for n in range(5):
        add(plant, deviation, picture("red", size=(64 + n, 48)))
    station = station_of()
    station.window.open("deviations.deviation", {"deviation": str(deviation)})
    station.until(lambda: len(station.screen.panel.photos.photos) == 5)
    station.until(station.screen.panel.photos.more.isVisible)
    station.until(lambda: look_over(station.window) == [])
    station.screen.panel.photos.more.click()
    station.until(lambda: "Picture of DEV26-0001, 2 of 5" in station.glass())
    for n in (1, 1):
        station.press(Qt.Key.Key_Left)
        station.until(lambda n=n: f"Picture of DEV26-0001, {n} of 5" in station.glass())


def test_a_signed_picture_left_out_of_the_bundle_is_missed_by_the_tool(plant: Plant, tmp_path: Path):
    deviation = deviated(plant)
    add(plant, deviation)
    whole = plant.sign_in("ma.lin").ask(lambda session: lot_bundle(session, lot_of(plant), Language.EN))
    inside, digest = parts(whole), sha256(RED).hexdigest().encode()
    del inside[f"attachment.{digest.decode()}"]
    for part in ("rows.jsonl", "trail.jsonl"):
        gone = (line for line in inside[part].splitlines(keepends=True) if digest not in line)
        inside[part] = b"".join(gone)
    lot = plant.rows("SELECT code, version::text FROM lot")[0]
    said = checked(bundle(inside, record={"kind": "lot", "code": str(lot[0]), "version": str(lot[1])}, practice=False), tmp_path)[1]
    assert (said["holds"], said["record"], said["why"]) == (False, f"deviation {deviation}", "a picture of it is missing")


def test_the_same_bytes_that_somebody_keeps_at_the_same_moment_are_kept_once(plant: Plant):
    deviation = deviated(plant)
    held = plant.shell("tom.becker")
    content = "\\x" + RED.hex()
    with held.transaction():
        held.execute(
            f"""INSERT INTO lineside.attachment (id, sha256, mime, file_name, size_bytes)
                VALUES ('{new_id()}', sha256('{content}'), 'text/plain', 'x', length('{content}'::bytea))"""
        )
        chunk = f"SELECT id, 0, '{content}'::bytea FROM lineside.attachment WHERE mime = 'text/plain'"
        held.execute(f"INSERT INTO lineside.attachment_chunk (attachment, no, bytes) {chunk}")
        adding = threading.Thread(target=add, args=(plant, deviation))
        adding.start()
        until_waiting(plant)
    adding.join(10)
    assert plant.rows("SELECT count(*) FROM deviation_photo") == [(1,)], "whatever the first one called it"


def until_waiting(plant: Plant) -> None:
    """Somebody waits for the other's transaction."""
    watching = plant.superuser()
    for _ in range(2000):
        if watching.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'").fetchone() != (0,):
            return
    raise AssertionError("nobody waits")


def lot_of(plant: Plant) -> UUID:
    ((lot,),) = plant.rows("SELECT id FROM lot")
    assert isinstance(lot, UUID)
    return lot


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_clipped_with_a_picture_beside_what_is_signed(station_of: Callable[..., Station], plant: Plant, size: tuple[int, int]):
    deviation = deviated(plant)
    add(plant, deviation, BLUE)
    station = station_of(size=size)
    station.window.open("deviations.deviation", {"deviation": str(deviation)})
    station.until(lambda: len(station.screen.panel.photos.photos) == 1)
    station.until(lambda: look_over(station.window) == [])
    open_sheet(station)
    station.until(lambda: look_over(station.window) == [])
    assert station.screen.panel.photos.isVisible(), "who signs sees it"


def plant_photos(run: Run) -> list[tuple[object, ...]]:
    return run.plant.rows("SELECT added_by FROM deviation_photo")
