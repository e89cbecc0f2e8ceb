"""The trail browsed: by a record, a person or a station; every entry with its proof; written as a list a spreadsheet may open."""

import csv
import io
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from pytestqt.exceptions import TimeoutError as StillCut

from app.base.phrases import Language
from app.core.refusals import NotAllowed
from app.tracing.trail import MOST, TrailEntry, TrailPage, as_csv, trail
from tests.looking import troubles_of
from tests.plant import Plant
from tests.shell.conftest import Hand
from tests.tracing.lots import Walked, clean_lot, rich_lot
from ui.kit import set_language
from ui.kit.check import look_over
from ui.shell.evidence_sheet import EvidenceSheet
from ui.tracing.trail_screen import TrailScreen
from ui.tracing.trail_words import TABLES

pytestmark = pytest.mark.capability("K3")


def look(plant: Plant, words: str, *, since: datetime | None = None, login: str = "wang.haiyan") -> TrailPage:
    person = plant.sign_in(login)
    try:
        return person.ask(lambda session: trail(session, words=words, since=since))
    finally:
        plant.close()


def entry(**changes: object) -> TrailEntry:
    facts: dict[str, object] = {
        "chain": "IQC-02/1",
        "seq": 7,
        "at": datetime(2026, 11, 2, 8, tzinfo=UTC),
        "who": "li.ming",
        "station": "IQC-02",
        "command": "Receive",
        "reason": None,
        "table": "lot",
        "op": "UPDATE",
        "row": UUID(int=5),
        "changes": (("state", "quarantine", "released"),),
    }
    return TrailEntry(**{**facts, **changes})  # type: ignore[arg-type]


# what is found ----------------------------------------------------------------------------------------------------------------------


def test_a_lot_brings_everything_that_belongs_to_it_and_nothing_of_another(plant: Plant):
    walked = rich_lot(plant, released=True)
    other = clean_lot(plant, supplier_lot="NF26-0940")
    page = look(plant, walked.code.lower())
    tables = {one.table for one in page.entries}
    assert page.meant == "record"
    assert {"lot", "receipt", "receipt_undo", "weighing", "inspection", "measurement", "deviation", "signature"} <= tables
    assert other.lot not in {one.row for one in page.entries}


def test_an_entry_says_what_stood_there_before_and_since_who_and_by_which_order(plant: Plant):
    walked = rich_lot(plant, released=True)
    released = look(plant, walked.code).entries[0]
    assert (released.row, released.changes) == (walked.lot, (("status", "quarantine", "released"),))
    assert (released.op, released.command, released.station) == ("UPDATE", "ReleaseLot", "IQC-02")


def test_the_reason_of_an_undone_receipt_stands_in_its_entry(plant: Plant):
    walked = rich_lot(plant)
    undone = next(one for one in look(plant, walked.code).entries if one.table == "receipt_undo")
    assert "pack is torn" in {undone.reason, *(now for _, _, now in undone.changes)}


@pytest.mark.parametrize("words", ["zhou.min", "Zhou.Min", "Zhou Min", "ZHOU MIN", "周敏"])
def test_a_person_is_found_by_login_or_name(plant: Plant, words: str):
    clean_lot(plant, supplier_lot="NF26-0940")
    page = look(plant, words)
    assert (page.meant, {one.who for one in page.entries}) == ("person", {"zhou.min"})


def test_a_station_brings_what_was_done_there(plant: Plant):
    clean_lot(plant, supplier_lot="NF26-0940")
    page = look(plant, "rec-01")
    assert (page.meant, {one.station for one in page.entries}) == ("station", {"REC-01"})


@pytest.mark.parametrize("words", ["%", "_", "zhou%", "' OR true --", "zhou_min", '"who": "zhou.min', "L26-99999", "\\", "ß"])
def test_signs_of_a_pattern_are_nobody(plant: Plant, words: str):
    assert look(plant, words).meant == "nothing"


