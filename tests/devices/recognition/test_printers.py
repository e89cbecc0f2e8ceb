"""TSPL and SBPL printers are found on the network, in trouble too; nothing is printed or changed, and no other device is taken for one."""

from __future__ import annotations

from collections.abc import Callable
from socket import socket
from threading import Event
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli import device_find
from app.devices.protocol import SerialLine
from app.devices.protocols.sbpl import read_status as read_sbpl
from app.devices.protocols.tspl import ASK_MODEL, ASK_WHOLE_STATUS, is_whole_status, read_model
from app.devices.protocols.tspl import read_status as read_tspl
from app.devices.recognition.findings import Findings
from app.devices.recognition.printers import ASK_SBPL, ASK_TSPL, ASK_TSPL_MODEL, ASK_TSPL_WHOLE, ask, is_sbpl, is_tspl
from app.devices.recognition.search import WITHIN_S, recognise
from app.devices.simulators.job_printer import JobPrinter
from app.devices.simulators.line_scanner import LineScannerSimulator
from app.devices.simulators.mt_sics import MtSicsSimulator
from app.devices.simulators.sbpl_printer import SbplPrinter
from app.devices.simulators.sealer import SealerSimulator
from app.devices.simulators.simulator import simulators
from app.devices.simulators.tspl_printer import TsplPrinter
from app.devices.simulators.zpl_printer import ZplPrinter
from tests.devices.printers import hear, line_to
from tests.devices.recognition.test_recognition import CODE, LONG_S, a_hand
from tests.devices.transcripts import transcript

pytestmark = pytest.mark.capability("E7")

QUESTIONS = (ASK_SBPL, ASK_TSPL, ASK_TSPL_WHOLE)
READY, WHOLE, NAME = b"\x00", b"\x02@@@@\x03\r\n", b"TTP-244 Plus\r\n"
FREE = b"\x02  A000000" + b" " * 16 + b"\x03"


def found(printer: JobPrinter) -> Findings:
    """What recognition says of it, which neither printed nor changed anything."""
    with printer:
        findings = recognise(printer.url, stopping=Event(), within_s=LONG_S)
    assert (printer.changing_bytes, printer.jobs, printer.printed) == (0, [], [])
    return findings


def keys(findings: Findings) -> list[str]:
    assert all(one.line is None for one in findings.fitting)
    return [one.key for one in findings.fitting]


def test_a_tspl_printer_is_found_by_its_status_and_names_its_model():
    findings = found(TsplPrinter())
    assert keys(findings) == ["tspl"]
    assert (findings.fitting[0].frame, findings.fitting[0].model) == (WHOLE, "TTP-244 Plus")


@pytest.mark.parametrize("trouble", ["run_out_of_paper", "open_head", "pause", "overheat"])
def test_a_tspl_printer_in_trouble_is_found_and_keeps_its_name_to_itself(trouble: str):
    printer = TsplPrinter()
    getattr(printer, trouble)()
    findings = found(printer)
    assert keys(findings) == ["tspl"]
    assert findings.fitting[0].model is None


def test_an_older_tspl_printer_is_found_by_its_byte_alone_when_nothing_else_is_understood():
    findings = found(TsplPrinter(says_whole_status=False))
    assert keys(findings) == ["tspl"]
    assert findings.fitting[0].frame == READY


@pytest.mark.parametrize("dialect", ["status3", "status4", "status4_lan", "status4_legacy"])
@pytest.mark.parametrize("state", ["on line", "off line", "out of paper"])
def test_a_sato_printer_is_found_by_its_answer_to_enq_in_every_dialect_and_state(dialect: Any, state: str):
    printer = SbplPrinter(dialect=dialect)
    if state == "off line":
        printer.press_line_key()
    elif state == "out of paper":
        printer.run_out_of_paper()
    assert keys(found(printer)) == ["sbpl"]


@pytest.mark.parametrize("printer", [TsplPrinter, SbplPrinter])
def test_a_printer_that_answers_nothing_is_not_found(printer: Callable[[], JobPrinter]):
    silent = printer()
    silent.fall_silent()
    with silent:
        assert recognise(silent.url, stopping=Event(), within_s=0.5).fitting == ()


def test_the_terminal_names_the_printer(capsys: pytest.CaptureFixture[str]):
    with SbplPrinter() as printer:
        assert device_find.main([printer.url]) == 0
    assert f"{printer.url}  sbpl" in capsys.readouterr().out


def test_a_zpl_printer_passes_over_the_questions_to_others_and_is_found_as_what_it_is():
    with ZplPrinter() as printer:
        findings = recognise(printer.url, stopping=Event(), within_s=LONG_S)
    assert keys(findings) == ["zpl"]
    assert (printer.controls_obeyed, printer.unknown_commands, list(printer.printed)) == ([], [], [])


