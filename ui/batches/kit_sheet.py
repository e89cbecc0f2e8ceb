"""The kit of a batch beside its list: a scan lays a container out, its number puts it back."""

from __future__ import annotations

from functools import partial

from app.base.ids import new_id
from app.base.phrases import Phrase
from app.batches.kits import Box, KitLine, KitView, Wanted, box_by_code, kit_of
from app.batches.kitting import LayOutKit, PutBackKit
from app.batches.worklist import BatchLine
from app.scanning.result import Scanned
from ui.batches.rules import ContainerInKit, ContainerNotKnown
from ui.kit import Label, Number, Panel, Sheet, State, StateRow, StateRows
from ui.shell.screen import Screen


class KitSheet(Sheet):
    """Everything it asks and orders goes through the screen it stands beside."""

    def __init__(self, screen: Screen, batch: BatchLine) -> None:
        super().__init__(Phrase("Kit of {batch}", batch=batch.code), icon="pack", primary=None, leave=Phrase("Back"))
        self._screen, self._batch = screen, batch
        self.view: KitView | None = None
        self._wanted, self._lines = StateRows(numbered=False), StateRows(numbered=True)
        self._wanted_panel, self._lines_panel = (
            Panel(Phrase("Material it takes"), "", padding=0),
            Panel(Phrase("Laid out for it"), "", padding=0),
        )
        self._wanted_panel.body.addWidget(self._wanted)
        self._lines_panel.body.addWidget(self._lines)
        self.body.addWidget(Label(Phrase("Scan a container to lay it out. Its number puts it back."), ink="ink2", wrap=True))
        self.body.addWidget(self._wanted_panel, 2)
        self.body.addWidget(self._lines_panel, 3)
        self._lines.opened.connect(self._put_back)
        self.look()

    def look(self) -> None:
        """Ask again what stands there."""
        self._screen.ask(partial(kit_of, batch=self._batch.id), self._show)

    def numbers(self) -> tuple[Number, ...]:
        """What is wanted, what is in the batch and what lies there for it."""
        if self.view is None:
            return ()
        return (*map(_wanted_number, self.view.wanted), *map(_line_number, self.view.lines))

    def press(self, key: int) -> bool:
        """A digit puts back, PgUp and PgDn turn."""
        return self._lines.press(key) or self._wanted.press(key) or super().press(key)

    def on_scan(self, scanned: Scanned) -> bool:
        """A container is laid out; every other code is the screen's."""
        if scanned.what != "container" or scanned.code is None:
            return False
        self._screen.ask(partial(box_by_code, code=scanned.code), partial(self._lay_out, scanned.code))
        return True

    def _show(self, view: KitView) -> None:
        self.view = view
        short = sum(one.short > 0 for one in view.wanted)
        self._wanted_panel.tell(Phrase("Material it takes"), Phrase("{count} still short", count=short) if short else "")
        self._wanted.show_rows([_wanted_row(one) for one in view.wanted])
        self._lines_panel.tell(Phrase("Laid out for it"), str(len(view.lines)) if view.lines else Phrase("Nothing is laid out yet"))
        self._lines.show_rows([_line_row(one) for one in view.lines])

    def _lay_out(self, code: str, box: Box | None) -> None:
        if box is None:
            self._screen.refuse(ContainerNotKnown(container=code))
        elif box.kit_of is not None:
            self._screen.refuse(ContainerInKit(container=code, batch=box.kit_of))
        else:
            self._give(LayOutKit(command_id=new_id(), id=new_id(), batch=self._batch.id, container=box.id))

    def _put_back(self, n: int) -> None:
        lines: tuple[KitLine, ...] = self.view.lines if self.view is not None else ()
        if n < len(lines):
            self._give(PutBackKit(command_id=new_id(), kit=lines[n].id, version=lines[n].version))

    def _give(self, order: LayOutKit | PutBackKit) -> None:
        self._screen.submit(order, done=lambda _: self._given())

    def _given(self) -> None:
        self._screen.clear_banner()
        self.look()


def _wanted_number(one: Wanted) -> Number:
    value = Phrase("{whole} wanted, {consumed} in it, {laid_out} laid out", whole=one.whole, consumed=one.consumed, laid_out=one.laid_out)
    how = Phrase("computed by the database: the demand of the master record for the planned units, and what was taken and laid out")
    return Number(name=Phrase("{no} {name}", no=one.step, name=one.name), value=value, how=how)


def _line_number(one: KitLine) -> Number:
    how = Phrase("kept by the database: what was received in it, less all that was taken")
    return Number(name=Phrase("Left in {container}", container=one.container), value=Phrase("{left}", left=one.left), how=how)


def _wanted_row(one: Wanted) -> StateRow:
    state = State.PASS if not one.short else State.TO_DO
    line = Phrase("{whole} wanted, {consumed} in it, {laid_out} laid out", whole=one.whole, consumed=one.consumed, laid_out=one.laid_out)
    return StateRow(state=state, title=Phrase("{no} {name}", no=one.step, name=one.name), line=line)


def _line_row(one: KitLine) -> StateRow:
    line = Phrase("lot {lot}, {left} left in it", lot=one.lot, left=one.left)
    return StateRow(state=State.PASS, title=Phrase("{container} • {item}", container=one.container, item=one.item), line=line, strong=True)
