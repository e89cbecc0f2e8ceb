"""Another printer: for one label that waits, or for all labels of a kind from now on. Chosen by its digit, with a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.base.phrases import Phrase
from ui.kit import Field, Label, PrimaryButton, Sheet, State, StateRow, StateRows, Words, theme
from ui.kit.reason_sheet import SHORTEST


class PrinterSheet(Sheet):
    """Closed until a printer is chosen and there is a reason; the line for it stands once there is something to give a reason for."""

    def __init__(
        self, title: Words, line: Words, printers: Sequence[tuple[str, Words]], act: Words, go_on: Callable[[str, str], None]
    ) -> None:
        """Args:
        title: Of the sheet.
        line: What will be done.
        printers: Code and where it stands; those that are connected here first.
        act: On the button.
        go_on: Hears the code and the reason.
        """
        self.act = PrimaryButton(act, icon="printer")
        super().__init__(title, icon="printer", primary=self.act)
        self._printers, self._go_on = list(printers), go_on
        self._chosen: str | None = None
        self.body.addWidget(Label(line, wrap=True))
        self.rows = StateRows(numbered=True)
        self.rows.opened.connect(self._choose)
        self.reason = Field(Phrase("Why, in one line"))
        self.reason.edited.connect(lambda _: self.settle())
        self.body.addWidget(self.rows, 1)
        self.body.addSpacing(theme.px(8))  # targets for gloves do not touch
        self.body.addWidget(self.reason)
        self.reason.hide()
        if not self._printers:
            self.body.addWidget(Label(Phrase("No other printer is registered at this site."), ink="att", wrap=True))
        self.act.clicked.connect(self._pressed)
        self._show()
        self.settle()

    def press(self, key: int) -> bool:
        """A digit chooses the printer, until one is chosen and digits belong to the reason."""
        return (self._chosen is None and self.rows.press(key)) or super().press(key)

    def settle(self) -> None:
        """What is missing stands on the button."""
        if self._chosen is None:
            self.act.not_yet(Phrase("choose a printer"))
        elif len(self.reason.text.strip()) < SHORTEST:
            self.act.not_yet(Phrase("write the reason"))
        else:
            self.act.ready()

    def _show(self) -> None:
        rows = [
            StateRow(state=State.HERE if code == self._chosen else State.TO_DO, title=code, line=where, strong=code == self._chosen)
            for code, where in self._printers
        ]
        self.rows.show_rows(rows, stay=True)

    def _choose(self, place: int) -> None:
        self._chosen = self._printers[place][0]
        self._show()
        self.reason.show()
        self.reason.edit.setFocus()
        self.settle()

    def _pressed(self) -> None:
        if self._chosen is not None:
            self._go_on(self._chosen, self.reason.text.strip())
