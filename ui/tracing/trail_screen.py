"""The trail: who changed what, when, where, from what to what, and why. Found by a record, a person or a station; written as a list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.base.errors import AppError
from app.base.phrases import Phrase
from app.core.command import Permission
from app.scanning.result import Scanned, Status
from app.tracing.filing import papers_folder, write_whole
from app.tracing.trail import TrailEntry, TrailPage, as_csv, trail
from ui.kit import Cell, Choices, Column, Field, Panel, Row, State, Table, Words, rows_that_fit, theme
from ui.kit.tokens import GAP
from ui.shell.evidence import Evidence, Fact
from ui.shell.hooks import Context
from ui.shell.screen import Notice, Screen, screen
from ui.tracing.moments import moment_words
from ui.tracing.trail_words import change_words, op_words, table_words

_FILTERS = 92
_DAYS = (1, 7, 31, None)
_COLUMNS = (
    (Phrase("When"), 240, 0),
    (Phrase("Who"), 150, 900),
    (Phrase("Station"), 110, 1500),
    (Phrase("What"), 230, 0),
    (Phrase("Before → since"), None, 700),
    (Phrase("Why"), 260, 1500),
)
"""Title, its width (none: what is left), and from which width of the screen on it has room; F4 shows all of it anyway."""


@screen(key="tracing.trail", title="Audit trail", workbench="plant", permission=Permission.READ_TRAIL)
class TrailScreen(Screen):
    """A field for what is looked for, how far back, the entries; F4 shows one with everything that changed."""

    help = "Type or scan a record, a station or a person, then Enter. Arrows choose an entry, F4 shows what stood there before and since."

    def build(self) -> None:
        """Filters above, one table over the whole width."""
        self.page: TrailPage | None = None
        self._fitting = 0
        self.words = Field(Phrase("Record, station or person"))
        self.back_to = Choices([Phrase("1 day"), Phrase("7 days"), Phrase("31 days"), Phrase("all")], 1)
        self.back_to.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.back_to.chosen.connect(lambda _: self.look())
        filters = QHBoxLayout()
        filters.setSpacing(theme.px(GAP))
        filters.addWidget(self.words, 1)
        filters.addWidget(self.back_to, 0, Qt.AlignmentFlag.AlignBottom)
        self._panel = Panel(Phrase("Entries of the trail"), "", padding=0)
        self._panel.body.setSpacing(0)
        self.table: Table | None = None
        column = QVBoxLayout()
        column.setSpacing(theme.px(GAP))
        column.addLayout(filters)
        column.addWidget(self._panel)
        column.addStretch(1)
        self.lay_out(column)
        self.write = self.button(Phrase("Write the list"), self._write, icon="sheet")
        self.find = self.primary(Phrase("Look"), self.look, icon="search")

    def opened(self, context: Context) -> None:
        """With words they are looked for at once; else the last week."""
        self.words.set_text(str(context.get("words", "")))
        self._make_table()
        self.say_next(Phrase("What was changed, by whom, and why?"), Phrase("Audit trail"))
        self.words.setFocus()
        self.look()

    def _make_table(self) -> None:
        self._fitting = rows_that_fit(self.height() - theme.px(_FILTERS))
        if self.table is not None:
            self._panel.body.removeWidget(self.table)
            self.table.hide()
            self.table.deleteLater()
        self._shown = self._columns_with_room()
        widths = {title: width for title, width, _ in _COLUMNS if title in self._shown}
        widths[self._shown[-1]] = None if None not in widths.values() else widths[self._shown[-1]]
        columns = [Column(title=title, width=width) for title, width in widths.items()]
        self.table = Table(columns, page=self._fitting)
        self.table.opened.connect(lambda _: self.shell.show_evidence())
        self._panel.body.addWidget(self.table)

    def _columns_with_room(self) -> tuple[Phrase, ...]:
        return tuple(title for title, _, least in _COLUMNS if self.width() >= theme.px(least))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another glass, or a sheet beside the table."""
        super().resizeEvent(event)
        fits = rows_that_fit(self.height() - theme.px(_FILTERS))
        if self.page is not None and (fits, self._columns_with_room()) != (self._fitting, self._shown):
            chosen = self.table.chosen_key if self.table is not None else None
            self._make_table()
            self._draw(chosen)

    def minimumSizeHint(self) -> QSize:
        """A screen never makes the window larger than its glass."""
        return QSize(0, 0)

    # looking ----------------------------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Ask for what stands in the field."""
        days = _DAYS[self.back_to.index or 0]
        since = self.shell.clock.now() - timedelta(days=days) if days is not None else None
        self.ask(partial(trail, words=self.words.text, since=since), self._show)

    def on_scan(self, scanned: Scanned) -> bool:
        """A scanned code is looked for, from the beginning; a badge is somebody who takes over, as everywhere."""
        if scanned.kind == "badge" or scanned.code is None:
            return False
        self._look_for(scanned.code)
        return True

    def on_bad_scan(self, scanned: Scanned) -> bool:
        """A serial or the code of a batch follows no rule of any issuer."""
        if scanned.status is not Status.UNKNOWN:
            return False
        self._look_for(scanned.raw)
        return True

    def _look_for(self, words: str) -> None:
        self.words.set_text(words)
        self.back_to.choose(len(_DAYS) - 1)
        self.look()

    def _show(self, page: TrailPage) -> None:
        self.page = page
        self._draw(None)
        if page.meant == "nothing":
            self.notify(
                Notice(
                    state=State.ATTENTION,
                    heading=Phrase("Nobody and nothing is called {words}.", words=self.words.text),
                    line=Phrase("Write a code as on its label, a station's code, or a person's name or badge."),
                )
            )
        else:
            self.clear_banner()

    def _draw(self, chosen: str | None) -> None:
        page = self.page
        if page is None or self.table is None:
            return
        count = Phrase("the newest {count}, there are more", count=len(page.entries)) if page.more else str(len(page.entries))
        self._panel.tell(Phrase("Entries of the trail"), count)
        rows = [self._row(n, one, page) for n, one in enumerate(page.entries)]
        self.table.show_rows(rows, chosen=chosen or (rows[0].key if rows else None))
        self.write.ready() if rows else self.write.not_yet(Phrase("nothing was found"))

    def _row(self, n: int, one: TrailEntry, page: TrailPage) -> Row:
        who: Words = page.names.get(one.who, one.who)
        what = Phrase("{table}: {act}", table=table_words(one.table), act=op_words(one.op))
        cells: tuple[Cell | Words, ...] = (
            moment_words(one.at, self.shell.zone),
            who,
            one.station or "–",
            Cell(words=what, bold=one.op != "INSERT"),
            Cell(words=change_words(one), quiet=one.op == "INSERT"),
            one.reason or "",
        )
        shown = tuple(cell for cell, (title, _, _) in zip(cells, _COLUMNS, strict=True) if title in self._shown)
        return Row(key=str(n), cells=shown, trouble=State.ATTENTION if one.op == "DELETE" else None)

    def evidence(self) -> Sequence[Evidence]:
        """The chosen entry with every column that changed."""
        page = self.page
        if page is None or self.table is None or self.table.chosen_key is None or not page.entries:
            return ()
        one = page.entries[int(self.table.chosen_key)]
        facts = [
            Fact(name=Phrase("person"), value=page.names.get(one.who, one.who)),
            Fact(name=Phrase("station"), value=one.station or Phrase("past the stations")),
            Fact(name=Phrase("time, by the database"), value=moment_words(one.at, self.shell.zone)),
            Fact(name=Phrase("command"), value=one.command or "–"),
            Fact(name=Phrase("reason"), value=one.reason or "–"),
            *(Fact(name=column, value=_pair(before, now, one.op)) for column, before, now in one.changes),
        ]
        title = Phrase("{table}: {act}", table=table_words(one.table), act=op_words(one.op))
        origin = Phrase("entry {seq} of {chain}", seq=one.seq, chain=one.chain)
        return (Evidence(title=title, origin=origin, facts=tuple(facts)),)

    # the list ---------------------------------------------------------------------------------------------------------------------

    def _write(self) -> None:
        page = self.page
        if page is None or not page.entries or self.write.is_busy:
            return
        now = self.shell.clock.now().astimezone(self.shell.zone)
        file = papers_folder() / f"{self._file_words()} {now:%Y-%m-%d %H%M%S}.csv"
        self.write.begin_busy(Phrase("Writing the list"))

        def refused(error: AppError) -> None:
            self.write.end_busy()
            self.refuse(error)

        self.bridge.fetch(partial(_written, page.entries, file), done=self._is_written, refused=refused, owner=self)

    def _file_words(self) -> str:
        kept = "".join(sign for sign in self.words.text if sign.isalnum() or sign in "-_. ")[:40].strip()
        return f"Audit trail {kept}".strip()

    def _is_written(self, file: Path) -> None:
        self.write.end_busy()
        self.say_next(Phrase("Written as {file}", file=file.name), Phrase("Audit trail • in {folder}", folder=file.parent))


def _pair(before: str | None, now: str | None, op: str) -> Words:
    if op == "INSERT":
        return now or "–"
    return Phrase("{before} → {now}", before=before or "–", now=now or "–")


def _written(entries: Sequence[TrailEntry], file: Path) -> Path:
    return write_whole(as_csv(entries), file)
