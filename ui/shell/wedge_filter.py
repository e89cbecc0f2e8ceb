"""Scans from a keyboard-wedge scanner, taken before any widget sees a key.

The filter sits on the application and acts only where a key event reaches a *window* (`QWindow`): once per key, before Qt hands it to
the widget with the focus. Printable keys are held back; keys that follow each other fast belong together; after a silence what was held
goes on to the window, in order, with its releases. Enough fast characters ended by Enter or Tab are a scan: they are swallowed whole, so a
scan never lands in a field, a password, or on the focused button. Price: typed characters show up to 70 ms late. How fast, how long and how
many is the station's (`wedge_setup`).

With a prefix key (STX or a function key, set in the scanner) nothing is guessed: everything from the prefix to the terminator is the
scan, however slow, and ordinary typing is not held back at all.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent, QWindow
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTextEdit

from ui.shell.wedge_setup import PREFIXES, TrialScan, WedgeSetup

GS = "\x1d"
PREFIX_TIMEOUT_MS = 5_000
TRIAL_IDLE_MS = 500
BROKEN_WITHIN_MS = 500
"""A run that begins so soon behind a fast one that ended in silence is the rest of the same scan."""

_KEY_EVENTS = frozenset({QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride})
_TERMINATORS = {Qt.Key.Key_Return: "enter", Qt.Key.Key_Enter: "enter", Qt.Key.Key_Tab: "tab"}
_MODIFIER_KEYS = frozenset(
    {Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta, Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock}
)
_CONTROL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier
_META = Qt.KeyboardModifier.MetaModifier


def _monotonic_ms() -> float:
    return time.monotonic() * 1000.0


class WedgeFilter(QObject):
    """Tells a wedge scanner from a person at the keyboard."""

    scanned = Signal(str)
    """A whole scan without its terminator; GS stands where the symbol has FNC1."""
    scan_lost = Signal(str)
    """A scan began and its end never came, or its middle came too late: what was read of it. Nothing acts on half a code."""
    tried = Signal(object)
    """`TrialScan`: what was read while `begin_trial` waited for it."""
    input_method_in_the_way = Signal()
    """A scan arrived through an input method, which turns it into something else: the station must switch to plain keys."""

    def __init__(self, application: QGuiApplication, *, setup: WedgeSetup, now_ms: Callable[[], float] = _monotonic_ms) -> None:
        """Watch the application from now on.

        Args:
            application: The running application.
            setup: How this station's scanner types.
            now_ms: Milliseconds that never run backwards. Used where key events carry no time of their own.
        """
        super().__init__(application)
        self.setup = setup
        self._now_ms = now_ms
        self._trial: TrialScan | None = None
        self._broke_at = float("-inf")
        self._broken = ""
        self._held: list[tuple[QWindow, QKeyEvent]] = []
        self._text = ""
        self._last_ms: float | None = None
        self._collecting = False
        self._replaying = False
        self._down: set[int] = set()
        self._swallow_release: set[int] = set()
        self._composed = 0
        self._composed_ms = 0.0
        self._waited = QElapsedTimer()
        self._silence = QTimer(self)
        self._silence.setSingleShot(True)
        self._silence.timeout.connect(self._on_silence)
        self._application = application
        application.installEventFilter(self)

    def remove(self) -> None:
        """Stop watching; what is held goes on to its window."""
        self._application.removeEventFilter(self)
        self._release_held()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.InputMethod and isinstance(event, QInputMethodEvent):
            return self._through_input_method(event)
        if kind not in _KEY_EVENTS or self._replaying or not isinstance(watched, QWindow) or not isinstance(event, QKeyEvent):
            return False
        if kind == QEvent.Type.ShortcutOverride:
            return self._on_override(event)
        if kind == QEvent.Type.KeyRelease:
            return self._on_release(watched, event)
        if self._trial is not None:
            return self._on_trial(event)
        if self.setup.prefix is not None:
            return self._on_press_with_prefix(event)
        return self._on_press(watched, event)

    # the station's ----------------------------------------------------------------------------------------------------------------

    def configure(self, setup: WedgeSetup) -> None:
        """This station's scanner types otherwise from now on; what is held goes on to its window."""
        self._release_held()
        self.setup = setup

    def begin_trial(self) -> None:
        """The next scan is only looked at: every key until its end, or until half a second of silence, goes to `tried` and nowhere else."""
        self._release_held()
        self._trial = TrialScan()

    def end_trial(self) -> None:
        """Nobody waits for a trial scan any more."""
        self._trial = None
        self._forget()

    def _on_trial(self, event: QKeyEvent) -> bool:
        trial, key = self._trial, event.key()
        assert trial is not None
        if event.isAutoRepeat() or key in _MODIFIER_KEYS:
            return key not in _MODIFIER_KEYS
        now, _ = self._gap(event)
        end, prefix = _TERMINATORS.get(Qt.Key(key)), next((name for name, one in PREFIXES.items() if _is(event, *one)), None)
        character = _character(event)
        if end is None and prefix is None and character is None:
            return False  # Esc and its like stay a person's
        if end is not None and not trial.text:
            return False  # Enter alone presses what stands on the screen, as ever
        gaps = (*trial.gaps_ms, now - self._last_ms) if self._last_ms is not None else ()
        self._last_ms = now
        self._swallow_release.add(key)
        before = prefix if not trial.text else None
        text = trial.text + (character or "") if before is None else ""
        self._trial = TrialScan(text=text, gaps_ms=gaps, ended_by=end, prefix=before or trial.prefix)
        self._told_trial() if end is not None else self._wait(TRIAL_IDLE_MS)
        return True

    def _told_trial(self) -> None:
        trial, self._trial = self._trial, None
        self._forget()
        self.tried.emit(trial)

    # by speed ---------------------------------------------------------------------------------------------------------------------

    def _on_press(self, window: QWindow, event: QKeyEvent) -> bool:
        if event.key() in _MODIFIER_KEYS:
            return False
        now, fast = self._gap(event)
        if not fast:
            self._release_held()
        if self._ends(event) and not event.isAutoRepeat() and len(self._text) >= self.setup.fewest:
            return self._finish(event)
        character = _character(event)
        if character is None or event.isAutoRepeat():  # a held-down key repeats as fast as a scanner, and no scanner holds a key
            self._release_held()
            return False
        if not self._text and now - self._broke_at > BROKEN_WITHIN_MS:
            self._broken = ""
        self._last_ms = now
        self._text += character
        self._hold(window, event)
        self._wait(self.setup.idle_ms)
        return True

    def _ends(self, event: QKeyEvent) -> bool:
        """Whether this key ends a scan of this station's scanner."""
        end = _TERMINATORS.get(Qt.Key(event.key()))
        return end is not None and self.setup.suffix in (end, "both")

    def _gap(self, event: QKeyEvent) -> tuple[float, bool]:
        """Time of a key and whether it follows the last one fast. The event's own time counts: a busy window must not make typing fast.

        No hand writes so many characters so fast: what comes behind them may hesitate until the silence is over.
        """
        now = float(event.timestamp()) or self._now_ms()
        longest = self.setup.idle_ms if len(self._text) >= self.setup.fewest else self.setup.gap_ms
        return now, self._last_ms is not None and now - self._last_ms <= longest

    def _finish(self, event: QKeyEvent) -> bool:
        text, broken = self._text, self._broken
        self._swallow_release |= self._down | {event.key()}
        self._forget()
        self._broken = ""
        if broken:
            self.scan_lost.emit(broken + text)  # its beginning went on as typed: the rest is another code, and acts on nothing
        else:
            self.scanned.emit(text)
        return True

    def _hold(self, window: QWindow, event: QKeyEvent) -> None:
        self._held.append((window, event.clone()))
        self._down.add(event.key())

    def _on_release(self, window: QWindow, event: QKeyEvent) -> bool:
        key = event.key()
        if key in self._down and self._held:
            self._held.append((window, event.clone()))
            self._down.discard(key)
            return True
        if key in self._swallow_release:
            self._swallow_release.discard(key)
            return True
        return False

    def _on_override(self, event: QKeyEvent) -> bool:
        """Keep Qt from firing a shortcut for a key that may belong to a scan; the key itself comes next and is judged then."""
        if self._trial is not None:
            scan = _character(event) is not None or (bool(self._trial.text) and event.key() in _TERMINATORS)
        elif event.key() in _TERMINATORS:
            scan = self._collecting or (self._ends(event) and self._gap(event)[1] and len(self._text) >= self.setup.fewest)
        elif self.setup.prefix is not None:
            scan = self._collecting or self._is_prefix(event)
        else:
            scan = _character(event) is not None
        if scan:
            event.accept()
        return scan

    def _wait(self, milliseconds: int) -> None:
        self._waited.start()
        self._silence.start(milliseconds)

    def _on_silence(self) -> None:
        """Nothing came for a while. If the window was busy for much longer than that, keys may still wait behind this timer."""
        if self._waited.elapsed() > self._silence.interval() + self.setup.idle_ms:
            self._wait(self.setup.gap_ms)
            return
        if self._trial is not None:
            self._told_trial()
            return
        if self._collecting:
            lost = self._text
            self._forget()
            self.scan_lost.emit(lost)
            return
        self._release_held()

    def _release_held(self) -> None:
        """Hand what was held to its window, as if it came now, in order.

        No hand types so many characters so fast: half a scan is written where words are written, so that nothing is lost, and nowhere else;
        a space would press the button with the focus, a digit choose a row, and a password is nobody's to guess.
        """
        held, self._held = self._held, []
        if len(self._text) >= self.setup.fewest and self._last_ms is not None:
            self._broken, self._broke_at = self._broken + self._text, self._last_ms
            if not _words_are_written():
                self._swallow_release |= self._down
                held = []
                self.scan_lost.emit(self._broken)
        self._forget()
        self._replaying = True
        try:
            for window, event in held:
                if shiboken6.isValid(window):
                    QCoreApplication.sendEvent(window, event)
        finally:
            self._replaying = False

    def _forget(self) -> None:
        self._silence.stop()
        self._held = []
        self._down = set()
        self._text = ""
        self._last_ms = None
        self._collecting = False

    # by prefix --------------------------------------------------------------------------------------------------------------------

    def _is_prefix(self, event: QKeyEvent) -> bool:
        return self.setup.prefix is not None and _is(event, *PREFIXES[self.setup.prefix])

    def _on_press_with_prefix(self, event: QKeyEvent) -> bool:
        if self._is_prefix(event):
            self._forget()
            self._collecting = True
        elif not self._collecting:
            return False
        elif self._ends(event) or event.text() == "\x03":
            return self._finish(event)
        elif event.key() not in _MODIFIER_KEYS:
            self._text += _character(event) or ""
        self._swallow_release.add(event.key())
        self._wait(PREFIX_TIMEOUT_MS)
        return True

    # input method -----------------------------------------------------------------------------------------------------------------

    def _through_input_method(self, event: QInputMethodEvent) -> bool:
        """Nobody composes four characters at a scanner's pace: that is a scan being eaten. Stop it and say so."""
        if not event.preeditString() and not event.commitString():
            return False
        now = self._now_ms()
        self._composed = self._composed + 1 if now - self._composed_ms <= self.setup.gap_ms else 1
        self._composed_ms = now
        if self._composed < self.setup.fewest:
            return False
        if self._composed == self.setup.fewest:
            QGuiApplication.inputMethod().reset()
            self.input_method_in_the_way.emit()
        return True


def _character(event: QKeyEvent) -> str | None:
    """The character a key stands for in a scan; GS is recognised by key and modifier, because not every platform delivers it as text."""
    modifiers = event.modifiers()
    if event.key() == Qt.Key.Key_BracketRight and modifiers & _CONTROL and not modifiers & _ALT:
        return GS
    text = event.text()
    if text == GS:
        return GS
    if len(text) != 1 or not text.isprintable() or modifiers & _META:
        return None
    if bool(modifiers & _CONTROL) != bool(modifiers & _ALT):  # a command; both together are AltGr, which writes
        return None
    return text


def _words_are_written() -> bool:
    """Whether the focus is in a field for words, where every character can be seen and deleted."""
    focus = QGuiApplication.focusObject()
    plain = isinstance(focus, QLineEdit) and focus.echoMode() is QLineEdit.EchoMode.Normal
    return plain or isinstance(focus, QTextEdit | QPlainTextEdit)


def _is(event: QKeyEvent, key: Qt.Key, control: bool) -> bool:
    return event.key() == key and bool(event.modifiers() & _CONTROL) == control
