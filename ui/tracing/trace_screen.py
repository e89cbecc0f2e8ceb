"""Where it came from and where it went: a lot, a batch, a unit, a gauge, a person; opened by any scan (face.md §7, 7 Trace)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from sqlalchemy.orm import Session

from app.base.phrases import Phrase
from app.core.command import Permission
from app.core.feed import Change
from app.scanning.result import Scanned, Status
from app.tracing.graph import Trace, TraceNode, trace, trace_from
from app.tracing.graph_start import Start
from app.tracing.graph_words import record_words
from ui.kit import Button, Choices, Genealogy, Label, Panel, Table, rows_that_fit, theme
from ui.kit.tokens import GAP, TAB_HEIGHT
from ui.shell.evidence import Evidence, evidence_of_number
from ui.shell.hooks import Context
from ui.shell.registry import offered
from ui.shell.screen import Screen, screen
from ui.tracing.trace_panels import BatchesPanel, UnitsPanel, numbers_of_node, trace_rows, trace_table
from ui.tracing.trace_picture import picture_of

SIDE, COMPACT_SIDE = 372, 340
_OPENS = {
    "lot": ("materials.lot", "lot"),
    "supplier_lot": ("materials.lot", "lot"),
    "batch": ("batches.release", "batch"),
    "deviation": ("deviations.deviation", "deviation"),
}
"""Which screen shows a record of a kind, and the name it gives the record; where this station has none the record's own trace opens."""
_NOT_TRACED = frozenset({"badge", "location", "purchase_order"})
_CONCERNS = frozenset({"consumption", "consumption_undo", "unit", "batch", "receipt", "receipt_undo", "container", "lot", "deviation"})


def asked_for(session: Session, context: Context) -> Trace:
    """The trace a context names: a record by kind and id, or whatever was scanned or typed."""
    forward: bool | None = context.get("forward")
    if "id" not in context:
        return trace(session, context["code"], forward=forward)
    start = Start(kind=context["kind"], id=UUID(context["id"]), code=context["code"])
    return trace_from(session, start, forward=start.asks_forward if forward is None else forward)


