"""The right side while a pack is in hand: the order line it fills, the supplier's approval, what comes next, who decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.base.phrases import Phrase
from app.receiving.queries import OrderLineRow, OrderRow, PackFacts
from ui.kit import RIGHT, Badge, Button, Icon, Label, Panel, ProgressBar, Run, Runs, Shape, State, Type, Words, theme
from ui.shell.job_words import job_words
from ui.shell.questions import Colleague


def due_words(due_on: date, today: date) -> Words:
    """When a line is due, seen from today."""
    late = (today - due_on).days
    if late == 0:
        return Phrase("due today")
    return Phrase("due {day}", day=due_on) if late < 0 else Phrase("{count} days late", count=late)


class LinePanel(Panel):
    """The order line: supplier, item, and a bar of what is here, what this pack adds, what was ordered."""

    def __init__(self) -> None:
        super().__init__(Phrase("Order"), "")
        self.supplier = Label("", Type.VALUE, bold=True, elide=True)
        self._item = Label("", ink="ink2", elide=True)
        self._bar = ProgressBar()
        self.received, self.this_pack = Runs(), Runs()
        self._this_word = Label(Phrase("this pack"), ink="ink2")
        self.ordered = Runs(align=RIGHT)
        figures = QHBoxLayout()
        figures.setSpacing(theme.px(6))
        figures.addWidget(self.received)
        figures.addStretch(1)
        figures.addWidget(self._this_word)
        figures.addWidget(self.this_pack)
        figures.addStretch(1)
        figures.addWidget(self.ordered)
        for widget in (self.supplier, self._item, self._bar):
            self.body.addWidget(widget)
        self.body.addLayout(figures)

    def show_line(self, order: OrderRow, line: OrderLineRow | None, *, adding: Decimal | None, today: date) -> None:
        """Another line, or another amount that this pack adds; ``None``: nothing is added."""
        self.supplier.tell(order.supplier_name)
        if line is None:
            self.tell(Phrase("PO {code}", code=order.code.removeprefix("PO")), "")
            self._item.tell(Phrase("this item is not on the order"))
            self._bar.show_parts(Fraction(0))
            self._this_word.set_ink("ink2")
            self.this_pack.tell(Run("–", ink="ink2"))
            for runs in (self.received, self.ordered):
                runs.tell()
            self._show_figures(False)
            return
        self._show_figures(True)
        self.tell(Phrase("PO {code} • line {no}", code=order.code.removeprefix("PO"), no=line.no), due_words(line.due_on, today))
        self._item.tell(line.item.name)
        here, all_ = line.received.value, line.ordered.value
        self._bar.show_parts(Fraction(here) / Fraction(all_), Fraction(adding or 0) / Fraction(all_))
        self.received.tell(Run(Phrase("received"), ink="ink"), Run(" "), Run(Phrase("{n}", n=here), bold=True))
        self._this_word.set_ink("ink2" if adding is None else "act")
        self.this_pack.tell(Run("–", ink="ink2") if adding is None else Run(Phrase("+{n}", n=adding), bold=True, ink="act"))
        self.ordered.tell(Run(Phrase("ordered"), ink="ink2"), Run(" "), Run(Phrase("{n}", n=all_), ink="ink2"))

    def _show_figures(self, shown: bool) -> None:
        """Nothing is counted against an order the item is not on."""
        for widget in (self._bar, self.received, self.this_pack, self.ordered):
            widget.setVisible(shown)

    def set_brief(self, brief: bool) -> None:
        """In the compact window the item stands in the pack's rows only."""
        self._item.setVisible(not brief)
        self._this_word.setVisible(not brief and not self._bar.isHidden())


class ApprovalPanel(Panel):
    """One line when it is fine and room is short; trouble is filled and says when it ended."""

    def __init__(self) -> None:
        super().__init__(Phrase("Supplier approval"))
        self.badge = Badge(State.PASS, Phrase("approved"))
        self.add_right(self.badge)
        self._shape = Shape(State.PASS, 26)
        self._heading = Label("", bold=True, elide=True)
        head = QHBoxLayout()
        head.setSpacing(theme.px(12))
        head.addWidget(self._shape)
        head.addWidget(self._heading, 1)
        self.body.addLayout(head)
        self.certificate, self.until = _pair(self.body), _pair(self.body)
        self._room = self.body.parentWidget()

    def show_facts(self, facts: PackFacts, site: Words, *, brief: bool) -> bool:
        """Another pair of supplier and item.

        Args:
            facts: Of the pack.
            site: Where it is approved.
            brief: One line, when it is fine.

        Returns:
            Whether there is anything to show: the item is known and on the order.
        """
        approval, item = facts.approval, facts.item
        if item is None or facts.line is None:
            return False
        fine = approval is not None and approval.in_force
        state = State.PASS if fine else State.FAIL
        self.badge.show_state(state, Phrase("approved") if fine else Phrase("not approved"))
        self.badge.setVisible(brief and fine)
        self._shape.set_state(state)
        self._heading.tell(
            Phrase("Approved for {item} at {site}", item=item.code, site=site)
            if fine
            else Phrase("Not approved for {item} at {site}", item=item.code, site=site)
        )
        self._heading.set_ink("ink" if fine else "stop")
        if self._room is not None:
            self._room.setVisible(not (brief and fine))
        self.frame(*(("line", 1) if fine else ("stopfill", 2)))
        if approval is None:
            self.certificate[0].tell(Phrase("Certificate")), self.certificate[1].tell("–")
            self.until[0].tell(Phrase("Approval")), self.until[1].tell("–")
            return True
        self.certificate[0].tell(Phrase("{certificate} certificate", certificate=approval.certificate))
        self.certificate[1].tell(_until(approval.certificate_valid_to, facts.today))
        self.until[0].tell(Phrase("Approval"))
        self.until[1].tell(_until(approval.valid_to, facts.today))
        return True