def test_without_words_the_newest_come_first_and_no_more_than_a_page(plant: Plant):
    rich_lot(plant, released=True)
    rich_lot(plant, supplier_lot="NF26-0940", released=True)
    clean_lot(plant, supplier_lot="NF26-0941")
    page = look(plant, "  ")
    times = [one.at for one in page.entries]
    assert (page.meant, len(times), page.more) == ("", MOST, True)
    assert times == sorted(times, reverse=True)


def test_how_far_back_is_kept(plant: Plant):
    walked = rich_lot(plant)
    whole = look(plant, walked.code)
    middle = whole.entries[len(whole.entries) // 2].at
    assert {one.at for one in look(plant, walked.code, since=middle).entries} == {one.at for one in whole.entries if one.at >= middle}


@pytest.mark.capability("K1")
@pytest.mark.parametrize("login", ["zhou.min", "li.ming"])
def test_who_may_not_read_the_trail_is_refused_by_the_database(plant: Plant, login: str):
    with pytest.raises(NotAllowed):
        look(plant, "", login=login)


def test_every_table_that_the_trail_follows_has_a_word_people_know(plant: Plant):
    followed = plant.rows("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'audit_insert'")
    assert {str(name).removeprefix("lineside.") for (name,) in followed} == set(TABLES)


# the list ---------------------------------------------------------------------------------------------------------------------------


def lines_of(entries: tuple[TrailEntry, ...]) -> list[list[str]]:
    written = as_csv(entries)
    assert written.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")))


@pytest.mark.capability("K5")
def test_the_list_has_a_line_for_every_column_that_changed():
    two = entry(changes=(("state", "quarantine", "released"), ("expires", None, "2027-01-01")))
    heads, first, second = lines_of((two,))
    assert [dict(zip(heads, line, strict=True))["column"] for line in (first, second)] == ["state", "expires"]
    assert dict(zip(heads, second, strict=True)) | {"before": ""} == dict(zip(heads, second, strict=True))


@pytest.mark.parametrize("hostile", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", '=HYPERLINK("x")'])
def test_nothing_typed_at_a_station_is_a_formula_in_a_spreadsheet(hostile: str):
    _, line = lines_of((entry(reason=hostile, changes=(("remark", None, hostile),)),))
    assert [cell for cell in line if "'" in cell] == [f"'{hostile}"] * 2
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in line)


def test_quotes_commas_and_new_lines_survive_the_list():
    said = 'a "pack", torn\nat 3 µm，包装破损'
    _, line = lines_of((entry(reason=said),))
    assert said in line


# on screen --------------------------------------------------------------------------------------------------------------------------


def open_trail(hand: Hand, **context: str) -> TrailScreen:
    screen = hand.window.open("tracing.trail", context)
    assert isinstance(screen, TrailScreen)
    hand.until(lambda: screen.page is not None)
    return screen


@pytest.fixture
def open_found(plant: Plant, open_station: Callable[..., Hand], documents: Path) -> Callable[..., tuple[Hand, TrailScreen, Walked]]:
    """Quality at IQC-02 with the trail of a lot."""

    def open_one(*, size: tuple[int, int] = (1920, 1080)) -> tuple[Hand, TrailScreen, Walked]:
        walked = rich_lot(plant, released=True)
        hand = open_station("IQC-02", size=size)
        hand.sign_in("wang.haiyan")
        return hand, open_trail(hand, words=walked.code), walked

    return open_one


def test_f4_shows_the_chosen_entry_with_all_that_changed(open_found: Callable[..., tuple[Hand, TrailScreen, Walked]]):
    hand, screen, walked = open_found()
    at = next(n for n, one in enumerate(screen.page.entries) if one.row == walked.lot and one.op == "UPDATE")
    screen.table.setFocus()
    for _ in range(at):
        hand.press(Qt.Key.Key_Down)
    hand.press(Qt.Key.Key_F4)
    sheet = hand.window.frame.sheet
    assert isinstance(sheet, EvidenceSheet)
    (proof,) = sheet.evidence
    facts = {str(fact.name): str(fact.value) for fact in proof.facts}
    assert {"person", "station", "command", "reason", "time, by the database"} <= set(facts)
    assert set(facts) >= {column for column, _, _ in screen.page.entries[at].changes}


def test_typing_a_name_and_enter_looks_for_it(open_found: Callable[..., tuple[Hand, TrailScreen, Walked]]):
    hand, screen, _ = open_found()
    screen.words.set_text("zhou.min")
    screen.words.setFocus()
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: screen.page.meant == "person")
    assert {one.who for one in screen.page.entries} == {"zhou.min"}


