"""The course of a shift: named steps in order, each seen on the screen and read back from the database; and what a spoiled shift spoils."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from app.core.session import SignedIn, sign_in
from app.demo.people import SECRET
from ui.shift.hand import Hand, ShiftFailed
from ui.shift.stage import Stage

Answer = TypeVar("Answer")


@dataclass(slots=True, kw_only=True)
class Shift:
    """What a shift knows: its stage, where pictures and papers go, what it has learnt on the way, and what is spoiled."""

    stage: Stage
    pictures: Path
    papers: Path
    tell: Callable[[str], None]
    spoil: str | None = None
    found: dict[str, str] = field(default_factory=dict)
    """Codes the screens named: ``lot``, ``container``, ``deviation`` …"""

    def spoiled(self, name: str) -> bool:
        """Whether this is the place that is spoiled in this run."""
        return self.spoil == name

    def reads_back(self, what: str, expected: object, statement: str, *arguments: object) -> None:
        """Compare rows, read on a separate connection, with what the step did.

        Raises:
            ShiftFailed: they differ; says both.
        """
        rows = self.stage.rows(statement, *arguments)
        if rows != expected:
            raise ShiftFailed(f"{what}: the database has {rows!r}, the shift did {expected!r}")

    def elsewhere(self, act: Callable[[], Answer]) -> Answer:
        """What others do meanwhile: on a thread of their own, as the window's is closed to SQL."""
        with ThreadPoolExecutor(1) as others:
            return others.submit(act).result()

    @contextmanager
    def people_at(self, station: str) -> Iterator[Callable[[str], SignedIn]]:
        """Sign people in at another station by login; everybody signs out at the end."""
        with closing(self.stage.link(station)) as link, ExitStack() as stack:

            def at(login: str) -> SignedIn:
                here = sign_in(self.stage.server, login=login, password=SECRET, tickets=link.ticket)
                stack.callback(here.close)
                return here

            yield at


Step = tuple[str, Callable[[Shift, Hand], None]]


def walk(shift: Shift, hand: Hand, steps: list[Step]) -> None:
    """Take the steps one after the other.

    Raises:
        ShiftFailed: names the step.
    """
    for name, act in steps:
        try:
            act(shift, hand)
        except ShiftFailed as trouble:
            hand.picture(f"failed-{name.replace(' ', '-')}")
            raise ShiftFailed(f"{name}: {trouble}") from trouble
        shift.tell(f"ok  {name}")
