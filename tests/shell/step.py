"""A small screen of the tests' own: one field, one button that gives a real order, one panel that is signed."""

from __future__ import annotations

from collections.abc import Sequence

from app.base.ids import new_id
from app.base.phrases import Phrase
from app.core.command import Permission
from app.core.session import Who
from app.core.tasks import CallForHelp
from app.scanning.result import Scanned
from ui.kit import Field, Panel
from ui.shell.evidence import Evidence, Fact
from ui.shell.hooks import Context
from ui.shell.screen import Screen


class StepScreen(Screen):
    """Enter calls for material: an order everybody may give, and whose row can be counted."""

    key = "test.step"

    def build(self) -> None:
        self.field = Field(Phrase("Note"))
        self.field.edited.connect(lambda text: self.keep_draft(note=text))
        self.panel = Panel(Phrase("What is signed"))
        self.panel.body.addWidget(self.field)
        self.lay_out(self.panel)
        self.give = self.primary(Phrase("Call"), self._give)
        self.other = self.button(Phrase("Call too"), self._give)
        self.scanned: list[Scanned] = []
        self.wants = {"lot"}
        self.given = 0
        self.people: list[str] = []

    def opened(self, context: Context) -> None:
        self.say_next(Phrase("Next: {title}", title=str(context.get("step", ""))))
        self.field.set_text("")

    def on_draft(self) -> None:
        self.field.set_text(self.draft()["note"].value)

    def on_scan(self, scanned: Scanned) -> bool:
        if scanned.what not in self.wants:
            return False
        self.scanned.append(scanned)
        return True

    def on_person(self, who: Who) -> None:
        self.people.append(who.login)

    def evidence(self) -> Sequence[Evidence]:
        return (
            Evidence(title="25.04 mm", origin=Phrase("origin"), facts=(Fact(name=Phrase("Name"), value="DC-014"),), raw=b"01A+025.04\x1d"),
        )

    def _give(self) -> None:
        self.submit(CallForHelp(command_id=new_id(), id=new_id(), topic="material"), done=self._done)

    def _done(self, _: None) -> None:
        self.given += 1


REGISTRATION = {
    "key": "test.step",
    "title": "Begin",
    "workbench": "inspect",
    "permission": Permission.EVERYBODY,
    "scans": ("container",),
    "tasks": ("test",),
}
