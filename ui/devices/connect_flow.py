"""The way from a port, an address or a printer of the system to a connected device, sheet after sheet; and the way to change one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from app.base.phrases import Phrase
from app.core.authorities import authorities_in
from app.core.devices_here import PrinterHere
from app.core.listened_machines import LISTENED
from app.core.settings import settings_file
from app.core.station_files import devices_file
from app.devices.machines.access import Access
from app.devices.machines.map_file import MachineMap, maps_here
from app.devices.machines.register_map import RegisterMap
from app.devices.machines.tag_map import TagMap
from app.devices.printer_language import OFFICE, SYSTEM
from app.devices.protocol import families
from app.devices.recognition.findings import Recognised
from app.devices.settings import MODBUS, DeviceSettings
from app.devices.transport import url_of
from app.plant.queries import AssetRow, assets_of
from ui.devices.change_sheet import ChangeSheet
from ui.devices.connect_sheet import ConnectSheet
from ui.devices.device_acts import DeviceActs
from ui.devices.find_sheet import FindSheet
from ui.devices.how_sheet import HowSheet
from ui.devices.kind_sheet import KindSheet
from ui.devices.office_sheet import OfficeSheet
from ui.devices.proposal import Device, Proposal, candidates, kinds_at, proposal_of, told_url
from ui.devices.reach_sheet import ReachSheet
from ui.devices.tell_sheet import TellSheet
from ui.kit import ReasonSheet, Sheet
from ui.printing.system_printers import PrinterTold, SystemPrinters

if TYPE_CHECKING:
    from ui.devices.devices_screen import DevicesScreen

Answer = TypeVar("Answer")
Chosen = Callable[[Proposal], None]


class ConnectFlow:
    """What the screen of devices asks before it connects or changes one; each sheet opens the next."""

    def __init__(self, screen: DevicesScreen, acts: DeviceActs) -> None:
        self._screen, self._acts = screen, acts
        self.printers = SystemPrinters()
        """Of this computer."""

    # a new one ----------------------------------------------------------------------------------------------------------------------

    def find(self) -> None:
        """Look at everything that is free."""
        shell = self._screen.shell
        taken = {one.url for one in shell.devices}
        free = [url_of(port) for port in shell.ports() if url_of(port) not in taken and port.device not in taken]
        sheet = FindSheet(free, self.found, self._by_hand)
        self._screen.open_sheet(sheet)
        self._fetch(self.printers.queues, lambda names: sheet.show_printers([one for one in names if f"{SYSTEM}{one}" not in taken]), sheet)

    def found(self, url: str, one: Recognised) -> None:
        """Recognition, or the system, says what it is."""
        proposal = proposal_of(url, one)
        self._propose(proposal) if one.key in families() else self._ask_how(proposal)

    def _by_hand(self, url: str) -> None:
        kinds = kinds_at(url)
        if len(kinds) == 1:
            self._take(url, kinds[0])
        else:
            self._screen.open_sheet(KindSheet(url, self._take))

    def _take(self, url: str, key: str) -> None:
        self._ask_how(Proposal(url=told_url(url, key), key=key))

    def _ask_how(self, proposal: Proposal) -> None:
        """What only a person knows: head, map, unit, line, protection, language."""
        if proposal.key in LISTENED:
            self._ask_reach(proposal, None)
        elif proposal.key == OFFICE:
            self._ask_printer(proposal, None)
        elif proposal.key == MODBUS:
            self._with_maps(partial(self._open_how, proposal))
        else:
            self._screen.open_sheet(HowSheet(proposal, self._propose))

    def _open_how(self, proposal: Proposal, maps: list[MachineMap]) -> None:
        registers = [one for one in maps if isinstance(one, RegisterMap)]
        self._screen.open_sheet(HowSheet(proposal, self._propose, maps=registers))

    def _propose(self, proposal: Proposal) -> None:
        self._screen.ask(partial(assets_of, site=self._screen.shell.where.site), partial(self._name, proposal))

    def _name(self, proposal: Proposal, assets: list[AssetRow]) -> None:
        taken = frozenset(device.code for device in self._screen.shell.devices)
        self._screen.open_sheet(ConnectSheet(proposal, candidates(assets, proposal, taken), self._acts.connect))

    # one that is there --------------------------------------------------------------------------------------------------------------

    def change(self, device: Device) -> None:
        """It hangs somewhere else, or is spoken with otherwise."""
        if isinstance(device, PrinterHere):
            if device.connection.protocol == OFFICE:
                self._ask_printer(Proposal(url=device.connection.url, key=OFFICE, language=device.language), device)
                return
        elif device.protocol in LISTENED:
            self._ask_reach(Proposal(url=device.url, key=device.protocol, tags=device.tags), device)
            return
        self._screen.open_sheet(ChangeSheet(device, partial(self._acts.change, device)))

    def _ask_why(self, before: Device, proposal: Proposal) -> None:
        after = proposal.changed(before)
        line = Phrase("It is connected anew at once, at {url}. What it sends until then counts as it does now.", url=proposal.url)
        act = partial(self._acts.change, before, after)
        self._screen.open_sheet(ReasonSheet(Phrase("Change {code}", code=before.code), line, Phrase("Change"), act, icon="pen"))

    # a machine that tells by itself -------------------------------------------------------------------------------------------------

    def _ask_reach(self, proposal: Proposal, before: DeviceSettings | None) -> None:
        access = before.tags.access if before is not None and before.tags is not None else None
        sheet = ReachSheet(proposal, access, self._certificates, self._look_for_authorities, partial(self._ask_map, before))
        self._screen.open_sheet(sheet)

    def _ask_map(self, before: DeviceSettings | None, proposal: Proposal, access: Access) -> None:
        self._with_maps(partial(self._open_tell, before, proposal, access))

    def _open_tell(self, before: DeviceSettings | None, proposal: Proposal, access: Access, maps: list[MachineMap]) -> None:
        fitting = [one for one in maps if isinstance(one, TagMap) and one.speaks == proposal.key]
        self._screen.open_sheet(TellSheet(proposal, access, fitting, self._then(before), before))

    # a printer of the system --------------------------------------------------------------------------------------------------------

    def _ask_printer(self, proposal: Proposal, before: PrinterHere | None) -> None:
        self._fetch(self.printers.told, partial(self._open_printers, proposal, before))

    def _open_printers(self, proposal: Proposal, before: PrinterHere | None, told: list[PrinterTold]) -> None:
        taken = {one.url for one in self._screen.shell.devices if before is None or one.code != before.code}
        free = [one for one in told if f"{SYSTEM}{one.name}" not in taken]
        self._screen.open_sheet(OfficeSheet(proposal, free, self._then(before), before=proposal if before is not None else None))

    # files beside the window --------------------------------------------------------------------------------------------------------

    def _then(self, before: Device | None) -> Chosen:
        return self._propose if before is None else partial(self._ask_why, before)

    @property
    def _machines(self) -> Path:
        """The plant's own maps, and what lies beside the station's file for a machine."""
        return devices_file(settings_file(), self._screen.shell.station).parent / "machines"

    @property
    def _certificates(self) -> Path:
        return self._machines / "certificates"

    def _with_maps(self, then: Callable[[list[MachineMap]], None]) -> None:
        self._fetch(partial(maps_here, own=self._machines), then)

    def _look_for_authorities(self, sheet: ReachSheet) -> None:
        self._fetch(partial(authorities_in, self._certificates), sheet.show_authorities, sheet)

    def _fetch(self, act: Callable[[], Answer], then: Callable[[Answer], None], sheet: Sheet | None = None) -> None:
        """``sheet``: who asked; what comes after it was closed is of no interest."""
        self._screen.bridge.fetch(act, done=then, refused=self._screen.refuse, owner=sheet or self._screen)
