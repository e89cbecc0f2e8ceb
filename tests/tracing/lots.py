"""Lots walked to a point worth tracing, through the product's commands."""

from dataclasses import dataclass
from uuid import UUID

from app.base.ids import new_id
from app.core.session import SignedIn
from app.core.subject import Subject
from app.deviations.commands import ApproveDisposition, ApproveDispositionAsQuality, DescribeDeviation, OpenDeviation
from app.deviations.queries import deviation_by_id
from app.materials.commands import ReleaseLot
from app.materials.queries import lot_by_id
from app.receiving.commands import UndoReceipt, WeighContainer
from tests.plant import Plant, reading
from tests.triggers import triggers_off


@dataclass(frozen=True, kw_only=True)
class Walked:
    """One lot and what was opened on the way."""

    lot: UUID
    code: str
    container: str
    deviation: UUID | None


def rich_lot(plant: Plant, *, supplier_lot: str = "NF26-0931", released: bool = False, decided: bool = True) -> Walked:
    """Two packs (the second undone), one weighed, ten readings with one too long, a major deviation, two signatures."""
    received = plant.receive(supplier_lot=supplier_lot)
    receiver = plant.sign_in("zhou.min", station="REC-01")
    receiver.give(
        WeighContainer(command_id=new_id(), container=received.container, reading=reading("1250.40", gauge="WB-04", unit="g", stable=True))
    )
    second = plant.receive(supplier_lot=supplier_lot, quantity="2000")
    receiver.give(UndoReceipt(command_id=new_id(), receipt=second.receipt, reason="pack is torn"))
    _, outside = plant.inspect(received.lot, bad={3: "25.62"})
    deviation = _deviate(plant, received.lot, outside[0])
    inspector = plant.sign_in("li.ming")
    if decided:
        decide(plant, inspector, deviation)
    if released:
        release(plant, inspector, received.lot)
    plant.close()  # everybody goes home: the server has room for sixty connections
    return Walked(lot=received.lot, code=received.lot_code, container=received.container_code, deviation=deviation)


def clean_lot(plant: Plant, *, supplier_lot: str, quantity: str = "500") -> Walked:
    """Received, inspected without any trouble, waiting for quality."""
    received = plant.receive(supplier_lot=supplier_lot, quantity=quantity)
    plant.inspect(received.lot)
    plant.close()
    return Walked(lot=received.lot, code=received.lot_code, container=received.container_code, deviation=None)


def release(plant: Plant, at: SignedIn, lot: UUID, signer: str = "wang.haiyan") -> None:
    version = at.ask(lambda session: lot_by_id(session, lot)).version
    plant.give_signed(at, ReleaseLot(command_id=new_id(), lot=lot, version=version), kind="lot", subject=lot, signer=signer)


def decide(plant: Plant, at: SignedIn, deviation: UUID) -> None:
    """Supervisor and quality sign "use as is"."""
    version = at.ask(lambda session: deviation_by_id(session, deviation)).version
    subject = {"kind": "deviation", "subject": deviation}
    plant.give_signed(at, ApproveDisposition(command_id=new_id(), deviation=deviation, version=version), signer="tom.becker", **subject)
    plant.give_signed(
        at, ApproveDispositionAsQuality(command_id=new_id(), deviation=deviation, version=version), signer="xu.lan", **subject
    )


def _deviate(plant: Plant, lot: UUID, measurement: UUID) -> UUID:
    inspector, deviation = plant.sign_in("li.ming"), new_id()
    words = "Burr at the tip, tray 3 set aside."
    subject = Subject(kind="lot", id=lot, version=1)
    cause = {"cause_kind": "measurement", "cause_id": measurement, "kind": "out of limits", "facts": {}}
    inspector.give(OpenDeviation(command_id=new_id(), id=deviation, subject=subject, class_="major", what_happened=words, **cause))
    inspector.give(
        DescribeDeviation(command_id=new_id(), deviation=deviation, version=1, what_happened=words, class_="major", disposition="use as is")
    )
    return deviation


def without_triggers(plant: Plant, statement: str, *arguments: object) -> None:
    """What an administrator of the database can do who wants to hide something."""
    shell = plant.superuser()
    with triggers_off(shell, "measurement", "receipt", "deviation", "signature", "ledger", "lot", "label"):
        assert shell.execute(statement, arguments).rowcount == 1
