"""A printer of the operating system becomes a printer of labels: which one, and in which language its labels are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from app.base.phrases import Language, Phrase
from app.devices.printer_language import OFFICE, SYSTEM
from ui.devices.proposal import Proposal, kind_name
from ui.kit import Choices, Label, PrimaryButton, Sheet, State, StateRow, StateRows, Words
from ui.printing.system_printers import PrinterTold

LANGUAGE_WORDS: dict[Language | None, Words] = {None: Phrase("as the station"), Language.EN: "English", Language.ZH: "中文"}
"""Of the labels."""
LANGUAGES = tuple(LANGUAGE_WORDS)


class OfficeSheet(Sheet):
    """A digit chooses the printer; what the system says of it stands beside its name. Nothing is printed to try it."""

    writes_first = False

    def __init__(
        self, one: Proposal, printers: Sequence[PrinterTold], go_on: Callable[[Proposal], None], *, before: Proposal | None = None
    ) -> None:
        """Ask.

        Args:
            one: What was chosen already, or is connected until now.
            printers: Of this computer, those that are taken left out.
            go_on: Hears printer and language.
            before: How it is connected until now; ``None``: not at all.
        """
        self.act = PrimaryButton(Phrase("Go on"), icon="arrow")
        super().__init__(kind_name(OFFICE), icon="printer", primary=self.act)
        self.proposal, self._printers, self._go_on, self._before = one, list(printers), go_on, before
        self.rows = StateRows(numbered=True)
        self.language = Choices(list(LANGUAGE_WORDS.values()), LANGUAGES.index(one.language))
        self.rows.opened.connect(self._choose)
        self.language.chosen.connect(self._choose_language)
        self.act.clicked.connect(lambda: self._go_on(self.proposal))
        self.body.addWidget(Label(Phrase("Language of its labels"), ink="ink2"))
        self.body.addWidget(self.language)
        self.body.addWidget(Label(Phrase("Printers of this computer"), ink="ink2"))
        self.body.addWidget(self.rows, 1)
        once = Phrase("One label, one page, at its upper left corner. It never says whether it came out: a person does.")
        self.body.addWidget(Label(once, ink="ink2", wrap=True))
        self._show()

    def press(self, key: int) -> bool:
        """A digit chooses the printer."""
        return self.rows.press(key) or super().press(key)

    def _choose(self, n: int) -> None:
        if n < len(self._printers):
            self.proposal = replace(self.proposal, url=f"{SYSTEM}{self._printers[n].name}")
            self._show()

    def _choose_language(self, n: int) -> None:
        self.proposal = replace(self.proposal, language=LANGUAGES[n])
        self.settle()

    def _show(self) -> None:
        nothing = StateRow(state=State.TO_DO, title=Phrase("This computer has no other printer."), line=Phrase("Let IT set one up."))
        self.rows.show_rows([self._row(one) for one in self._printers] or [nothing], stay=True)
        self.settle()

    def _row(self, one: PrinterTold) -> StateRow:
        size = f"{one.width_mm:g} × {one.height_mm:g} mm"
        facts = Phrase("{paper}, {size} • {dpi} dots per inch", paper=one.paper, size=size, dpi=one.dpi)
        state = State.HERE if self.proposal.url == f"{SYSTEM}{one.name}" else State.TO_DO
        return StateRow(state=state, title=one.name, line=facts, right="" if one.is_ready else Phrase("stopped"), strong=True)

    @property
    def _is_here(self) -> bool:
        return any(self.proposal.url == f"{SYSTEM}{one.name}" for one in self._printers)

    def settle(self) -> None:
        """Closed until a printer is chosen that the system has."""
        if not self._is_here:
            self.act.not_yet(Phrase("choose a printer of this computer"))
        elif self.proposal == self._before:
            self.act.not_yet(Phrase("nothing is changed yet"))
        else:
            self.act.ready()