def test_a_name_nobody_has_is_said_and_leaves_the_screen_usable(open_found: Callable[..., tuple[Hand, TrailScreen, Walked]]):
    hand, screen, walked = open_found()
    screen.words.set_text("nobody.at.all")
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: hand.banner)
    assert hand.banner.startswith("Nobody and nothing is called nobody.at.all.")
    assert screen.write.reason is not None
    screen.words.set_text("")
    hand.type(walked.code)
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: screen.page.meant == "record" and not hand.banner)


def test_a_scanned_label_is_looked_for_from_the_beginning(open_found: Callable[..., tuple[Hand, TrailScreen, Walked]]):
    hand, screen, walked = open_found()
    hand.scan(walked.container)
    hand.until(lambda: screen.words.text == walked.container and {one.table for one in screen.page.entries} >= {"container"})
    assert screen.back_to.index == 3


def test_the_serial_of_a_unit_is_looked_for_though_no_issuer_knows_it(open_found: Callable[..., tuple[Hand, TrailScreen, Walked]]):
    hand, screen, _ = open_found()
    hand.scan("DEMO-9999")
    hand.until(lambda: hand.banner.startswith("Nobody and nothing is called DEMO-9999."))
    assert screen.page.meant == "nothing"


def test_a_badge_is_somebody_who_takes_over_here_too(open_found: Callable[..., tuple[Hand, TrailScreen, Walked]]):
    hand, screen, walked = open_found()
    hand.scan("BDG:T-0117")
    hand.until(lambda: hand.locked)
    assert screen.words.text == walked.code


@pytest.mark.capability("K5")
def test_the_list_stands_in_the_documents_folder(open_found: Callable[..., tuple[Hand, TrailScreen, Walked]], documents: Path):
    hand, screen, walked = open_found()
    screen.write.click()
    hand.until(lambda: hand.sentence.startswith("Written as "))
    (file,) = (documents / "Lineside").glob("*.csv")
    assert walked.code in file.name
    assert len(file.read_text("utf-8-sig").splitlines()) > len(screen.page.entries)


@pytest.mark.capability("K5")
def test_a_folder_that_takes_no_list_is_said(open_found: Callable[..., tuple[Hand, TrailScreen, Walked]], documents: Path):
    documents.write_text("a file stands where the folder should be")
    hand, screen, _ = open_found()
    screen.write.click()
    hand.until(lambda: hand.banner)
    assert hand.banner.startswith("Not written: ")
    assert not screen.write.is_busy


def demand_whole(hand: Hand) -> None:
    """Once what is laid out has its place."""
    with suppress(StillCut):
        hand.until(lambda: not look_over(hand.window))
    assert troubles_of(hand.window, hand.bot) == []


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 800)])
@pytest.mark.parametrize("language", [Language.EN, Language.ZH])
def test_the_trail_is_whole_on_every_supported_glass(
    open_found: Callable[..., tuple[Hand, TrailScreen, Walked]], size: tuple[int, int], language: Language
):
    hand, _, _ = open_found(size=size)
    set_language(language)
    demand_whole(hand)
    assert (hand.window.width(), hand.window.height()) == size
    hand.press(Qt.Key.Key_F4)
    demand_whole(hand)
