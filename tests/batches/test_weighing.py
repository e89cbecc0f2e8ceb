"""Material that is weighed into a batch: the bytes of the scale become a net weight on record, or it is said why not (E3, F3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.base.ids import new_id
from app.base.measurement import Quantity, Reading
from app.base.phrases import Language
from app.batches.commands import ConsumeMaterial
from app.batches.rules import FieldNotAsked
from app.batches.weighing import NoNetWeight, WeighedInOtherUnit, WeighedOnTwoScales, consume_weighed, net, weighed
from app.devices.hub import Hub
from app.devices.settings import DeviceSettings
from app.devices.simulators.mt_sics import MtSicsSimulator
from app.inspection.rules import UnstableReading
from app.plant.rules import GaugeOfOtherKind, GaugeOverdue
from tests.batches.runs import Run
from tests.devices.ear import Ear

FIGURES = st.decimals(min_value=0, max_value=10**7, places=2, allow_nan=False) | st.decimals(min_value=0, max_value=10**4, places=4)


class Bench:
    """A scale at a station: what stands on it, as its bytes say it."""

    def __init__(self, scale: MtSicsSimulator, hub: Hub, ear: Ear) -> None:
        self.scale, self._hub, self._ear = scale, hub, ear

    def weigh(self, grams: str, *, settle: int = 0) -> Reading:
        self.scale.put(grams, settle=settle)
        before = len(self._ear.readings)
        assert self._hub.ask("WB-04")
        self._ear.until(lambda ear: len(ear.readings) > before)
        return self._ear.readings[-1]


@pytest.fixture
def bench() -> Iterator[Bench]:
    hub, ear = Hub(frame_logs=None), Ear()
    hub.subscribe(ear)
    with MtSicsSimulator(capacity="6100.00") as scale:
        hub.start(DeviceSettings(code="WB-04", protocol="mt_sics", url=scale.url, unit=None))
        ear.until(lambda heard: any(state.standing == "live" for state in heard.states))
        yield Bench(scale, hub, ear)
        assert hub.stop() == []


def order(run: Run, gross: Reading, tare: Reading | Quantity | None = None) -> ConsumeMaterial:
    judged = weighed(gross=gross, tare=tare, unit="g")
    where = {"step": run.steps["hubs"], "lot": run.hubs, "container": run.container_of(run.hubs)}
    return consume_weighed(judged, command_id=new_id(), id=new_id(), unit_serial=None, **where)


def consumed(run: Run) -> list[tuple[object, ...]]:
    return run.plant.rows("SELECT c.quantity::text, c.origin, a.code, c.raw FROM lineside.consumption c LEFT JOIN lineside.asset a"
                          " ON a.id = c.scale ORDER BY c.consumed_at")  # fmt: skip


@pytest.mark.capability("E3")
def test_the_net_weight_of_a_stable_reading_is_taken_with_the_bytes_of_gross_and_tare(weighing: Run, bench: Bench) -> None:
    tare, gross = bench.weigh("6.50"), bench.weigh("8.00")
    weighing.at.give(order(weighing, gross, tare))
    weighing.at.give(order(weighing, bench.weigh("7.00"), Quantity(Decimal("6.50"), "g")))
    weighing.at.give(order(weighing, bench.weigh("0.25")))
    assert consumed(weighing) == [
        ("1.50", "measured", "WB-04", b"S S       8.00 g\nS S       6.50 g"),
        ("0.50", "measured", "WB-04", b"S S       7.00 g\ntare on record 6.50 g"),
        ("0.25", "measured", "WB-04", b"S S       0.25 g"),
    ]
    assert weighing.plant.rows("SELECT sum(quantity)::text FROM lineside.ledger WHERE kind = 'consumption'") == [("-2.25",)]
    said = "SELECT DISTINCT device_serial_no, device_firmware, read_at IS NOT NULL FROM lineside.consumption"
    assert weighing.plant.rows(said) == [("B123456789", "2.10 10.28.0.493.142", True)]  # what the scale said of itself


@pytest.mark.capability("E3")
def test_what_moves_shows_another_unit_or_leaves_nothing_is_refused_with_a_sentence_in_both_languages(bench: Bench) -> None:
    moving, still = bench.weigh("8.00", settle=1), bench.weigh("8.00")
    for gross, tare in ((moving, None), (still, moving)):
        with pytest.raises(UnstableReading, match="WB-04 does not call it stable"):
            weighed(gross=gross, tare=tare, unit="g")
    bench.scale.switch_unit("kg")
    with pytest.raises(WeighedInOtherUnit, match="the scale shows kg, the lot is kept in g") as refused:
        weighed(gross=bench.weigh("8.00"), tare=None, unit="g")
    assert refused.value.what.in_language(Language.ZH) == "未取重量：秤显示 kg，该批次以 g 计。"
    for tare in (still, Quantity(Decimal("8.01"), "g")):
        with pytest.raises(NoNetWeight, match="less tare 8"):
            weighed(gross=still, tare=tare, unit="g")
    with pytest.raises(NoNetWeight):
        weighed(gross=read("0.00"), tare=None, unit="g")
    with pytest.raises(WeighedInOtherUnit):
        weighed(gross=still, tare=Quantity(Decimal("0.01"), "kg"), unit="g")
    with pytest.raises(WeighedOnTwoScales):
        weighed(gross=still, tare=read("6.50", device="WB-05"), unit="g")


@pytest.mark.capability("E3")
def test_the_database_takes_no_weight_of_another_unit_of_an_unfit_scale_or_without_a_scale(weighing: Run) -> None:
    good = order(weighing, read("1.00"))
    in_pieces = weighing.clips
    wrong: list[tuple[ConsumeMaterial, type[Exception]]] = [
        (replaced(good, scale="DC-014"), GaugeOfOtherKind),
        (replaced(good, scale=None), GaugeOfOtherKind),
        (replaced(good, origin="scanned", scale=None), FieldNotAsked),
    ]
    for bad, refusal in wrong:
        with pytest.raises(refusal):
            weighing.at.give(bad)
    weighing.start("clips")
    unit = weighing.units(1)[0]
    clip = {"step": weighing.steps["clips"], "lot": in_pieces, "container": weighing.container_of(in_pieces), "unit_serial": unit}
    with pytest.raises(GaugeOfOtherKind):
        weighing.at.give(replaced(good, **clip))
    overdue(weighing, "WB-04")
    with pytest.raises(GaugeOverdue):
        weighing.at.give(replaced(good))
    assert consumed(weighing) == []


def replaced(one: ConsumeMaterial, **changed: object) -> ConsumeMaterial:
    return replace(one, command_id=new_id(), id=new_id(), **changed)  # type: ignore[arg-type]


def overdue(run: Run, scale: str) -> None:
    """The day its calibration ends is over."""
    superuser = run.plant.superuser()
    superuser.execute("ALTER TABLE lineside.calibration DISABLE TRIGGER USER")
    superuser.execute(
        "UPDATE lineside.calibration SET due_on = done_on + 1 WHERE asset = (SELECT id FROM lineside.asset WHERE code = %s)", [scale]
    )
    superuser.execute("ALTER TABLE lineside.calibration ENABLE TRIGGER USER")


def read(grams: str, *, device: str = "WB-04") -> Reading:
    quantity = Quantity(Decimal(grams), "g")
    return Reading(quantity=quantity, stable=True, device=device, raw=f"S S {grams:>10} g".encode(), at=datetime.now(UTC))


@given(gross=FIGURES, tare=FIGURES)
def test_net_and_tare_are_the_gross_weight_again_to_the_last_digit_and_never_less_than_nothing(gross: Decimal, tare: Decimal) -> None:
    if gross < tare:
        with pytest.raises(NoNetWeight):
            net(gross=Quantity(gross, "g"), tare=Quantity(tare, "g"))
        return
    left = net(gross=Quantity(gross, "g"), tare=Quantity(tare, "g"))
    assert left.unit == "g"
    assert left.value >= 0
    assert left.value + tare == gross
    assert left.value.as_tuple().exponent == min(gross.as_tuple().exponent, tare.as_tuple().exponent)
    assert net(gross=Quantity(gross, "g"), tare=left).value == tare
