"""A device that was found becomes an asset's: proposed by its serial number, confirmed by an engineer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.base.phrases import Phrase
from app.devices.protocol import Family, families
from app.devices.recognition.search import Recognised
from app.devices.settings import DeviceSettings
from app.plant.queries import AssetRow
from ui.kit import Label, PrimaryButton, Sheet, State, StateRow, StateRows
from ui.shell.evidence import Fact
from ui.shell.fact_rows import FactRow


def candidates(assets: Sequence[AssetRow], one: Recognised, taken: frozenset[str]) -> list[AssetRow]:
    """Who it can be: the asset with its serial number alone, if there is one; else all that are not connected here.

    Those with a unit stand first for an instrument, those without for a scanner; then by code.

    Args:
        assets: Of the site.
        one: What was found.
        taken: Codes that are connected to this station already.
    """
    free = [asset for asset in assets if asset.code not in taken]
    same = [asset for asset in free if one.serial_number is not None and asset.serial_no == one.serial_number]
    if same:
        return same
    reads_codes = families()[one.key].gives == "code"
    possible = [asset for asset in free if one.serial_number is None or not asset.serial_no]
    return sorted(possible, key=lambda asset: (asset.unit is not None) == reads_codes)


def settings_for(asset: AssetRow, url: str, one: Recognised, family: Family) -> DeviceSettings:
    """How the asset is connected: with line settings where they are not the factory's, and the serial number it must say from now on."""
    return DeviceSettings(
        code=asset.code,
        protocol=one.key,
        url=url,
        unit=None if family.gives == "code" else asset.unit,
        line=one.line if one.line is not None and one.line != family.line else None,
        expected_serial=one.serial_number if family.says_serial_number else None,
    )


class ConnectSheet(Sheet):
    """One asset is proposed where the serial number names it; otherwise the engineer chooses."""

    def __init__(self, url: str, one: Recognised, possible: Sequence[AssetRow], connect: Callable[[DeviceSettings], None]) -> None:
        self.act = PrimaryButton(Phrase("Connect"), icon="plus")
        super().__init__(Phrase("Connect a device"), icon="plus", primary=self.act)
        self._url, self._one, self._possible, self._connect = url, one, list(possible), connect
        family = families()[one.key]
        self._family = family
        for fact in (
            Fact(name=Phrase("kind"), value=family.name),
            Fact(name=Phrase("port"), value=url),
            Fact(name=Phrase("line settings"), value=one.line.words if one.line is not None else "–"),
            Fact(name=Phrase("serial number"), value=one.serial_number or Phrase("says no serial number")),
        ):
            self.body.addWidget(FactRow(fact))
        self.body.addWidget(Label(Phrase("Which asset is it?"), ink="ink2"))
        sure = len(self._possible) == 1 and self._possible[0].serial_no == one.serial_number
        self._chosen = self._possible[0] if sure else None
        self.assets = StateRows(numbered=True)
        self.assets.opened.connect(self._choose)
        self.assets.show_rows(self._rows())
        self.body.addWidget(self.assets, 1)
        self.assets.setVisible(bool(self._possible))
        if not self._possible:
            warning = Phrase("No asset of this site has this serial number. Register it first.")
            self.body.addWidget(Label(warning, ink="att", wrap=True))
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
        elif self._family.needs_unit and not asset.unit:
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
        if asset is not None:
            self._connect(settings_for(asset, self._url, self._one, self._family))
