"""What a TSPL label printer says of itself, and that the simulated one behaves like the one on the bench."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.protocols.tspl import ASK_STATUS, Fault, judge, read_status
from app.devices.protocols.zpl import Condition, UnreadablePrinterAnswer
from app.devices.simulators.tspl_printer import TsplPrinter
from tests.devices.printers import UNTIL_A_PERSON_NOTICES_S, ask, damaged, hear, line_to

LABEL = b'SIZE 60 mm,40 mm\r\nCLS\r\nDMATRIX 10,10,200,200,c126,"~101069012345678921711LOT"\r\nPRINT 1,1\r\n'
READY, PRINTING = b"\x00", b"\x20"


@pytest.fixture
def printer():
    with TsplPrinter() as running:
        yield running


@pytest.mark.parametrize(
    ("answer", "faults", "printing"),
    [
        (b"\x00", set(), False),
        (b"\x01", {Fault.HEAD_OPEN}, False),
        (b"\x02", {Fault.PAPER_JAM}, False),
        (b"\x03", {Fault.PAPER_JAM, Fault.HEAD_OPEN}, False),
        (b"\x04", {Fault.PAPER_OUT}, False),
        (b"\x08", {Fault.RIBBON_OUT}, False),
        (b"\x0b", {Fault.RIBBON_OUT, Fault.PAPER_JAM, Fault.HEAD_OPEN}, False),
        (b"\x0d", {Fault.RIBBON_OUT, Fault.PAPER_OUT, Fault.HEAD_OPEN}, False),
        (b"\x10", {Fault.PAUSE}, False),
        (b"\x20", set(), True),
        (b"\x30", {Fault.PAUSE}, True),
        (b"\x40", {Fault.COVER_OPEN}, False),
        (b"\x80", {Fault.TEMPERATURE}, False),
        (b"\xff", set(Fault), True),
    ],
)
def test_every_bit_means_what_the_manual_says(answer, faults, printing):
    status = read_status(answer)
    assert (status.faults, status.printing) == (faults, printing)
    assert judge(answer) is (Condition.TROUBLE if faults else Condition.READY)


@pytest.mark.capability("G8")
@pytest.mark.parametrize("silence", [None, b""])
def test_a_printer_that_says_nothing_is_unknown_and_never_ready(silence):
    assert judge(silence) is Condition.UNKNOWN


@pytest.mark.parametrize("answer", [b"\x00\x00", b"\x00\r\n", b" \x00", b"\x02@@@@\x03\r\n"])
def test_more_than_one_byte_is_refused_and_kept_for_the_log(answer):
    with pytest.raises(UnreadablePrinterAnswer) as refusal:
        read_status(answer)
    assert refusal.value.answer == answer
    assert judge(answer) is Condition.UNKNOWN


@given(answer=damaged([bytes([bits]) for bits in range(256)]) | st.binary(max_size=40))
def test_nothing_but_one_faultless_byte_is_ready(answer):
    assert (judge(answer) is Condition.READY) == (answer in (READY, PRINTING))


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_tells_the_hand_what_to_do(fault):
    assert str(fault.words).count(".") >= 2


@pytest.mark.capability("G2")
def test_a_label_sent_in_crumbs_comes_out_once_as_it_was_sent(printer):
    with line_to(printer) as line:
        for place in range(0, len(LABEL), 7):
            line.sendall(LABEL[place : place + 7])
        assert printer.wait_until_printed(1, timeout_s=UNTIL_A_PERSON_NOTICES_S) == [LABEL]
        assert ask(line, ASK_STATUS) == READY
    assert printer.jobs == [LABEL]


@pytest.mark.capability("G2")
@pytest.mark.parametrize(
    ("trouble", "cure", "fault"),
    [
        ("run_out_of_paper", "load_paper", Fault.PAPER_OUT),
        ("open_head", "close_head", Fault.HEAD_OPEN),
        ("run_out_of_ribbon", "load_ribbon", Fault.RIBBON_OUT),
        ("pause", "resume", Fault.PAUSE),
        ("jam", "clear_jam", Fault.PAPER_JAM),
        ("open_cover", "close_cover", Fault.COVER_OPEN),
        ("overheat", "cool_down", Fault.TEMPERATURE),
    ],
)
def test_a_printer_in_trouble_names_it_and_prints_when_a_person_has_been_there(printer, trouble, cure, fault):
    getattr(printer, trouble)()
    with line_to(printer) as line:
        line.sendall(LABEL)
        assert read_status(ask(line, ASK_STATUS)).faults == {fault}
        assert (printer.jobs, printer.printed) == ([LABEL], [])
        getattr(printer, cure)()
        assert printer.printed == [LABEL]
        assert ask(line, ASK_STATUS) == READY


def test_a_printer_at_work_says_so_until_the_last_label_is_out(printer):
    printer.work_slowly()
    with line_to(printer) as line:
        line.sendall(LABEL.replace(b"PRINT 1,1", b"PRINT 1,2"))
        assert ask(line, ASK_STATUS) == PRINTING
        printer.let_one_out()
        assert ask(line, ASK_STATUS) == PRINTING
        printer.let_one_out()
        assert ask(line, ASK_STATUS) == READY
    assert len(printer.printed) == 2


def test_a_question_is_answered_within_a_label_too_and_the_label_is_none_the_worse(printer):
    with line_to(printer) as line:
        line.sendall(LABEL[:30] + ASK_STATUS[:1])
        line.sendall(ASK_STATUS[1:])
        assert hear(line) == READY
        line.sendall(LABEL[30:])
        assert printer.wait_until_printed(1, timeout_s=UNTIL_A_PERSON_NOTICES_S) == [LABEL]


@pytest.mark.capability("G8")
@pytest.mark.parametrize(("silence", "out"), [("fall_silent", 1), ("hang", 0)])
def test_a_printer_may_take_bytes_and_never_answer_whether_it_prints_or_not(printer, silence, out):
    getattr(printer, silence)()
    with line_to(printer) as line:
        line.sendall(LABEL)
        assert judge(ask(line, ASK_STATUS, patience_s=0.1)) is Condition.UNKNOWN
        printer.wait_until_received(1, timeout_s=UNTIL_A_PERSON_NOTICES_S)
    assert len(printer.printed) == out


@pytest.mark.capability("G8")
def test_answers_that_come_late_and_together_belong_to_no_question(printer):
    printer.answer_late()
    with line_to(printer) as line:
        assert ask(line, ASK_STATUS, patience_s=0.1) is None
        printer.run_out_of_paper()
        assert ask(line, ASK_STATUS, patience_s=0.1) is None
        printer.hand_over()
        late = hear(line)
        assert late == b"\x00\x04"
        assert judge(late) is Condition.UNKNOWN
        assert judge(ask(line, ASK_STATUS)) is Condition.TROUBLE


@pytest.mark.capability("G8")
def test_pulling_the_plug_breaks_the_line_and_loses_what_waited(printer):
    printer.pause()
    with line_to(printer) as line:
        line.sendall(LABEL)
        printer.wait_until_received(1, timeout_s=UNTIL_A_PERSON_NOTICES_S)
        printer.unplug()
        assert hear(line) == b""
    printer.plug()
    printer.resume()
    with line_to(printer) as line:
        assert ask(line, ASK_STATUS) == READY
    assert printer.printed == []


def test_waiting_for_a_label_that_never_comes_ends(printer):
    with pytest.raises(TimeoutError, match="0 of 1"):
        printer.wait_until_printed(1, timeout_s=0.01)


def test_a_job_of_no_labels_prints_none(printer):
    with line_to(printer) as line:
        line.sendall(b"CLS\r\nPRINT 0\r\n" + LABEL)
        printer.wait_until_received(2, timeout_s=UNTIL_A_PERSON_NOTICES_S)
    assert printer.printed == [LABEL]