def test_a_balance_that_answers_what_it_does_not_know_is_asked_nothing_more_than_enq():
    with MtSicsSimulator(line=None, serial_number="B120000001") as balance:
        assert keys(recognise(balance.url, stopping=Event(), within_s=LONG_S)) == ["mt_sics"]
    assert ASK_SBPL in balance.received
    assert ASK_TSPL not in balance.received
    assert balance.changing_bytes == 0


def test_a_machine_on_the_network_is_found_before_a_printer_is_asked_for():
    with SealerSimulator() as sealer:
        assert keys(recognise(sealer.url, stopping=Event(), within_s=LONG_S)) == ["modbus"]
    assert sealer.server.writes == 0


def test_a_scanner_on_a_socket_is_no_printer_and_is_found_while_somebody_scans():
    scanner = LineScannerSimulator(line=None)
    with scanner, a_hand(lambda: scanner.scan(CODE)):
        assert keys(recognise(scanner.url, stopping=Event(), within_s=LONG_S)) == ["line_scanner"]
    assert scanner.changing_bytes == 0


@pytest.mark.parametrize("key", sorted(simulators()))
@pytest.mark.parametrize("question", QUESTIONS, ids=["ENQ", "ESC ! ?", "ESC ! S"])
def test_the_questions_to_printers_change_no_other_device(key: str, question: bytes):
    with simulators()[key](line=None) as device:
        device.hear(question + b"\r\n")
        assert device.changing_bytes == 0


@pytest.mark.parametrize("key", ["t_scale", "mt_continuous"])
def test_a_scale_that_tares_at_every_t_never_hears_the_question_for_a_models_name(key: str):
    with simulators()[key](line=None) as scale:
        recognise(scale.url, stopping=Event(), within_s=0.5)
        assert scale.changing_bytes == 0
        scale.hear(ASK_TSPL_MODEL)
        assert scale.changing_bytes == 1, "and it would have tared at it"


@pytest.mark.parametrize("printer", [TsplPrinter, SbplPrinter])
def test_no_question_changes_a_printer_and_an_order_is_counted(printer: Callable[[], JobPrinter]):
    orders = [b"\x1b!.", b"\x1b!R\r\n", b"SIZE 60 mm,40 mm\r\n"] if printer is TsplPrinter else [b"\x18", b"\x10", b"\x1bA\x1bQ1\x1bZ"]
    answers, last = (23, ASK_TSPL) if printer is TsplPrinter else (32, ASK_SBPL)
    with printer() as one, line_to(one) as line:
        line.sendall(b"".join((*QUESTIONS, ASK_TSPL_MODEL)))
        everything_said(line, answers)
        assert one.changing_bytes == 0
        line.sendall(b"".join(orders) + last)
        everything_said(line, 1)
        assert one.changing_bytes == sum(map(len, orders))


def everything_said(line: socket, least: int) -> None:
    """Waits for so many bytes: what was asked before was obeyed then."""
    heard = b""
    while len(heard) < least:
        more = hear(line)
        assert more, f"only {heard!r}"
        heard += more


def test_on_a_serial_line_no_printer_of_pictures_is_asked_for():
    with MtSicsSimulator(line=SerialLine(baud=1200, bytesize=7, parity="O"), serial_number="B120000001") as scale:
        recognise(scale.url, stopping=Event(), within_s=LONG_S)
    assert ASK_TSPL not in scale.received
    assert b"\x05" not in scale.received


class Scripted:
    """A device that answers its questions one after the other, whatever they are, and remembers them."""

    def __init__(self, *answers: bytes) -> None:
        self._answers, self.asked = list(answers), list[bytes]()

    def __call__(self, question: bytes) -> bytes:
        self.asked.append(question)
        return self._answers.pop(0) if self._answers else b""


@pytest.mark.parametrize(
    ("answers", "key", "sure"),
    [
        ((FREE, FREE), "sbpl", True),
        ((b"", READY, WHOLE, NAME), "tspl", True),
        ((b"", b"\x04", b"\x02E@@A\x03\r\n", b""), "tspl", True),
        ((b"", b"\x20", b"", READY), "tspl", False),
    ],
)
def test_what_proves_a_printer(answers: tuple[bytes, ...], key: str, sure: bool):
    asked = ask(Scripted(*answers))
    assert asked.found is not None
    assert (asked.found.key, asked.is_sure) == (key, sure)


@pytest.mark.parametrize(
    "answers",
    [
        (b"", b"", b""),
        (FREE, b""),
        (FREE, FREE[:-1]),
        (b"\r\n\x05",),
        (b"ES\r\n",),
        (b"\x06",),
        (b"", b"\x1b!?"),
        (b"", b"\x06", b"\x06"),
        (b"", b"\x15", b"\x15"),
        (b"", READY, b"", b""),
        (b"", READY, READY, READY),
        (b"", READY, WHOLE[:-1], READY),
        (b"", READY, b"", b"\x00\x00"),
    ],
)
def test_what_proves_none(answers: tuple[bytes, ...]):
    assert ask(Scripted(*answers)).found is None


