"""The signing sheet: beside the work, not over it. Who signs, as what, over exactly what the database computed.

The screen stays alive: scans that are no badge go on to it, alarms stand over it. "Not now" loses nothing, because the work's facts were
committed before. Source: design/face.md §7 (5 Sign); 21 CFR 11.50, 11.200(a).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.base.errors import AppError, RuleViolation
from app.base.phrases import Name, Phrase
from app.core.command import COMMANDS, Permission
from app.core.database import WrongNameOrPassword
from app.core.refusals import ChangedAfterSigning, NotAllowed, NotWhatWasSeen, OtherVersion, PerformerCannotSign
from app.core.session import Signer
from app.core.station_health import StationClockOff
from app.scanning.result import Scanned
from ui.bridge import Given
from ui.kit import ChoiceRows, Field, Icon, Label, Panel, PasswordField, PrimaryButton, Shape, Sheet, State, Words, same_key, say, theme
from ui.kit.language import speech
from ui.kit.panel import HEADER
from ui.shell.evidence import Fact
from ui.shell.fact_rows import FactRow
from ui.shell.feed_watch import DatabaseHere
from ui.shell.questions import Colleague, ToSign, people_named, to_sign
from ui.shell.signing import SignAs, Signing

if TYPE_CHECKING:
    from ui.shell.window import Window

_BEFORE_FIELDS, _AFTER_SHAPE = 4, 16
_READ_AGAIN = (OtherVersion, NotWhatWasSeen, ChangedAfterSigning, PerformerCannotSign, NotAllowed)
"""Refusals that say: what the sheet read is no longer so."""


class WrongSigner(RuleViolation):
    code = "SIG-21"
    text = "Not signed: name and password do not belong together."
    next_step = "Enter the password again."


class NoRightToSign(RuleViolation):
    code = "SIG-22"
    text = "Not signed: {who} does not have the right for this."
    next_step = "May sign: {may}."


class UnknownSigner(RuleViolation):
    code = "SIG-23"
    text = "Not known: nobody here has the badge or name {entered}."
    next_step = "May sign: {may}."


class NameOfSeveral(RuleViolation):
    code = "SIG-24"
    text = "Not clear who signs: several people here are called {entered}."
    next_step = "Scan the badge, or enter the name used at sign-in."


class SigningSheet(Sheet):
    """One request. Everything that is refused is said inside the sheet; it stays until signed or left."""

    def __init__(self, window: Window, signing: Signing, frame_around: Panel | None) -> None:
        self.sign = PrimaryButton(Phrase("Sign"), icon="pen")
        super().__init__(Phrase("Sign here"), icon="pen", primary=self.sign)
        self._window, self._signing, self._framed = window, signing, frame_around
        self._to_sign: ToSign | None = None
        self._entered: str | None = None
        self._named: tuple[str, ...] | None = None
        self._signer: str | None = None
        self._clock_off: StationClockOff | None = None
        self._name: Words = ""
        self._meaning_by_itself = False
        self._build()
        self.sign.clicked.connect(self._sign)
        if frame_around is not None:
            frame_around.frame("actfill", 3)
        window.bridge.database.connect(self._clock_stands)
        if window.bridge.here is not None:
            self._clock_stands(window.bridge.here)
        self._read()

    def _build(self) -> None:
        signing = self._signing
        self._digest = FactRow(Fact(name=Phrase("content, all of it"), value="…"))
        self._panel = Panel(signing.title, "", padding=0)
        self._panel.body.setSpacing(0)
        self._facts = [FactRow(fact) for fact in signing.what]
        self._after = [FactRow(Fact(name=Phrase("after signing"), value=signing.after))] if signing.after else []
        for row in (*self._facts, *self._after, self._digest):
            self._panel.body.addWidget(row)
        chosen = 0 if len(signing.choices) == 1 else None
        self.meaning = ChoiceRows([choice.words for choice in signing.choices], chosen)
        self.meaning.chosen.connect(self._meaning_chosen)
        self.person = Field(Phrase("Person (badge or name)"))
        self.person.edited.connect(self._person_edited)
        self.password = PasswordField(Phrase("Password"))
        self.password.edited.connect(self._settle)
        self._eyes_shape, self._eyes = Shape(State.WAITING, 26), Label("", ink="ink2", wrap=True)
        self._clock = Label(self._clock_words(), ink="ink2", wrap=True)
        self._told_shape, self._told = Shape(State.FAIL, 26), Label("", ink="stop", bold=True, wrap=True)
        self._names = [Label(Phrase("What is signed"), ink="ink2"), Label(Phrase("Meaning"), ink="ink2")]
        for part in (self._names[0], self._panel, self._names[1], self.meaning):
            self.body.addWidget(part)
        self.body.addSpacing(theme.px(_BEFORE_FIELDS))
        fields = QHBoxLayout()
        fields.setSpacing(theme.px(12))
        fields.addWidget(self.person, 1)
        fields.addWidget(self.password, 1)
        self.body.addLayout(fields)
        self._told_row = self._line(self._told_shape, self._told)
        self._told_row.hide()
        self._eyes_row = self._line(self._eyes_shape, self._eyes)
        self._clock_row = self._line(Icon("clock", 26), self._clock)
        self.body.addStretch(1)
        for look in (speech.changed, theme.changed):
            look.connect(self._fit)

    def _line(self, sign: QWidget, words: Label) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(_AFTER_SHAPE))
        layout.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(words, 1, Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(row)
        return row

    def _clock_words(self) -> Phrase:
        who = self._window.bridge.who
        name = who.name if who is not None else ""
        return Phrase("The signed time is the database's. {name} stays signed in; scans and alarms go on.", name=name)

    # what is signed ---------------------------------------------------------------------------------------------------------------

    def _read(self) -> None:
        signing = self._signing
        self._to_sign = None
        self._settle()
        question = partial(to_sign, kind=signing.kind, subject=signing.subject, site=self._window.where.site, needed=self._needed())
        self._window.bridge.ask(question, done=self._show, refused=self._say, owner=self)

    def _needed(self) -> frozenset[Permission]:
        return frozenset(COMMANDS[choice.order].permission for choice in self._signing.choices)

    def _show(self, found: ToSign) -> None:
        self._to_sign = found
        self._panel.tell(self._signing.title, Phrase("version {version}", version=found.preview.version))
        self._digest.value.tell(short_digest(found.preview.digest))
        who = [found.names.get(login, login) for login in found.preview.performers]
        if who:
            self._eyes_shape.set_state(State.PASS)
            self._eyes.tell(Phrase("Four eyes: {who} performed this and cannot sign it.", who=_listed(who)))
        else:
            self._eyes.tell(Phrase("Nobody performed this yet."))
        self._fit()
        self._settle()
        self._focus()
        self._judge()

    def _focus(self) -> None:
        """To what is missing; never from under a hand that writes a name, or a password, which would end in a field that shows it."""
        person, password = self.person, self.password
        writes_name = person.edit.hasFocus() and person.text and self._signer is None
        if writes_name or (password.edit.hasFocus() and (password.text or self._signer is None)):
            return
        if self._choice is None:
            self.meaning.setFocus()
        elif self._signer is None:
            self.person.setFocus()
        else:
            self.password.setFocus()

    # meaning and person -----------------------------------------------------------------------------------------------------------

    @property
    def _choice(self) -> SignAs | None:
        return self._signing.choices[self.meaning.index] if self.meaning.index is not None else None

    def press(self, key: int) -> bool:
        """1, 2 choose the meaning (while no field is written in); Enter goes to what is missing, then signs."""
        if self.meaning.press(key):
            return True
        if same_key(key, Qt.Key.Key_Return) and self._signer is None and self.person.text.strip():
            self._find(self.person.text.strip())
            return True
        return super().press(key)

    def on_scan(self, scanned: Scanned) -> bool:
        """A badge names the signer; everything else is the screen's."""
        if scanned.kind != "badge" or scanned.code is None:
            return False
        self._find(scanned.code)
        return True

    def _meaning_chosen(self, _: int) -> None:
        self._meaning_by_itself = False
        self._judge()
        self._settle()
        self._focus()

    def _person_edited(self, _: str) -> None:
        self._entered = self._named = None
        self._forget_signer()
        self._settle()

    def _find(self, entered: str) -> None:
        """Whose badge or name this is; asked beside the record, so that a badge scanned before the record was read is kept."""
        self._entered = entered
        ask = self._window.bridge.ask_station
        ask(partial(people_named, entered=entered), done=partial(self._found, entered), refused=self._say, owner=self)

    def _found(self, entered: str, logins: tuple[str, ...]) -> None:
        if entered != self._entered:
            return  # another badge or name came meanwhile
        self._named = logins
        self._forget_signer()
        self._judge()
        self._settle()

    def _forget_signer(self) -> None:
        """And the meaning that was chosen for them alone."""
        self._signer = None
        if self._meaning_by_itself:
            self._meaning_by_itself = False
            self.meaning.choose(None)

    def _may(self) -> list[Colleague]:
        if self._to_sign is None:
            return []
        choices = [self._choice] if self._choice is not None else self._signing.choices
        rights = {COMMANDS[choice.order].permission for choice in choices}
        performers = self._to_sign.preview.performers
        found = {one.login: one for right in rights for one in self._to_sign.may[right] if one.login not in performers}
        return list(found.values())

    def _judge(self) -> None:
        """Whoever was named signs or is told why not; judged again when the record was read anew or another meaning was chosen."""
        if self._named is None or self._to_sign is None:
            return
        login = self._named[0] if len(self._named) == 1 else None
        name = next((one.name for one in self._may() if one.login == login), None)
        if login is not None and name is not None:
            if login != self._signer:
                self._take(login, name)
            return
        self._forget_signer()
        if self.person.text.strip() != self._entered:
            self.person.set_text("")  # no name stands there but that of who was refused
        self._say(*self._why_not(login, self._named, _listed([one.name for one in self._may()])))

    def _take(self, login: str, name: Name) -> None:
        self._signer, self._name = login, name
        self.person.set_text(say(name))
        self._choose_only_meaning(login)
        self._say(None)
        self._settle()
        self._focus()

    def _why_not(self, login: str | None, named: tuple[str, ...], may: Words) -> tuple[AppError, Words | None]:
        """The refusal of somebody who is known, or of a badge or name that is nobody's, and what to do next when it says nothing of it."""
        assert self._to_sign is not None
        if login is not None and login in self._to_sign.preview.performers:
            return PerformerCannotSign(who=self._to_sign.names.get(login, login)), Phrase("May sign: {may}.", may=may)
        if login is not None:
            return NoRightToSign(who=login, may=may), None
        if named:
            return NameOfSeveral(entered=self._entered), None
        return UnknownSigner(entered=self._entered, may=may), None

    def _choose_only_meaning(self, login: str) -> None:
        """A person who has the right for one of the meanings alone is not asked which."""
        if self._choice is not None or self._to_sign is None:
            return
        may = self._to_sign.may
        fits = [n for n, one in enumerate(self._signing.choices) if any(who.login == login for who in may[COMMANDS[one.order].permission])]
        if len(fits) == 1:
            self._meaning_by_itself = True
            self.meaning.choose(fits[0])

    def _settle(self, _: str = "") -> None:
        if self.sign.is_busy:
            return
        missing = self._missing()
        if missing is not None:
            self.sign.tell(missing)
            self.sign.not_yet(missing)
        else:
            self.sign.tell(Phrase("Sign as {name}", name=self._name))
            self.sign.ready()

    def _missing(self) -> Phrase | None:
        """What must still be there before anybody can sign; stands in the button itself, because the sheet's foot has no other room."""
        if self._clock_off is not None:
            return Phrase("The clock of this station is wrong")
        if self._to_sign is None:
            return Phrase("Reading the record")
        if self._choice is None:
            return Phrase("Choose a meaning")
        if self._signer is None:
            return Phrase("Scan a badge or enter a name")
        return None if self.password.text else Phrase("Enter the password")

    # the station's clock ----------------------------------------------------------------------------------------------------------

    def _clock_stands(self, here: DatabaseHere) -> None:
        """Nobody signs at a station whose clock is more than 30 s off (R5); the sheet says so, and opens by itself when it is right."""
        before, self._clock_off = self._clock_off, here.clock.refusal
        if (before is None) != (self._clock_off is None):
            self._say(self._clock_off)
            self._settle()

    # signing ----------------------------------------------------------------------------------------------------------------------

    def _sign(self) -> None:
        choice, found = self._choice, self._to_sign
        if choice is None or found is None or self._signer is None:
            return
        signer = Signer(login=self._signer, password=self.password.text, seen=found.preview.digest)
        self.password.clear()
        self._say(None)
        self.sign.begin_busy(Phrase("Signing"))
        self.meaning.setEnabled(False)
        self._window.bridge.give(
            choice.make(found.preview),
            done=partial(self._signed, choice),
            refused=self._not_signed,
            unknown=self._unknown,
            reason=self._signing.reason,
            signer=signer,
            owner=self,
        )

    def _signed(self, choice: SignAs, answer: Any) -> None:
        window, done = self._window, self._signing.done
        window.tones.ok()
        if window.frame.sheet is self:
            window.close_sheet()
        done(answer, choice)

    def _not_signed(self, error: AppError) -> None:
        self.sign.end_busy()
        self.meaning.setEnabled(True)
        self._say(WrongSigner() if isinstance(error, WrongNameOrPassword) else error)
        if isinstance(error, _READ_AGAIN):
            self._read()
        self._settle()
        self.password.setFocus()

    def _unknown(self, _: Given) -> None:
        self.sign.end_busy()
        self.sign.begin_busy(Phrase("Waiting for the database"))

    def _say(self, error: AppError | None, next_step: Words | None = None) -> None:
        if error is not None:
            self._window.tones.stop()
        error = error or self._clock_off
        self._told_row.setVisible(error is not None)
        if error is not None:
            self._told.tell(Phrase("{what} {next}", what=error.what, next=next_step or error.next))
        self._fit()

    @property
    def refusal(self) -> str:
        """What the sheet says against signing now; empty when nothing does."""
        return "" if self._told_row.isHidden() else self._told.text

    # what has room ----------------------------------------------------------------------------------------------------------------

    def set_compact(self, compact: bool) -> None:
        super().set_compact(compact)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Nothing is squeezed: what has no room goes, the dearest last. The facts stand framed beside the sheet as well."""
        margins = self.body.contentsMargins()
        wide = self.width() - self._outer.contentsMargins().left() - margins.left() - margins.right()
        gap, told = theme.px(8), not self._told_row.isHidden()
        left = self.height() - self._head.height() - self._foot.height() - margins.top() - margins.bottom()
        left -= theme.px(HEADER) + 2 + self._digest.needed(wide - 2) + gap
        left -= self.meaning.sizeHint().height() + gap + theme.px(_BEFORE_FIELDS) + gap + self.person.sizeHint().height() + gap
        left -= self._line_needed(self._told, wide) + gap if told else 0
        for wanted, parts, needed in (
            (not told, [self._eyes_row], self._line_needed(self._eyes, wide) + gap),
            (True, self._after, sum(row.needed(wide - 2) for row in self._after)),
            (True, self._facts, sum(row.needed(wide - 2) for row in self._facts)),
            (True, self._names, sum(name.sizeHint().height() + gap for name in self._names)),
            (not told, [self._clock_row], self._line_needed(self._clock, wide) + gap),
        ):
            has_room = wanted and left >= needed
            left -= needed if has_room else 0
            for part in parts:
                part.setVisible(has_room)

    @staticmethod
    def _line_needed(words: Label, wide: int) -> int:
        return max(theme.px(26), words.heightForWidth(wide - theme.px(26 + _AFTER_SHAPE)))

    def minimumSizeHint(self) -> QSize:
        """A sheet never makes the window higher than its glass."""
        return QSize(super().minimumSizeHint().width(), 0)

    def closing(self) -> None:
        """The window takes the sheet away: what was framed is framed no longer."""
        self.password.clear()
        if self._framed is not None:
            self._framed.frame()


def short_digest(digest: bytes) -> str:
    """``9F3A 71C2 E04B … 5D18``: enough to compare with paper."""
    figures = digest.hex().upper()
    return f"{figures[:4]} {figures[4:8]} {figures[8:12]} … {figures[-4:]}"


def _listed(names: list[Any]) -> Words:
    words: Words = names[-1] if names else Phrase("nobody at this site")
    for name in reversed(names[:-1]):
        words = Phrase("{first}, {rest}", first=name, rest=words)
    return words
