r"""Something written by an engineer for a device, exactly as it will go out; ``\r``, ``\n`` and ``\x1b`` stand for what no key writes."""

from __future__ import annotations

import re
from collections.abc import Callable

from app.base.phrases import Phrase
from ui.kit import Field, Label, PrimaryButton, Sheet

LONGEST = 64
"""Bytes."""
_ESCAPE = re.compile(r"\\(?:r|n|t|\\|x[0-9A-Fa-f]{2})")


def message_of(written: str) -> bytes | None:
    r"""The bytes of what was written for a device; see `bytes_of`."""
    return bytes_of(written, longest=LONGEST)


def bytes_of(written: str, *, longest: int) -> bytes | None:
    r"""The bytes of what was written; ``None``: a character that is no byte, a backslash that escapes nothing, nothing, or too much."""
    if "\\" in _ESCAPE.sub("", written):
        return None
    try:
        said = _ESCAPE.sub(_escaped, written).encode("latin-1")
    except UnicodeEncodeError:
        return None
    return said if 0 < len(said) <= longest else None


def _escaped(match: re.Match[str]) -> str:
    sign = match[0]
    known = {r"\r": "\r", r"\n": "\n", r"\t": "\t", "\\\\": "\\"}
    return known[sign] if sign in known else chr(int(sign[2:], 16))


class SendSheet(Sheet):
    """The act stays closed until there are bytes to send; it stays open for the next ones."""

    def __init__(self, device: str, send: Callable[[bytes], bool]) -> None:
        self.act = PrimaryButton(Phrase("Send"), icon="arrow")
        super().__init__(Phrase("Send to {device}", device=device), icon="sensor", primary=self.act)
        self._send = send
        self.written = Field(Phrase("Text; \\r \\n \\x1b for what no key writes"))
        self.written.keep_to_plain_keys()
        self.written.edited.connect(lambda _: self.settle())
        self.bytes = Label("", ink="ink2", wrap=True)
        self.body.addWidget(self.written)
        self.body.addWidget(self.bytes)
        self.body.addWidget(
            Label(Phrase("It goes out as it is written. A command may change the device's settings."), ink="att", wrap=True)
        )
        self.body.addStretch(1)
        self.act.clicked.connect(self._sent)
        self.settle()
        self.written.setFocus()

    def settle(self) -> None:
        """Show the bytes; open the act when there are some."""
        message = message_of(self.written.text)
        if message is None:
            self.bytes.tell("")
            self.act.not_yet(Phrase("write what to send"))
        else:
            self.bytes.tell(message.hex(" ").upper())
            self.act.ready()

    def _sent(self) -> None:
        message = message_of(self.written.text)
        if message is None:
            return
        if self._send(message):
            self.written.set_text("")
            self.settle()
        else:
            self.bytes.tell(Phrase("Not sent: the device is not connected."))
