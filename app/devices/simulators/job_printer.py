"""What simulated label printers share whose picture nobody looks at: a plug, hands at the printer, and the raw jobs it received."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition
from typing import Literal, NamedTuple, Self

from app.devices.simulators.serving import Serving

Trouble = Literal["paper_out", "ribbon_out", "head_open", "paused", "cover_open", "jammed", "hot", "offline", "cutter_stuck", "hung"]


@dataclass(slots=True)
class Job:
    """One job as it came, and how many of its labels are not printed yet."""

    raw: bytes
    left: int


class Pace(NamedTuple):
    """How long a label takes, counted in answers instead of seconds."""

    before: int
    """Answers in which nothing shows of it: it was received and has not begun."""
    printing: int
    """Answers in which it is seen being printed; with the next one it is out."""


class JobPrinter:
    """Thread-safe. A label costs no time unless the printer works slowly; a printer that stands keeps what it received."""

    def __init__(self) -> None:
        self._serving = Serving(self._received, line=None)
        self._changed = Condition()
        self._heard = b""
        self._troubles: set[Trouble] = set()
        self._silent = self._slow = self._paper_ends = False
        self._pace: Pace | None = None
        self._answered = 0
        """Answers since the label in work was received or the one before it came out."""
        self._kept_back: list[bytes] | None = None
        self._jobs: list[bytes] = []
        self._waiting: list[Job] = []
        self._printed: list[bytes] = []
        self._spoilt: list[bytes] = []
        self.changing_bytes = 0
        """How many bytes were commands that printed, or that changed or would have changed how the printer stands. Questions are none."""

    # --- the plug -------------------------------------------------------------------------------------------------

    def start(self) -> str:
        """Switch on; returns ``socket://127.0.0.1:port``."""
        return self._serving.start()

    def stop(self) -> None:
        """Take the printer away."""
        self._serving.stop()

    def unplug(self) -> None:
        """Pull the plug: the connection breaks, what waited is lost, the paper that came out stays."""
        self._serving.unplug()
        with self._changed:
            self._forget_everything()

    def lose_line(self) -> None:
        """The network is gone: the connection breaks, and the printer keeps everything, half a job included. `plug` brings it back."""
        self._serving.unplug()

    def plug(self) -> None:
        """Plug in again at the same place."""
        self._serving.plug()

    def __enter__(self) -> Self:
        self.url = self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # --- hands at the printer ---------------------------------------------------------------------------------------

    def run_out_of_paper(self) -> None:
        self._get_into("paper_out")

    def let_paper_end_within_next_label(self) -> None:
        """The roll ends in the middle of the next label: part of it is on the paper."""
        self._change(lambda: setattr(self, "_paper_ends", True))

    def load_paper(self) -> None:
        """Load a roll. An interrupted label is printed again in full, unless its job says otherwise or it was cancelled."""
        self._cure("paper_out")

    def run_out_of_ribbon(self) -> None:
        self._get_into("ribbon_out")

    def load_ribbon(self) -> None:
        self._cure("ribbon_out")

    def open_head(self) -> None:
        self._get_into("head_open")

    def close_head(self) -> None:
        self._cure("head_open")

    def pause(self) -> None:
        self._get_into("paused")

    def resume(self) -> None:
        self._cure("paused")

    def work_slowly(self) -> None:
        """From now on no label comes out before `let_one_out`."""
        self._change(lambda: setattr(self, "_slow", True))

    def take_its_time(self, *, before: int, printing: int) -> None:
        """From now on a label takes so many answers, see `Pace`: a test needs no clock to meet the printer before, in and after it."""
        self._change(lambda: setattr(self, "_pace", Pace(before, printing)))

    def let_one_out(self) -> None:
        """One label comes out, if none of the printer's troubles keeps it."""
        self._change(self._print_one)

    def fall_silent(self) -> None:
        """Keep taking bytes and printing, answer nothing: a one-way cable."""
        self._change(lambda: setattr(self, "_silent", True))

    def speak_again(self) -> None:
        self._change(lambda: setattr(self, "_silent", False))

    def hang(self) -> None:
        """Keep taking bytes, and neither print nor answer any more: a hung print server."""
        self.fall_silent()
        self._get_into("hung")

    def answer_late(self) -> None:
        """From now on keep every answer back until `hand_over`, as a slow print server does."""
        self._change(lambda: setattr(self, "_kept_back", []))

    def keep_answers_while_alone(self) -> None:
        """From now on what is said while no station is connected is kept and handed to the next one, as some print servers do."""
        self._serving.keep_while_alone()

    def hand_over(self) -> None:
        """Send all the answers that were kept back, in one piece, and answer at once again."""
        with self._changed:
            late, self._kept_back = b"".join(self._kept_back or []), None
        self._serving.say(late)

    # --- what a person sees ---------------------------------------------------------------------------------------

    @property
    def jobs(self) -> list[bytes]:
        """Every whole job that was received, as it came, oldest first."""
        with self._changed:
            return list(self._jobs)

    @property
    def printed(self) -> list[bytes]:
        """The job of each label that came out, oldest first."""
        with self._changed:
            return list(self._printed)

    @property
    def spoilt(self) -> list[bytes]:
        """The job of each label of which only a part came out, oldest first."""
        with self._changed:
            return list(self._spoilt)

    def wait_until_received(self, count: int, *, timeout_s: float) -> list[bytes]:
        """Wait until at least `count` whole jobs were received.

        Raises:
            TimeoutError: they were not.
        """
        return self._wait(self._jobs, count, timeout_s)

    def wait_until_printed(self, count: int, *, timeout_s: float) -> list[bytes]:
        """Wait until at least `count` labels came out.

        Raises:
            TimeoutError: they did not.
        """
        return self._wait(self._printed, count, timeout_s)

    # --- the firmware -----------------------------------------------------------------------------------------------

    def read(self) -> list[bytes]:
        """Take what is whole off ``self._heard`` and give the answers; called with the lock held."""
        raise NotImplementedError

    def repeats(self, raw: bytes) -> bool:
        """Whether a label of this job that was interrupted by a fault is printed again by itself."""
        raise NotImplementedError

    def _working(self) -> bool:
        """Whether the next answer says that a label is being printed; each answer is one step of its `Pace`."""
        if not self._waiting or self._pace is None or self._troubles:
            return bool(self._waiting) and not self._troubles
        self._answered += 1
        if self._answered <= self._pace.before:
            return False
        if self._answered > self._pace.before + self._pace.printing:
            self._answered = 0
            self._print_one()
        return bool(self._waiting) and not self._troubles

    def _forget_everything(self) -> None:
        """Whole jobs and what has come of the next one; what is on paper stays."""
        self._waiting.clear()
        self._heard = b""
        self._answered = 0

    def _take(self, raw: bytes, labels: int) -> None:
        self._jobs.append(raw)
        if labels:
            self._waiting.append(Job(raw, labels))
        self._print()

    def _received(self, message: bytes) -> None:
        with self._changed:
            self._heard += message
            answers = self.read()
            self._changed.notify_all()
            if self._kept_back is not None:
                self._kept_back += answers
            if self._silent or self._kept_back is not None:
                return
        for answer in answers:
            self._serving.say(answer)

    def _get_into(self, trouble: Trouble) -> None:
        self._change(lambda: self._troubles.add(trouble))

    def _cure(self, trouble: Trouble) -> None:
        self._change(lambda: self._troubles.discard(trouble))

    def _change(self, act: Callable[[], None]) -> None:
        with self._changed:
            act()
            self._print()
            self._changed.notify_all()

    def _print(self) -> None:
        while self._waiting and not self._slow and self._pace is None and not self._troubles:
            self._print_one()

    def _print_one(self) -> None:
        if self._troubles or not self._waiting:
            return
        job = self._waiting[0]
        if self._paper_ends:
            self._paper_ends = False
            self._spoilt.append(job.raw)
            self._troubles.add("paper_out")
            if self.repeats(job.raw):
                return
        else:
            self._printed.append(job.raw)
        job.left -= 1
        if job.left == 0:
            self._waiting.pop(0)

    def _wait(self, things: list[bytes], count: int, timeout_s: float) -> list[bytes]:
        with self._changed:
            if not self._changed.wait_for(lambda: len(things) >= count, timeout_s):
                raise TimeoutError(f"{len(things)} of {count}")
            return list(things)