def _until(day: date, today: date) -> Words:
    return Phrase("valid to {day}", day=day) if day >= today else Phrase("ended {day}", day=day)


def _pair(body: QVBoxLayout) -> tuple[Label, Label]:
    row = QHBoxLayout()
    name, value = Label("", ink="ink2"), Label("", bold=True)
    row.addWidget(name)
    row.addStretch(1)
    row.addWidget(value)
    body.addLayout(row)
    return name, value


class NextPanel(Panel):
    """What is next, in the order of the hand: done, here, to come."""

    def __init__(self) -> None:
        super().__init__(Phrase("What is next"))
        self._steps: list[QWidget] = []
        self.said_steps: tuple[tuple[State, Words, Words], ...] = ()
        self.body.addStretch(1)

    def show_steps(self, steps: Sequence[tuple[State, Words, Words]]) -> None:
        """Other steps: state, what, and a second line or nothing."""
        if tuple(steps) == self.said_steps:
            return
        self.said_steps = tuple(steps)
        for old in self._steps:
            self.body.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._steps = [self._step(*step) for step in steps]
        for n, widget in enumerate(self._steps):
            self.body.insertWidget(n, widget)

    @staticmethod
    def _step(state: State, what: Words, second: Words) -> QWidget:
        widget = QWidget()
        row = QHBoxLayout(widget)
        row.setContentsMargins(0, theme.px(2), 0, theme.px(2))
        row.setSpacing(theme.px(14))
        shape = Shape(state, 26)
        row.addWidget(shape)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(what, bold=state in (State.PASS, State.HERE), elide=True))
        if second:
            words.addWidget(Label(second, ink="ink2", elide=True))
        row.addLayout(words, 1)
        return widget


class DecidePanel(Panel):
    """Who can decide on a refused pack, and the button that asks them."""

    def __init__(self, ask: Callable[[], None]) -> None:
        super().__init__(Phrase("Who can release this"))
        person = QHBoxLayout()
        person.setSpacing(theme.px(16))
        self._icon = Icon("person", 30)
        person.addWidget(self._icon)
        names = QVBoxLayout()
        names.setSpacing(0)
        self.name = Label("", bold=True, elide=True)
        self._job = Label("", ink="ink2", elide=True)
        names.addWidget(self.name)
        names.addWidget(self._job)
        person.addLayout(names, 1)
        self.body.addLayout(person)
        self._where = Label(Phrase("The pack goes to the red shelf. Nothing was booked."), ink="ink2", wrap=True)
        self.body.addWidget(self._where)
        self.ask = Button(Phrase("Ask Quality to decide"), icon="call")
        self.ask.clicked.connect(ask)
        self.body.addWidget(self.ask)
        self.body.addStretch(1)

    def show_people(self, people: Sequence[Colleague]) -> None:
        """Quality of this site; the first is named, the job decides."""
        if not people:
            self.name.tell(job_words("quality"))
            self._job.tell("")
            self.ask.tell(Phrase("Ask Quality to decide"))
            return
        first = people[0]
        self.name.tell(first.name)
        job: Words = job_words(first.job)
        self._job.tell(Phrase("{job} • tel. {phone}", job=job, phone=first.phone) if first.phone else job)
        self.ask.tell(Phrase("Ask {person} to decide", person=first.name))

    def was_asked(self) -> None:
        """The task waits for Quality."""
        self._where.tell(Phrase("Quality was asked. Put the pack on the red shelf and go on."))
        self.ask.not_yet(Phrase("asked"))

    def not_asked(self) -> None:
        """Another pack was refused."""
        self._where.tell(Phrase("The pack goes to the red shelf. Nothing was booked."))
        self.ask.ready()

    def set_brief(self, brief: bool) -> None:
        """Where room is short only the person and the button stay."""
        self._where.setVisible(not brief)
