"""A batch is started: the effective record it is made by, and how many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from app.base.measurement import Quantity
from app.base.phrases import Phrase
from app.batches.master_list import MasterLine
from ui.kit import ChoiceRows, Label, NumberEntry, PrimaryButton, Sheet


class StartSheet(Sheet):
    """`start` hears the record and the quantity in its unit; the sheet stays until the screen closes it."""

    def __init__(self, masters: Sequence[MasterLine], start: Callable[[MasterLine, Decimal], None]) -> None:
        self._act = PrimaryButton(Phrase("Start the batch"), icon="batches")
        super().__init__(Phrase("Start a batch"), icon="batches", primary=self._act)
        self._masters, self._start = tuple(masters), start
        self.choices = ChoiceRows([_words(one) for one in masters], 0 if len(masters) == 1 else None)
        self.entry = NumberEntry(Phrase("Planned quantity"), unit="", places=0, limits=None, soft=None)
        self._most = Label("", ink="ink2", wrap=True)
        self.body.addWidget(Label(Phrase("Effective master record"), ink="ink2"))
        self.body.addWidget(self.choices)
        self.body.addSpacing(self.body.spacing())
        self.body.addWidget(self.entry)
        self.body.addWidget(self._most)
        self.body.addStretch(1)
        self.choices.chosen.connect(lambda _: self._record_chosen())
        self.entry.changed.connect(lambda _: self.settle())
        self._act.clicked.connect(self._given)
        self._record_chosen()

    @property
    def master(self) -> MasterLine | None:
        """The chosen record."""
        return self._masters[self.choices.index] if self.choices.index is not None else None

    def press(self, key: int) -> bool:
        """A digit chooses a record while none is chosen; afterwards digits are the quantity's."""
        return (self.master is None and self.choices.press(key)) or super().press(key)

    def _record_chosen(self) -> None:
        master = self.master
        if master is None:
            self._most.tell(Phrase("Choose the record; then its quantity."))
        else:
            self.entry.ask(Phrase("Planned quantity"), unit=master.batch_size.unit, places=0, limits=None, soft=None)
            self._most.tell(Phrase("{name}: at most {most} in one batch", name=master.name, most=master.batch_size))
            self.entry.setFocus()
        self.settle()

    def settle(self) -> None:
        """Closed with its reason until what is written can be started; the database looks again."""
        master, value = self.master, self.entry.value
        if master is None:
            self._act.not_yet(Phrase("choose the record"))
        elif value is None or value <= 0:
            self._act.not_yet(Phrase("write how many"))
        elif value > master.batch_size.value:
            self.entry.refuse(Phrase("Not started: a batch of this record has at most {most}.", most=master.batch_size))
            self._act.not_yet(Phrase("too many for one batch"))
        else:
            self._act.tell(Phrase("Start {quantity}", quantity=Quantity(value, master.batch_size.unit)))
            self._act.ready()

    def _given(self) -> None:
        value = self.entry.check()
        if self.master is not None and value is not None and not self._act.is_busy:
            self._act.begin_busy(Phrase("Starting"))  # a second Enter starts no second batch
            self._start(self.master, value)


def _words(master: MasterLine) -> Phrase:
    return Phrase("{code}, revision {revision}", code=master.code, revision=master.revision)
