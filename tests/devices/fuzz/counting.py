"""What is counted while frames are spoilt, and the table that says it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

SLOW_S = 1.0
"""Longer than this for one message, and something in it hangs."""


@dataclass(slots=True, kw_only=True)
class Count:
    """One family, one printer language, or the machines."""

    name: str
    frames: int = 0
    """Spoilt messages sent."""
    taken: int = 0
    """Values, codes or states of which something was believed."""
    others: int = 0
    """Whole frames that hold no value: acknowledgements, names."""
    refused: Counter[str] = field(default_factory=Counter)
    """By the code of the refusal."""
    wrong: list[str] = field(default_factory=list)
    """Values that did not stand in what was sent, each with its bytes."""
    crashes: list[str] = field(default_factory=list)
    hangs: list[str] = field(default_factory=list)
    unbounded: list[str] = field(default_factory=list)
    slowest_s: float = 0.0

    @property
    def holds(self) -> bool:
        """Whether nothing went wrong, and something was both taken and refused: a harness that reaches nothing proves nothing."""
        return not (self.wrong or self.crashes or self.hangs or self.unbounded) and self.taken > 0 and self.refused.total() > 0

    def timed(self, act: Callable[[], None], message: bytes) -> None:
        """Do it; what escapes is a crash, what takes too long a hang."""
        begun = time.process_time()
        try:
            act()
        except Exception as defect:  # noqa: BLE001 - whatever it is, it is what is looked for
            self.crashes.append(f"{defect!r} at {message[:120]!r}")
        took = time.process_time() - begun
        self.slowest_s = max(self.slowest_s, took)
        if took > SLOW_S:
            self.hangs.append(f"{took:.1f} s at {message[:120]!r}")

    @property
    def troubles(self) -> list[str]:
        """A few of each."""
        found = {"wrong": self.wrong, "crash": self.crashes, "hang": self.hangs, "unbounded": self.unbounded}
        return [f"{self.name}: {what}: {one}" for what, ones in found.items() for one in ones[:3]]


def head() -> str:
    """Of the table."""
    columns = ("said by", "spoilt", "taken", "no value", "refused", "wrong", "crashes", "hangs", "unbounded", "slowest, ms", "refused by")
    return "| " + " | ".join(columns) + " |\n| --- |" + " ---: |" * 9 + " --- |"


def line(count: Count) -> str:
    """One row."""
    by = ", ".join(f"{code.partition('.')[2]} {times}" for code, times in count.refused.most_common())
    numbers = (count.frames, count.taken, count.others, count.refused.total())
    bad = (len(count.wrong), len(count.crashes), len(count.hangs), len(count.unbounded))
    return f"| {count.name} | " + " | ".join(map(str, numbers + bad)) + f" | {count.slowest_s * 1000:.1f} | {by} |"


def summed(counts: Sequence[Count]) -> str:
    """The whole table in one line."""
    frames, taken = sum(one.frames for one in counts), sum(one.taken for one in counts)
    bad = ", ".join(f"{sum(len(getattr(one, what)) for one in counts)} {what}" for what in ("wrong", "crashes", "hangs", "unbounded"))
    return f"{frames} spoilt messages; {taken} values, codes or states taken; {bad}"