@screen(key="tracing.trace", title="Trace", workbench="trace", permission=Permission.EVERYBODY, leads=False)
class TraceScreen(Screen):
    """Graph in the centre, units and batches at the right; the same as a list."""

    help = "Scan anything, or type its code with F3. Arrows walk the graph, Space opens a record, F6 turns the way, F7 shows all as a list."

    def build(self) -> None:
        """Graph or list, and what they add up to."""
        self.trace: Trace | None = None
        self._listed: tuple[str, ...] | None = None
        self.graph = Genealogy(enter_opens=False)
        self.graph.opened.connect(self._open)
        self.graph.unfolded.connect(self._list_some)
        self.table: Table | None = None
        self.panel = Panel(Phrase("Trace"), "", padding=0)
        self.way = Choices([Phrase("forward"), Phrase("backward")], None, height=TAB_HEIGHT)
        self.way.chosen.connect(lambda index: self._turn(forward=index == 0))
        self.panel.add_right(self.way)
        self.foot = Label("", ink="ink2")
        self.panel.body.setSpacing(0)
        self.panel.body.addSpacing(theme.px(GAP))
        self.panel.body.addWidget(self.graph, 1)
        self.panel.body.addWidget(self._foot_row())
        self.units, self.batches = UnitsPanel(), BatchesPanel()
        self._right = QWidget()
        column = QVBoxLayout(self._right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(16))
        column.addWidget(self.units)
        column.addWidget(self.batches)
        column.addStretch(1)
        self.lay_out(self.panel, self._right)
        self.list_button: Button = self.button(Phrase("Show as list"), self._to_list, icon="list", key=Qt.Key.Key_F7)
        self.scan_slot(Phrase("Scan anything to trace it"), Phrase("or type its code with F3"))

    def _foot_row(self) -> QWidget:
        row = QWidget()
        room = QVBoxLayout(row)
        room.setContentsMargins(theme.px(16), theme.px(10), theme.px(16), theme.px(10))
        room.addWidget(self.foot)
        return row

    # what is traced ---------------------------------------------------------------------------------------------------------------

    def opened(self, context: Context) -> None:
        """The record named by the context; without one a scan names it."""
        self.trace = None
        self.panel.hide()
        self._right.hide()
        self.show_button(self.list_button, False)
        self.say_next(Phrase("Scan what you want to trace."), Phrase("Trace"))
        if "code" in context:
            self._ask(context)

    def on_scan(self, scanned: Scanned) -> bool:
        """Everything but a badge, a place and an order is traced."""
        if scanned.kind in _NOT_TRACED or scanned.what in _NOT_TRACED:
            return False
        self._begin(code=scanned.raw)
        return True

    def on_bad_scan(self, scanned: Scanned) -> bool:
        """A serial or a batch's code follows no rule of any issuer: the record knows it, or says that nothing is called so."""
        if scanned.status is not Status.UNKNOWN:
            return False
        self._begin(code=scanned.raw)
        return True

    def _begin(self, **context: Any) -> None:
        self.ask(partial(asked_for, context=context), partial(self._found, context))

    def _found(self, context: Context, found: Trace) -> None:
        self.clear_banner()
        self.close_sheet()
        self.remember(**context)
        self._show(found)

    def _ask(self, context: Context) -> None:
        self.ask(partial(asked_for, context=context), self._show)

    def _turn(self, *, forward: bool) -> None:
        found = self.trace
        if found is not None and found.forward != forward:
            self._begin(kind=found.start.kind, id=str(found.start.id), code=found.start.code, forward=forward)

    def on_changes(self, changes: Sequence[Change]) -> None:
        """Somebody took material, took it back, made units: read again."""
        if self.trace is not None and any(change.table in _CONCERNS for change in changes):
            start = self.trace.start
            self._ask({"kind": start.kind, "id": str(start.id), "code": start.code, "forward": self.trace.forward})

    # what stands here -------------------------------------------------------------------------------------------------------------

    def _show(self, found: Trace) -> None:
        same = self.trace is not None and self.trace.start == found.start and self.trace.forward == found.forward
        self.trace = found
        if not same:
            self._listed = None
        picture = picture_of(found)
        self.graph.show_graph(picture.nodes, picture.edges, picture.names)
        self.way.choose(0 if found.forward else 1)
        self.panel.title.tell(Phrase("Where it went") if found.forward else Phrase("What is in it and who made it"))
        self.units.show_units(found)
        self.batches.show_batches(found)
        count = sum(node.many for node in found.nodes)
        self.foot.tell(Phrase("{count} records, {edges} links", count=count, edges=sum(edge.many for edge in found.edges)))
        self.panel.show()
        self._right.show()
        self.show_button(self.list_button, True)
        self._say(found)
        self._fit()
        self._show_form()

    def _say(self, found: Trace) -> None:
        units, batches = sum(found.units.values()), sum(node.many for node in found.of("batch"))
        lots = sum(node.many for node in found.of("lot"))
        code = found.start.code
        if found.forward:
            sentence = Phrase("{code} leads to {units} units of {batches} batches.", code=code, units=units, batches=batches)
        else:
            sentence = Phrase("{code} was made from {lots} lots.", code=code, lots=lots)
        self.say_next(sentence, Phrase("Trace • {record}", record=record_words(found.start)))

    def _show_form(self) -> None:
        """The graph, or the list of all or of what was folded."""
        if self.table is not None:
            self.panel.body.removeWidget(self.table)
            self.table.hide()
            self.table.deleteLater()
            self.table = None
        as_list = self._listed is not None
        self.graph.setVisible(not as_list)
        self.list_button.tell(Phrase("Show as graph") if as_list else Phrase("Show as list"))
        if self.trace is None or self._listed is None:
            self.graph.setFocus()
            return
        self.table = trace_table(rows_that_fit(self.height() - theme.px(48)))
        nodes = [node for node in self.trace.nodes if not self._listed or node.key in self._listed]
        self.table.show_rows(trace_rows(nodes), chosen=nodes[0].key)
        self.table.opened.connect(self._open)
        self.panel.body.insertWidget(1, self.table, 1)
        self.table.setFocus()

    def _to_list(self) -> None:
        if self.trace is not None:
            self._listed = () if self._listed is None else None
            self._show_form()

    def _list_some(self, keys: tuple[str, ...]) -> None:
        """What a fold holds, or the rest of what hangs under a node."""
        self._listed = tuple(keys)
        self._show_form()

    def _fit(self) -> None:
        wide = self.width() / theme.factor
        self._right.setFixedWidth(theme.px(SIDE if wide >= 1500 else COMPACT_SIDE))
        self._right.setVisible(self.trace is not None and wide >= 1000)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside a sheet the right column gives way; the list has as many rows as fit."""
        super().resizeEvent(event)
        self._fit()
        if self._listed is not None:
            self._show_form()

    def on_key(self, key: int) -> bool:
        """F6 turns the way; arrows and Space are the graph's wherever the keyboard is."""
        if key == Qt.Key.Key_F6 and self.trace is not None:
            self._turn(forward=not self.trace.forward)
            return True
        return self.trace is not None and self._listed is None and self.graph.press(key)

    # a record ---------------------------------------------------------------------------------------------------------------------

    def evidence(self) -> Sequence[Evidence]:
        """F4: the record the keyboard stands on, in the graph or in the list."""
        if self.table is not None:
            return super().evidence()
        nodes = self.trace.nodes if self.trace is not None else ()
        node = next((node for node in nodes if node.key == self.graph.focus_key), None)
        return tuple(map(evidence_of_number, numbers_of_node(node))) if node is not None else ()

    def _open(self, key: str) -> None:
        node = next((node for node in self.trace.nodes if node.key == key), None) if self.trace is not None else None
        if node is None or node.id is None or node.code is None:
            return
        there = _OPENS.get(node.kind)
        rights = {entry.key for entry in offered() if entry.permission in self.shell.rights}
        if there is not None and there[0] in rights:
            self.go(there[0], **{there[1]: str(node.id)})
        elif not self._is_start(node):
            self._begin(kind=node.kind, id=str(node.id), code=node.code)

    def _is_start(self, node: TraceNode) -> bool:
        return self.trace is not None and (node.kind, node.id) == (self.trace.start.kind, self.trace.start.id)
