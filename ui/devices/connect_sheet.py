"""What was found or said becomes an asset's: proposed by its serial number, confirmed by an engineer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.base.phrases import Phrase
from app.devices.printer_language import OFFICE
from app.plant.queries import AssetRow
from ui.devices.access_words import access_words
from ui.devices.office_sheet import LANGUAGE_WORDS
from ui.devices.proposal import Device, Proposal, kind_name
from ui.kit import Label, PrimaryButton, Sheet, State, StateRow, StateRows
from ui.shell.evidence import Fact
from ui.shell.fact_rows import FactRow

Connect = Callable[[AssetRow, Device], None]


class ConnectSheet(Sheet):
    """One asset is proposed where the serial number names it; otherwise the engineer chooses."""

    def __init__(self, one: Proposal, possible: Sequence[AssetRow], connect: Connect) -> None:
        self.act = PrimaryButton(Phrase("Connect"), icon="plus")
        super().__init__(Phrase("Connect a device"), icon="plus", primary=self.act)
        self._one, self._possible, self._connect = one, list(possible), connect
        for fact in _facts(one):
            self.body.addWidget(FactRow(fact))
        self.body.addWidget(Label(Phrase("Which asset is it?"), ink="ink2"))
        sure = len(self._possible) == 1 and one.serial_number is not None and self._possible[0].serial_no == one.serial_number
        self._chosen = self._possible[0] if sure else None
        self.assets = StateRows(numbered=True)
        self.assets.opened.connect(self._choose)
        self.assets.show_rows(self._rows())
        self.body.addWidget(self.assets, 1)
        self.assets.setVisible(bool(self._possible))
        if not self._possible:
            self.body.addWidget(Label(_nobody(one), ink="att", wrap=True))
            self.body.addStretch(1)
        self.act.clicked.connect(self._connected)
        self.settle()

    def press(self, key: int) -> bool:
        """A digit chooses the asset, PgUp and PgDn turn to others."""
        return self.assets.press(key) or super().press(key)

    def settle(self) -> None:
        """Closed until an asset is chosen that can be connected so."""
        asset = self._chosen
        if asset is None:
            self.act.tell(Phrase("Connect"))
            self.act.not_yet(Phrase("choose the asset"))
        elif self._one.needs_unit and not asset.unit:
            self.act.tell(Phrase("Connect"))
            self.act.not_yet(Phrase("its record names no unit"))
        else:
            self.act.tell(Phrase("Connect as {code}", code=asset.code))
            self.act.ready()

    def _rows(self) -> list[StateRow]:
        marks = {True: State.HERE, False: State.TO_DO}
        return [
            StateRow(state=marks[asset is self._chosen], title=asset.code, line=asset.name, right=asset.serial_no, strong=True)
            for asset in self._possible
        ]

    def _choose(self, n: int) -> None:
        self._chosen = self._possible[n]
        self.assets.show_rows(self._rows(), stay=True)
        self.settle()

    def _connected(self) -> None:
        asset = self._chosen
        if asset is not None and not self.act.is_busy:
            self.act.begin_busy(Phrase("Connecting"))
            self._connect(asset, self._one.device_for(asset))


def _facts(one: Proposal) -> list[Fact]:
    known = [Fact(name=Phrase("kind"), value=kind_name(one.key)), Fact(name=Phrase("port"), value=one.url)]
    if one.machine is not None:
        words = Phrase("{map}, unit {unit}", map=one.machine.map.model, unit=one.machine.unit_id)
        known.append(Fact(name=Phrase("register map"), value=words))
    elif one.tags is not None:
        known.append(Fact(name=Phrase("map"), value=one.tags.map.model))
        known.append(Fact(name=Phrase("protection"), value=access_words(one.tags.access)))
    elif one.key == OFFICE:
        known.append(Fact(name=Phrase("language of its labels"), value=LANGUAGE_WORDS[one.language]))
    elif one.is_printer:
        known.append(Fact(name=Phrase("print head"), value=Phrase("{dpi} dots per inch", dpi=one.dpi or "–")))
    else:
        known.append(Fact(name=Phrase("serial number"), value=one.serial_number or Phrase("says no serial number")))
    if one.line is not None:
        known.insert(2, Fact(name=Phrase("line settings"), value=one.line.words))
    return known


def _nobody(one: Proposal) -> Phrase:
    if one.serial_number is not None:
        return Phrase("No asset of this site has this serial number. Register it first.")
    return Phrase("No asset of this site can be that, or all are connected here already. Register it first.")
