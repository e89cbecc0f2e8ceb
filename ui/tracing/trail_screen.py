"""The trail: who changed what, when, where, from what to what, and why. Found by a record, a person or a station; written as a list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.base.errors import AppError
from app.base.phrases import Phrase
from app.core.command import Permission
from app.scanning.result import Scanned, Status
from app.tracing.filing import papers_folder, write_whole
from app.tracing.trail import TrailEntry, TrailPage, as_csv, trail
from ui.kit import ANY, Cell, Choices, Column, Field, FittingTable, Row, State, Words, theme
from ui.kit.tokens import GAP
from ui.shell.evidence import Evidence, Fact
from ui.shell.hooks import Context
from ui.shell.moments import moment_words
from ui.shell.screen import Notice, Screen, screen
from ui.tracing.trail_words import change_words, op_words, table_words

_DAYS = (1, 7, 31, None)
_COLUMNS = (
    (Column(title=Phrase("When"), width=240), ANY),
    (Column(title=Phrase("Who"), width=150), 900),
    (Column(title=Phrase("Station"), width=110), 1500),
    (Column(title=Phrase("What"), width=230), ANY),
    (Column(title=Phrase("Before → since")), 700),
    (Column(title=Phrase("Why"), width=260), 1500),
)
"""F4 shows all of an entry, however narrow the screen is."""


@screen(key="tracing.trail", title="Audit trail", workbench="plant", permission=Permission.READ_TRAIL)
class TrailScreen(Screen):
    """A field for what is looked for, how far back, the entries; F4 shows one with everything that changed."""

    help = "Type or scan a record, a station or a person, then Enter. Arrows choose an entry, F4 shows what stood there before and since."

    def build(self) -> None:
        """Filters above, one table over the whole width."""
        self.page: TrailPage | None = None
        self.words = Field(Phrase("Record, station or person"))
        self.back_to = Choices([Phrase("1 day"), Phrase("7 days"), Phrase("31 days"), Phrase("all")], 1)
        self.back_to.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.back_to.chosen.connect(lambda _: self.look())
        filters = QHBoxLayout()
        filters.setSpacing(theme.px(GAP))
        filters.addWidget(self.words, 1)
        filters.addWidget(self.back_to, 0, Qt.AlignmentFlag.AlignBottom)
        self.table = FittingTable(Phrase("Entries of the trail"), _COLUMNS, nothing=Phrase("Nothing was changed in this time."))
        self.table.opened.connect(self.shell.show_evidence)
        column = QVBoxLayout()
        column.setSpacing(theme.px(GAP))
        column.addLayout(filters)
        column.addWidget(self.table, 1)
        self.lay_out(column)
        self.write = self.button(Phrase("Write the list"), self._write, icon="sheet")
        self.find = self.primary(Phrase("Look"), self.look, icon="search")

    def opened(self, context: Context) -> None:
        """With words they are looked for at once; else the last week."""
        self.words.set_text(str(context.get("words", "")))
        self.say_next(Phrase("What was changed, by whom, and why?"), Phrase("Audit trail"))
        self.words.setFocus()
        self.look()

    def on_key(self, key: int) -> bool:
        """The table's keys, wherever the focus is."""
        return self.table.press(key)

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
        count = Phrase("the newest {count}, there are more", count=len(page.entries)) if page.more else str(len(page.entries))
        rows = [self._row(n, one, page) for n, one in enumerate(page.entries)]
        self.table.show_rows(rows, count, chosen=rows[0].key if rows else None)
        self.write.ready() if rows else self.write.not_yet(Phrase("nothing was found"))
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

    def _row(self, n: int, one: TrailEntry, page: TrailPage) -> Row:
        who: Words = page.names.get(one.who, one.who)
        what = Phrase("{table}: {act}", table=table_words(one.table), act=op_words(one.op))
        return Row(
            key=str(n),
            cells=(
                moment_words(one.at, self.shell.zone),
                who,
                one.station or "–",
                Cell(words=what, bold=one.op != "INSERT"),
                Cell(words=change_words(one), quiet=one.op == "INSERT"),
                one.reason or "",
            ),
            trouble=State.ATTENTION if one.op == "DELETE" else None,
        )

    def evidence(self) -> Sequence[Evidence]:
        """The chosen entry with every column that changed."""
        page = self.page
        if page is None or self.table.chosen_key is None:
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
