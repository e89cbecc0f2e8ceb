"""A device hangs at another port, or its line is set otherwise: what it is from now on, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.base.phrases import Phrase
from app.core.devices_here import PrinterHere
from app.core.devices_written import connection_of
from app.devices.protocol import SerialLine
from ui.devices.how_sheet import DPIS, machine_as_written, side_by_side
from ui.devices.proposal import Device, address_of, lines_at, usual_line
from ui.kit import Choices, Field, Label, PrimaryButton, Sheet, State, StateRow, StateRows, theme
from ui.kit.reason_sheet import SHORTEST
from ui.kit.tokens import GAP

Change = Callable[[Device, str], None]


class ChangeSheet(Sheet):
    """Closed until something differs, can be, and has its reason."""

    def __init__(self, device: Device, change: Change) -> None:
        self.act = PrimaryButton(Phrase("Change"), icon="pen")
        super().__init__(Phrase("Change {code}", code=device.code), icon="pen", primary=self.act)
        self._device, self._change = device, change
        self._connection = connection_of(device)
        self._line = self._connection.line
        self.address = Field(Phrase("Port or address"), text=self._connection.url)
        self.reason = Field(Phrase("Why, in one line"))
        self.dpi = Choices(
            [Phrase("{dpi} dots per inch", dpi=dpi) for dpi in DPIS], DPIS.index(device.dpi) if isinstance(device, PrinterHere) else None
        )
        machine = self._connection.machine
        self.unit = Field(Phrase("Unit (Modbus address)"), text=str(machine.unit_id) if machine else "")
        self.looks = Field(Phrase("Looks a second"), text=f"{machine.looks_per_s:g}" if machine else "")
        self.heading = Label(Phrase("Line settings"), ink="ink2")
        self.rows = StateRows(numbered=True)
        self.rows.opened.connect(self._choose_line)
        self._lay_out()
        self.act.clicked.connect(self._changed)
        self.settle()

    def _lay_out(self) -> None:
        for field in (self.address, self.unit, self.looks):
            field.keep_to_plain_keys()
        for field in (self.address, self.unit, self.looks, self.reason):
            field.edited.connect(lambda _: self.settle())
        self.body.addWidget(self.address)
        if self._connection.machine is not None:
            self.body.addSpacing(theme.px(GAP - 8))
            self.body.addLayout(side_by_side(self.unit, self.looks))
        self.body.addSpacing(theme.px(GAP - 8))
        self.body.addWidget(self.reason)
        if isinstance(self._device, PrinterHere):
            self.body.addWidget(Label(Phrase("Print head"), ink="ink2"))
            self.body.addWidget(self.dpi)
            self.dpi.chosen.connect(lambda _: self.settle())
        self.body.addSpacing(theme.px(GAP - 8))
        self.body.addWidget(self.heading)
        self.body.addWidget(self.rows, 1)

    def press(self, key: int) -> bool:
        """A digit chooses a line while no field is written in."""
        writes = any(field.edit.hasFocus() for field in (self.address, self.reason, self.unit, self.looks))
        return (not writes and self.rows.press(key)) or super().press(key)

    @property
    def wanted(self) -> Device | None:
        """What it would be; ``None``: that cannot be."""
        url = address_of(self.address.text)
        if url is None:
            return None
        machine = self._connection.machine
        if machine is not None:
            machine = machine_as_written(url, machine.map, self.unit.text, self.looks.text)
            if machine is None:
                return None
        line = None if url.startswith("socket://") else self._line
        connection = replace(self._connection, url=url, line=line, machine=machine)
        if isinstance(self._device, PrinterHere):
            return replace(
                self._device, connection=connection, dpi=DPIS[self.dpi.index] if self.dpi.index is not None else self._device.dpi
            )
        return connection

    def settle(self) -> None:
        """What is missing stands beside the act."""
        wanted = self.wanted
        self._show_lines()
        if wanted is None:
            self.act.not_yet(Phrase("write a port or an address, e.g. 10.0.4.20:9100"))
        elif wanted == self._device:
            self.act.not_yet(Phrase("nothing is changed yet"))
        elif len(self.reason.text.strip()) < SHORTEST:
            self.act.not_yet(Phrase("write the reason"))
        else:
            self.act.ready()

    @property
    def lines(self) -> list[SerialLine]:
        """The settings that are possible at the port that is written."""
        return lines_at(address_of(self.address.text) or self._connection.url, self._connection.protocol)

    def _show_lines(self) -> None:
        self.heading.setVisible(bool(self.lines))
        here = self._line or usual_line(self._connection.protocol)
        marks = {True: State.HERE, False: State.TO_DO}
        self.rows.show_rows([StateRow(state=marks[one == here], title=one.words, strong=True) for one in self.lines], stay=True)

    def _choose_line(self, n: int) -> None:
        line = self.lines[n]
        self._line = None if line == usual_line(self._connection.protocol) else line
        self.settle()

    def _changed(self) -> None:
        wanted = self.wanted
        if wanted is not None and not self.act.is_busy:
            self.act.begin_busy(Phrase("Changing"))
            self._change(wanted, self.reason.text.strip())
