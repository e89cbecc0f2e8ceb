"""How a machine that tells by itself is reached: where, how its line is protected, and by which name and password the station signs in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import Qt

from app.base.phrases import Phrase
from app.core.authorities import Authority
from app.devices.machines.access import Access, Security, SignIn
from app.devices.settings import OPCUA
from ui.devices.access_words import PROTECTIONS
from ui.devices.how_sheet import side_by_side
from ui.devices.proposal import Proposal, address_of, kind_name, kinds_at
from ui.kit import Button, Field, Label, PasswordField, PrimaryButton, Sheet, State, StateRow, StateRows, Words, theme
from ui.kit.tokens import GAP

MOST_SIGNS = 200
"""In a name or a password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One possible protection."""

    security: Security
    line: Words
    certificate: bytes | None = None
    """Of the authority, where it is chosen here."""

    def same_as(self, other: Way) -> bool:
        """Whether both protect alike, however they are told."""
        return (self.security, self.certificate) == (other.security, other.certificate)


class ReachSheet(Sheet):
    """A digit chooses the protection; there is no usual one. F5 looks once more which authorities lie here.

    A password is written over a protected line only, is shown nowhere and stays as it is while none is written.
    """

    writes_first = False

    def __init__(self, one: Proposal, access: Access | None, folder: Path, look: Callable[[ReachSheet], None], go_on: Reached) -> None:
        """Ask.

        Args:
            one: Kind and address.
            access: How it is reached until now; ``None``: it is not connected yet.
            folder: Of the certificates of this station.
            look: Reads the authorities that lie there, beside the window, and gives them to `show_authorities`.
            go_on: Hears address and access.
        """
        self.act = PrimaryButton(Phrase("Go on"), icon="arrow")
        super().__init__(kind_name(one.key), icon="sensor", primary=self.act)
        self._one, self._before, self._folder, self._look, self._go_on = one, access, folder, look, go_on
        self._ways: list[Way] = []
        self._way: Way | None = None
        self.address = Field(Phrase("Address"), text=one.url)
        self.user = Field(Phrase("Name there, or nothing"), text=access.sign_in.user if access is not None and access.sign_in else "")
        self.password = PasswordField(Phrase("Password there"))
        self.rows = StateRows(numbered=True)
        self.hint = Label("", ink="ink2", wrap=True)
        self.again = Button(Phrase("Look again"), icon="again", key=Qt.Key.Key_F5)
        self._lay_out()
        self.show_authorities([])
        self._look(self)

    def _lay_out(self) -> None:
        for field in (self.address, self.user):
            field.keep_to_plain_keys()
        for field in (self.address, self.user, self.password):
            field.edited.connect(lambda _: self.settle())
        self.rows.opened.connect(self._choose)
        self.again.clicked.connect(lambda: self._look(self))
        self.act.clicked.connect(self._done)
        self.body.addWidget(self.address)
        self.body.addWidget(Label(Phrase("How the line is protected"), ink="ink2"))
        self.body.addWidget(self.rows, 1)
        self.body.addWidget(self.hint)
        self.body.addWidget(self.again)
        self.body.addSpacing(theme.px(GAP - 8))
        self.body.addLayout(side_by_side(self.user, self.password))

    def show_authorities(self, found: Sequence[Authority]) -> None:
        """What an MQTT broker can be known by; an OPC UA server is known by its own certificate, which is compared when it is tried."""
        told, self._ways = self._way, _ways(self._one.key, found, self._before)
        self._way = next((one for one in self._ways if told is not None and one.same_as(told)), None) or self._usual(told)
        self.again.setVisible(self._one.key != OPCUA and len(self._ways) == 1)
        self._show()

    def _usual(self, told: Way | None) -> Way | None:
        """As it is connected until now."""
        if told is not None or self._before is None:
            return None
        same = [one for one in self._ways if one.security is self._before.security]
        return next((one for one in same if one.certificate in (None, self._before.certificate)), None)

    def press(self, key: int) -> bool:
        """A digit chooses while no field is written in; F5 looks again."""
        if key == Qt.Key.Key_F5:
            self._look(self)
            return True
        writes = any(field.edit.hasFocus() for field in (self.address, self.user, self.password))
        return (not writes and self.rows.press(key)) or super().press(key)

    def _choose(self, n: int) -> None:
        self._way = self._ways[n]
        url = address_of(self.address.text)
        if url is not None and url.startswith("mqtt"):
            self.address.set_text(_by_scheme(url, self._way.security))
        self._show()

    def _show(self) -> None:
        marks = {True: State.HERE, False: State.TO_DO}
        self.rows.show_rows(
            [StateRow(state=marks[one is self._way], title=PROTECTIONS[one.security], line=one.line, strong=True) for one in self._ways],
            stay=True,
        )
        self.settle()

    @property
    def is_protected(self) -> bool:
        """Whether a password may be sent."""
        return self._way is not None and self._way.security is not Security.NONE

    @property
    def url(self) -> str | None:
        """The address by the protection that is chosen; ``None``: it can be none of this kind."""
        url = address_of(self.address.text)
        if url is None or kinds_at(url)[0] != self._one.key or self._way is None:
            return None
        return _by_scheme(url, self._way.security)

    @property
    def sign_in(self) -> SignIn | None:
        """Name and password. An old password stays while its name and place stay and none is written: to nobody else it is ever sent."""
        old = self._before.sign_in if self._before is not None else None
        user, password = self.user.text.strip(), self.password.text
        if not self.is_protected or not user:
            return None
        if not password and old is not None and old.user == user and self._is_same_place:
            return old
        return SignIn(user=user, password=password)

    @property
    def _is_same_place(self) -> bool:
        """Whether it is the address, and at a broker the authority, that is trusted until now."""
        before, way = self._before, self._way
        if before is None or way is None or before.security is not way.security or self.url != self._one.url:
            return False
        return way.certificate is None or way.certificate == before.certificate

    def settle(self) -> None:
        """What is missing stands beside the act."""
        for field in (self.user, self.password):
            field.setVisible(self.is_protected)
        missing = self._missing
        words = missing or self._hint
        self.hint.tell(words)
        self.hint.setVisible(bool(words))
        self.act.ready() if missing is None else self.act.not_yet(missing)

    @property
    def _missing(self) -> Phrase | None:
        """Why nobody can go on yet; it stands above the act, too."""
        if self._way is None:
            return self._authority_missing or Phrase("choose how the line is protected")
        if self.url is None:
            example = "opc.tcp://10.0.4.30:4840" if self._one.key == OPCUA else "mqtt://10.0.4.31:1883"
            return Phrase("write an address, e.g. {example}", example=example)
        return Phrase("write name and password, or neither") if self.is_protected and not self._is_whole else None

    @property
    def _authority_missing(self) -> Phrase | None:
        if self._one.key == OPCUA or len(self._ways) > 1:
            return None
        return Phrase("For TLS let IT lay the authority's certificate (PEM) into {folder}, then press F5.", folder=self._folder)

    @property
    def _is_whole(self) -> bool:
        """Both or neither, each on one line."""
        sign_in = self.sign_in
        return (_is_line(sign_in.user) and _is_line(sign_in.password)) if sign_in is not None else not self.password.text

    @property
    def _hint(self) -> Phrase | str:
        if self._authority_missing is not None:
            return self._authority_missing
        return "" if self.is_protected else Phrase("A password is never sent over an unprotected line: nobody signs in.")

    def _done(self) -> None:
        url, way = self.url, self._way
        if url is not None and way is not None:
            known = self._before.certificate if self._before is not None and self._is_same_place else None
            certificate = way.certificate or known  # what stands at another address is compared anew
            access = Access(security=way.security, certificates=self._folder, sign_in=self.sign_in, certificate=certificate)
            self._go_on(replace(self._one, url=url), access)


Reached = Callable[[Proposal, Access], None]


def _ways(key: str, authorities: Sequence[Authority], before: Access | None) -> list[Way]:
    everybody = Phrase("everybody on the network can read along")
    open_way = Way(security=Security.NONE, line=everybody)
    if key == OPCUA:
        compared = Phrase("Basic256Sha256; you compare its certificate")
        return [open_way, Way(security=Security.BASIC256SHA256, line=compared)]
    ways = [Way(security=Security.TLS, line=Phrase("authority {name}", name=one.name), certificate=one.certificate) for one in authorities]
    known = before.certificate if before is not None and before.security is Security.TLS else None
    if known is not None and known not in [one.certificate for one in ways]:
        ways.insert(0, Way(security=Security.TLS, line=Phrase("the authority it is known by now"), certificate=known))
    return [open_way, *ways]


def _by_scheme(url: str, security: Security) -> str:
    """The scheme of MQTT says whether it is protected."""
    scheme, _, rest = url.partition("://")
    if not scheme.startswith("mqtt"):
        return url
    return f"{'mqtts' if security is Security.TLS else 'mqtt'}://{rest}"


def _is_line(text: str) -> bool:
    """Whether it can stand on one line of a file, and something stands there; a half character, or a line's end, cannot."""
    return 0 < len(text) <= MOST_SIGNS and text.isprintable()
