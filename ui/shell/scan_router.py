"""Who wants this scan? The open sheet, then the open screen, then the screen that owns such codes; else it is said what it is."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from app.base import clock
from app.base.errors import RuleViolation
from app.base.phrases import Phrase
from app.scanning.result import Scanned, Status
from app.scanning.words import in_plain_words
from ui.kit import ScanSlot, State, Words
from ui.shell.face import Notice
from ui.shell.registry import Entry, of_scan

if TYPE_CHECKING:
    from ui.shell.screen import Screen
    from ui.shell.window import Window

KEPT = 5


class NotWantedHere(RuleViolation):
    code = "SCN-20"
    text = "Not taken: this is {what}."
    next_step = "Scan what the screen asks for. Nothing was changed."


class StationIsLocked(RuleViolation):
    code = "SCN-21"
    text = "Not taken: the station is locked."
    next_step = "Scan your badge and enter your password, then scan again."


@dataclass(frozen=True, slots=True, kw_only=True)
class LastScan:
    """One of the last five scans, as the strip and its sheet show it."""

    at: datetime
    state: State
    words: Words
    device: Words
    again: int = 0
    """How often the same code came again at once and was taken for a bounce."""

    @property
    def shown(self) -> Words:
        """In plain words, with what was not taken twice: whoever hears one beep too many sees what became of it."""
        return Phrase("{what} • again, not taken twice × {count}", what=self.words, count=self.again) if self.again else self.words


class ScanRouter:
    """Every scan of this station goes through `take`, whether a serial scanner or a keyboard wedge sent it."""

    def __init__(self, window: Window, *, bounce_s: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._window, self._monotonic = window, monotonic
        self.bounce_s = bounce_s
        """The same code again so soon is the same scan; of the station, 0.3 to 0.5 s."""
        self._seen: tuple[str, float] | None = None
        self.last: deque[LastScan] = deque(maxlen=KEPT)
        self._read_last: str | None = None
        self._early: deque[tuple[str, str]] = deque()
        window.ahead.ready.connect(self._take_early)

    def take(self, text: str, device: str = "") -> None:
        """One scan. The same text again within `bounce_s` of the last time it was seen is shown and does nothing.

        What is scanned before the rules of scanning are loaded waits for them, in its order.
        """
        now = self._monotonic()
        before, self._seen = self._seen, (text, now)
        if before is not None and before[0] == text and now - before[1] <= self.bounce_s:
            self.bounced(text)
            return
        self._window.idle.something_new()
        if self._window.ahead.is_ready:
            self._read(text, device)
        else:
            self._early.append((text, device))
            self._window.ahead.start()

    def bounced(self, text: str) -> None:
        """The same code came again at once: it is shown without a sound, and nothing acts."""
        if self.last and self._read_last == text:
            self.last[0] = replace(self.last[0], again=self.last[0].again + 1)
            self._window.show_last_scan(self.last[0])

    def _take_early(self) -> None:
        while self._early:
            self._read(*self._early.popleft())

    def _read(self, text: str, device: str) -> None:
        from app.scanning.interpret import interpret  # loaded ahead: neither the start nor the first scan waits for it

        self._read_last = text
        scanned = interpret(text)
        words = in_plain_words(scanned)
        state = self._state_after(scanned, words)
        asks = scanned.error is not None and state is State.WAITING
        self._say(state, Phrase("code {code}", code=scanned.raw) if asks else words, device)

    def _state_after(self, scanned: Scanned, words: Phrase) -> State:
        """Hand it to whoever wants it, and how that went."""
        window = self._window
        if window.gate is not None:
            if scanned.status is Status.VALID and window.gate.on_scan(scanned):
                return State.PASS
            window.gate.refuse(StationIsLocked())
            return State.FAIL
        taker = window.sheet_that_scans()
        if taker is not None and taker(scanned):
            return State.PASS
        screen = window.current
        if screen is None:
            return State.ATTENTION
        if scanned.error is not None:
            return self._unreadable(screen, scanned)
        return self._valid(screen, scanned, words)

    def _unreadable(self, screen: Screen, scanned: Scanned) -> State:
        before = screen.face.notice
        taken = screen.on_bad_scan(scanned)
        if taken and scanned.status is Status.UNKNOWN and screen.face.notice is before:
            return State.WAITING  # no rule names it; the screen asks the record, and says what it answers
        if not taken and scanned.error is not None:
            screen.notify(Notice(state=State.FAIL, heading=scanned.error.text, line=scanned.error.next_step))
        self._window.tones.stop()
        return State.FAIL

    def _valid(self, screen: Screen, scanned: Scanned, words: Phrase) -> State:
        before = screen.face.notice
        if screen.on_scan(scanned):
            if screen.face.notice is before:
                screen.clear_banner()
            return State.FAIL if screen.face.notice is not None else State.PASS
        if scanned.kind == "badge" and scanned.code is not None:
            self._window.badge_scanned(scanned.code)
            return State.PASS
        owners = [entry for entry in of_scan(scanned.what, scanned.kind) if entry.key != screen.key]
        owners = [entry for entry in owners if entry.permission in self._window.rights] or owners
        of_station = [entry for entry in owners if entry.workbench == self._window.where.workbench]
        if len(of_station) == 1:  # what this station is for comes first; nobody is asked
            owners = of_station
        if len(owners) == 1:
            return self._open(owners[0], scanned)
        if owners:
            self._window.choose_owner(owners, words, lambda entry: self._open(entry, scanned))
            return State.WAITING
        return self._unwanted(screen, words)

    def _open(self, entry: Entry, scanned: Scanned) -> State:
        screen = self._window.open(entry.key, {"scan": scanned.raw})
        if screen is None:
            return State.FAIL
        screen.on_scan(scanned)
        return State.FAIL if screen.face.notice is not None else State.PASS

    def _unwanted(self, screen: Screen, words: Phrase) -> State:
        expected = screen.face.corner.accessibleName() if isinstance(screen.face.corner, ScanSlot) else None
        blocks = ((Phrase("read"), words), (Phrase("expected"), expected)) if expected else ()
        screen.notify(Notice.of(NotWantedHere(what=words), blocks=blocks))
        self._window.tones.wrong_item()
        return State.FAIL

    def _say(self, state: State, words: Words, device: str) -> None:
        one = LastScan(at=clock.now(), state=state, words=words, device=device)
        self.last.appendleft(one)
        self._window.show_last_scan(one)
        if state is State.PASS:
            self._window.tones.ok()
