"""F4: where the number in focus comes from. Facts of the record, and the raw frame with every control character drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo
from functools import partial

from app.base.errors import AppError
from app.base.phrases import Phrase
from app.core.behind import Behind, Kept, entries_behind
from ui.bridge import Bridge
from ui.kit import Label, Panel, PrimaryButton, RawCode, Sheet, Type
from ui.shell.evidence import Evidence, Fact
from ui.shell.fact_rows import FactRow
from ui.shell.kept_picture import KeptPicture
from ui.shell.moments import moment_words

ROW = 48


class EvidenceSheet(Sheet):
    """One panel per number; a screen usually supplies one."""

    def __init__(self, evidence: Sequence[Evidence], bridge: Bridge, zone: tzinfo, *, primary: PrimaryButton | None = None) -> None:
        """Show it, and ask who put there what stands on record.

        Args:
            evidence: Of each number; none: nothing is in focus.
            bridge: Fetches pictures and asks.
            zone: Of the plant.
            primary: What is done about it, where somebody decides on what it shows.
        """
        super().__init__(Phrase("Evidence"), icon="eye", primary=primary, leave=Phrase("Back"))
        self.evidence, self._bridge, self._zone = tuple(evidence), bridge, zone
        self._kept: list[tuple[Kept, Panel]] = []
        for one in self.evidence:
            self._show(one)
        if not self.evidence:
            self.body.addWidget(Label(Phrase("No number is in focus. Choose one, then press F4."), wrap=True))
        self.body.addStretch(1)
        if self._kept:
            asked = partial(entries_behind, values={kept for kept, _ in self._kept})
            bridge.ask(asked, done=self._show_behind, refused=self._not_told, owner=self)

    def _show(self, one: Evidence) -> None:
        self.body.addWidget(Label(one.title, Type.TITLE, wrap=True))
        panel = Panel(padding=0)
        panel.body.setSpacing(0)
        panel.body.addWidget(FactRow(Fact(name=Phrase("origin"), value=one.origin)))
        for fact in one.facts:
            panel.body.addWidget(FactRow(fact))
        self.body.addWidget(panel)
        if one.kept is not None:
            self._kept.append((one.kept, panel))
        if one.picture is not None:
            picture = KeptPicture()
            self.body.addWidget(picture, 1)
            picture.ask(self._bridge, one.picture, one.title)
        if one.raw is not None:
            self.body.addWidget(Label(Phrase("as it came"), ink="ink2"))
            raw = RawCode(one.raw.decode("latin-1"))
            self.body.addWidget(raw)

    def _show_behind(self, behind: Mapping[Kept, Behind]) -> None:
        for kept, panel in self._kept:
            found = behind.get(kept)
            for fact in _facts(found, self._zone) if found is not None else (_NOT_FOLLOWED,):
                panel.body.addWidget(FactRow(fact))

    def _not_told(self, error: AppError) -> None:
        """The number stays; why nobody is named stands below it."""
        for _, panel in self._kept:
            panel.body.addWidget(FactRow(Fact(name=Phrase("entered by"), value=error.what)))


_NOT_FOLLOWED = Fact(name=Phrase("entered by"), value=Phrase("no entry of the trail holds it"))


def _facts(behind: Behind, zone: tzinfo) -> Iterator[Fact]:
    who = behind.name if behind.name is not None else behind.who
    station = behind.station or Phrase("past the stations")
    yield Fact(name=Phrase("entered by"), value=Phrase("{who}, {station}", who=who, station=station))
    yield Fact(name=Phrase("time, by the database"), value=moment_words(behind.at, zone))
    yield Fact(name=Phrase("command"), value=behind.act or "–")
    yield Fact(name=Phrase("on record"), value=Phrase("entry {seq} of {chain}", seq=behind.seq, chain=behind.chain))
