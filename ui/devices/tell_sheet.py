"""What a machine tells by itself, by which map: it is listened to at once, and its figures are shown before it is connected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt

from app.base.phrases import Phrase
from app.core.devices_here import row_of
from app.devices.machines.access import Access, Security
from app.devices.machines.tag_map import TagMap
from app.devices.recognition.trying import Tried
from app.devices.settings import MOST_LOOKS_PER_S, OPCUA, DeviceSettings, TagSettings
from ui.devices.how_sheet import number_of, side_by_side
from ui.devices.proposal import Proposal, kind_name
from ui.devices.trier import Trier
from ui.kit import Button, Field, Label, PrimaryButton, Sheet, State, StateRow, StateRows
from ui.shell.evidence import Fact
from ui.shell.fact_rows import FactRow


class TellSheet(Sheet):
    """A digit chooses the map. F5 listens again, F6 trusts the certificate the server has just shown.

    Silence does not close the way: a machine may be off. How often a server looks is written; an MQTT machine decides that itself.
    """

    writes_first = False

    def __init__(
        self, one: Proposal, access: Access, maps: Sequence[TagMap], go_on: Callable[[Proposal], None], before: DeviceSettings | None = None
    ) -> None:
        """Ask.

        Args:
            one: Kind and address.
            access: How it is reached.
            maps: Those that are written for what it speaks.
            go_on: Hears it with its map.
            before: How it is connected until now; ``None``: not at all.
        """
        self.act = PrimaryButton(Phrase("Go on"), icon="arrow")
        super().__init__(kind_name(one.key), icon="sensor", primary=self.act)
        self._one, self._access, self._maps, self._go_on, self._before = one, access, list(maps), go_on, before
        old = before.tags if before is not None else None
        known = [one for one in self._maps if old is not None and one.model == old.map.model]
        self._map = known[0] if known else self._maps[0] if len(self._maps) == 1 else None
        self.looks = Field(Phrase("Looks a second"), text=f"{old.looks_per_s:g}" if old is not None and old.looks_per_s else "")
        self.rows = StateRows(numbered=True)
        self.answer, self.more = Label("", wrap=True), Label("", ink="ink2", wrap=True)
        self.answer_state = State.TO_DO
        self.again = Button(Phrase("Ask again"), icon="again", key=Qt.Key.Key_F5)
        self.trust = Button(Phrase("Trust it"), icon="lock", key=Qt.Key.Key_F6)
        self._asked: Proposal | None = None
        self._shown: bytes | None = None
        self.trier = Trier(self)
        self.trier.tried.connect(self._is_tried)
        self._lay_out()
        self._changed()

    def _lay_out(self) -> None:
        self.looks.keep_to_plain_keys()
        self.looks.edited.connect(lambda _: self._changed())
        self.rows.opened.connect(self._choose)
        self.again.clicked.connect(self.ask)
        self.trust.clicked.connect(self._trust)
        self.act.clicked.connect(self._done)
        self.body.addWidget(FactRow(Fact(name=Phrase("port"), value=self._one.url)))
        above = side_by_side(self.looks)
        above.addWidget(self.again, 1, Qt.AlignmentFlag.AlignBottom)
        self.body.addLayout(above)
        self.looks.setVisible(self._one.key == OPCUA)
        self.body.addWidget(Label(Phrase("Map"), ink="ink2"))
        self.body.addWidget(self.rows, 1)
        self.body.addWidget(self.answer)
        self.body.addWidget(self.more)
        self.body.addWidget(self.trust)

    # what is chosen -----------------------------------------------------------------------------------------------------------------

    @property
    def proposal(self) -> Proposal | None:
        """As it is chosen now; ``None``: map or looks are missing, or cannot be."""
        looks = number_of(self.looks.text) if self._one.key == OPCUA else None
        if self._map is None or (self._one.key == OPCUA and (looks is None or not 0 < looks <= MOST_LOOKS_PER_S)):
            return None
        looks_per_s = float(looks) if looks is not None else None
        return replace(self._one, tags=TagSettings(map=self._map, looks_per_s=looks_per_s, access=self._access))

    def press(self, key: int) -> bool:
        """A digit chooses a map while nothing is written; F5 listens again, F6 trusts."""
        for button in (self.again, self.trust):
            if key == button.key:
                if button.isEnabled() and not button.isHidden():
                    button.click()
                return True
        return (not self.looks.edit.hasFocus() and self.rows.press(key)) or super().press(key)

    def _choose(self, n: int) -> None:
        self._map = self._maps[n]
        self._changed()

    def _changed(self) -> None:
        self.rows.show_rows([self._row(one) for one in self._maps], stay=True)
        self.settle()
        if self.answer_state is not State.WAITING:
            self.ask()

    def _row(self, one: TagMap) -> StateRow:
        state = State.HERE if one is self._map else State.TO_DO
        return StateRow(state=state, title=one.model, line=Phrase("{count} channels", count=len(one.channels)), strong=True)

    # what it tells ------------------------------------------------------------------------------------------------------------------

    def ask(self) -> None:
        """Listen once, as it is chosen now; one connection at a time."""
        self._asked = self.proposal
        self.trust.hide()
        if self._asked is None:
            self.again.not_yet("")
            self._say(State.TO_DO, *self._missing)
            return
        self.again.not_yet(Phrase("asking"))
        self._say(State.WAITING, Phrase("listening, some seconds"))
        self.trier.ask(self._asked.settings)

    @property
    def _missing(self) -> tuple[Phrase, Phrase | str]:
        if not self._maps:
            why = Phrase("No map here is written for this kind.")
            return why, Phrase("Lay the map of the machine into the folder “machines” of this station, then begin again.")
        return Phrase("It is listened to as soon as everything above is chosen."), ""

    def _is_tried(self, tried: Tried) -> None:
        self.again.ready()
        self._say(State.PASS if tried.answered else State.ATTENTION, tried.says, tried.more)
        self._show_certificate(tried.certificate)
        self.settle()
        if self.proposal != self._asked:
            self.ask()

    def _say(self, state: State, words: Phrase | str, more: Phrase | str = "") -> None:
        self.answer_state = state
        self.answer.tell(Phrase("Tells: {says}", says=words) if state is State.PASS else words)
        self.more.tell(more)
        self.more.setVisible(bool(more))

    def _show_certificate(self, shown: bytes | None) -> None:
        self._shown = shown
        self.trust.tell(Phrase("Trust it") if shown is not None else Phrase("Look at its certificate"))
        self.trust.setVisible(shown is not None or self._may_have_another)

    @property
    def _may_have_another(self) -> bool:
        """Whether a server that keeps silent may have another certificate than the one that is trusted: theirs run out, too."""
        silent = self.answer_state is State.ATTENTION
        return silent and self._access.security is Security.BASIC256SHA256 and self._access.certificate is not None

    def _trust(self) -> None:
        """A person compared it: it is kept for this machine when it is connected. Or wants to see what it shows now."""
        self._access = replace(self._access, certificate=self._shown)
        self.ask()

    def closing(self) -> None:
        """Nobody waits any more."""
        self.trier.stop()

    # the act ------------------------------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Closed until map and looks are chosen and, for a machine that is connected, something differs."""
        one = self.proposal
        if one is None:
            nothing = Phrase("no map fits") if not self._maps else None
            chosen = Phrase("write looks a second, choose the map") if self._one.key == OPCUA else Phrase("choose the map")
            self.act.not_yet(nothing or chosen)
        elif self._before is not None and _same(self._before, one.settings):
            self.act.not_yet(Phrase("nothing is changed yet"))
        else:
            self.act.ready()

    def _done(self) -> None:
        one = self.proposal
        if one is not None:
            self._go_on(one)


def _same(before: DeviceSettings, after: DeviceSettings) -> bool:
    """Whether nothing would change: neither the entry nor what lies beside it."""
    old, new = before.tags, after.tags
    if old is None or new is None:
        return False
    papers = old.access.sign_in == new.access.sign_in and old.access.certificate == new.access.certificate
    return papers and old.map.sha256 == new.map.sha256 and row_of(before) == {**row_of(after), "code": before.code}
