"""One lot: what hinders its release, what is out of order, what it is; held, released and rejected by signature.

It stands under the rail's *Trace*: every scan of a lot or container leads here, whoever works, and here quality decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from sqlalchemy.orm import Session

from app.base.errors import AppError
from app.base.phrases import Phrase
from app.core.command import Permission
from app.core.feed import Change
from app.core.logs import log
from app.core.session import Who
from app.core.tasks import TaskRow
from app.materials.queries import lot_by_code
from app.scanning.result import Scanned
from app.tracing.gates import Gate, gates_of, why_not_released
from app.tracing.history import LotHistory
from app.tracing.queries import lot_history, lot_of_container
from ui.kit import Destructive, ReasonSheet, State, theme
from ui.materials import lot_acts
from ui.materials.exceptions import LotException, exceptions_of
from ui.materials.lot_acts import LotAct
from ui.materials.lot_panels import ExceptionPanel, GatePanel, LotPanel, SignaturePanel
from ui.materials.lot_words import badge, lot_facts, sentence
from ui.materials.rules import UnknownLot
from ui.shell.evidence import Evidence
from ui.shell.evidence_sheet import EvidenceSheet
from ui.shell.face import Notice
from ui.shell.hooks import Context
from ui.shell.registry import of_task
from ui.shell.screen import BAR_HEIGHT, Screen, screen
from ui.shell.signing import SignAs
from ui.shell.task_words import TaskWords
from ui.tracing.proofs import proof_of_balance

SIDE, COMPACT_GATES, COMPACT_LOT = 372, 316, 340
_CONCERNS = frozenset({"lot", "receipt", "receipt_undo", "weighing", "label", "inspection", "measurement", "deviation", "signature"})


def lot_behind(session: Session, what: str, code: str) -> UUID:
    """The lot a label names.

    Raises:
        UnknownLot: no lot and no container has this code.
    """
    if what == "container":
        lot = lot_of_container(session, code)
    else:
        row = lot_by_code(session, code)
        lot = row.id if row is not None else None
    if lot is None:
        raise UnknownLot(code=code)
    return lot


@screen(
    key="materials.lot",
    title="Lot",
    workbench="trace",
    permission=Permission.EVERYBODY,
    scans=("lot", "container"),
    tasks=("release_lot",),
    leads=False,
)
class LotScreen(Screen):
    """Gates left, exceptions centre, the lot right (face.md §7, 6 Release)."""

    help = "Red gates hinder the release. A figure opens an exception, F6 the whole history, F4 shows what the balance is made of."

    def build(self) -> None:
        """Three columns and what can be signed."""
        self.history: LotHistory | None = None
        self._exceptions: tuple[LotException, ...] = ()
        self._asking = self._ask_again = False
        self._told: set[UUID] = set()
        self._short = False
        self.exceptions, self.gates = ExceptionPanel(), GatePanel()
        self.lot, self.signatures = LotPanel(), SignaturePanel()
        self.exceptions.rows.opened.connect(self._open_exception)
        self.exceptions.history.clicked.connect(self._to_history)
        self._right = QWidget()
        column = QVBoxLayout(self._right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(16))
        column.addWidget(self.lot)
        column.addWidget(self.signatures, 1)
        self.lay_out(self.exceptions, self._right)
        row = self.layout()
        assert row is not None
        row.insertWidget(0, self.gates)  # type: ignore[attr-defined]
        self._make_buttons()

    def _make_buttons(self) -> None:
        self.hold_button = self.button(Phrase("Hold"), partial(self._act, lot_acts.hold), key=Qt.Key.Key_F8)
        self.reject_button = Destructive(Phrase("Reject"), key=Qt.Key.Key_F11, height=BAR_HEIGHT)
        self.add_button(self.reject_button, partial(self._act, lot_acts.reject))
        self.release_button = self.primary(Phrase("Release"), partial(self._act, lot_acts.release), icon="pen")
        self.end_button = self.primary(Phrase("End the hold"), partial(self._act, lot_acts.end_hold), icon="pen")
        self.put_in_corner(None)

    # which lot --------------------------------------------------------------------------------------------------------------------

    def opened(self, context: Context) -> None:
        """The lot named by the context; without one a scan names it."""
        self.history = None
        for panel in (self.gates, self.exceptions, self._right):
            panel.hide()
        self._settle_bar()
        if "lot" in context:
            self._ask(UUID(context["lot"]))
        else:
            self._await_scan()

    def _await_scan(self) -> None:
        self.say_next(Phrase("Scan a lot or one of its containers."), Phrase("Trace"))
        self.scan_slot(Phrase("Scan a lot or container"))

    def on_scan(self, scanned: Scanned) -> bool:
        """A lot's or a container's label opens its lot."""
        if scanned.what not in ("lot", "container") or scanned.code is None:
            return False
        question = partial(lot_behind, what=scanned.what, code=scanned.code)
        self.ask(question, self._found)
        return True

    def _found(self, lot: UUID) -> None:
        self.clear_banner()
        self.close_sheet()
        self.remember(lot=str(lot))
        self._ask(lot)

    def _ask(self, lot: UUID) -> None:
        self._asking, self._ask_again = True, False
        self.ask(partial(lot_history, lot=lot), self._show, self._not_shown)

    def _not_shown(self, error: AppError) -> None:
        self._asking = False
        self.refuse(error)

    def on_changes(self, changes: Sequence[Change]) -> None:
        """Somebody worked on a lot: read again; while a question is under way, once more after it."""
        if self.history is None or not any(change.table in _CONCERNS for change in changes):
            return
        if self._asking:
            self._ask_again = True
        else:
            self._ask(self.history.lot.id)

    def on_person(self, who: Who) -> None:
        """Another person has other rights."""
        self._settle_bar()

    # what stands here -------------------------------------------------------------------------------------------------------------

    def _show(self, history: LotHistory) -> None:
        self._asking = False
        self.history = history
        gates = gates_of(history)
        self._exceptions = exceptions_of(history, self.shell.zone)
        self.gates.show_gates(gates, history.lot.status)
        self.exceptions.show_exceptions(history, self._exceptions)
        self._short = self.shell.frame.compact
        self.lot.show_lot(history, short=self._short)
        self.signatures.show_signatures(history, self.shell.zone)
        for panel in (self.gates, self.exceptions, self._right):
            panel.show()
        self._fit()
        context = Phrase("Release • lot {lot} • {item}", lot=history.lot.code, item=history.lot.item.name)
        self.say_next(sentence(history, gates), context, badge(history, gates))
        self._settle_bar(gates)
        self._say_broken(history)
        if self._ask_again:
            self._ask(history.lot.id)

    def _say_broken(self, history: LotHistory) -> None:
        """A broken signature is a red banner and a logged event (capability K2)."""
        if not history.broken:
            return
        first = history.broken[0]
        heading = Phrase("The signature of {name} is broken.", name=first.name)
        line = Phrase("{subject} was changed after it was signed. Use nothing of this lot and call Quality.", subject=first.subject_code)
        self.notify(Notice(state=State.FAIL, heading=heading, line=line))
        for given in history.broken:
            if given.id not in self._told:
                self._told.add(given.id)
                log("tracing").error("a signature is broken", signature=str(given.id), subject=given.subject_code, signer=given.signer)

    def _settle_bar(self, gates: tuple[Gate, ...] = ()) -> None:
        """Only what this person may sign at this state; the release is closed with its reason while a gate is."""
        history, rights = self.history, self.shell.rights
        for button, make in ((self.hold_button, lot_acts.hold), (self.reject_button, lot_acts.reject)):
            self.show_button(button, history is not None and lot_acts.is_offered(make(history.lot.id), history, rights))
        if history is None:
            return
        if lot_acts.is_offered(lot_acts.end_hold(history.lot.id), history, rights):
            self.put_in_corner(self.end_button)
        elif lot_acts.is_offered(lot_acts.release(history.lot.id), history, rights):
            self._settle_release(history, gates or gates_of(history))
        else:
            self.scan_slot(Phrase("Scan another lot"))

    def _settle_release(self, history: LotHistory, gates: tuple[Gate, ...]) -> None:
        self.release_button.tell(Phrase("Release {balance}", balance=history.lot.balance))
        reason = why_not_released(gates)
        if reason is None:
            self.release_button.ready()
        else:
            self.release_button.not_yet(reason)
        self.put_in_corner(self.release_button)

    def _fit(self) -> None:
        """Beside a sheet the gates give way first, then the exceptions; the lot itself, which is signed, stays."""
        if self.history is None:
            return
        wide = self.width() / theme.factor
        gates, side = (theme.px(SIDE if wide >= 1500 else small) for small in (COMPACT_GATES, COMPACT_LOT))
        self.gates.setFixedWidth(gates)
        self.gates.setVisible(wide >= 1080)
        self.exceptions.setVisible(wide >= 700)
        self._right.setMinimumWidth(side)
        self._right.setMaximumWidth(side if wide >= 700 else 16777215)
        if self._short != self.shell.frame.compact:
            self._short = self.shell.frame.compact
            self.lot.show_lot(self.history, short=self._short)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See `_fit`."""
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """A screen never makes the window larger than its glass."""
        return QSize(0, 0)

    # proof ------------------------------------------------------------------------------------------------------------------------

    def evidence(self) -> Sequence[Evidence]:
        """F4: what the balance is made of."""
        return (proof_of_balance(self.history, self.shell.zone),) if self.history is not None else ()

    def on_key(self, key: int) -> bool:
        """F6 opens the history, 1–9 an exception, PgUp and PgDn turn the list."""
        if key == Qt.Key.Key_F6:
            self._to_history()
            return True
        return any(rows.press(key) for rows in (self.exceptions.rows, self.signatures.rows, self.gates.rows))

    def _open_exception(self, n: int) -> None:
        """An open deviation is opened to be decided, by whoever may; everything else shows its proof."""
        if n >= len(self._exceptions):
            return
        one, decides = self._exceptions[n], of_task("decide_deviation")
        if one.deviation is not None and decides is not None and decides.permission in self.shell.rights:
            self.go(decides.key, deviation=str(one.deviation))
        else:
            self.open_sheet(EvidenceSheet((one.proof(),), self.bridge, self.shell.zone))

    def _to_history(self) -> None:
        if self.history is not None:
            self.go("tracing.history", lot=str(self.history.lot.id))

    # signing ----------------------------------------------------------------------------------------------------------------------

    def _act(self, make: Callable[[UUID], LotAct]) -> None:
        history = self.history
        if history is None:
            return
        act = make(history.lot.id)
        if act.question is None:
            self._sign(act, None)
            return
        line = Phrase("Lot {lot}. After the signature: {after}.", lot=history.lot.code, after=act.after)
        self.open_sheet(ReasonSheet(act.question, line, Phrase("Go on to the signature"), partial(self._sign, act)))

    def _sign(self, act: LotAct, reason: str | None) -> None:
        history = self.history
        if history is None:
            return
        self.sign(
            kind="lot",
            subject=history.lot.id,
            title=Phrase("Lot {lot}", lot=history.lot.code),
            what=lot_facts(history, short=False)[:4],
            choices=(act.sign_as,),
            done=self._signed,
            after=act.after,
            reason=reason,
            frame_around=self.lot,
        )

    def _signed(self, _: object, __: SignAs) -> None:
        self.clear_banner()
        if self.history is not None:
            self._ask(self.history.lot.id)

    @classmethod
    def task_words(cls, task: TaskRow) -> TaskWords:
        """Quality's task: its inspection is complete."""
        title = Phrase("Decide on lot {lot}", lot=task.facts.get("lot", "–"))
        return TaskWords(title=title, why=Phrase("its inspection is complete"), context={"lot": str(task.subject_id)})
