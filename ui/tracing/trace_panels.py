"""Beside the graph: the units a trace reaches, always adding up, and the batches they are of; or every record as a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.base.phrases import Phrase, group_thousands
from app.tracing.graph import Trace, TraceNode
from app.tracing.graph_words import kind_words, node_words, second_words, status_words
from ui.kit import Balance, Cell, Column, CountRows, Fill, Label, Number, Panel, Part, Row, Table, theme

FILLS = {"labelled": Fill.FIRST, "sampled": Fill.SECOND, "scrapped": Fill.THIRD, "made": Fill.TELL}
MOST_BATCHES = 5


class UnitsPanel(Panel):
    """Every unit of the trace is in one part; nothing is unknown here, since units are records."""

    def __init__(self) -> None:
        super().__init__(Phrase("Units"), "")
        self.counts = CountRows(_balance({}), with_shares=True)
        self.none = Label(Phrase("No unit is made from it."), ink="ink2", wrap=True)
        self.body.addWidget(self.counts)
        self.body.addWidget(self.none)

    def show_units(self, found: Trace) -> None:
        """Those of this trace; of where something came from only the one that was asked for, so there is nothing to add up."""
        units = found.units
        self.counts.show_balance(_balance(units))
        self.counts.setVisible(bool(units))
        self.none.setVisible(not units)
        self.setVisible(found.forward)


def _balance(counts: Mapping[str, int]) -> Balance:
    parts = tuple(
        Part(name=status_words("unit", status), count=counts[status], fill=fill) for status, fill in FILLS.items() if counts.get(status)
    )
    return Balance(
        name=Phrase("units reached"), whole=sum(counts.values()), parts=parts, missing=Phrase("unknown"), surplus=Phrase("too many")
    )


class BatchesPanel(Panel):
    """Each batch with its state and how many of its units the trace reaches."""

    def __init__(self) -> None:
        super().__init__(Phrase("Batches"), "", padding=0)
        self._lines: list[QWidget] = []
        self.body.setSpacing(0)
        self.body.addStretch(1)

    def show_batches(self, found: Trace) -> None:
        """The first five; how many more there are is said, and the list has them all."""
        for line in self._lines:
            self.body.removeWidget(line)
            line.hide()
            line.deleteLater()
        batches = found.of("batch")
        reached: Counter[object] = Counter()
        for unit in found.of("unit"):
            reached[unit.batch] += unit.many
        self.tell(Phrase("Batches"), group_thousands(sum(batch.many for batch in batches)))
        self._lines = [_batch_line(batch, reached[batch.id] if found.forward else None) for batch in batches[:MOST_BATCHES]]
        if len(batches) > MOST_BATCHES:
            self._lines.append(_line(Label(Phrase("{count} more in the list", count=len(batches) - MOST_BATCHES), ink="ink2")))
        for n, line in enumerate(self._lines):
            self.body.insertWidget(n, line)
        self.setVisible(bool(batches))


def _line(*parts: QWidget) -> QWidget:
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(theme.px(16), theme.px(8), theme.px(16), theme.px(8))
    for n, part in enumerate(parts):
        row.addWidget(part, 1 if n == 0 else 0)
    return line


def _batch_line(batch: TraceNode, units: int | None) -> QWidget:
    left = QWidget()
    column = QVBoxLayout(left)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(Label(node_words(batch), bold=True))
    column.addWidget(Label(status_words("batch", batch.status) if batch.status is not None else "", ink="ink2", elide=True))
    return _line(left, *([Label(Phrase("{count} units", count=units))] if units is not None and batch.id is not None else []))


def trace_table(page: int) -> Table:
    """The list form: as many rows as this glass holds."""
    columns = [
        Column(title=Phrase("Kind"), width=230),
        Column(title=Phrase("Code"), width=260),
        Column(title=Phrase("What")),
        Column(title=Phrase("Count"), width=110, number=True),
    ]
    return Table(columns, page=page)


def trace_rows(nodes: Sequence[TraceNode]) -> list[Row]:
    """Every record and every group, in the trace's own order."""
    return [
        Row(
            key=node.key,
            cells=(
                kind_words(node.kind),
                Cell(words=node.code or "–", bold=True),
                second_words(node),
                group_thousands(node.many),
            ),
            numbers=numbers_of_node(node),
        )
        for node in nodes
    ]


_AMOUNTS = {
    "lot": Phrase("added up by the database: what was received of it and not taken back"),
    "container": Phrase("as it was received"),
    "batch": Phrase("counted by the database: units of it that were made"),
}


def numbers_of_node(node: TraceNode) -> tuple[Number, ...]:
    """What a record held or was made to, and how many stand behind it."""
    counted = Phrase("counted by the database when this trace was asked for")
    numbers = [Number(name=Phrase("Records of {what}", what=node_words(node)), value=group_thousands(node.many), how=counted)]
    if node.amount is not None:
        how = _AMOUNTS.get(node.kind, counted)
        numbers.append(Number(name=node_words(node), value=Phrase("{quantity}", quantity=node.amount), how=how))
    return tuple(numbers)
