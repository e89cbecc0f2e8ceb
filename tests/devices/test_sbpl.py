"""What a SATO label printer says of itself, and that the simulated one behaves like the one on the bench."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.protocols.sbpl import (
    ASK_STATUS,
    CANCEL_ALL,
    Doing,
    Fault,
    StatusCollector,
    judge,
    read_acknowledgement,
    read_status,
)
from app.devices.protocols.zpl import Condition, UnreadablePrinterAnswer
from app.devices.simulators.sbpl_printer import SbplPrinter
from tests.devices.printers import UNTIL_A_PERSON_NOTICES_S, ask, damaged, hear, line_to

LABEL = b"\x02\x1bA\x1bID07\x1bWKC26-00017\x1bV100\x1bH100\x1bBX05050200000000\x1bDC01069012345678\x1bQ2\x1bZ\x03"
JOB = LABEL.strip(b"\x02\x03")
STATUS_3 = b"\x0207G000012\x03"
STATUS_4 = b"\x0207G0000120000000C26-00017\x03"
IN_FRONT = [b"\x00\x00\x00\x1c\x05", b"\x00\x00\x00\x1b\x05", b"\x00\x00\x00\x20\x00\x00\x00\x1c\x05"]
WHOLE = [STATUS_3, b"\x00\x00\x00\x0b" + STATUS_3, STATUS_4, *(front + STATUS_4 for front in IN_FRONT)]
FREE = [b"\x02  A000000\x03", IN_FRONT[0] + b"\x02  A000000" + b" " * 16 + b"\x03"]
DIALECTS = ["status3", "status4", "status4_lan", "status4_legacy"]


def is_whole_and_faultless(answer: bytes) -> bool:
    """Counted by hand, byte by byte."""
    for front in sorted(IN_FRONT, key=len, reverse=True):
        if answer.startswith(front):
            return len(answer) == len(front) + 27 and is_whole_and_faultless(answer[len(front) :])
    if answer.startswith(b"\x00\x00\x00\x0b"):
        return len(answer) == 15 and is_whole_and_faultless(answer[4:])
    return (
        len(answer) in (11, 27)
        and answer[0] == 2
        and answer[-1] == 3
        and (answer[1:3] == b"  " or answer[1:3].isdigit())
        and answer[3] in b"ABCDGHIJMNOPSTUV"
        and answer[4:10].isdigit()
        and all(32 <= byte < 127 for byte in answer[10:-1])
    )


def standing(line, *, patience_s=UNTIL_A_PERSON_NOTICES_S):
    """The printer's status, or ``None`` when it kept silent for so long."""
    line.sendall(ASK_STATUS)
    collector = StatusCollector()
    while (piece := hear(line, patience_s=patience_s)) is not None:
        if (status := collector.feed(piece)) is not None:
            return status
    return None


@pytest.fixture
def printer():
    with SbplPrinter() as running:
        yield running


@pytest.mark.capability("G2")
@pytest.mark.parametrize("answer", WHOLE)
def test_an_answer_is_read_field_by_field_however_it_is_wrapped(answer):
    status = read_status(answer)
    assert (status.job, status.doing, status.labels_remaining, status.faults) == ("07", Doing.PRINTING, 12, set())
    assert status.name == (None if answer.endswith(STATUS_3) else "0000000C26-00017")
    assert status.ready
    assert not status.through


@pytest.mark.parametrize("answer", FREE)
def test_a_printer_with_nothing_to_do_has_no_job_and_is_through(answer):
    status = read_status(answer)
    assert (status.job, status.doing, status.through) == ("", Doing.WAITING, True)