SAID = st.sampled_from([b"", READY, b"\x04", b"\x20", b"\x06", FREE, WHOLE, NAME, b"ES\r\n", *QUESTIONS]) | st.binary(max_size=40)


@given(answers=st.lists(SAID, max_size=5))
def test_whatever_is_answered_the_letter_that_tares_is_said_to_proven_printers_alone_and_nothing_heard_is_lost(answers: list[bytes]):
    device = Scripted(*answers)
    asked = ask(device)
    said = [*answers, b"", b"", b"", b"", b""]
    assert device.asked[0] == ASK_SBPL
    assert (ASK_TSPL in device.asked) == (said[0] == b"")
    proven = said[0] == b"" and is_tspl(said[1]) and is_whole_status(said[2])
    assert (ASK_TSPL_MODEL in device.asked) == proven
    assert len(device.asked) <= 4
    if asked.found is None:
        assert asked.heard == b"".join(said[: len(device.asked)])
    else:
        assert asked.found.frame in said
        assert asked.is_sure == (proven or is_sbpl(said[0]))


@given(heard=st.binary(max_size=60))
def test_a_models_name_is_printable_and_has_a_letter_and_a_digit(heard: bytes):
    name = read_model(heard)
    assert name is None or (name.isascii() and name.isprintable() and any(map(str.isdigit, name)) and any(map(str.isalpha, name)))


@pytest.mark.parametrize("said", transcript("tspl")["said"], ids=lambda said: said["heard"])
def test_what_a_tspl_printer_says_is_understood(said: dict[str, str]):
    heard = bytes.fromhex(said["heard"])
    if bytes.fromhex(said["asked"]) == ASK_MODEL:
        assert read_model(heard) == said["means"]
    elif bytes.fromhex(said["asked"]) == ASK_WHOLE_STATUS:
        assert is_whole_status(heard)
    else:
        assert is_tspl(heard)
        assert " ".join(sorted(read_tspl(heard).faults)) == said["means"].replace("ready", "")


@pytest.mark.parametrize("said", transcript("sbpl")["said"], ids=lambda said: said["means"])
def test_what_a_sato_printer_says_is_understood(said: dict[str, str]):
    heard = bytes.fromhex(said["heard"])
    assert is_sbpl(heard)
    assert read_sbpl(heard).doing == said["means"]


@pytest.mark.parametrize("key", ["tspl", "sbpl"])
def test_what_another_device_would_say_there_is_no_answer(key: str):
    for one in transcript(key)["not_said"]:
        for heard in map(bytes.fromhex, one["heard"]):
            understood = {ASK_MODEL: read_model, ASK_WHOLE_STATUS: is_whole_status, ASK_TSPL: is_tspl}.get(
                bytes.fromhex(one["asked"]), is_sbpl
            )
            assert not understood(heard), heard


class Ticking:
    """A port at which nobody answers, and a clock that only its waiting moves on."""

    def __init__(self, answers: dict[bytes, bytes]) -> None:
        self.now, self.asked, self._answers, self._comes = 0.0, list[bytes](), answers, b""

    def monotonic(self) -> float:
        return self.now

    def read(self) -> bytes:
        self.now += 0.0625
        return self.waiting()

    def waiting(self) -> bytes:
        came, self._comes = self._comes, b""
        return came

    def write(self, message: bytes) -> None:
        self.asked.append(message)
        self._comes = self._answers.get(message, b"")

    def close(self) -> None:
        """Nothing is held."""


@pytest.mark.parametrize(
    ("answers", "key"),
    [
        ({ASK_SBPL: FREE}, "sbpl"),
        ({ASK_TSPL: READY, ASK_TSPL_WHOLE: WHOLE, ASK_TSPL_MODEL: NAME}, "tspl"),
        ({ASK_TSPL: b"\x04"}, "tspl"),
    ],
)
def test_a_printer_is_found_in_less_than_half_of_the_time_a_person_is_promised(answers: dict[bytes, bytes], key: str):
    port: Any = Ticking(answers)
    findings = recognise("socket://printer:9100", stopping=Event(), open_port=lambda url, line: port, clock=port)
    assert keys(findings) == [key]
    assert port.now < WITHIN_S / 2


def test_what_two_kinds_would_say_is_left_to_a_person():
    """A status byte twice, and a code that anybody could have scanned: both are named."""
    texts: dict[bytes, bytes] = {ASK_TSPL: b"\x04"}
    port: Any = Ticking(texts)
    write = port.write

    def writes(message: bytes) -> None:
        write(message)
        if message not in QUESTIONS and b"~HI" in message:
            port._comes = b"NF26-0931\r\nNF26-0931\r\n"

    port.write = writes
    findings = recognise("socket://somewhere:4001", stopping=Event(), open_port=lambda url, line: port, clock=port)
    assert set(keys(findings)) >= {"line_scanner", "tspl"}
