"""A machine and the station's side of the table, over a real socket, on one clock that the test turns."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from app.base.errors import DeviceError
from app.devices.machines.conversation import MachineConversation
from app.devices.machines.modbus import ModbusLine
from app.devices.machines.register_map import Channel, NumberType, Place, RegisterKind, RegisterMap, WordOrder
from app.devices.simulators.modbus_server import ModbusServer, Registers
from app.devices.simulators.sealer import UNIT_ID
from tests.devices.ear import Ear, TurnedClock

PATIENT_S, HASTY_S = 20.0, 0.4
"""How long to wait for an answer: for one that will come, and for one that will not."""


class Bench:
    """A sealer that is looked at by hand."""

    def __init__(
        self,
        url: str,
        map: RegisterMap,
        clock: TurnedClock,
        *,
        answer_s: float = PATIENT_S,
        looks_per_s: float = 10,
        ear: Ear | None = None,
    ) -> None:
        self._answer_s = answer_s
        self.clock, self.ear, self._url = clock, ear or Ear(), url
        self.conversation = MachineConversation("SL-03", map, self.ear, looks_per_s=looks_per_s, clock=clock)
        self.conversation.begin()
        self.line: ModbusLine | None = None

    def look(self, times: int = 1, *, every_s: float = 0.1) -> DeviceError | None:
        """Turn the clock and look, so often; connect first where nothing is open. Ends at the first trouble and returns it."""
        for _ in range(times):
            self.clock.turn(every_s)
            try:
                if self.line is None:
                    self.line = ModbusLine(self._url, unit_id=UNIT_ID, answer_s=self._answer_s)
                    self.conversation.opened()
                self.conversation.look(self.line)
            except DeviceError as trouble:
                self.close()
                self.conversation.lost(trouble)
                return trouble
        return None

    def close(self) -> None:
        """Hang up."""
        if self.line is not None:
            self.line.close()
            self.line = None

    def end(self) -> None:
        """The session ends: everything that was collected is handed over."""
        self.close()
        self.conversation.closed()

    @property
    def standings(self) -> list[str]:
        return [state.standing.value for state in self.ear.states]

    def qualities(self, channel: str) -> list[str]:
        return [sample.quality.value for sample in self.ear.samples_of(channel)]

    def values(self, channel: str) -> list[Decimal | None]:
        return [sample.value for sample in self.ear.samples_of(channel)]


class Counting:
    """A machine of ten channels that counts how often it is read: whatever is lost on the way shows as a gap."""

    def __init__(self) -> None:
        self.count = 0
        places = [Place(kind=RegisterKind.INPUT, address=n, type=NumberType.U16, word_order=None) for n in range(10)]
        self.map = map_of(*(_channel(f"channel_{n}", place) for n, place in enumerate(places)))
        self.server = ModbusServer(self, [(RegisterKind.INPUT, n) for n in range(10)], unit_id=UNIT_ID)

    def registers(self) -> Registers:
        self.count += 1
        return {(RegisterKind.INPUT, n): (self.count + n) % 65536 for n in range(10)}

    def tick(self) -> None:
        """Nothing happens here by itself."""


class Floats:
    """A machine with one float, its high word first, that shows what a test puts there."""

    def __init__(self) -> None:
        self.words: tuple[int, int] = (0, 0)
        self.server = ModbusServer(self, [(RegisterKind.HOLDING, 0), (RegisterKind.HOLDING, 1)], unit_id=UNIT_ID)

    def map(self, order: WordOrder) -> RegisterMap:
        return map_of(_channel("torque", Place(kind=RegisterKind.HOLDING, address=0, type=NumberType.F32, word_order=order)))

    def registers(self) -> Registers:
        return {(RegisterKind.HOLDING, n): word for n, word in enumerate(self.words)}

    def tick(self) -> None:
        """Nothing happens here by itself."""


def map_of(*channels: Channel) -> RegisterMap:
    return RegisterMap(model="of a test", channels=channels, cycle_counter=None, heartbeat=None, sha256="")


def _channel(name: str, place: Place) -> Channel:
    return Channel(
        name=name,
        place=place,
        scale=Decimal(1),
        unit="N",
        decimals=0 if place.type is NumberType.U16 else 2,
        sensor_break=None,
        plausible=(Decimal(-65535), Decimal(65535)),
        of_cycle=False,
    )


def numbers(batches: Iterable) -> list[int]:
    return [batch.number for batch in batches]
