"""The print queue on TSPL and SBPL printers: every label comes out once, or a person is told that nobody knows."""

from threading import Event

import pytest

from app.base.ids import new_id
from app.base.phrases import Language
from app.devices.errors import ConnectionLost
from app.devices.events import Standing
from app.devices.printer_language import LANGUAGES
from app.devices.simulators import sbpl_picture, tspl_picture
from app.devices.simulators.sbpl_printer import SbplPrinter
from app.devices.simulators.tspl_printer import TsplPrinter
from app.devices.transport import open_port
from app.labels.commands import ConfirmLabel, LabelUndecided, ReprintLabel
from app.labels.gs1_symbol import LabelNotProven
from app.labels.queue_events import words_of
from tests.labels.queue_station import BEGINS, WITHIN_S, PrintStation, disturbing, send_all

pytestmark = pytest.mark.capability("G8")

MAKERS = {
    "tspl": TsplPrinter,
    "sbpl": SbplPrinter,
    "sbpl that acknowledges": lambda: SbplPrinter(dialect="status3"),
    "sbpl of old": lambda: SbplPrinter(dialect="status4_legacy"),
}


@pytest.fixture
def make(plant):
    """A station with a running printer; the last one is stopped with the test."""
    begun = []

    def made(kind):
        printer = MAKERS[kind]()
        printer.__enter__()
        printer.take_its_time(before=1, printing=2)
        station = PrintStation(plant, printer, speaks=kind[:4])
        begun.append(station)
        return station

    yield made
    for station in begun:
        station.stop()
        station.printer.stop()


@pytest.fixture(params=["tspl", "sbpl"])
def station(make, request):
    return make(request.param)


def scans(station):
    """What is read from every whole label that came out."""
    if station.speaks == "tspl":
        return [scan for raw in station.printer.printed for scan in tspl_picture.paper(raw, dpi=203).scans]
    return [scan for raw in station.printer.printed for scan in sbpl_picture.paper(raw, width=799, height=480).scans]


class Witness:
    """Sees at every move how many labels have come out."""

    def __init__(self, printer):
        self.printer, self.seen = printer, []

    def label(self, moved):
        if moved.status != "validated":
            self.seen.append((moved.status, len(self.printer.printed)))

    def state(self, state):
        pass


@pytest.mark.capability("G2")
@pytest.mark.parametrize("kind", MAKERS)
def test_a_received_container_gets_its_label_and_the_record_says_so(make, kind):
    station = make(kind)
    received = station.receive()
    ear = station.queue()
    ear.until_status("sent", "printed")
    assert scans(station) == [f"]C0{received.container_code}"]
    assert [row[:2] for row in station.labels()] == [(1, "printed")]
    assert ear.states[-1].standing is Standing.LIVE


@pytest.mark.parametrize("kind", ["tspl", "sbpl"])
def test_labels_behind_one_another_each_come_out_once_in_their_order(make, kind):
    station = make(kind)
    codes = [station.receive(quantity="10").container_code for _ in range(3)]
    station.queue().until_status(*["sent", "printed"] * 3)
    assert scans(station) == [f"]C0{code}" for code in codes]


def test_a_label_is_on_record_as_sent_before_its_first_byte_leaves(station):
    seen = []
    station.receive()
    ear = station.queue(opened=disturbing(before=lambda: seen.append(station.labels()[0][1])))
    ear.until_status("sent", "printed")
    assert seen[:1] == ["sent"]


@pytest.mark.parametrize("before", [0, 2, 7])
def test_a_tspl_printer_that_begins_late_is_believed_only_after_it_was_seen_printing(make, before):
    station = make("tspl")
    station.printer.take_its_time(before=before, printing=1)
    station.receive()
    witness = Witness(station.printer)
    ear = station.queue(listening=witness)
    ear.until_status("sent", "printed")
    assert witness.seen == [("sent", 0), ("printing", 0), ("printed", 1)], "ready behind the job is no word that it came out"


def test_a_tspl_printer_that_was_never_seen_printing_leaves_the_label_unknown_although_it_came_out(make):
    station = make("tspl")
    station.printer.take_its_time(before=0, printing=0)
    station.receive()
    ear = station.queue()
    ear.until_status("sent", "unknown")
    assert station.labels()[0][1:] == ("unknown", "printer.not_through")
    assert len(station.printer.printed) == 1
    ear.until_standing(Standing.LIVE)
    assert len(station.printer.jobs) == 1


def test_a_label_that_never_ends_is_unknown_and_the_printer_is_told_to_forget_it(station):
    station.printer.take_its_time(before=0, printing=100_000)
    station.receive()
    ear = station.queue()
    ear.until_status("sent", "unknown")
    assert station.labels()[0][1:] == ("unknown", "printer.not_through")
    station.printer.take_its_time(before=0, printing=0)
    station.printer.let_one_out()
    assert (station.printer.printed, len(station.printer.jobs)) == ([], 1)


