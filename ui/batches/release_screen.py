"""A batch under review: what hinders its release, what is out of order, what was made, who signed; released by two, or rejected."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.base.errors import AppError
from app.base.ids import new_id
from app.base.phrases import Phrase
from app.batches.acceptance import AcceptException
from app.batches.queries import BatchRow, batch_by_code
from app.batches.review import BatchReview, batch_review
from app.core.command import Permission
from app.core.feed import Change
from app.core.session import Who
from app.scanning.result import Scanned
from ui.batches.batch_numbers import numbers_of_review
from ui.batches.release_acts import REJECT, RELEASE, TO_MARKET, BatchAct
from ui.batches.review_gates import gates_of
from ui.batches.review_panels import ExceptionPanel, GatePanel, QuantityPanel, SignaturePanel
from ui.batches.review_rows import Reviewed, reviewed
from ui.batches.review_words import badge, balance_of, facts, sentence, why_not
from ui.batches.rules import BatchNotKnown
from ui.kit import Destructive, Gate, PrimaryButton, theme
from ui.shell.evidence import Evidence, evidence_of_number
from ui.shell.evidence_sheet import EvidenceSheet
from ui.shell.hooks import Context
from ui.shell.registry import SCREENS, of_task
from ui.shell.screen import BAR_HEIGHT, Screen, screen
from ui.shell.signing import SignAs
from ui.tracing.paper_sheet import write_batch_paper

GATES, SIDE, COMPACT_GATES, COMPACT_SIDE = 364, 372, 288, 304
ROOMY = 1500
STEP, TRACE = "batches.step", "tracing.trace"
"""Screens of their own; what leads there stands here where they are offered."""
_CONCERNS = frozenset(
    {
        "batch",
        "batch_step",
        "step_entry",
        "consumption",
        "consumption_undo",
        "unit",
        "label",
        "deviation",
        "exception_acceptance",
        "signature",
        "lot",
    }
)


@screen(key="batches.release", title="Release", workbench="batches", permission=Permission.EVERYBODY, leads=False)
class ReleaseScreen(Screen):
    """Gates left, exceptions centre, quantity and signatures right (face.md §7, 6 Release)."""

    help = "Red gates hinder the release; press one to read why. A figure opens an exception: read its proof, then accept it by name."

    def build(self) -> None:
        """Three columns and what can be signed."""
        self.review: BatchReview | None = None
        self._rows: tuple[Reviewed, ...] = ()
        self._gates: tuple[Gate, ...] = ()
        self._asking = self._ask_again = self._short = False
        self.exceptions, self.gates = ExceptionPanel(), GatePanel()
        self.quantity, self.signatures = QuantityPanel(), SignaturePanel()
        self.exceptions.rows.opened.connect(self._open_exception)
        self._right = QWidget()
        column = QVBoxLayout(self._right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(16))
        column.addWidget(self.quantity)
        column.addWidget(self.signatures, 1)
        self.lay_out(self.exceptions, self._right)
        row = self.layout()
        assert row is not None
        row.insertWidget(0, self.gates)  # type: ignore[attr-defined]
        self._make_buttons()

    def _make_buttons(self) -> None:
        self.record_button = self.button(Phrase("Whole record"), self._write_record, icon="sheet")
        self.trace_button = self.button(Phrase("Trace"), self._to_trace, icon="eye")
        self.reject_button = Destructive(Phrase("Reject the batch"), key=Qt.Key.Key_F11, height=BAR_HEIGHT)
        self.add_button(self.reject_button, partial(self._sign, REJECT))
        self.release_button = self.primary(Phrase("Release"), partial(self._sign, RELEASE), icon="pen")
        self.market_button = self.primary(Phrase("Release to market"), partial(self._sign, TO_MARKET), icon="pen")
        self.put_in_corner(None)

    # which batch ------------------------------------------------------------------------------------------------------------------

    def opened(self, context: Context) -> None:
        """The batch named by the context; without one a scan names it."""
        self.review = None
        self._asking = self._ask_again = False
        for panel in (self.gates, self.exceptions, self._right):
            panel.hide()
        self._settle_bar()
        if "batch" in context:
            self._ask(UUID(context["batch"]))
        else:
            self.say_next(Phrase("Scan the code of a batch."), Phrase("Release"))
            self.scan_slot(Phrase("Scan a batch"))

    def on_scan(self, scanned: Scanned) -> bool:
        """Another batch's code opens its review."""
        if scanned.what != "batch" or scanned.code is None:
            return False
        self.ask(partial(batch_by_code, code=scanned.code), partial(self._found, scanned.code))
        return True

    def _found(self, code: str, batch: BatchRow | None) -> None:
        if batch is None:
            self.refuse(BatchNotKnown(batch=code))
            return
        self.clear_banner()
        self.close_sheet()
        self.remember(batch=str(batch.id))
        self._ask(batch.id)

    def _ask(self, batch: UUID) -> None:
        self._asking, self._ask_again = True, False
        self.ask(partial(batch_review, batch=batch), self._show, self._not_shown)

    def _not_shown(self, error: AppError) -> None:
        self._asking = False
        self.refuse(error)

    def on_changes(self, changes: Sequence[Change]) -> None:
        """Somebody worked on a batch: read again; while a question is under way, once more after it."""
        if self.review is None or not any(change.table in _CONCERNS for change in changes):
            return
        if self._asking:
            self._ask_again = True
        else:
            self._ask(self.review.batch.id)

    def on_person(self, who: Who) -> None:
        """Another person has other rights, and perhaps a hand in it."""
        if self.review is not None:
            self._show_turns(self.review)
        self._settle_bar()

    # what stands here -------------------------------------------------------------------------------------------------------------

    def _show(self, review: BatchReview) -> None:
        self._asking = False
        self.review = review
        self._rows = reviewed(review, self.shell.zone)
        self._gates = gates_of(review)
        self.exceptions.show_rows(review, self._rows)
        self._show_by_glass(review)
        self._show_turns(review)
        for panel in (self.gates, self.exceptions, self._right):
            panel.show()
        self._fit()
        batch = review.batch
        context = Phrase("Release • batch {batch} • {product}", batch=batch.code, product=batch.name)
        self.say_next(sentence(review, self._gates, self._rows), context, badge(review, self._gates))
        self._settle_bar()
        if self._ask_again:
            self._ask(batch.id)

    def _show_by_glass(self, review: BatchReview) -> None:
        self._short = self.shell.frame.compact
        self.gates.show_gates(self._gates, short=self._short)
        self.quantity.show_counts(review, short=self._short)

    def _show_turns(self, review: BatchReview) -> None:
        self.signatures.show_signatures(review, self.shell.zone, self.who, self.shell.rights)

    def _offer_ways_on(self) -> None:
        """To the record and the trace; on small glass the bar has room for deciding alone."""
        offered = self.review is not None and self.width() >= theme.px(ROOMY)
        self.show_button(self.record_button, offered)
        self.show_button(self.trace_button, offered and TRACE in SCREENS and SCREENS[TRACE].permission in self.shell.rights)

    def _settle_bar(self) -> None:
        """Only what this person may sign at this state; the release is closed with its reason while a gate is."""
        review, rights = self.review, self.shell.rights
        self._offer_ways_on()
        self.show_button(self.reject_button, review is not None and REJECT.is_offered(review.batch.status, rights))
        if review is None:
            return
        status = review.batch.status
        if TO_MARKET.is_offered(status, rights):
            self._settle_primary(review, to_market=True)
        elif RELEASE.is_offered(status, rights) or (status == "open" and RELEASE.permission in rights):
            self._settle_primary(review, to_market=False)
        else:
            self.scan_slot(Phrase("Scan another batch"))

    def _settle_primary(self, review: BatchReview, *, to_market: bool) -> None:
        button = self.market_button if to_market else self.release_button
        balance = balance_of(review)
        if balance is not None:
            count = balance.parts[0].count
            words = Phrase("Release {count} to market", count=count) if to_market else Phrase("Release {count}", count=count)
            button.tell(words)
        reason = why_not(review, self._gates, self.who)
        if reason is None and review.batch.status == "open":
            reason = Phrase("the batch is not complete yet")
        if reason is None:
            button.ready()
        else:
            button.not_yet(reason)
        self.put_in_corner(button)

    def _fit(self) -> None:
        """Beside a sheet the gates give way first, then the exceptions; the quantity, which is signed, stays."""
        if self.review is None:
            return
        wide = self.width() / theme.factor
        is_large = wide >= 1500
        self.gates.setFixedWidth(theme.px(GATES if is_large else COMPACT_GATES))
        self.gates.setVisible(wide >= 1080)
        self.exceptions.setVisible(wide >= 700)
        side = theme.px(SIDE if is_large else COMPACT_SIDE)
        self._right.setMinimumWidth(side)
        self._right.setMaximumWidth(side if wide >= 700 else 16777215)
        if self._short != self.shell.frame.compact:
            self._show_by_glass(self.review)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See `_fit`."""
        super().resizeEvent(event)
        self._fit()
        QTimer.singleShot(0, self, self._offer_ways_on)  # the bar is laid out by the same resize

    def minimumSizeHint(self) -> QSize:
        """A screen never makes the window larger than its glass."""
        return QSize(0, 0)

    # proof ------------------------------------------------------------------------------------------------------------------------

    def evidence(self) -> Sequence[Evidence]:
        """F4: what proves the exception the keyboard stands on; with none in hand, what is released."""
        key = self.exceptions.rows.key_at
        proofs = tuple(one.proof() for one in self._rows if one.line.key == key)
        return proofs or (tuple(map(evidence_of_number, numbers_of_review(self.review))) if self.review is not None else ())

    def on_key(self, key: int) -> bool:
        """1–9 open an exception, arrows walk them, PgUp and PgDn turn the lists."""
        return any(rows.press(key) for rows in (self.exceptions.rows, self.signatures.rows, self.gates.rows))

    def _open_exception(self, key: str) -> None:
        """Where it is put right: its deviation, else its step; of what else is out of the ordinary the proof, to be accepted by name."""
        one = next((row for row in self._rows if row.line.key == key), None)
        review = self.review
        if one is None or review is None:
            return
        decides = of_task("decide_deviation")
        if one.deviation is not None and decides is not None and decides.permission in self.shell.rights:
            self.go(decides.key, deviation=str(one.deviation.id))
        elif one.needs_decision and one.step is not None and STEP in SCREENS:
            self.go(STEP, batch=str(review.batch.id), step=str(one.step.id))
        elif one.row.waits_for_review and self._reviews(review):
            accept = PrimaryButton(Phrase("Accept"), icon="pen")
            accept.clicked.connect(partial(self._accept, one))
            self.open_sheet(EvidenceSheet((one.proof(),), self.bridge, self.shell.zone, primary=accept))
        else:
            self.open_sheet(EvidenceSheet((one.proof(),), self.bridge, self.shell.zone))

    def _reviews(self, review: BatchReview) -> bool:
        """Whoever may release it and had no hand in it, before it is released. The database decides again."""
        may = RELEASE.permission in self.shell.rights and self.who is not None and self.who.login not in review.hands
        return may and review.batch.status in ("open", "complete")

    def _accept(self, one: Reviewed) -> None:
        review = self.review
        if review is None:
            return
        self.close_sheet()
        order = AcceptException(command_id=new_id(), id=new_id(), batch=review.batch.id, kind=one.row.kind, record=one.row.record)
        self.submit(order, done=lambda _: self._ask(review.batch.id))

    def _write_record(self) -> None:
        """The paper of everything on record, in the language of the window; "Draft" across it until the batch is released."""
        if self.review is not None:
            write_batch_paper(self, self.review.batch.id, self.record_button)

    def _to_trace(self) -> None:
        if self.review is not None:
            self.go(TRACE, code=self.review.batch.code)

    # signing ----------------------------------------------------------------------------------------------------------------------

    def _sign(self, act: BatchAct) -> None:
        review = self.review
        if review is None:
            return
        self.sign(
            kind="batch",
            subject=review.batch.id,
            title=Phrase("Batch {batch}", batch=review.batch.code),
            what=facts(review),
            choices=(act.sign_as(review.batch.id),),
            done=self._signed,
            after=act.after,
            frame_around=self.quantity,
        )

    def _signed(self, _: object, __: SignAs) -> None:
        self.clear_banner()
        if self.review is not None:
            self._ask(self.review.batch.id)
