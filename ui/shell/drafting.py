"""What somebody entered and has not given yet: every field with its author, saved as it is entered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer

from app.base.ids import new_id
from app.core.drafts import SaveDraft, own_draft
from ui.bridge import Bridge

QUIET_MS = 300
"""A draft is written when the hand rests; a crash loses at most this much typing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One field of a draft."""

    value: Any
    """JSON-able."""
    by: str
    """Login of who entered it; stays when another person goes on."""


class Draft(QObject):
    """The draft of one screen at this station. One order at a time is on its way, always with the newest content."""

    def __init__(self, bridge: Bridge, screen: str, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._screen = bridge, screen
        self._fields: dict[str, Kept] = {}
        self._saved: dict[str, Any] = {}
        self._saving = False
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.timeout.connect(self.save)

    @property
    def fields(self) -> dict[str, Kept]:
        """What is kept now, by field."""
        return dict(self._fields)

    def keep(self, **fields: Any) -> None:
        """Keep these fields as entered by the person who is here now; the others stay."""
        who = self._bridge.who
        if who is None:
            return
        for name, value in fields.items():
            if name not in self._fields or self._fields[name].value != value:
                self._fields[name] = Kept(value=value, by=who.login)
        self._quiet.start(QUIET_MS)

    def drop(self) -> None:
        """It was given or thrown away."""
        self._fields.clear()
        self.save()

    def hand_over(self) -> None:
        """Another person goes on: everything is kept under their name, each field with its own author."""
        self._saved = {}
        if self._fields:
            self.save()

    def load(self, then: Callable[[], None]) -> None:
        """Fetch what this person left here; `then` is called only if there is something."""
        session = self._bridge.session
        if session is None:
            return
        station, login = session.where.code if session.where is not None else "direct", session.who.login

        def came(content: dict[str, Any] | None) -> None:
            if content and not self._fields:
                self._fields = {name: Kept(value=row["value"], by=row["by"]) for name, row in content.items()}
                self._saved = content
                then()

        self._bridge.ask(lambda asked: own_draft(asked, person=login, station=station, screen=self._screen), done=came, owner=self)

    def save(self) -> None:
        """Write it now, if it differs from what is written."""
        self._quiet.stop()
        content = {name: {"value": kept.value, "by": kept.by} for name, kept in self._fields.items()}
        if self._saving or content == self._saved or self._bridge.who is None:
            return
        self._saving, self._saved = True, content
        order = SaveDraft(command_id=new_id(), screen=self._screen, content=content)
        self._bridge.give(order, done=self._went, refused=self._went, owner=self)

    def _went(self, _: object) -> None:
        self._saving = False
        self.save()
