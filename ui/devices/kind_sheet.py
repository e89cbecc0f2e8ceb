"""An engineer says what hangs at an address that recognition did not understand, or that keeps silent."""

from __future__ import annotations

from collections.abc import Callable

from app.base.phrases import Phrase
from ui.devices.proposal import kind_name, kinds_at
from ui.kit import Label, Sheet, State, StateRow, StateRows
from ui.shell.evidence import Fact
from ui.shell.fact_rows import FactRow


class KindSheet(Sheet):
    """A digit takes the kind; PgUp and PgDn turn to others."""

    def __init__(self, url: str, choose: Callable[[str, str], None]) -> None:
        super().__init__(Phrase("What hangs there?"), icon="search", primary=None)
        self._url, self._choose, self.kinds = url, choose, kinds_at(url)
        self.rows = StateRows(numbered=True)
        self.rows.opened.connect(self._opened)
        self.rows.show_rows([StateRow(state=State.TO_DO, title=kind_name(key)) for key in self.kinds])
        self.body.addWidget(FactRow(Fact(name=Phrase("port"), value=url)))
        self.body.addWidget(Label(Phrase("It is asked as what you choose, harmlessly and at once."), ink="ink2", wrap=True))
        self.body.addWidget(self.rows, 1)

    def press(self, key: int) -> bool:
        """A digit takes the kind."""
        return self.rows.press(key) or super().press(key)

    def _opened(self, n: int) -> None:
        self._choose(self._url, self.kinds[n])
