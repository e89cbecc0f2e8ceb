"""The simulated label printer behaves like the one on the bench, its bad habits included."""

import socket
from contextlib import contextmanager

import pytest

from app.devices.protocols.zpl import ASK_IDENTITY, ASK_STATUS, CANCEL_ALL, Fault, StatusCollector, read_identity
from app.devices.simulators.zpl_printer import ZplPrinter

LABEL = b"^XA^PW400^LL300^FO30,30^BY2^BCN,80,N,N,N^FDC26-00017^FS^FO30,150^A0N,30,30^FDLot A1^FS^XZ"
UNTIL_A_PERSON_NOTICES_S = 5


@contextmanager
def line_to(printer):
    host, port = printer.url.removeprefix("socket://").split(":")
    with socket.create_connection((host, int(port)), timeout=UNTIL_A_PERSON_NOTICES_S) as line:
        yield line


def ask(line, *, patience_s=UNTIL_A_PERSON_NOTICES_S):
    """The printer's status, or ``None`` when it kept silent for so long."""
    line.settimeout(patience_s)
    line.sendall(ASK_STATUS)
    collector = StatusCollector()
    while True:
        try:
            piece = line.recv(1000)
        except TimeoutError:
            return None
        if (status := collector.feed(piece)) is not None:
            return status


@pytest.fixture
def printer():
    with ZplPrinter() as running:
        yield running


@pytest.fixture
def old_printer():
    with ZplPrinter(answers_in_trouble=True) as running:
        yield running


@pytest.mark.capability("G2")
def test_a_label_sent_in_crumbs_comes_out_once_and_its_code_can_be_scanned(printer):
    with line_to(printer) as line:
        for place in range(0, len(LABEL), 7):
            line.sendall(LABEL[place : place + 7])
        (label,) = printer.wait_until_printed(1, timeout_s=UNTIL_A_PERSON_NOTICES_S)
        assert ask(line).through
    assert label.scans == ("]C0C26-00017",)
    assert label.texts == ("Lot A1",)
    assert label.picture().size == (400, 300)


def test_the_printer_says_what_it_is(printer):
    with line_to(printer) as line:
        line.sendall(ASK_IDENTITY)
        assert read_identity(line.recv(200)).dots_per_mm == 8


@pytest.mark.parametrize(
    ("trouble", "fault"),
    [("run_out_of_paper", Fault.PAPER_OUT), ("open_head", Fault.HEAD_UP), ("run_out_of_ribbon", Fault.RIBBON_OUT), ("pause", Fault.PAUSE)],
)
def test_old_firmware_names_its_trouble_and_what_it_still_has_to_print(old_printer, trouble, fault):
    getattr(old_printer, trouble)()
    with line_to(old_printer) as line:
        line.sendall(LABEL)
        old_printer.wait_until_waiting(1, timeout_s=UNTIL_A_PERSON_NOTICES_S)
        status = ask(line)
    assert status.faults == {fault}
    assert not status.ready
    assert status.labels_remaining == 1
    assert old_printer.printed == []


@pytest.mark.capability("G8")
@pytest.mark.parametrize(
    ("trouble", "cure"), [("run_out_of_paper", "load_paper"), ("open_head", "close_head"), ("fall_silent", "speak_again")]
)
def test_current_firmware_in_trouble_says_nothing_at_all_until_a_person_has_been_there(printer, trouble, cure):
    getattr(printer, trouble)()
    with line_to(printer) as line:
        assert ask(line, patience_s=0.1) is None
        getattr(printer, cure)()
        assert ask(line).ready


def test_a_label_interrupted_by_paper_out_comes_out_twice_unless_forbidden(printer):
    with line_to(printer) as line:
        printer.let_paper_end_within_next_label()
        line.sendall(LABEL)
        printer.wait_until_printed(1, timeout_s=UNTIL_A_PERSON_NOTICES_S)
        printer.load_paper()
        torn, whole = printer.wait_until_printed(2, timeout_s=UNTIL_A_PERSON_NOTICES_S)
    assert (torn.complete, whole.complete) == (False, True)
    assert torn.scans == whole.scans == ("]C0C26-00017",), "two pieces of paper with one code: this is why labels are sent with ^JZN"


@pytest.mark.capability("G8")
def test_with_reprinting_forbidden_the_torn_label_stays_the_only_one(printer):
    with line_to(printer) as line:
        printer.let_paper_end_within_next_label()
        line.sendall(LABEL.replace(b"^XA", b"^XA^JZN"))
        printer.wait_until_printed(1, timeout_s=UNTIL_A_PERSON_NOTICES_S)
        printer.load_paper()
        assert ask(line).through
    assert [label.complete for label in printer.printed] == [False]


def test_cancelling_empties_the_buffer(old_printer):
    old_printer.pause()
    with line_to(old_printer) as line:
        line.sendall(LABEL + CANCEL_ALL)
        assert ask(line).labels_remaining == 0
    old_printer.resume()
    assert old_printer.printed == []
    assert old_printer.controls_obeyed == ["~JA"]


def test_a_command_inside_unescaped_lot_text_is_obeyed_as_on_the_real_machine(printer):
    with line_to(printer) as line:
        line.sendall(b"^XA^FO30,30^A0N,30,30^FD~JALot 5^FS^XZ")
        ask(line)
    assert printer.controls_obeyed == ["~JA"]


def test_half_a_label_is_forgotten_when_the_line_breaks(printer):
    with line_to(printer) as line:
        line.sendall(LABEL[:60])
        assert ask(line).partial_format
    with line_to(printer) as line:
        line.sendall(LABEL)
        (label,) = printer.wait_until_printed(1, timeout_s=UNTIL_A_PERSON_NOTICES_S)
    assert label.scans == ("]C0C26-00017",)


@pytest.mark.capability("G8")
def test_pulling_the_plug_breaks_the_line_and_loses_what_waited(printer):
    printer.pause()
    with line_to(printer) as line:
        line.sendall(LABEL)
        printer.wait_until_waiting(1, timeout_s=UNTIL_A_PERSON_NOTICES_S)
        printer.stop()
        assert line.recv(10) == b""
    printer.start()
    printer.resume()
    with line_to(printer) as line:
        assert ask(line).through
    assert printer.printed == []


@pytest.mark.parametrize(
    "rubbish",
    [b"^XA^FO5,5^GFA,x,y,z,99^FS^XZ", b"^XA^FOa,b^GBx^FS^XZ", b"^XA^FO1,1^BXN^FD\xff\xfe^FS^XZ", b"^XA^BCN^FD>;1^FS^XZ", b"^XZ^XZ", b"^FS"],
)
def test_rubbish_does_not_stop_the_printer(printer, rubbish):
    with line_to(printer) as line:
        line.sendall(rubbish)
        assert ask(line).ready
        line.sendall(LABEL)
        labels = printer.wait_until_printed(1 + rubbish.startswith(b"^XA"), timeout_s=UNTIL_A_PERSON_NOTICES_S)
    assert labels[-1].scans == ("]C0C26-00017",)


def test_quantity_prints_so_many_labels(printer):
    with line_to(printer) as line:
        line.sendall(LABEL.replace(b"^XZ", b"^PQ3^XZ"))
        printer.wait_until_printed(3, timeout_s=UNTIL_A_PERSON_NOTICES_S)
        assert ask(line).through
    assert len(printer.printed) == 3


def test_commands_nobody_knows_are_remembered(printer):
    with line_to(printer) as line:
        line.sendall(b"^XA^QQ1,2^XZ")
        ask(line)
    assert printer.unknown_commands == ["^QQ"]