@pytest.mark.capability("E7")
def test_without_paper_the_label_waits_and_the_chip_says_why_until_there_is_paper(station):
    station.printer.run_out_of_paper()
    ear = station.queue()
    state = ear.until_standing(Standing.FAULT)
    station.receive()
    assert "out of labels" in str(state.words)
    assert "标签用完" in state.words.in_language(Language.ZH)
    assert ear.moves == []
    assert station.states() == ["waits"]
    assert station.printer.jobs == []
    station.printer.load_paper()
    ear.until_status("sent", "printed")
    assert len(station.printer.printed) == 1


@pytest.mark.capability("E7")
def test_a_silent_printer_is_silent_since_it_was_last_heard_and_takes_no_label(station):
    ear = station.queue()
    live = ear.until_standing(Standing.LIVE)
    station.printer.fall_silent()
    silent = ear.until_standing(Standing.SILENT)
    station.receive()
    assert silent.since >= live.since
    assert silent.cause.code == "printer.silent"
    assert station.printer.jobs == []
    station.printer.speak_again()
    ear.until_status("sent", "printed")


def test_a_printer_that_is_away_keeps_nobody_from_receiving_and_prints_when_it_is_back(station):
    station.printer.unplug()
    ear = station.queue()
    received = station.receive()
    assert ear.until_standing(Standing.FAULT).cause.code == "printer.away"
    station.printer.plug()
    ear.until_status("sent", "printed")
    assert scans(station) == [f"]C0{received.container_code}"]


@pytest.mark.parametrize(("kind", "fault"), [("tspl", "paper_out"), ("sbpl", "paper_end")])
def test_paper_that_ends_within_a_label_leaves_it_unknown_and_no_second_one_comes_out(make, kind, fault):
    station = make(kind)
    station.printer.let_paper_end_within_next_label()
    station.receive()
    ear = station.queue()
    ear.until_status("sent", "unknown")
    assert station.labels()[0][1:] == ("unknown", f"printer.in_trouble {fault}")
    station.printer.load_paper()
    ear.until_standing(Standing.LIVE)
    station.printer.let_one_out()
    assert (len(station.printer.spoilt), station.printer.printed) == (1, [])


@pytest.mark.parametrize(
    ("kind", "trouble", "cure", "fault"),
    [
        ("tspl", "pause", "resume", "pause"),
        ("tspl", "open_head", "close_head", "head_open"),
        ("tspl", "run_out_of_ribbon", "load_ribbon", "ribbon_out"),
        ("tspl", "jam", "clear_jam", "paper_jam"),
        ("tspl", "open_cover", "close_cover", "cover_open"),
        ("tspl", "overheat", "cool_down", "temperature"),
        ("sbpl", "pause", "resume", "pause"),
        ("sbpl", "open_head", "close_head", "head_open"),
        ("sbpl", "run_out_of_ribbon", "load_ribbon", "ribbon_end"),
        ("sbpl", "press_line_key", "press_line_key_again", "offline"),
        ("sbpl", "block_cutter", "free_cutter", "cutter"),
    ],
)
def test_a_fault_between_first_byte_and_paper_leaves_the_label_unknown_and_nothing_comes_out_once_it_is_cured(
    make, kind, trouble, cure, fault
):
    station = make(kind)
    station.receive()
    ear = station.queue(opened=disturbing(before=getattr(station.printer, trouble)))
    detail = f"printer.in_trouble {fault}"
    ear.until_status("sent", "unknown")
    assert station.labels()[0][1:] == ("unknown", detail)
    assert str(ear.moves[-1].cause) == str(words_of(detail, printer="LP-02"))
    getattr(station.printer, cure)()
    ear.until_standing(Standing.LIVE)
    assert (len(station.printer.jobs), station.printer.printed) == (1, [])


def test_a_printer_unplugged_while_it_has_the_label_leaves_it_unknown(station):
    station.receive()
    ear = station.queue(opened=disturbing(after=station.printer.unplug))
    ear.until_status("sent", "unknown")
    assert station.labels()[0][2] == "printer.hung_up"


