"""Connects, changes and takes out: on record first, then in the station's file, then at the port. Nothing needs a new start."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from app.base.errors import AppError
from app.base.ids import new_id
from app.core.command import Order
from app.core.devices_written import add_device, change_device, take_out_device
from app.core.settings import settings_file
from app.core.station_files import devices_file
from app.plant.connecting import ChangeDevice, ConnectDevice, HowConnected, TakeOutDevice
from app.plant.connections import ConnectionRow
from app.plant.device_facts import OnRecord, how_connected
from app.plant.queries import AssetRow, asset_by_code
from app.plant.rules import UnknownAsset
from ui.devices.proposal import Device

if TYPE_CHECKING:
    from ui.devices.devices_screen import DevicesScreen

Then = Callable[[], None]


class DeviceActs:
    """What the screen of devices does; every refusal is the screen's, and leaves the open sheet as it is."""

    def __init__(self, screen: DevicesScreen) -> None:
        self._screen = screen

    # the three acts -----------------------------------------------------------------------------------------------------------------

    def connect(self, asset: AssetRow, device: Device) -> None:
        """One more device hangs here."""
        check = partial(add_device, self._file, device, only_try=True)
        order = ConnectDevice(command_id=new_id(), id=new_id(), asset=asset.id, how=how_connected(device))
        known = self._screen.standing.get(device.code) is OnRecord.NOT_HERE and self._told(device.code) == order.how

        def write() -> None:
            self._fetch(partial(add_device, self._file, device), partial(self._is_connected, device))

        self._fetch(check, write if known else partial(self._give, order, write))

    def change(self, before: Device, device: Device, reason: str) -> None:
        """It is connected otherwise from now on."""

        def give(asset: UUID) -> None:
            order = ChangeDevice(command_id=new_id(), id=new_id(), asset=asset, how=how_connected(device), reason=reason)
            self._give(order, partial(self._fetch, partial(self._change, device), partial(self._is_changed, device)))

        check = partial(change_device, self._file, device, only_try=True)
        self._fetch(check, partial(self._with_asset, before.code, partial(self._on_record_first, before, give)))

    def take_out(self, device: Device, reason: str) -> None:
        """It hangs here no more."""

        def give(asset: UUID) -> None:
            order = TakeOutDevice(command_id=new_id(), id=new_id(), asset=asset, how=how_connected(device), reason=reason)
            self._give(order, write)

        def write() -> None:
            self._fetch(partial(self._take_out, device), partial(self._is_gone, device.code))

        check = partial(take_out_device, self._file, device, only_try=True)
        self._fetch(check, partial(self._with_asset, device.code, partial(self._on_record_first, device, give), unknown=write))

    def put_on_record(self, code: str, reason: str) -> None:
        """The station's file stays as it is; the record says what it says."""
        device, row = self._screen.shell.plugs.find(code), self._screen.record.get(code)
        if device is not None:
            how = how_connected(device)
            self._with_asset(code, partial(self._record_as, how, reason, is_known=row is not None))
        elif row is not None:
            order = TakeOutDevice(command_id=new_id(), id=new_id(), asset=row.asset, how=row.how, reason=reason)
            self._give(order, self._screen.refresh)

    # step by step -------------------------------------------------------------------------------------------------------------------

    @property
    def _file(self) -> Path:
        return devices_file(settings_file(), self._screen.shell.station)

    def _told(self, code: str) -> HowConnected | None:
        row: ConnectionRow | None = self._screen.record.get(code)
        return row.how if row is not None else None

    def _record_as(self, how: HowConnected, reason: str, asset: UUID, *, is_known: bool) -> None:
        order: Order = (
            ChangeDevice(command_id=new_id(), id=new_id(), asset=asset, how=how, reason=reason)
            if is_known
            else ConnectDevice(command_id=new_id(), id=new_id(), asset=asset, how=how)
        )
        self._give(order, self._screen.refresh)

    def _on_record_first(self, device: Device, then: Callable[[UUID], None], asset: UUID) -> None:
        """What was never put on record is put there as it was found, before it changes."""
        if self._screen.standing.get(device.code) is not OnRecord.MISSING:
            then(asset)
            return
        found = ConnectDevice(command_id=new_id(), id=new_id(), asset=asset, how=how_connected(device))
        self._give(found, partial(then, asset))

    def _change(self, device: Device) -> None:
        change_device(self._file, device)
        self._screen.shell.plugs.let_go(device.code)

    def _take_out(self, device: Device) -> None:
        take_out_device(self._file, device)
        self._screen.shell.plugs.let_go(device.code)

    def _is_connected(self, device: Device) -> None:
        self._screen.shell.plugs.plug_in(device)
        self._screen.refresh()

    def _is_changed(self, device: Device) -> None:
        self._screen.shell.plugs.unplug(device.code)
        self._is_connected(device)

    def _is_gone(self, code: str) -> None:
        self._screen.shell.plugs.unplug(code)
        self._screen.refresh()

    # asking and telling -------------------------------------------------------------------------------------------------------------

    def _with_asset(self, code: str, then: Callable[[UUID], None], *, unknown: Then | None = None) -> None:
        """What nobody registered cannot be on record; it can still be taken out of the file."""

        def refused(error: AppError) -> None:
            unknown() if unknown is not None and isinstance(error, UnknownAsset) else self._refuse(error)

        self._screen.ask(partial(asset_by_code, code=code), lambda asset: then(asset.id), refused)

    def _give(self, order: Order, then: Then) -> None:
        self._screen.submit(order, done=lambda _: then(), refused=self._refuse)

    def _fetch(self, act: Callable[[], None], then: Then) -> None:
        self._screen.bridge.fetch(act, done=lambda _: then(), refused=self._refuse, owner=self._screen)

    def _refuse(self, error: AppError) -> None:
        sheet = self._screen.shell.frame.sheet
        if sheet is not None:
            sheet.end_busy()
        self._screen.look_at_record()
        self._screen.refuse(error)
