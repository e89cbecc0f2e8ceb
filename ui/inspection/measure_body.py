"""The panels of the measuring screen and where they stand: wide with chart and plan, compact with them behind the keys 1 2 3."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.base.phrases import Phrase
from ui.deviations.deviation_panel import DeviationPanel
from ui.inspection.bench import Bench
from ui.inspection.cursor import Place, pages
from ui.inspection.live_panel import LivePanel
from ui.inspection.measuring_grid import GridRow, MeasuringGrid
from ui.inspection.run_panel import RunPanel
from ui.inspection.verdict_panel import PlanPanel, VerdictPanel
from ui.kit import Button, Choice, Choices, Label, Panel, State, Words, is_compact, theme
from ui.kit.tokens import CONTROL_HEIGHT

ASIDE, COMPACT_ASIDE = 540, 404
MOST_CHART = 380
NARROW = 1140
"""Below this width (a sheet is open) the right column gives way; the grid stays."""
SIDES = ("chart", "deviation", "plan")


class MeasureBody(QWidget):
    """Draws a `Bench`; says what was pointed at, and that something was written."""

    page_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench: Bench | None = None
        self._measures = False
        self.side: str | None = None
        """Which side picture stands in the grid's place on a small window."""
        self.compact = False
        self.grid, self.live, self.run = MeasuringGrid(), LivePanel(), RunPanel()
        self.verdict, self.plan, self.deviation = VerdictPanel(), PlanPanel(), DeviationPanel()
        self.grid_panel = self._make_grid_panel()
        self.side_keys = [
            Button(words, key=key)
            for words, key in (
                (Phrase("Chart"), Qt.Key.Key_1),
                (Phrase("Deviation"), Qt.Key.Key_2),
                (Phrase("Plan"), Qt.Key.Key_3),
            )
        ]
        for name, button in zip(SIDES, self.side_keys, strict=True):
            button.clicked.connect(lambda _=False, name=name: self.show_side(None if self.side == name else name))
        self._lay()

    def _make_grid_panel(self) -> Panel:
        panel = Panel("", padding=0)
        self.samples_word = Label(Phrase("samples"), ink="ink2")
        self.segments = Choices([], None, height=40)
        self.segments.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.segments.chosen.connect(self.page_wanted)
        panel.add_right(self.samples_word)
        panel.add_right(self.segments)
        panel.body.addWidget(self.grid)
        return panel

    def _lay(self) -> None:
        self._left, self._right = QVBoxLayout(), QVBoxLayout()
        for panel in (self.grid_panel, self.deviation, self.run):
            self._left.addWidget(panel)
        self._left.addStretch(1)
        self._left.setStretchFactor(self.run, 100)
        keys = QHBoxLayout()
        self._keys_row = QWidget()
        self._keys_row.setLayout(keys)
        keys.setContentsMargins(0, 0, 0, 0)
        keys.setSpacing(theme.px(12))
        for button in self.side_keys:
            keys.addWidget(button, 1)
        for part in (self.live, self.verdict, self.plan, self._keys_row):
            self._right.addWidget(part)
        self._right.addStretch(1)
        self._aside = QWidget()
        self._aside.setLayout(self._right)
        row = QHBoxLayout(self)
        for layout in (self._left, self._right, row):
            layout.setContentsMargins(0, 0, 0, 0)
        row.addLayout(self._left, 1)
        row.addWidget(self._aside)
        self._row = row

    # what stands ------------------------------------------------------------------------------------------------------------------

    def show_bench(
        self,
        bench: Bench,
        focus: Place | None,
        page: int,
        gauges: list[str],
        live: Decimal | None,
        coming: Mapping[Place, Decimal],
        drafts: Mapping[Place, Words],
    ) -> None:
        """Draw what is on record, with the hand at `focus`.

        Args:
            bench: Everything on record.
            focus: The cell in focus; ``None``: nowhere.
            page: Which subgroup stands.
            gauges: Code of the gauge used for each characteristic, in their order.
            live: The value that would be taken.
            coming: Values that were taken and are being stored, or wait, by their cell.
            drafts: Those among them that wait for the database or for their author, with the author's name.
        """
        self._bench, self._measures = bench, focus is not None and not bench.is_complete
        test = bench.inspection
        self._tell_title()
        self._show_segments(bench, page)
        rows = [
            GridRow(characteristic=one, gauge=gauges[n], values=bench.values(n), typed=bench.typed_samples(n))
            for n, one in enumerate(test.characteristics)
        ]
        waiting = {place: one.quantity.value for place, one in bench.waiting.items()}
        self.grid.show_grid(rows, samples=bench.samples, focus=focus, page=page, live=live, coming={**waiting, **coming}, drafts=drafts)
        self.verdict.show_tally(bench.tally)
        source = Phrase("{code} revision {revision}", code=test.plan_code, revision=test.plan_revision)
        self.plan.show_plan(lot_size=str(test.lot.balance), sample_size=test.sample_size, accept_no=test.accept_no, source=source)
        place = focus or Place(0, 1)
        values = bench.values(place.row)
        run = [values.get(sample) for sample in range(1, bench.samples + 1)]
        self.run.show_run(bench.characteristic(place), run, place.sample - 1 if focus is not None else None)
        self._fit()

    def _tell_title(self) -> None:
        if self._bench is not None:
            test = self._bench.inspection
            short = Phrase("Lot {lot}", lot=test.lot.code)
            whole = Phrase("Lot {lot} • plan {plan} v{revision}", lot=test.lot.code, plan=test.plan_code, revision=test.plan_revision)
            self.grid_panel.tell(short if self.compact else whole)

    def _show_segments(self, bench: Bench, page: int) -> None:
        all_pages = pages(bench.samples)
        choices = []
        for n, samples in enumerate(all_pages):
            full = State.FAIL if bench.page_has_outside(n) else State.PASS
            choices.append(Choice(f"{samples.start}–{samples.stop - 1}", full if bench.page_is_full(n) else None))
        self.segments.offer(choices, page)
        self._fit_segments()

    def _fit_segments(self) -> None:
        """The word gives way first, then the segments themselves: PgUp and PgDn turn the subgroups all the same."""
        several = self._bench is not None and len(pages(self._bench.samples)) > 1
        self.segments.setVisible(several and self.width() >= theme.px(640))
        self.samples_word.setVisible(several and self.width() >= theme.px(900))

    def show_side(self, side: str | None) -> None:
        """Bring a side picture in front of the grid on a small window, or the grid back."""
        self.side = side
        self._fit()

    # where it stands --------------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.compact = is_compact(self.window().width())
        gap = theme.px(12 if self.compact else 16)
        for layout in (self._left, self._right, self._row):
            layout.setSpacing(gap)
        self.run.setMaximumHeight(theme.px(MOST_CHART))
        self._aside.setFixedWidth(theme.px(COMPACT_ASIDE if self.compact else ASIDE))
        self._aside.setVisible(self.width() >= theme.px(NARROW))
        if self.compact and self.deviation.form.has_hand:
            self.side = "deviation"  # the window was made small while somebody wrote
        self._tell_title()
        self._fit_segments()
        self.live.set_compact(self.compact)
        self.verdict.set_compact(self.compact)
        self._fit_left()
        self._fit_right(gap)

    def _fit_left(self) -> None:
        """On a small window one picture at a time, the grid unless a key brought another; wide the chart gives way to a deviation."""
        side = self.side if self.compact else None
        has_deviation = self.deviation.row is not None
        self.grid_panel.setVisible(side is None)
        self.deviation.setVisible(has_deviation and (not self.compact or side == "deviation"))
        self.run.setVisible(side == "chart" if self.compact else not has_deviation and self._has_room_for_chart())
        self._put_plan(self._left if self.compact else self._right)
        self.side_keys[1].setVisible(has_deviation)

    def _put_plan(self, layout: QVBoxLayout) -> None:
        if layout.indexOf(self.plan) < 0:
            (self._right if layout is self._left else self._left).removeWidget(self.plan)
            layout.insertWidget(2, self.plan)

    def _has_room_for_chart(self) -> bool:
        left = self.height() - self.grid_panel.sizeHint().height() - theme.px(16)
        return left >= self.run.minimumSizeHint().height()

    def _fit_right(self, gap: int) -> None:
        """What does not fit under a banner goes, from the bottom; the live value never."""
        column: list[tuple[QWidget, int]] = [(self.live, self.live.needed), (self.verdict, self.verdict.needed)]
        column.append((self._keys_row, theme.px(CONTROL_HEIGHT)) if self.compact else (self.plan, self.plan.needed))
        self._keys_row.setVisible(self.compact)
        self.plan.setVisible(self.compact and self.side == "plan")
        if self._bench is not None and not self._measures:
            self.live.hide()  # no cell waits for a value: the verdict takes its place
            del column[0]
        left = self.height()
        for part, high in column:
            part.setVisible(part is self.live or left >= high)
            left -= high + gap
