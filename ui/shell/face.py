"""What a screen says and offers in the frame around it, kept so that the frame can show it again after a lock or another screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import Qt

from app.base.errors import AppError
from ui.kit import Banner, Button, Frame, PrimaryButton, Run, ScanSlot, State, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """A button in a banner that starts what puts the trouble right."""

    words: Words
    act: Callable[[], None]
    icon: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A banner to be: trouble, its line, read against expected, a way out."""

    state: State
    heading: Words
    line: Words = ""
    blocks: tuple[tuple[Words, Words], ...] = ()
    way_out: WayOut | None = None

    @classmethod
    def of(cls, error: AppError, *, blocks: tuple[tuple[Words, Words], ...] = (), way_out: WayOut | None = None) -> Notice:
        """A refusal: what did not happen and why, then the next step."""
        return cls(state=State.FAIL, heading=error.what, line=error.next, blocks=blocks, way_out=way_out)

    def banner(self, *, narrow: bool) -> Banner:
        """The widget; made anew whenever it is shown. Beside a sheet on a small window there is no room for its button."""
        button = None
        if self.way_out is not None and not narrow:
            button = Button(self.way_out.words, icon=self.way_out.icon)
            button.clicked.connect(self.way_out.act)
        return Banner(self.state, self.heading, self.line, blocks=self.blocks, button=button)


@dataclass(slots=True, kw_only=True)
class Face:
    """Next band, banner and action bar of one screen."""

    sentence: Words = ""
    context: Words = ""
    badge: tuple[State, Words | None] | None = None
    counter: tuple[Run, ...] = ()
    notice: Notice | None = None
    alarm: Notice | None = None
    """A call for help or the database: shown while the screen has no trouble of its own."""
    lefts: list[Button] = field(default_factory=list)
    rights: list[Button] = field(default_factory=list)
    corner: PrimaryButton | ScanSlot | None = None
    note: Words = ""

    def show_on(self, frame: Frame) -> None:
        """All of it."""
        self.show_band(frame)
        self.show_notice(frame)
        self.show_bar(frame)

    def show_band(self, frame: Frame) -> None:
        """The next band; its bar is vermillion while a refusal stands."""
        trouble = self.notice is not None and self.notice.state is State.FAIL
        frame.next_band.tell(self.sentence, self.context, trouble=trouble)
        frame.next_band.show_badge(*(self.badge or (None, None)))
        frame.next_band.show_counter(*self.counter)

    def show_notice(self, frame: Frame, *, beside_sheet: bool | None = None) -> None:
        """The banner, or none."""
        notice = self.notice or self.alarm
        narrow = frame.compact and (frame.sheet is not None if beside_sheet is None else beside_sheet)
        frame.show_banner(notice.banner(narrow=narrow) if notice is not None else None)

    def make_room(self, frame: Frame, *, beside_sheet: bool) -> None:
        """A sheet comes or goes: banner and bar follow."""
        self.show_notice(frame, beside_sheet=beside_sheet)
        self.show_bar(frame, beside_sheet=beside_sheet)

    def show_bar(self, frame: Frame, *, beside_sheet: bool | None = None) -> None:
        """The action bar. While a sheet stands, its own primary is the only one and Esc is the sheet's: the corner is empty."""
        if not (frame.sheet is not None if beside_sheet is None else beside_sheet):
            frame.action_bar.lay(*self.lefts, primary=self.corner, rights=tuple(self.rights), note=self.note)
            return
        beside = [] if frame.compact else [button for button in self.lefts if button.key != Qt.Key.Key_Escape]
        frame.action_bar.lay(*beside, primary=None)
        layout = frame.action_bar.layout()
        if layout is not None:
            layout.activate()  # now, not at the next event: what the sheet finds narrow already does not make the window grow
