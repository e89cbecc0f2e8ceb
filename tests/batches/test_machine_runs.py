"""A machine makes one batch at a time: the second is told which one runs, and the database holds it against anybody."""

import psycopg
import pytest

from app.base.ids import new_id
from app.batches.rules import MachineRuns
from app.batches.signing import RejectBatch
from app.devices.machines.map_file import read_map
from app.devices.settings import DeviceSettings, MachineSettings
from app.plant.connecting import ConnectDevice, TakeOutDevice
from app.plant.device_facts import how_connected
from app.plant.rules import StepOnMachine
from tests.batches.refusals import refuses
from tests.batches.runs import Run

pytestmark = pytest.mark.capability("F4", "E4")


def ready_to_seal(run: Run) -> Run:
    run.clear()
    run.load()
    run.assemble()
    return run


def beside(run: Run) -> Run:
    """A second batch of the same record, as far as the sealer."""
    run.home()
    other = Run(run.plant, run.plant.start_batch(planned="2"), run.hubs, run.clips)
    return ready_to_seal(other)


def running(run: Run) -> list[tuple[object, ...]]:
    return run.plant.rows(
        "SELECT a.code, upper_inf(r.during) FROM machine_run r JOIN asset a ON a.id = r.machine WHERE r.batch = %s", run.batch
    )


def test_the_second_batch_waits_until_the_first_has_left_the_machine(run: Run):
    ready_to_seal(run).seal()
    assert running(run) == [("SL-03", True)]
    other = beside(run)
    ((code,),) = run.plant.rows("SELECT code FROM batch WHERE id = %s", run.batch)
    refuses(run.plant, MachineRuns, lambda: other.start("sealing"), machine="SL-03", batch=code, step=7)
    other.home()
    run.finish("sealing")
    assert running(run) == [("SL-03", False)]
    other.start("sealing")
    assert running(other) == [("SL-03", True)]


def test_nobody_puts_two_batches_on_one_machine_the_superuser_neither(run: Run):
    ready_to_seal(run).start("sealing")
    other = beside(run)
    into = """INSERT INTO lineside.machine_run (machine, batch, batch_step, during)
        SELECT r.machine, %s, %s, tstzrange(now(), NULL) FROM lineside.machine_run r"""
    for shell, answer in ((run.shell("tom.becker"), "42501"), (run.plant.superuser(), "23P01")):
        with pytest.raises(psycopg.Error) as refused:
            shell.execute(into, [other.batch, other.steps["sealing"]])
        assert refused.value.sqlstate == answer


def test_a_batch_that_is_rejected_leaves_its_machine(run: Run):
    ready_to_seal(run).start("sealing")
    reject = RejectBatch(command_id=new_id(), batch=run.batch, version=1)
    run.plant.give_signed(run.at, reject, kind="batch", subject=run.batch, signer="wang.haiyan")
    assert running(run) == [("SL-03", False)]


@pytest.mark.capability("E4")
def test_a_machine_in_a_running_step_is_taken_out_only_when_the_step_has_ended(run: Run):
    ready_to_seal(run).seal()
    machine = MachineSettings(map=read_map("sealer", own=None), unit_id=1, looks_per_s=10)
    how = how_connected(DeviceSettings(code="SL-03", protocol="modbus", url="socket://10.0.4.20:502", unit=None, machine=machine))
    ((sealer, code),) = run.plant.rows("SELECT a.id, b.code FROM asset a, batch b WHERE a.code = 'SL-03' AND b.id = %s", run.batch)
    run.home()
    engineer = run.plant.sign_in("zhao.lei", station="PK-03")
    engineer.give(ConnectDevice(command_id=new_id(), id=new_id(), asset=sealer, how=how))  # type: ignore[arg-type]
    out = {"id": new_id(), "asset": sealer, "how": how, "reason": "a new heater"}
    with pytest.raises(StepOnMachine) as refused:
        engineer.give(TakeOutDevice(command_id=new_id(), **out))  # type: ignore[arg-type]
    assert refused.value.facts == {"device": "SL-03", "batch": code, "step": 7}
    run.home()
    run.finish("sealing")
    run.home()
    run.plant.sign_in("zhao.lei", station="PK-03").give(TakeOutDevice(command_id=new_id(), **out))  # type: ignore[arg-type]
    assert run.plant.rows("SELECT act FROM device_connection ORDER BY done_at") == [("connected",), ("taken out",)]
