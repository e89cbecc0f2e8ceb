"""F4: where the number in focus comes from. Facts of the record, and the raw frame with every control character drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.base.errors import AppError
from app.base.phrases import Phrase
from app.core.behind import Behind, Kept, entries_behind
from ui.bridge import Bridge
from ui.kit import Label, PagedBlocks, Panel, PrimaryButton, RawCode, Sheet, Type, theme
from ui.shell.evidence import Evidence, Fact
from ui.shell.fact_rows import FactRow
from ui.shell.kept_picture import KeptPicture
from ui.shell.moments import moment_words


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
        self.pages = PagedBlocks()
        self.body.addWidget(self.pages, 1)
        self.pages.show_blocks([self._block(one) for one in self.evidence])
        if not self.evidence:
            self.pages.show_blocks([Label(Phrase("No number is in focus. Choose one, then press F4."), wrap=True)])
        if self._kept:
            asked = partial(entries_behind, values={kept for kept, _ in self._kept})
            bridge.ask(asked, done=self._show_behind, refused=self._not_told, owner=self)

    def press(self, key: int) -> bool:
        """PgUp and PgDn turn, where the numbers need more than the glass."""
        return self.pages.press(key) or super().press(key)

    def _block(self, one: Evidence) -> QWidget:
        block = QWidget()
        rows = QVBoxLayout(block)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.px(8))
        rows.addWidget(Label(one.title, Type.TITLE, wrap=True))
        panel = Panel(padding=0)
        panel.body.setSpacing(0)
        panel.body.addWidget(FactRow(Fact(name=Phrase("origin"), value=one.origin)))
        for fact in one.facts:
            panel.body.addWidget(FactRow(fact))
        rows.addWidget(panel)
        if one.kept is not None:
            self._kept.append((one.kept, panel))
        if one.picture is not None:
            picture = KeptPicture()
            rows.addWidget(picture, 1)
            picture.ask(self._bridge, one.picture, one.title)
        if one.raw is not None:
            rows.addWidget(Label(Phrase("as it came"), ink="ink2"))
            rows.addWidget(RawCode(one.raw.decode("latin-1")))
        return block

    def _show_behind(self, behind: Mapping[Kept, Behind]) -> None:
        for kept, panel in self._kept:
            found = behind.get(kept)
            for fact in _facts(found, self._zone) if found is not None else (_NOT_FOLLOWED,):
                panel.body.addWidget(FactRow(fact))
        self.pages.fit()

    def _not_told(self, error: AppError) -> None:
        """The number stays; why nobody is named stands below it."""
        for _, panel in self._kept:
            panel.body.addWidget(FactRow(Fact(name=Phrase("entered by"), value=error.what)))
        self.pages.fit()


_NOT_FOLLOWED = Fact(name=Phrase("entered by"), value=Phrase("no entry of the trail holds it"))


def _facts(behind: Behind, zone: tzinfo) -> Iterator[Fact]:
    who = behind.name if behind.name is not None else behind.who
    station = behind.station or Phrase("past the stations")
    yield Fact(name=Phrase("entered by"), value=Phrase("{who}, {station}", who=who, station=station))
    yield Fact(name=Phrase("time, by the database"), value=moment_words(behind.at, zone))
    entry = Phrase("entry {seq} of {chain}", seq=behind.seq, chain=behind.chain)
    yield Fact(name=Phrase("on record"), value=Phrase("{entry}, {act}", entry=entry, act=behind.act) if behind.act else entry)
