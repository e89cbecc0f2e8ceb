"""F4: where the number in focus comes from. Facts of the record, and the raw frame with every control character drawn."""

from __future__ import annotations

from collections.abc import Sequence

from app.base.phrases import Phrase
from ui.bridge import Bridge
from ui.kit import Label, Panel, PrimaryButton, RawCode, Sheet, Type
from ui.shell.evidence import Evidence, Fact
from ui.shell.fact_rows import FactRow
from ui.shell.kept_picture import KeptPicture

ROW = 48


class EvidenceSheet(Sheet):
    """One panel per number; a screen usually supplies one."""

    def __init__(self, evidence: Sequence[Evidence], bridge: Bridge, *, primary: PrimaryButton | None = None) -> None:
        """`bridge`: fetches pictures; `primary`: what is done about it, where somebody decides on what it shows."""
        super().__init__(Phrase("Evidence"), icon="eye", primary=primary, leave=Phrase("Back"))
        self.evidence, self._bridge = tuple(evidence), bridge
        for one in self.evidence:
            self._show(one)
        if not self.evidence:
            self.body.addWidget(Label(Phrase("No number is in focus. Choose one, then press F4."), wrap=True))
        self.body.addStretch(1)

    def _show(self, one: Evidence) -> None:
        self.body.addWidget(Label(one.title, Type.TITLE, wrap=True))
        panel = Panel(padding=0)
        panel.body.setSpacing(0)
        panel.body.addWidget(FactRow(Fact(name=Phrase("origin"), value=one.origin)))
        for fact in one.facts:
            panel.body.addWidget(FactRow(fact))
        self.body.addWidget(panel)
        if one.picture is not None:
            picture = KeptPicture()
            self.body.addWidget(picture, 1)
            picture.ask(self._bridge, one.picture, one.title)
        if one.raw is not None:
            self.body.addWidget(Label(Phrase("as it came"), ink="ink2"))
            raw = RawCode(one.raw.decode("latin-1"))
            self.body.addWidget(raw)
