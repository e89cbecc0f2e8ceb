"""The print queue: every label comes out once, or a person is told that nobody knows."""

import threading

import pytest

from app.base.ids import new_id
from app.base.phrases import Language
from app.core.refusals import DatabaseAway
from app.core.station_refusals import StationConnectionsTaken
from app.core.stations import StationLink
from app.devices.events import Standing
from app.devices.simulators.zpl_printer import ZplPrinter
from app.labels.queue_events import words_of
from tests.labels.queue_station import WITHIN_S, PrintStation, disturbing, send_all

pytestmark = pytest.mark.capability("G8")


@pytest.fixture
def printer():
    with ZplPrinter() as running:
        yield running


@pytest.fixture
def station(plant, printer):
    here = PrintStation(plant, printer)
    yield here
    here.stop()


@pytest.fixture
def old_station(plant):
    """Its printer still names its trouble instead of keeping silent."""
    with ZplPrinter(answers_in_trouble=True) as old:
        here = PrintStation(plant, old)
        yield here
        here.stop()


def test_a_received_container_gets_its_label_and_the_record_says_so(station):
    received = station.receive()
    ear = station.queue()
    ear.until_status("sent", "printed")
    (paper,) = station.printer.printed
    assert paper.scans == (f"]C0{received.container_code}",)
    assert {"NF26-0931", received.lot_code, "Q-A-03"} <= set(paper.texts)
    assert [row[:2] for row in station.labels()] == [(1, "printed")]
    assert ear.moves[-1].what == received.container_code
    assert ear.states[-1].standing is Standing.LIVE


def test_a_label_is_on_record_as_sent_before_its_first_byte_leaves(station):
    seen = []
    station.receive()
    ear = station.queue(opened=disturbing(before=lambda: seen.append(station.labels()[0][1])))
    ear.until_status("sent", "printed")
    assert seen == ["sent"]


@pytest.mark.capability("E7")
def test_without_paper_the_label_waits_and_the_chip_says_why_until_there_is_paper(old_station):
    old_station.printer.run_out_of_paper()
    ear = old_station.queue()
    state = ear.until_standing(Standing.FAULT)
    old_station.receive()
    assert "out of labels" in str(state.words)
    assert "标签用完" in state.words.in_language(Language.ZH)
    assert ear.moves == []
    assert old_station.states() == ["waits"]
    old_station.printer.load_paper()
    ear.until_status("sent", "printed")
    assert len(old_station.printer.printed) == 1


@pytest.mark.capability("E7")
def test_a_silent_printer_is_silent_since_it_was_last_heard_and_takes_no_label(station):
    ear = station.queue()
    live = ear.until_standing(Standing.LIVE)
    station.printer.fall_silent()
    silent = ear.until_standing(Standing.SILENT)
    station.receive()
    assert silent.since >= live.since
    assert silent.cause is not None
    assert silent.cause.code == "printer.silent"
    station.printer.speak_again()
    ear.until_status("sent", "printed")


def test_a_printer_that_is_away_keeps_nobody_from_receiving_and_prints_when_it_is_back(station):
    station.printer.stop()
    ear = station.queue()
    received = station.receive()
    assert ear.until_standing(Standing.FAULT).cause.code == "printer.away"
    assert station.states() == ["waits"]
    station.printer.start()
    ear.until_status("sent", "printed")
    assert station.printer.printed[0].scans == (f"]C0{received.container_code}",)


def test_paper_that_ends_within_a_label_leaves_it_unknown_and_no_second_one_comes_out(station):
    station.receive()
    station.printer.let_paper_end_within_next_label()
    ear = station.queue()
    ear.until_status("sent", "unknown")
    assert station.labels()[0][1:] == ("unknown", "printer.silent")
    station.printer.load_paper()
    ear.until_standing(Standing.LIVE)
    assert [paper.complete for paper in station.printer.printed] == [False]
    assert "does not answer" in str(words_of("printer.silent", printer="LP-02"))


@pytest.mark.parametrize(
    ("trouble", "detail"),
    [
        ("pause", "printer.in_trouble pause"),
        ("open_head", "printer.in_trouble head_up"),
        ("run_out_of_ribbon", "printer.in_trouble ribbon_out"),
    ],
)
def test_a_fault_between_first_byte_and_paper_leaves_the_label_unknown_with_its_reason(old_station, trouble, detail):
    old_station.receive()
    ear = old_station.queue(opened=disturbing(before=getattr(old_station.printer, trouble)))
    ear.until_status("sent", "unknown")
    assert old_station.labels()[0][1:] == ("unknown", detail)
    assert str(ear.moves[-1].cause) == str(words_of(detail, printer="LP-02"))
    assert words_of(detail, printer="LP-02").in_language(Language.ZH).startswith("打印机 LP-02 无法打印")


def test_a_printer_unplugged_while_it_has_the_label_leaves_it_unknown(station):
    station.receive()
    ear = station.queue(opened=disturbing(after=station.printer.stop))
    ear.until_status("sent", "unknown")
    assert station.labels()[0][2] == "printer.hung_up"
    assert ear.until_standing(Standing.FAULT).cause.code in ("printer.hung_up", "printer.away")


