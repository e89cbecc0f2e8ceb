"""What somebody entered and has not given yet: every field with its author, saved as it is entered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
        self._context: dict[str, Any] = {}
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

    def begin(self, context: Mapping[str, Any], then: Callable[[], None]) -> None:
        """Another step: what stood here is saved already. `then` is called when this person left something on this very step."""
        self.save()
        self._context, self._fields, self._saved = dict(context), {}, {}
        session = self._bridge.session
        if session is None:
            return
        station, login = session.where.code if session.where is not None else "direct", session.who.login

        def came(content: dict[str, Any] | None) -> None:
            if content and not self._fields and content["context"] == self._context:
                self._fields = read_fields(content)
                self._saved = content
                then()

        self._bridge.ask(lambda asked: own_draft(asked, person=login, station=station, screen=self._screen), done=came, owner=self)

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
        self._saved, self._saving = {}, False
        if self._fields:
            self.save()

    def save(self) -> None:
        """Write it now, if it differs from what is written."""
        self._quiet.stop()
        content: dict[str, Any] = {}
        if self._fields:
            fields = {name: {"value": kept.value, "by": kept.by} for name, kept in self._fields.items()}
            content = {"context": self._context, "fields": fields}
        if self._saving or content == self._saved or self._bridge.who is None:
            return
        self._saving, self._saved = True, content
        order = SaveDraft(command_id=new_id(), screen=self._screen, content=content)
        self._bridge.give(order, done=self._went, refused=self._went, owner=self)

    def _went(self, _: object) -> None:
        self._saving = False
        self.save()


def read_fields(content: Mapping[str, Any]) -> dict[str, Kept]:
    """The fields of a stored draft; none in an empty one."""
    return {name: Kept(value=row["value"], by=row["by"]) for name, row in content.get("fields", {}).items()}