@pytest.mark.parametrize(
    ("letters", "doing", "ready"),
    [
        ("0123", Doing.OFFLINE, False),
        ("ABCD", Doing.WAITING, True),
        ("GHIJ", Doing.PRINTING, True),
        ("MNOP", Doing.DISPENSING, True),
        ("STUV", Doing.ANALYSING, True),
        ("4EKQW", None, False),
    ],
)
def test_every_letter_says_what_the_printer_is_at_and_what_will_end_soon(letters, doing, ready):
    for place, letter in enumerate(letters):
        status = read_status(b"\x02  %c000000\x03" % ord(letter))
        assert status.ready is ready
        if doing:
            assert (status.doing, status.near_end, status.near_full) == (doing, place in (1, 3), place in (2, 3))
        else:
            assert Fault.PAUSE in status.faults


@pytest.mark.parametrize(
    ("letter", "fault"),
    [
        ("a", Fault.BUFFER_FULL),
        ("b", Fault.HEAD_OPEN),
        ("c", Fault.PAPER_END),
        ("d", Fault.RIBBON_END),
        ("e", Fault.MEDIA),
        ("f", Fault.SENSOR),
        ("g", Fault.HEAD),
        ("i", Fault.CARD),
        ("j", Fault.CUTTER),
        ("k", Fault.OTHER),
        ("0", Fault.OFFLINE),
    ],
)
def test_every_error_is_named(letter, fault):
    answer = b"\x0207%c000012\x03" % ord(letter)
    assert read_status(answer).faults == {fault}
    assert judge(answer) is Condition.TROUBLE


@pytest.mark.capability("G8")
@pytest.mark.parametrize("letter", [*"56789FLRXYZhlmz", "@", " ", "\x00"])
def test_a_letter_no_manual_names_is_no_status(letter):
    assert judge(b"\x02  %c000000\x03" % ord(letter)) is Condition.UNKNOWN


@pytest.mark.capability("G8")
def test_a_label_that_is_still_analysed_is_not_through_although_none_is_counted():
    assert not read_status(b"\x0207S000000\x03").through


@pytest.mark.capability("G8")
@pytest.mark.parametrize("silence", [None, b""])
def test_a_printer_that_says_nothing_is_unknown_and_never_ready(silence):
    assert judge(silence) is Condition.UNKNOWN


@pytest.mark.parametrize("answer", WHOLE)
def test_no_part_of_an_answer_is_taken_for_ready(answer):
    assert {judge(answer[:cut]) for cut in range(len(answer))} == {Condition.UNKNOWN}
    assert judge(answer + answer) is Condition.UNKNOWN


@given(answer=damaged(WHOLE + FREE) | st.binary(max_size=40))
def test_nothing_but_a_whole_faultless_answer_is_ready(answer):
    assert (judge(answer) is Condition.READY) == is_whole_and_faultless(answer)


def test_a_damaged_answer_is_refused_and_kept_for_the_log():
    answer = STATUS_4.replace(b"000012", b"0000x2")
    with pytest.raises(UnreadablePrinterAnswer) as refusal:
        read_status(answer)
    assert refusal.value.answer == answer


@pytest.mark.parametrize("answer", WHOLE)
def test_an_answer_may_come_byte_by_byte(answer):
    collector = StatusCollector()
    answers = [collector.feed(answer[place : place + 1]) for place in range(len(answer))]
    assert answers[:-1] == [None] * (len(answer) - 1)
    assert answers[-1].labels_remaining == 12
    assert collector.heard == answer


def test_endless_noise_is_not_waited_for():
    with pytest.raises(UnreadablePrinterAnswer):
        StatusCollector().feed(b"x" * 40)


def test_only_ack_says_that_a_label_was_taken():
    assert read_acknowledgement(b"\x06") is True
    assert read_acknowledgement(b"\x15") is False
    for answer in (b"", b"\x16", b"\x06\x06", b"\x06\r\n", b"ACK"):
        with pytest.raises(UnreadablePrinterAnswer):
            read_acknowledgement(answer)


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_tells_the_hand_what_to_do(fault):
    assert str(fault.words).count(".") >= 2