def test_a_label_left_behind_by_a_crash_is_unknown_after_the_restart_and_is_not_sent_again(station):
    station.receive()
    link = station.plant.link("REC-01")
    send_all(link)
    ear = station.queue()
    ear.until_status("unknown")
    ear.until_standing(Standing.LIVE)
    assert station.labels()[0][1:] == ("unknown", "label.left_behind")
    assert station.printer.printed == []


def test_two_programs_of_one_station_print_no_label_twice(station):
    codes = {f"]C0{station.receive(quantity='10').container_code}" for _ in range(6)}
    ears = [station.queue(), station.queue()]
    station.printer.wait_until_printed(6, timeout_s=WITHIN_S)
    for ear in ears:
        ear.until(lambda _: all(row[1] in ("printed", "unknown") for row in station.labels()))
    station.stop()
    assert len(station.printer.printed) == 6
    assert {scan for paper in station.printer.printed for scan in paper.scans} == codes


def test_a_database_that_goes_away_while_the_label_prints_learns_of_it_when_it_is_back(station):
    station.receive()
    kill = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'lineside_station_rec_01' AND datname = current_database()"
    )
    ear = station.queue(opened=disturbing(after=lambda: station.plant.rows(kill)))
    ear.until_status("sent", "printed")
    assert [row[1] for row in station.labels()] == ["printed"]
    assert len(station.printer.printed) == 1


class ForgetfulLink(StationLink):
    """The line breaks after the database stored the first move to ``sent`` and before its answer came."""

    broke = False

    def ask(self, statement, *arguments):
        rows = super().ask(statement, *arguments)
        if "sent" in arguments and not self.broke:
            self.broke = True
            raise DatabaseAway()
        return rows


def test_a_label_whose_sending_was_stored_without_an_answer_is_printed_once(station):
    station.receive()
    link = ForgetfulLink(station.plant.server, "REC-01", station.plant.secrets["REC-01"])
    try:
        ear = station.queue(link=link)
        ear.until_status("sent", "printed")
        station.stop()
    finally:
        link.close()
    assert len(station.printer.printed) == 1


class CountedLink(StationLink):
    """Tells when it was refused often enough to know that the queue goes on."""

    def __init__(self, *where):
        super().__init__(*where)
        self.refused, self.twice = 0, threading.Event()

    def ask(self, statement, *arguments):
        try:
            return super().ask(statement, *arguments)
        except StationConnectionsTaken:
            self.refused += 1
            if self.refused == 2:
                self.twice.set()
            raise


def test_a_queue_that_finds_no_free_connection_prints_as_soon_as_there_is_one(station):
    station.receive()
    where = (station.plant.server, "REC-01", station.plant.secrets["REC-01"])
    others, link = [StationLink(*where) for _ in range(4)], CountedLink(*where)
    try:
        for other in others:
            other.where()
        ear = station.queue(link=link)
        assert link.twice.wait(WITHIN_S)
        others[0].close()
        ear.until_status("sent", "printed")
        station.stop()
    finally:
        for other in (*others, link):
            other.close()


def test_labels_for_a_printer_that_is_not_connected_here_are_not_forgotten(station):
    station.receive()
    ear = station.queue(code="LP-09")
    ear.until(lambda heard: any(state.cause is not None and state.cause.code == "printer.not_here" for state in heard.states))
    assert "LP-02" in str(next(state for state in ear.states if state.cause is not None).words)
    assert station.states() == ["waits"]


def test_a_label_that_cannot_be_made_is_refused_with_its_reason_and_the_next_one_comes_out(station):
    first = station.receive()
    without_an_item = (
        "INSERT INTO lineside.label (id, kind, subject_kind, subject_id, copy_no, printer, station, content, reason) "
        "SELECT %s, kind, subject_kind, subject_id, 2, printer, station, content - 'item', 'by hand' "
        "FROM lineside.label_seen WHERE subject_id = %s"
    )
    ear = station.queue()
    ear.until_status("sent", "printed")
    shell = station.plant.shell("zhou.min")
    shell.execute("SELECT lineside.destroy_label(id, 'torn') FROM lineside.label")
    shell.execute(without_an_item, [new_id(), first.container])
    ear.until_status("sent", "printed", "refused")
    station.receive(quantity="10")
    ear.until_status("sent", "printed", "refused", "sent", "printed")
    assert station.labels()[1] == (2, "refused", "label.unreadable")
    assert "lacks item" in str(next(move for move in ear.moves if move.status == "refused").cause)


def test_a_stopped_queue_says_that_nobody_watches_the_printer_any_more(station):
    ear = station.queue()
    ear.until_standing(Standing.LIVE)
    station.stop()
    assert ear.states[-1].standing is Standing.CLOSED


def test_what_a_person_wrote_is_said_as_it_was_written():
    assert str(words_of("roll empty, nothing came out", printer="LP-02")) == "“roll empty, nothing came out”"
