"""One protocol while it is written: its text left, what it makes of bytes that come and of its cases right, at every change.

The text is read beside the window. What is heard here is no reading: no session is opened by a draft.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.base.errors import AppError
from app.base.ids import new_id
from app.base.phrases import Phrase
from app.core.command import Permission
from app.devices.patterns.trying import Tried, try_text
from app.devices.patterns.writing import TEMPLATE, case_of, next_revision
from app.devices.transport import url_of
from app.plant.protocol_commands import DraftProtocol, RewriteProtocol
from app.plant.protocol_queries import ProtocolLine, protocols_of_site
from ui.devices.case_rows import count_of, rows_of
from ui.devices.device_words import tape_line
from ui.devices.protocol_source import ProtocolSource
from ui.devices.source_sheet import SourceSheet
from ui.kit import Panel, ReasonSheet, State, StateRow, StateRows, TextPage, WireTape, theme
from ui.shell import revision_acts
from ui.shell.face import Notice
from ui.shell.hooks import Context
from ui.shell.screen import Screen, screen

_REST_MS = 250
"""The text is read when the hand rests so long."""
_LOOK_MS = 200
_ROW = 72


@screen(key="devices.protocol", title="Protocol", workbench="plant", permission=Permission.EVERYBODY, leads=False)
class ProtocolScreen(Screen):
    """The text left; above right the line, below it the cases."""

    help = (
        "Write how the device speaks; right stands what the text makes of its bytes. F5 asks the device, F7 takes bytes, F8 keeps a case."
    )

    def build(self) -> None:
        """Text, line and cases."""
        self.line: ProtocolLine | None = None
        self.tried: Tried | None = None
        self.source = ProtocolSource(self.bridge, self)
        self.source.told.connect(self._source_told)
        self.page = TextPage(Phrase("Text of the protocol"))
        self.page.edited.connect(self._edited)
        self.text, self.wrong = Panel(Phrase("Text"), "", padding=0), StateRows(numbered=False)
        self.text.body.addWidget(self.page, 1)
        self.text.body.addWidget(self.wrong)
        self.wrong.setFixedHeight(theme.px(_ROW))
        self.tape, self.rows = WireTape(), StateRows(numbered=False)
        self.heard, self.cases = Panel(Phrase("What comes"), "", padding=0), Panel(Phrase("Cases"), "", padding=0)
        self.heard.body.addWidget(self.tape, 1)
        self.cases.body.addWidget(self.rows, 1)
        self.side = QWidget()
        column = QVBoxLayout(self.side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(16))
        column.addWidget(self.heard, 3)
        column.addWidget(self.cases, 2)
        self.lay_out(self.text, self.side)
        self.source_button = self.button(Phrase("Bytes"), self._choose_source, key=Qt.Key.Key_F7, icon="sensor")
        self.case_button = self.button(Phrase("Keep as case"), self._keep_case, key=Qt.Key.Key_F8, icon="plus")
        self.save_button = self.primary(Phrase("Save the draft"), self._save, icon="disk")
        self._rest, self._look = QTimer(self), QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._try)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self._refresh)

    # which text -------------------------------------------------------------------------------------------------------------------

    def opened(self, context: Context) -> None:
        """The revision that is named, or a new protocol."""
        self.line, self.tried = None, None
        self._look.start()
        if "protocol" in context:
            self.page.set_text("")
            self.ask(partial(protocols_of_site, site=self.where.site), self._show)
        else:
            self._show_text(TEMPLATE)

    def on_draft(self) -> None:
        """What this person left here stands again."""
        kept = self.draft().get("text")
        if kept is not None:
            self._show_text(str(kept.value))

    def left(self) -> None:
        """Nobody listens any more."""
        self._look.stop()
        self.source.end()

    def _show(self, lines: list[ProtocolLine]) -> None:
        self.line = next((one for one in lines if str(one.id) == self.context.get("protocol")), None)
        if self.line is None:
            self.back()
        elif "text" not in self.draft():
            self._show_text(self.line.source)
        self._settle()

    def _show_text(self, text: str) -> None:
        self.page.set_text(text)
        self._settle()
        self._try()

    def _edited(self) -> None:
        self.keep_draft(text=self.page.text)
        self._rest.start()

    # what it says -----------------------------------------------------------------------------------------------------------------

    def _try(self) -> None:
        self.bridge.fetch(partial(try_text, self.page.text), done=self._is_tried, owner=self)

    def _is_tried(self, tried: Tried) -> None:
        if tried.source != self.page.text:
            return  # written on meanwhile; it is tried again
        self.tried = tried
        self.source.trial.read_by(tried.definition)
        self.cases.tell(Phrase("Cases"), count_of(tried.held))
        self.rows.show_rows(rows_of(tried), stay=True)
        self.wrong.show_rows([_state_row(tried)])
        self._settle()
        self._refresh()

    def _settle(self) -> None:
        writes = Permission.PREPARE_DOCUMENT in self.shell.rights
        tried, line = self.tried, self.line
        proven = tried is not None and tried.refusal is None
        self.say_next(
            Phrase("Every case is read as written.") if proven else Phrase("Write until every case is read as written."),
            Phrase("Devices • own protocols"),
            State.PASS if proven else None,
        )
        self.page.setReadOnly(not writes)
        self.put_in_corner(self.save_button if writes else None)
        if tried is None or tried.definition is None:
            self.save_button.not_yet(Phrase("the text cannot be used"))
        elif line is not None and line.source == self.page.text:
            self.save_button.not_yet(Phrase("nothing was changed"))
        else:
            self.save_button.ready()
        self.show_button(self.case_button, writes)
        if tried is not None and tried.definition is not None and self.source.trial.last_frame() is not None:
            self.case_button.ready()
        else:
            self.case_button.not_yet(Phrase("no line yet"))

    def _refresh(self) -> None:
        entries = self.source.trial.entries()
        self.tape.show_lines([tape_line(entry, self.shell.zone) for entry in entries[-self.tape.fitting :]])
        not_read = sum(one.meaning is not None and one.meaning.kind == "reject" for one in entries)
        count = Phrase("{count} not understood", count=not_read) if not_read else self.source.name
        self.heard.tell(Phrase("What comes"), count)
        if not self.case_button.isEnabled() and self.source.trial.last_frame() is not None:
            self._settle()

    # bytes ------------------------------------------------------------------------------------------------------------------------

    def on_key(self, key: int) -> bool:
        """F5 asks, as everywhere; pages turn the cases."""
        if key == Qt.Key.Key_F5:
            self._ask_device()
            return True
        return self.rows.press(key)

    def _ask_device(self) -> None:
        ask = self.tried.definition.written.ask if self.tried is not None and self.tried.definition is not None else None
        if ask is not None:
            self.source.send(ask.encode("latin-1"))

    def _choose_source(self) -> None:
        hub = self.bridge.hub
        running = frozenset(hub.states()) if hub is not None else frozenset()
        devices = [(one.code, one.url) for one in self.shell.devices if one.code in running and not one.is_machine]
        taken = {one.url for one in self.shell.devices}
        free = [url_of(port) for port in self.shell.ports() if url_of(port) not in taken and port.device not in taken]
        self.open_sheet(SourceSheet(devices, free, self._listen, self._paste))

    def _listen(self, chosen: str) -> None:
        self.close_sheet()
        line = self.tried.definition.written.line.line if self.tried is not None and self.tried.definition is not None else None
        if any(one.code == chosen for one in self.shell.devices):
            self.source.listen_to_device(chosen)
        elif line is None and not chosen.startswith("socket://"):
            self.notify(Notice(state=State.ATTENTION, heading=Phrase("Write the line settings first."), line=chosen))
        else:
            self.source.listen_to_port(chosen, line)

    def _paste(self, content: bytes) -> None:
        self.close_sheet()
        self.source.read(content)
        self._refresh()

    def _source_told(self, trouble: AppError) -> None:
        self.refuse(trouble)

    def _keep_case(self) -> None:
        last, tried = self.source.trial.last_frame(), self.tried
        if last is not None and tried is not None and tried.definition is not None:
            self.page.add_text(case_of(last, tried.definition))

    # saving -----------------------------------------------------------------------------------------------------------------------

    def _save(self) -> None:
        line = self.line
        rewrites = line is not None and revision_acts.may_prepare(line, self.who, self.shell.rights)
        if line is not None and not rewrites and self.page.text.startswith(f'key = "{line.code}"\nrevision = {line.revision}\n'):
            self.page.set_text(next_revision(self.page.text, line.revision))
            self._edited()
        sheet = Phrase("It stays a draft until you hand it over.")
        self.open_sheet(ReasonSheet(Phrase("Save the draft"), sheet, Phrase("Save"), partial(self._give, self._order(rewrites=rewrites))))

    def _order(self, *, rewrites: bool) -> Callable[[str], DraftProtocol | RewriteProtocol]:
        line, text = self.line, self.page.text
        today = self.shell.clock.now().astimezone(self.shell.zone).date()
        if rewrites and line is not None:
            return lambda why: RewriteProtocol(command_id=new_id(), protocol=line.id, source=text, why=why)
        made, site = new_id(), self.where.site
        return lambda why: DraftProtocol(command_id=new_id(), id=made, site=site, effective_from=today, source=text, why=why)

    def _give(self, order: Callable[[str], DraftProtocol | RewriteProtocol], why: str) -> None:
        given = order(why)
        self.submit(given, done=lambda _: self._saved(given))

    def _saved(self, given: DraftProtocol | RewriteProtocol) -> None:
        self.close_sheet()
        self.drop_draft()
        self.go("devices.protocols")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Text and line share the glass; beside a sheet the line gives way."""
        super().resizeEvent(event)
        wide = self.width() / theme.factor
        self.side.setVisible(wide >= 800)
        self.side.setFixedWidth(theme.px(max(400, round(wide * 0.46))))


def _state_row(tried: Tried) -> StateRow:
    """What is to be mended first, or that nothing is."""
    refusal = tried.refusal
    if refusal is None:
        return StateRow(state=State.PASS, title=Phrase("Every case is read as written."))
    return StateRow(state=State.FAIL, title=refusal.where, line=refusal.reason)
