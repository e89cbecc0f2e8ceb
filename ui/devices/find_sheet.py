"""What hangs on the free ports of this computer, or at an address of the network; a digit takes one into the plant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.base.errors import DeviceError
from app.base.phrases import Phrase
from app.devices.printer_language import OFFICE, SYSTEM
from app.devices.recognition.findings import Findings, Recognised
from ui.devices.finder import Finder
from ui.devices.proposal import address_of, kind_name
from ui.kit import Field, Label, PrimaryButton, Sheet, State, StateRow, StateRows, theme

Look = tuple[str, Findings | DeviceError | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One row: a port, and what fits it."""

    url: str
    one: Recognised | None


class FindSheet(Sheet):
    """Looks at once; the primary looks again, at the address that is written too. What nobody understood is taken by hand."""

    writes_first = False

    def __init__(self, ports: Sequence[str], take: Callable[[str, Recognised], None], by_hand: Callable[[str], None]) -> None:
        self.again = PrimaryButton(Phrase("Look again"), icon="search")
        super().__init__(Phrase("Find devices"), icon="search", primary=self.again)
        self._take, self._by_hand, self._ports = take, by_hand, list(ports)
        self._looks: dict[str, Findings | DeviceError | None] = {}
        self._printers: list[str] = []
        self._found: list[Found] = []
        self.finder = Finder(self)
        self.finder.found.connect(self._is_found)
        self.address = Field(Phrase("Or an address of the network, e.g. 10.0.4.20:9100"))
        self.address.keep_to_plain_keys()
        self.rows = StateRows(numbered=True)
        self.rows.opened.connect(self._opened)
        self.body.addWidget(Label(Phrase("Scan something and press the buttons of gauges meanwhile."), ink="ink2", wrap=True))
        self.body.addWidget(self.rows, 1)
        self.body.addSpacing(theme.px(8))
        self.body.addWidget(self.address)
        self.again.clicked.connect(self.look)
        self.look()

    def look(self) -> None:
        """Look at every port that is not looked at already."""
        written = self.address.text.strip()
        address = address_of(written) if written else None
        if written and address is None:
            self.address.refuse(Phrase("Write host and port, e.g. 10.0.4.20:9100, or rfc2217://, opc.tcp://, mqtt://, mqtts://host:port."))
            return
        self.address.accept()
        ports = [*self._ports, *([address] if address is not None and address not in self._ports else [])]
        self.address.edit.clearFocus()  # digits take a row from now on
        due = [url for url in ports if url not in self._looks or self._looks[url] is not None]
        self._looks |= dict.fromkeys(due)
        self.finder.look(due)
        self._show()

    def show_printers(self, names: Sequence[str]) -> None:
        """The printers of this computer that are nobody's yet, by their names in the system."""
        self._printers = list(names)
        self._show()

    def press(self, key: int) -> bool:
        """A digit takes a row, while no address is written."""
        return (not self.address.edit.hasFocus() and self.rows.press(key)) or super().press(key)

    def closing(self) -> None:
        """Nobody waits any more."""
        self.finder.stop()

    def _is_found(self, url: str, result: Findings | DeviceError) -> None:
        self._looks[url] = result
        self._show()

    def _show(self) -> None:
        rows: list[StateRow] = []
        self._found = []
        for url, result in self._looks.items():
            for row, one in _rows_of(url, result):
                rows.append(row)
                self._found.append(Found(url=url, one=one))
        for name in self._printers:
            rows.append(StateRow(state=State.TO_DO, title=name, line=kind_name(OFFICE)))
            self._found.append(Found(url=f"{SYSTEM}{name}", one=Recognised(key=OFFICE, line=None, serial_number=None, frame=b"")))
        nothing = StateRow(state=State.TO_DO, title=Phrase("This computer has no free serial port and no free printer."))
        self.rows.show_rows(rows or [nothing])
        busy = any(result is None for result in self._looks.values())
        self.again.not_yet(Phrase("looking")) if busy else self.again.ready()

    def _opened(self, n: int) -> None:
        if n < len(self._found):
            found = self._found[n]
            if found.one is not None:
                self._take(found.url, found.one)
            elif self._looks[found.url] is not None:  # an engineer knows what recognition could not say
                self._by_hand(found.url)


def _rows_of(url: str, result: Findings | DeviceError | None) -> list[tuple[StateRow, Recognised | None]]:
    match result:
        case None:
            return [(StateRow(state=State.WAITING, title=url, line=Phrase("looking")), None)]
        case DeviceError():
            return [(StateRow(state=State.FAIL, title=url, line=result.what), None)]
        case Findings(fitting=()):
            words = Phrase("it speaks, and no kind understands it") if result.heard else Phrase("nothing was recognised")
            return [(StateRow(state=State.ATTENTION, title=url, line=words), None)]
    several = len(result.fitting) > 1
    return [(_row(url, one, several=several), one) for one in result.fitting]


def _row(url: str, one: Recognised, *, several: bool) -> StateRow:
    name = kind_name(one.key)
    line = one.line.words if one.line is not None else "–"
    facts = Phrase(
        "{url} • {line} • {serial}", url=url, line=line, serial=one.serial_number or one.model or Phrase("says no serial number")
    )
    return StateRow(state=State.ATTENTION if several else State.PASS, title=name, line=facts, right=Phrase("or another") if several else "")
