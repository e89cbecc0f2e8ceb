"""What the window shows of a machine: live, standing still, and whatever is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from app.core.devices_here import DevicesHere
from app.devices.settings import MODBUS, DeviceSettings
from app.devices.simulators.sealer import SealerSimulator
from tests.shell.conftest import Hand
from tests.shell.test_looks import SIZES, looks


@pytest.fixture
def sealer() -> Iterator[SealerSimulator]:
    with SealerSimulator(seed=7) as made:
        yield made


@pytest.fixture
def devices(sealer: SealerSimulator) -> DevicesHere:
    machine = sealer.settings(looks_per_s=20)
    return DevicesHere(instruments=(DeviceSettings(code="SL-03", protocol=MODBUS, url=sealer.url, unit=None, machine=machine),))


@pytest.mark.capability("E7")
@pytest.mark.parametrize("size", SIZES)
def test_a_machine_whose_control_hangs_is_no_longer_called_live(
    open_station: Callable[..., Hand], devices: DevicesHere, sealer: SealerSimulator, size: tuple[int, int]
) -> None:
    hand = open_station("IQC-02", size=size, devices=devices)
    hand.sign_in("li.ming")
    chip = hand.window.frame.strip.chip("SL-03", "sensor", "SL-03")
    hand.until(lambda: chip.text == "SL-03 live")
    sealer.freeze()
    hand.until(lambda: chip.text.startswith("SL-03 stands still"))
    assert list(looks(hand, size)) == []
    sealer.thaw()
    hand.until(lambda: chip.text == "SL-03 live")


def test_samples_and_cycles_reach_the_windows_own_thread(
    open_station: Callable[..., Hand], devices: DevicesHere, sealer: SealerSimulator
) -> None:
    hand = open_station("IQC-02", devices=devices)
    batches: list[object] = []
    cycles: list[object] = []
    hand.bridge.ear.samples.connect(batches.append)
    hand.bridge.ear.cycle.connect(cycles.append)
    hand.until(lambda: batches and cycles)
