"""What a hand can do at the simulated devices, as it is typed, and what it means in both languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.base.errors import RuleViolation
from app.base.phrases import Language, Phrase
from app.cli.demo_line import CODES_TO_SCAN, DemoLine, Device
from app.devices.simulators.sealer import SealerSimulator
from app.devices.simulators.simulator import Simulator
from app.devices.simulators.telling_sealer import TellingSealer
from app.devices.simulators.zpl_printer import ZplPrinter

NOISE = b"\x00\xff7#~~\x9d\r\n"
Act = Callable[[DemoLine, str], None]


class SpokenDifferently(RuleViolation):
    code = "simulate.not_understood"
    text = "Nothing was done: “{line}” is not understood."
    next_step = "Type help for everything that can be done."


@dataclass(frozen=True, slots=True, kw_only=True)
class Gesture:
    """Something a hand can do."""

    typed: str
    """The words that are always typed."""
    then: str = ""
    """What follows them, e.g. ``VALUE``; in brackets when it may be left out; empty when nothing follows."""
    words: Phrase
    act: Act
    """Gets what followed, or an empty text."""

    def follows(self, line: str) -> str | None:
        """What follows the words in this line, or ``None`` when the line is something else."""
        if line == self.typed and (not self.then or self.then.startswith("[")):
            return ""
        if self.then and line.startswith(self.typed + " "):
            return line.removeprefix(self.typed + " ")
        return None


def obey(line: DemoLine, said: str) -> Phrase:
    """Do what was typed; returns what that was.

    Raises:
        SpokenDifferently, NotAValue: nothing was done.
    """
    for gesture in GESTURES:
        if (rest := gesture.follows(said)) is not None:
            gesture.act(line, rest)
            return gesture.words
    raise SpokenDifferently(line=said)


def help_text() -> str:
    """Everything that can be done, in both languages, one line each."""
    rows = [(f"{gesture.typed} {gesture.then}", gesture.words) for gesture in GESTURES]
    rows += [("help", Phrase("This list.")), ("quit", Phrase("Unplug everything and stop."))]
    width = max(len(typed) for typed, _ in rows) + 2
    return "\n".join(f"{typed:<{width}}{words.in_language(Language.EN)}  {words.in_language(Language.ZH)}" for typed, words in rows)


def _scan(what: str) -> Act:
    return lambda line, _: line.scan(CODES_TO_SCAN[what])


def _named(line: DemoLine, device: str) -> tuple[Device, ...]:
    match device:
        case "scanner":
            return line.scanners
        case "caliper":
            return (line.caliper,)
        case "overdue":
            return (line.overdue_caliper,)
        case "micrometer":
            return (line.micrometer,)
        case "scale":
            return (line.scale,)
        case "printer":
            return (line.printer,)
        case "sealer":
            return (line.sealer,)
        case _:
            raise SpokenDifferently(line=device)


def _unplug(line: DemoLine, device: str) -> None:
    for one in _named(line, device):
        one.stop() if isinstance(one, ZplPrinter) else one.unplug()


def _plug(line: DemoLine, device: str) -> None:
    for one in _named(line, device):
        one.start() if isinstance(one, ZplPrinter) else one.plug()


def _silence(line: DemoLine, device: str) -> None:
    for one in _named(line, device):
        one.switch_off() if isinstance(one, Simulator) else one.fall_silent()


def _wake(line: DemoLine, device: str) -> None:
    for one in _named(line, device):
        one.switch_on() if isinstance(one, Simulator) else one.speak_again()


def _garbage(line: DemoLine, device: str) -> None:
    for one in _named(line, device or "caliper"):
        if not isinstance(one, Simulator):
            raise SpokenDifferently(line=device)
        one.babble(NOISE)


def _half(line: DemoLine, device: str) -> None:
    for one in _named(line, device):
        match one:
            case Simulator():
                one.half_frame()
            case SealerSimulator():
                one.answer_half()
            case ZplPrinter() | TellingSealer():
                raise SpokenDifferently(line=device)


def _drive_off(line: DemoLine, said: str) -> None:
    degrees, _, seconds = said.partition(" ")
    line.drive_off(degrees, seconds)


def _show_labels(line: DemoLine, _: str) -> None:
    for number, paper in enumerate(line.printer.printed, 1):
        print(f"{number}: {' '.join(paper.scans)} | {' | '.join(paper.texts)}", flush=True)


GESTURES = (
    Gesture(typed="scan po", words=Phrase("The order on the delivery note is scanned."), act=_scan("po")),
    Gesture(typed="scan lapsed", words=Phrase("An order is scanned whose supplier's approval has lapsed."), act=_scan("lapsed")),
    Gesture(typed="scan pack", words=Phrase("The supplier's code on the pack is scanned."), act=_scan("pack")),
    Gesture(
        typed="scan pack other-expiry",
        words=Phrase("A pack of the same lot with another expiry date is scanned."),
        act=_scan("pack other-expiry"),
    ),
    Gesture(typed="scan pack other-item", words=Phrase("A pack of another item is scanned."), act=_scan("pack other-item")),
    Gesture(typed="scan pack other-lot", words=Phrase("A pack of another lot is scanned."), act=_scan("pack other-lot")),
    Gesture(typed="scan pack wrong-digit", words=Phrase("A code with a wrong check digit is scanned."), act=_scan("pack wrong-digit")),
    Gesture(
        typed="scan loc",
        then="[CODE]",
        words=Phrase("A location is scanned, Q-A-03 if none is named."),
        act=lambda line, code: line.scan(f"LOC:{code}" if code else CODES_TO_SCAN["loc"]),
    ),
    Gesture(typed="scan badge", then="CODE", words=Phrase("A badge is scanned."), act=lambda line, code: line.scan(f"BDG:{code}")),
    Gesture(
        typed="scan code", then="TEXT", words=Phrase("Any code is scanned, for example a lot."), act=lambda line, text: line.scan(text)
    ),
    Gesture(
        typed="scan label",
        then="[NUMBER]",
        words=Phrase("A label that came out of the printer is scanned, the last one if none is named."),
        act=lambda line, number: line.scan_paper(number),
    ),
    Gesture(typed="scan nothing", words=Phrase("The scanner sees nothing it can read."), act=lambda line, _: line.scan("NOREAD")),
    Gesture(
        typed="press caliper",
        then="[VALUE]",
        words=Phrase("The caliper's button is pressed."),
        act=lambda line, value: line.press(line.caliper, value),
    ),
    Gesture(
        typed="press overdue",
        then="[VALUE]",
        words=Phrase("The button of the caliper that is overdue for calibration is pressed."),
        act=lambda line, value: line.press(line.overdue_caliper, value),
    ),
    Gesture(
        typed="press micrometer",
        then="[VALUE]",
        words=Phrase("The micrometer's button is pressed."),
        act=lambda line, value: line.press(line.micrometer, value),
    ),
    Gesture(
        typed="put moving",
        then="GRAMS",
        words=Phrase("Something is put on the scale and has not settled yet."),
        act=lambda line, weight: line.put(weight, moving=True),
    ),
    Gesture(
        typed="put",
        then="GRAMS",
        words=Phrase("Something is put on the scale; 0 takes it off."),
        act=lambda line, weight: line.put(weight, moving=False),
    ),
    Gesture(typed="paper out", words=Phrase("The roll of labels is empty."), act=lambda line, _: line.printer.run_out_of_paper()),
    Gesture(
        typed="paper ends",
        words=Phrase("The roll will end in the middle of the next label."),
        act=lambda line, _: line.printer.let_paper_end_within_next_label(),
    ),
    Gesture(typed="paper in", words=Phrase("A new roll is loaded."), act=lambda line, _: line.printer.load_paper()),
    Gesture(typed="head open", words=Phrase("The print head is opened."), act=lambda line, _: line.printer.open_head()),
    Gesture(typed="head closed", words=Phrase("The print head is closed."), act=lambda line, _: line.printer.close_head()),
    Gesture(typed="labels", words=Phrase("These are the papers that came out."), act=_show_labels),
    Gesture(typed="unplug", then="DEVICE", words=Phrase("The device's plug is pulled."), act=_unplug),
    Gesture(typed="plug", then="DEVICE", words=Phrase("The device is plugged in again."), act=_plug),
    Gesture(typed="silent", then="DEVICE", words=Phrase("The device says nothing any more."), act=_silence),
    Gesture(typed="speak", then="DEVICE", words=Phrase("The device speaks again."), act=_wake),
    Gesture(typed="garbage", then="[DEVICE]", words=Phrase("Noise comes over the line, the caliper's if none is named."), act=_garbage),
    Gesture(typed="half", then="DEVICE", words=Phrase("The device begins a line and does not end it."), act=_half),
    Gesture(
        typed="sealer heater",
        then="DEGREES SECONDS",
        words=Phrase("The sealer's heater goes astray by so many degrees for so long."),
        act=_drive_off,
    ),
    Gesture(typed="sealer rests", words=Phrase("The sealer finishes its cycle and waits."), act=lambda line, _: line.sealer.stop_cycling()),
    Gesture(typed="sealer works", words=Phrase("The sealer seals on."), act=lambda line, _: line.sealer.start_cycling()),
    Gesture(
        typed="sealer sensor broken",
        words=Phrase("The wire of the sealer's temperature sensor breaks."),
        act=lambda line, _: line.sealer.break_sensor(),
    ),
    Gesture(typed="sealer sensor mended", words=Phrase("The sealer's sensor is mended."), act=lambda line, _: line.sealer.mend_sensor()),
    Gesture(
        typed="sealer freezes",
        words=Phrase("The sealer's control hangs; its network card goes on answering."),
        act=lambda line, _: line.sealer.freeze(),
    ),
    Gesture(typed="sealer thaws", words=Phrase("The sealer's control runs again."), act=lambda line, _: line.sealer.thaw()),
    Gesture(typed="sealer refuses", words=Phrase("The sealer refuses every question."), act=lambda line, _: line.sealer.refuse()),
    Gesture(typed="sealer obeys", words=Phrase("The sealer refuses nothing any more."), act=lambda line, _: line.sealer.obey()),
)
"""DEVICE is scanner, caliper, overdue, micrometer, scale, printer or sealer."""
