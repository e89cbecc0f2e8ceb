"""A deviation is decided on the spot: others sign at the inspector's station while the inspector stays signed in."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from PySide6.QtCore import Qt

from app.base.ids import new_id
from app.base.phrases import Language
from app.core.subject import Subject
from app.demo.people import SECRET
from app.deviations.commands import DescribeDeviation, OpenDeviation
from app.deviations.queries import deviation_file
from app.deviations.rules import CLASSES, DISPOSITIONS, meanings_demanded
from tests.inspection.station import Station, elsewhere
from tests.looking import troubles_of
from tests.plant import Plant
from ui.deviations.words import CLASS_WORDS, DISPOSITION_WORDS, MEANING_WORDS, SIGNERS
from ui.kit import Mode, set_language, theme
from ui.shell.evidence_sheet import EvidenceSheet
from ui.shell.fact_rows import FactRow

BADGES = {"li.ming": "T-0117", "tom.becker": "T-0231", "wang.haiyan": "T-0240", "xu.lan": "T-0241"}
SIGNATURES = "SELECT signer, meaning, station FROM signature WHERE subject_kind = 'deviation' ORDER BY at"


def deviated(plant: Plant, *, class_: str = "major", disposition: str | None = "use as is", supplier_lot: str = "NF26-0931") -> UUID:
    """A lot with one long sample and its deviation, described unless told otherwise."""
    received = plant.receive(supplier_lot=supplier_lot)
    _, outside = plant.inspect(received.lot, bad={3: "25.62"})
    inspector, made = plant.sign_in("li.ming"), new_id()
    inspector.give(
        OpenDeviation(
            command_id=new_id(),
            id=made,
            subject=Subject(kind="lot", id=received.lot, version=1),
            cause_kind="measurement",
            cause_id=outside[0],
            kind="out of limits",
            facts={},
            class_=class_,
            what_happened="",
        )
    )
    if disposition is not None:
        words = {"what_happened": "Sample 3 is too long.", "class_": class_, "disposition": disposition}
        inspector.give(DescribeDeviation(command_id=new_id(), deviation=made, version=1, **words))
    plant.close()
    plant._open.clear()
    return made


@pytest.fixture
def deviating(station_of: Callable[..., Station], plant: Plant) -> Callable[..., Station]:
    """Open the deviation screen at a deviation that waits for signatures."""

    def at(*, size: tuple[int, int] = (1920, 1080), **options: object) -> Station:
        deviation = deviated(plant, **options)
        station = station_of(size=size)
        station.window.open("deviations.deviation", {"deviation": str(deviation)})
        station.until(lambda: station.screen._file is not None)
        return station

    return at


def open_sheet(station: Station) -> None:
    station.press(Qt.Key.Key_Return)
    station.until(lambda: station.window.frame.sheet is not None and station.window.frame.sheet._to_sign is not None)


def sign(station: Station, login: str, *, meaning: int | None = None, secret: str = SECRET) -> None:
    """Badge, password, Enter in the open sheet."""
    sheet = station.window.frame.sheet
    if meaning is not None:
        sheet.meaning.press(Qt.Key.Key_1 + meaning)
    station.scan(f"BDG:{BADGES[login]}")
    station.until(lambda: sheet._signer == login)
    sheet.password.edit.setFocus()
    station.type(secret)
    station.press(Qt.Key.Key_Return)


def until_signed(station: Station, meaning: str) -> None:
    """The sheet is gone and the record shows the signature."""
    station.until(lambda: station.window.frame.sheet is None and meaning in station.screen._file.standing)


@pytest.mark.capability("I2")
@pytest.mark.capability("K1")
def test_a_minor_deviation_is_decided_by_the_supervisor_at_the_inspectors_station(deviating: Callable[..., Station], plant: Plant):
    station = deviating(class_="minor", disposition="reject")
    assert station.sentence == "Have the line supervisor sign here."
    assert station.primary == "Supervisor signs"
    assert station.reason == "signs here: line supervisor"
    open_sheet(station)
    sign(station, "tom.becker")
    station.until(lambda: station.window.frame.sheet is None and station.screen._file.deviation.status == "decided")
    assert plant.rows(SIGNATURES) == [("tom.becker", "approved by supervisor", "IQC-02")]
    assert plant.rows("SELECT status, decided_by FROM deviation") == [("decided", "tom.becker")]
    assert station.shell.bridge.who.login == "li.ming", "the inspector's session goes on"
    assert station.sentence == "DEV26-0001 is decided: reject the lot."
    assert "Tom Becker" in station.glass()
    assert re.search(r"Approved as line supervisor • \d+ \w{3} \d{4} \d\d:\d\d:\d\d UTC\+8 • IQC-02", station.glass())


@pytest.mark.capability("I2")
def test_a_major_one_to_be_used_as_it_is_collects_two_signatures_and_shows_which_is_missing(
    deviating: Callable[..., Station], plant: Plant
):
    station = deviating()
    assert station.sentence == "Have supervisor and quality sign here."
    assert "missing: line supervisor signs" in station.glass()
    assert "missing: quality engineer signs" in station.glass()
    open_sheet(station)
    sign(station, "tom.becker", meaning=0)
    until_signed(station, "approved by supervisor")
    assert plant.rows("SELECT status FROM deviation") == [("open",)]
    assert station.sentence == "Have quality sign here."
    assert station.primary == "Quality signs"
    assert "missing: line supervisor signs" not in station.glass()
    assert "missing: quality engineer signs" in station.glass()
    open_sheet(station)
    sign(station, "xu.lan")
    station.until(lambda: station.screen._file.deviation.status == "decided")
    assert plant.rows(SIGNATURES) == [("tom.becker", "approved by supervisor", "IQC-02"), ("xu.lan", "approved by quality", "IQC-02")]


def test_quality_may_sign_before_the_supervisor(deviating: Callable[..., Station], plant: Plant):
    station = deviating()
    open_sheet(station)
    sign(station, "xu.lan", meaning=1)
    until_signed(station, "approved by quality")
    assert station.primary == "Supervisor signs"
    assert plant.rows("SELECT status FROM deviation") == [("open",)]


@pytest.mark.capability("C7")
def test_the_performer_is_refused_in_the_sheet_with_the_names_of_those_who_may(deviating: Callable[..., Station], plant: Plant):
    station = deviating(class_="minor")
    open_sheet(station)
    sheet = station.window.frame.sheet
    station.scan(f"BDG:{BADGES['li.ming']}")
    station.until(lambda: sheet.refusal)
    assert "Li Ming performed this work" in sheet.refusal
    assert "May sign: Tom Becker." in sheet.refusal
    assert plant.rows(SIGNATURES) == []


def test_somebody_without_the_right_is_refused_in_the_sheet(deviating: Callable[..., Station], plant: Plant):
    station = deviating(class_="minor")
    open_sheet(station)
    sheet = station.window.frame.sheet
    station.scan(f"BDG:{BADGES['xu.lan']}")
    station.until(lambda: sheet.refusal)
    assert "May sign: Tom Becker." in sheet.refusal
    assert plant.rows(SIGNATURES) == []


@pytest.mark.capability("K1")
def test_a_wrong_password_signs_nothing_and_the_sheet_stays(deviating: Callable[..., Station], plant: Plant):
    station = deviating(class_="minor")
    open_sheet(station)
    sign(station, "tom.becker", secret="not his password")
    station.until(lambda: station.window.frame.sheet.refusal)
    assert "name and password do not belong together" in station.window.frame.sheet.refusal
    assert plant.rows(SIGNATURES) == []
    sign(station, "tom.becker")
    until_signed(station, "approved by supervisor")


def test_not_now_loses_nothing(deviating: Callable[..., Station], plant: Plant):
    station = deviating()
    open_sheet(station)
    assert station.sentence == "Read the left, sign on the right."
    station.press(Qt.Key.Key_Escape)
    station.until(lambda: station.window.frame.sheet is None)
    station.until(lambda: station.sentence == "Have supervisor and quality sign here.")
    assert station.primary == "Supervisor signs"
    assert plant.rows("SELECT what_happened, status FROM deviation") == [("Sample 3 is too long.", "open")]


@pytest.mark.capability("K2")
def test_a_changed_description_makes_the_signature_before_it_not_count(deviating: Callable[..., Station], plant: Plant):
    station = deviating()
    open_sheet(station)
    sign(station, "tom.becker", meaning=0)
    until_signed(station, "approved by supervisor")
    station.screen.change.click()
    station.until(lambda: station.screen.panel.is_editing)
    station.screen.panel.form.what_happened.setFocus()
    station.type(" And bent.")
    station.press(Qt.Key.Key_Return)
    station.until(lambda: station.screen._file.deviation.version == 3)
    assert station.sentence == "Have supervisor and quality sign here."
    assert "signed version 2, which is no longer the record: does not count" in station.glass()
    assert plant.rows("SELECT what_happened FROM deviation") == [("Sample 3 is too long. And bent.",)]


@pytest.mark.capability("K2")
def test_a_decided_deviation_whose_content_was_changed_behind_the_program_is_shown_as_broken(
    deviating: Callable[..., Station], plant: Plant
):
    station = deviating(class_="minor")
    open_sheet(station)
    sign(station, "tom.becker")
    station.until(lambda: station.screen._file.deviation.status == "decided")
    administrator = plant.superuser()
    administrator.execute("ALTER TABLE lineside.deviation DISABLE TRIGGER ALL")
    administrator.execute("UPDATE lineside.deviation SET what_happened = 'Nothing.'")
    station.screen._look()
    station.until(lambda: station.banner)
    assert station.banner == "DEV26-0001 is no longer what was signed: its content changed afterwards."


def test_what_is_not_described_is_described_here_before_anybody_signs(deviating: Callable[..., Station], plant: Plant):
    station = deviating(disposition=None, class_="critical")
    assert station.sentence == "Write what happened, then choose class and disposition."
    assert station.reason == "Write one line: what happened"
    form = station.screen.panel.form
    form.what_happened.setFocus()
    station.type("Sample 3 is too long.")
    form.class_._take(0)
    form.disposition._take(1)
    station.press(Qt.Key.Key_Return)
    station.until(lambda: station.primary == "Supervisor signs")
    assert plant.rows("SELECT class, disposition, described_by FROM deviation") == [("minor", "reject", "li.ming")]


def test_the_open_deviations_are_listed_and_the_arrows_choose(deviating: Callable[..., Station], plant: Plant):
    deviated(plant, supplier_lot="NF26-0944", class_="minor")
    station = deviating(disposition=None)
    station.window.open_workbench("deviate")
    station.until(station.screen.list.table.standing)
    assert [row.cells[0].words for row in station.screen.list.table.standing()] == ["DEV26-0001", "DEV26-0002"]
    station.until(lambda: station.screen._file is not None)
    station.press(Qt.Key.Key_Down)
    station.until(lambda: station.screen._file.deviation.code == "DEV26-0002")
    assert "to describe" in station.glass()


def test_a_deviation_opened_elsewhere_appears_by_itself(station_of: Callable[..., Station], plant: Plant):
    station = station_of()
    station.window.open_workbench("deviate")
    station.until(lambda: "No deviation waits for a decision." in station.glass())
    assert station.sentence == "Choose a deviation."
    elsewhere(lambda: deviated(plant))
    station.until(lambda: "DEV26-0001" in station.glass())


def test_a_supervisors_task_opens_the_deviation_and_the_supervisor_cannot_sign_alone(station_of: Callable[..., Station], plant: Plant):
    deviated(plant)
    station = station_of(login="tom.becker")
    station.until(lambda: "Decide deviation DEV26-0001" in station.glass() and station.primary == "Begin")
    station.press(Qt.Key.Key_Return)
    station.until(lambda: station.screen.key == "deviations.deviation" and station.screen._file is not None)
    open_sheet(station)
    sign(station, "tom.becker", meaning=0)
    until_signed(station, "approved by supervisor")
    open_sheet(station)
    sheet = station.window.frame.sheet
    station.scan(f"BDG:{BADGES['wang.haiyan']}")  # the same badge again within 0.3 s would be one scan
    station.until(lambda: sheet._signer == "wang.haiyan")
    station.scan(f"BDG:{BADGES['tom.becker']}")
    station.until(lambda: sheet.refusal)
    assert plant.rows("SELECT status FROM deviation") == [("open",)]


def test_from_measuring_to_signing_and_back(measuring: Station, plant: Plant):
    measuring.take("LM-07", "0.893")
    measuring.until(lambda: measuring.screen.body.deviation.row is not None)
    form = measuring.screen.body.deviation.form
    measuring.press(Qt.Key.Key_2)
    measuring.until(lambda: form.has_hand)
    measuring.type("Burr.")
    form.class_._take(0)
    form.disposition._take(0)
    measuring.press(Qt.Key.Key_Return)
    measuring.until(measuring.screen.have_signed.isVisible)
    measuring.screen.have_signed.click()
    measuring.until(lambda: measuring.screen.key == "deviations.deviation" and measuring.primary == "Supervisor signs")
    open_sheet(measuring)
    sign(measuring, "tom.becker")
    measuring.until(lambda: measuring.window.frame.sheet is None and measuring.screen._file.deviation.status == "decided")
    measuring.press(Qt.Key.Key_Escape)
    measuring.until(lambda: measuring.screen.key == "inspection.measure" and measuring.screen.hand.bench is not None)
    assert measuring.sentence.startswith("Measure (1) outer diameter of sample 2")


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 800)])
@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("language", list(Language))
def test_nothing_is_clipped_or_faint_with_one_signature_given(
    deviating: Callable[..., Station], size: tuple[int, int], mode: Mode, language: Language
):
    station = deviating(size=size)
    theme.look(mode=mode)
    set_language(language)
    assert troubles_of(station.window, station.bot) == [], "both signatures missing"
    open_sheet(station)
    sign(station, "tom.becker", meaning=0)
    until_signed(station, "approved by supervisor")
    assert troubles_of(station.window, station.bot) == []
    assert station.window.size().toTuple() == size


def test_screen_rules_and_database_name_the_same_classes_dispositions_and_signatures(plant: Plant):
    wanted = {(c, d): list(map(str, meanings_demanded(c, d))) for c in CLASSES for d in DISPOSITIONS}
    assert {(c, d): m for c, d, m in plant.rows("SELECT class, disposition, meanings FROM disposition_rule")} == wanted
    assert (tuple(CLASS_WORDS), tuple(DISPOSITION_WORDS)) == (CLASSES, DISPOSITIONS)
    assert set(MEANING_WORDS) == set(SIGNERS) == {meaning for meanings in wanted.values() for meaning in meanings}


def test_the_file_of_a_deviation_says_what_is_demanded_and_what_is_missing(plant: Plant):
    deviation = deviated(plant)
    file = plant.sign_in("ma.lin", station=None).ask(lambda session: deviation_file(session, deviation))
    assert file.demanded == file.missing == ("approved by supervisor", "approved by quality")
    assert str(file.name("li.ming")) == "Li Ming"


@pytest.mark.capability("E5", "H1")
def test_f4_shows_the_frame_of_the_value_outside_and_who_took_it(deviating: Callable[..., Station]):
    station = deviating()
    station.until(lambda: station.window.current._file is not None)
    station.press(Qt.Key.Key_F4)
    station.until(lambda: isinstance(station.window.frame.sheet, EvidenceSheet))
    sheet = station.window.frame.sheet

    def hands() -> list[str]:
        return [str(row.fact.value) for row in sheet.findChildren(FactRow) if str(row.fact.name) in ("entered by", "on record")]

    station.until(lambda: len(hands()) == 2 * len(sheet.evidence))
    assert set(hands()[::2]) == {"Li Ming, IQC-02"}
    assert [one.rpartition(", ")[2] for one in hands()[1::2]] == ["RecordMeasurement", *["OpenDeviation"] * (len(sheet.evidence) - 1)]
    read = sheet.evidence[0]
    assert (str(read.title), str(read.origin)) == ("read: 25.62 mm", "the value on record")
    assert b"25.62" in (read.raw or b"")
