"""The keyboard scanner of this station: a trial scan shows what it sends and how fast, and proposes by what it is told from a hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout

from app.base.phrases import Phrase
from app.core.settings import Settings
from app.devices.errors import readable
from ui.kit import Button, Choices, Field, Label, PrimaryButton, Sheet, theme
from ui.kit.tokens import GAP
from ui.shell.wedge_filter import WedgeFilter
from ui.shell.wedge_setup import FIRST_F_KEY, LAST_F_KEY, SLOWEST_MS, TrialScan, WedgeSetup, proposed

_PREFIXES = (Phrase("none"), Phrase("STX"), Phrase("F-key"))
_SUFFIXES = ("enter", "tab", "both")
_SUFFIX_WORDS = (Phrase("Enter"), Phrase("Tab"), Phrase("both"))
RANGES: Mapping[str, tuple[int, int]] = {
    "wedge_gap_ms": (10, 100),
    "wedge_idle_ms": (30, 300),
    "wedge_fewest": (3, 12),
    "bounce_ms": (300, 500),
    "f_key": (FIRST_F_KEY, LAST_F_KEY),
}
"""Lowest and highest; those of `Settings` are the same."""
_LABELS = {
    "wedge_gap_ms": Phrase("Between keys, ms"),
    "wedge_idle_ms": Phrase("Silence after it, ms"),
    "wedge_fewest": Phrase("Fewest characters"),
    "bounce_ms": Phrase("Same code again, ms"),
    "f_key": Phrase("F-key in front"),
}
_COLUMNS = 3
Set = Callable[[dict[str, object]], None]


class ScannerSheet(Sheet):
    """F5 waits for a trial scan; what it proposes stands in the fields and may be changed before it is set."""

    def __init__(self, settings: Settings, wedge: WedgeFilter, set_up: Set) -> None:
        self.act = PrimaryButton(Phrase("Set the scanner so"), icon="scan")
        super().__init__(Phrase("Keyboard scanner"), icon="scan", primary=self.act)
        self._settings, self._wedge, self._set_up = settings, wedge, set_up
        self.trial = Button(Phrase("Try a scan"), icon="scan", key=Qt.Key.Key_F5)
        self.trial.clicked.connect(self.begin_trial)
        self.read = Label(Phrase("Press F5, then scan anything: it is only looked at."), wrap=True)
        prefix = settings.wedge_prefix
        self.prefix = Choices(_PREFIXES, {"none": 0, "stx": 1}.get(prefix, 2))
        self.suffix = Choices(_SUFFIX_WORDS, _SUFFIXES.index(settings.wedge_suffix))
        known = {"f_key": prefix[1:] if prefix.startswith("f") else ""}
        self.fields = {name: Field(words, text=known.get(name, str(getattr(settings, name, "")))) for name, words in _LABELS.items()}
        self._lay_out()
        wedge.tried.connect(self._is_tried)
        self.act.clicked.connect(self._set)
        self.settle()

    def _lay_out(self) -> None:
        self.body.addWidget(self.trial)
        self.body.addWidget(self.read)
        self.body.addSpacing(theme.px(GAP - 8))
        ends = QGridLayout()
        ends.setHorizontalSpacing(theme.px(GAP))
        for n, (words, piece) in enumerate(((Phrase("In front of a scan"), self.prefix), (Phrase("Behind a scan"), self.suffix))):
            ends.addWidget(Label(words, ink="ink2"), 0, n)
            ends.addWidget(piece, 1, n)
            piece.chosen.connect(lambda _: self.settle())
        figures = QGridLayout()
        figures.setSpacing(theme.px(GAP))
        for n, field in enumerate(self.fields.values()):
            field.keep_to_plain_keys()
            field.edited.connect(lambda _: self.settle())
            figures.addWidget(field, n // _COLUMNS, n % _COLUMNS)
        self.body.addLayout(ends)
        self.body.addSpacing(theme.px(GAP - 8))
        self.body.addLayout(figures)
        self.body.addStretch(1)

    def press(self, key: int) -> bool:
        """F5 tries."""
        if key == Qt.Key.Key_F5:
            self.begin_trial()
            return True
        return super().press(key)

    # the trial ----------------------------------------------------------------------------------------------------------------------

    def begin_trial(self) -> None:
        """The next scan goes nowhere but here."""
        self._wedge.begin_trial()
        self.setFocus()
        self.read.tell(Phrase("Scan now. What the keyboard sends until then goes nowhere."))

    def _is_tried(self, trial: TrialScan) -> None:
        before = WedgeSetup.of(self._settings)
        found = proposed(trial, before)
        self.read.tell(trial_words(trial, found))
        if found is None:
            return
        self.prefix.choose({None: 0, "stx": 1}.get(found.prefix, 2))
        self.suffix.choose(_SUFFIXES.index(found.suffix))
        f_key = found.prefix[1:] if found.prefix is not None and found.prefix.startswith("f") else ""
        for name, value in (("wedge_gap_ms", found.gap_ms), ("wedge_idle_ms", found.idle_ms), ("f_key", f_key)):
            self.fields[name].set_text(str(value))
        self.settle()

    def closing(self) -> None:
        """The keyboard is everybody's again."""
        self._wedge.end_trial()
        self._wedge.tried.disconnect(self._is_tried)

    # the act ------------------------------------------------------------------------------------------------------------------------

    @property
    def wanted(self) -> dict[str, object] | None:
        """The settings that differ by their names; ``None``: a figure that cannot be."""
        figures = {name: _whole(field.text, *RANGES[name]) for name, field in self.fields.items()}
        f_key = figures.pop("f_key")
        if None in figures.values() or (self.prefix.index == 2 and f_key is None):
            return None
        prefix = ("none", "stx", f"f{f_key}")[self.prefix.index or 0]
        return {**figures, "wedge_prefix": prefix, "wedge_suffix": _SUFFIXES[self.suffix.index or 0]}

    def settle(self) -> None:
        """Closed while a figure cannot be: its range stands below it."""
        self.fields["f_key"].setVisible(self.prefix.index == 2)
        for name, field in self.fields.items():
            low, high = RANGES[name]
            if name != "f_key" or self.prefix.index == 2:
                fits = _whole(field.text, low, high) is not None
                field.accept() if fits else field.refuse(Phrase("{low} to {high}", low=low, high=high))
        self.act.not_yet(Phrase("a figure is out of its range")) if self.wanted is None else self.act.ready()

    def _set(self) -> None:
        if (wanted := self.wanted) is not None:
            self._set_up(wanted)


def trial_words(trial: TrialScan, found: WedgeSetup | None) -> Phrase:
    """What was read, how fast, how it ended; what to do where it cannot be told from a hand."""
    read, longest = readable(trial.text.encode("latin-1", "replace")), round(trial.longest_ms)
    if trial.ended_by is None:
        return Phrase("Read “{read}”, and no end: let the scanner send Enter or Tab behind every scan.", read=read)
    if found is None and trial.longest_ms > SLOWEST_MS:
        return Phrase(
            "Read “{read}”, {ms} ms between keys: as slow as a hand. Let it send STX or an F-key in front.", read=read, ms=longest
        )
    if found is None:
        return Phrase("Read “{read}”: too short to tell. Scan something longer.", read=read)
    return Phrase("Read “{read}”, {count} characters, at most {ms} ms apart.", read=read, count=len(trial.text), ms=longest)


def _whole(written: str, low: int, high: int) -> int | None:
    written = written.strip()
    value = int(written) if written.isascii() and written.isdecimal() and len(written) <= 4 else None
    return value if value is not None and low <= value <= high else None
