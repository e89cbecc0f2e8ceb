"""Where the bytes come from that a protocol is tried on: a connected device, a port of this computer, or lines that are pasted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.base.phrases import Phrase
from ui.devices.send_sheet import bytes_of
from ui.kit import Field, Label, PrimaryButton, Sheet, State, StateRow, StateRows, theme

MOST_PASTED = 4000
"""Characters."""


class SourceSheet(Sheet):
    """A digit takes a device or a port; what is written is an address, or bytes."""

    writes_first = False

    def __init__(
        self, devices: Sequence[tuple[str, str]], ports: Sequence[str], listen: Callable[[str], None], paste: Callable[[bytes], None]
    ) -> None:
        """Ask.

        Args:
            devices: Connected ones: code and port.
            ports: That nobody has.
            listen: Hears the code of a device, or a url.
            paste: Hears the bytes.
        """
        self.act = PrimaryButton(Phrase("Read these bytes"), icon="sensor")
        super().__init__(Phrase("Bytes to read"), icon="sensor", primary=self.act)
        self._listen, self._paste = listen, paste
        self._offered = [*(code for code, _ in devices), *ports]
        self.rows = StateRows(numbered=True)
        self.rows.opened.connect(lambda n: listen(self._offered[n]))
        of_devices = [StateRow(state=State.HERE, title=code, line=url, strong=True) for code, url in devices]
        self.rows.show_rows([*of_devices, *(StateRow(state=State.TO_DO, title=url, line=Phrase("a free port")) for url in ports)])
        self.written = Field(Phrase("An address, or lines with \\r \\n \\x02"))
        self.written.edited.connect(lambda _: self.settle())
        self.body.addWidget(Label(Phrase("What is heard here is no reading: nothing of it goes into a record."), ink="ink2", wrap=True))
        self.body.addWidget(self.rows, 1)
        self.body.addSpacing(theme.px(8))
        self.body.addWidget(self.written)
        self.act.clicked.connect(self._taken)
        self.settle()

    def press(self, key: int) -> bool:
        """A digit takes a row, while nothing is written."""
        return (not self.written.edit.hasFocus() and self.rows.press(key)) or super().press(key)

    def settle(self) -> None:
        """Open when an address or bytes are written."""
        text = self.written.text.strip()
        if "://" in text or bytes_of(text, longest=MOST_PASTED) is not None:
            self.act.ready()
        else:
            self.act.not_yet(Phrase("write or choose"))

    def _taken(self) -> None:
        text = self.written.text.strip()
        content = bytes_of(text, longest=MOST_PASTED)
        if "://" in text:
            self._listen(text)
        elif content is not None:
            self._paste(content)