@pytest.mark.capability("G2")
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_job_sent_in_crumbs_comes_out_as_often_as_it_says(dialect):
    with SbplPrinter(dialect=dialect) as printer, line_to(printer) as line:
        for place in range(0, len(LABEL), 7):
            line.sendall(LABEL[place : place + 7])
        assert printer.wait_until_printed(2, timeout_s=UNTIL_A_PERSON_NOTICES_S) == [JOB, JOB]
        if dialect in ("status3", "status4"):
            assert read_acknowledgement(hear(line))
        assert standing(line).through
        assert printer.jobs == [JOB]


@pytest.mark.capability("G2")
@pytest.mark.parametrize(
    ("trouble", "cure", "fault"),
    [
        ("run_out_of_paper", "load_paper", Fault.PAPER_END),
        ("open_head", "close_head", Fault.HEAD_OPEN),
        ("run_out_of_ribbon", "load_ribbon", Fault.RIBBON_END),
        ("block_cutter", "free_cutter", Fault.CUTTER),
        ("pause", "resume", Fault.PAUSE),
        ("press_line_key", "press_line_key_again", Fault.OFFLINE),
    ],
)
def test_a_printer_in_trouble_names_it_and_what_it_still_has_to_print(printer, trouble, cure, fault):
    getattr(printer, trouble)()
    with line_to(printer) as line:
        line.sendall(LABEL)
        printer.wait_until_received(1, timeout_s=UNTIL_A_PERSON_NOTICES_S)
        status = standing(line)
        assert (status.faults, status.labels_remaining, status.ready) == ({fault}, 2, False)
        assert printer.printed == []
        getattr(printer, cure)()
        assert standing(line).through
    assert printer.printed == [JOB, JOB]


def test_a_large_job_is_first_analysed_then_counted_down(printer):
    printer.think_long()
    with line_to(printer) as line:
        line.sendall(LABEL)
        status = standing(line)
        assert (status.doing, status.labels_remaining, status.through) == (Doing.ANALYSING, 0, False)
        printer.begin_printing()
        status = standing(line)
        assert (status.job, status.name, status.doing, status.labels_remaining) == ("07", "0000000C26-00017", Doing.PRINTING, 2)
        printer.let_one_out()
        assert standing(line).labels_remaining == 1
        printer.let_one_out()
        assert standing(line).through


def test_cancelling_empties_the_buffer_and_is_refused_in_an_error():
    with SbplPrinter(dialect="status3") as printer, line_to(printer) as line:
        printer.work_slowly()
        assert read_acknowledgement(ask(line, LABEL))
        assert read_acknowledgement(ask(line, CANCEL_ALL))
        assert standing(line).through
        printer.open_head()
        assert not read_acknowledgement(ask(line, CANCEL_ALL))
    assert printer.printed == []


def test_a_question_within_a_label_is_not_answered(printer):
    with line_to(printer) as line:
        assert ask(line, LABEL[:30] + ASK_STATUS, patience_s=0.1) is None
        line.sendall(LABEL[30:])
        assert standing(line).through
    assert printer.jobs == [JOB[:29] + ASK_STATUS + JOB[29:]]


@pytest.mark.capability("G8")
@pytest.mark.parametrize(("silence", "out"), [("fall_silent", 2), ("hang", 0)])
def test_a_printer_may_take_bytes_and_never_answer_whether_it_prints_or_not(printer, silence, out):
    getattr(printer, silence)()
    with line_to(printer) as line:
        line.sendall(LABEL)
        assert standing(line, patience_s=0.1) is None
        printer.wait_until_received(1, timeout_s=UNTIL_A_PERSON_NOTICES_S)
        assert len(printer.printed) == out
        if silence == "fall_silent":
            printer.speak_again()
            assert standing(line).through


@pytest.mark.capability("G8")
def test_answers_that_come_late_and_together_are_no_answer(printer):
    printer.answer_late()
    with line_to(printer) as line:
        assert standing(line, patience_s=0.1) is None
        printer.run_out_of_paper()
        assert standing(line, patience_s=0.1) is None
        printer.hand_over()
        assert judge(hear(line)) is Condition.UNKNOWN
        assert standing(line).faults == {Fault.PAPER_END}