class HalfPort:
    """A real port whose line breaks in the middle of the first label."""

    def __init__(self, port, printer, broken):
        self._port, self._printer, self._broken = port, printer, broken
        self.read, self.close = port.read, port.close

    def write(self, message):
        if message.startswith(BEGINS) and not self._broken.is_set():
            self._broken.set()
            self._port.write(message[: len(message) // 2])
            self._printer.lose_line()
            raise ConnectionLost(reason="the cable was pulled")
        self._port.write(message)


def half_sent(station):
    """The first label broke off in the middle, a second one waits, and the line is there again."""
    station.receive()
    broken = Event()
    ear = station.queue(opened=lambda url, line: HalfPort(open_port(url, line), station.printer, broken))
    ear.until_status("sent", "unknown")
    assert station.labels()[0][2] == "printer.hung_up"
    second = station.receive(quantity="10")
    station.printer.plug()
    return ear, second


def test_a_line_that_breaks_within_a_picture_does_not_spoil_the_next_label(make):
    station = make("tspl")
    ear, second = half_sent(station)
    ear.until_status("sent", "unknown", "sent", "printed")
    assert scans(station) == [f"]C0{second.container_code}"]
    assert len(station.printer.jobs) == 1


def test_a_sato_printer_left_with_half_a_label_keeps_silent_until_it_was_switched_off_and_on(make):
    station = make("sbpl")
    ear, second = half_sent(station)
    ear.until_standing(Standing.SILENT)
    assert station.states() == ["unknown", "waits"]
    station.printer.unplug()
    station.printer.plug()
    ear.until_status("sent", "unknown", "sent", "printed")
    assert scans(station) == [f"]C0{second.container_code}"]


@pytest.mark.parametrize("silence", ["fall_silent", "hang"])
def test_a_printer_that_takes_the_label_and_never_answers_leaves_it_unknown_and_gets_no_other(station, silence):
    station.receive()
    ear = station.queue(opened=disturbing(before=getattr(station.printer, silence)))
    ear.until_status("sent", "unknown")
    assert station.labels()[0][1:] == ("unknown", "printer.silent")
    station.receive(quantity="10")
    ear.until_standing(Standing.SILENT)
    assert station.states() == ["unknown", "waits"]
    assert (len(station.printer.jobs), station.printer.printed) == (1, [])


def test_an_answer_that_comes_late_settles_no_label(station):
    station.receive()
    ear = station.queue(opened=disturbing(before=station.printer.answer_late))
    ear.until_status("sent", "unknown")
    station.receive(quantity="10")
    ear.until_standing(Standing.SILENT)
    station.printer.hand_over()
    ear.until(lambda heard: "printed" in heard.statuses() or heard.statuses().count("unknown") == 2)
    station.stop()
    out = scans(station)
    assert station.labels()[0][1] == "unknown"
    assert len(out) == len(set(out)) <= 2


def test_an_answer_kept_from_a_connection_that_ended_is_not_taken_for_how_the_printer_stands_now(station):
    station.printer.keep_answers_while_alone()
    station.printer.answer_late()
    ear = station.queue()
    ear.until_standing(Standing.SILENT)
    station.stop()
    station.printer.hand_over()
    station.printer.run_out_of_paper()
    station.receive()
    again = station.queue()
    state = again.until_standing(Standing.FAULT)
    assert "out of labels" in str(state.words), "not: two answers at once"
    assert Standing.LIVE not in {one.standing for one in again.states}


def test_a_label_left_behind_by_a_crash_is_unknown_after_the_restart_and_is_not_sent_again(station):
    station.receive()
    send_all(station.plant.link("REC-01"))
    ear = station.queue()
    ear.until_status("unknown")
    ear.until_standing(Standing.LIVE)
    assert station.labels()[0][1:] == ("unknown", "label.left_behind")
    assert station.printer.jobs == []


def test_a_person_decides_on_an_unknown_label_before_another_copy_comes_out(station):
    station.printer.let_paper_end_within_next_label()
    station.receive()
    ear = station.queue()
    ear.until_status("sent", "unknown")
    station.printer.load_paper()
    ((label,),) = station.plant.rows("SELECT id FROM lineside.label")
    receiver = station.plant.sign_in("zhou.min", station="REC-01")
    with pytest.raises(LabelUndecided):
        receiver.give(ReprintLabel(command_id=new_id(), label=label, reason="half of it only"))
    receiver.give(ConfirmLabel(command_id=new_id(), label=label, came_out=False, remark="half of it only, thrown away"))
    assert receiver.give(ReprintLabel(command_id=new_id(), label=label, reason="half of it only")) == 2
    ear.until_status("sent", "unknown", "sent", "printed")
    assert [row[:2] for row in station.labels()] == [(1, "refused"), (2, "printed")]
    assert (len(station.printer.spoilt), len(station.printer.printed)) == (1, 1)


def test_a_label_whose_symbol_does_not_read_back_is_refused_and_no_byte_of_it_leaves(station, monkeypatch):
    def refuse(*_):
        raise LabelNotProven(asked="]C0C26-00017", found="]C0C26-00018")

    monkeypatch.setattr("app.labels.emit.burnt_label._read_back", refuse)
    station.receive()
    ear = station.queue()
    ear.until_status("refused")
    assert station.labels()[0][1:] == ("refused", "label.not_proven")
    assert "C26-00018" in str(ear.moves[-1].cause)
    assert station.printer.jobs == []


def test_two_programs_of_one_station_print_no_label_twice(station):
    codes = [f"]C0{station.receive(quantity='10').container_code}" for _ in range(4)]
    ears = [station.queue(), station.queue()]
    station.printer.wait_until_printed(4, timeout_s=WITHIN_S)
    for ear in ears:
        ear.until(lambda _: all(row[1] in ("printed", "unknown") for row in station.labels()))
    station.stop()
    assert sorted(scans(station)) == sorted(codes)


@pytest.mark.parametrize(("speaks", "language"), LANGUAGES.items())
def test_every_fault_of_every_language_is_said_from_the_record_in_both_languages(speaks, language):
    for fault in language.faults:
        said = words_of(f"printer.in_trouble {fault.value}", printer="LP-02")
        assert str(fault.words) in str(said), speaks
        assert said.in_language(Language.ZH).startswith("打印机 LP-02 无法打印")
