"""Facts in a panel that change while somebody looks: the same facts keep their rows and get their values."""

from __future__ import annotations

from collections.abc import Sequence

from ui.kit import Panel, Words
from ui.shell.evidence import Fact
from ui.shell.fact_rows import FactRow


class FactPanel(Panel):
    """One row for each fact."""

    def __init__(self, title: Words) -> None:
        super().__init__(title, "", padding=0)
        self.body.setSpacing(0)
        self._rows: list[FactRow] = []

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """These, in this order."""
        if [row.fact.name for row in self._rows] != [fact.name for fact in facts]:
            self._make(facts)
            return
        for row, fact in zip(self._rows, facts, strict=True):
            if row.fact != fact:
                row.fact = fact
                row.value.tell(fact.value)

    def _make(self, facts: Sequence[Fact]) -> None:
        for old in self._rows:
            self.body.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._rows = [FactRow(fact) for fact in facts]
        for row in self._rows:
            self.body.addWidget(row)
