"""Own protocols on their way: drafted by the engineer, handed over, signed by quality, withdrawn."""

from datetime import date, timedelta
from uuid import UUID

from app.base.ids import new_id
from app.plant.protocol_commands import ApproveProtocol, DraftProtocol, SubmitProtocol, WithdrawProtocol
from tests.devices.patterns.own import TORQUE
from tests.plant import Plant


def draft(plant: Plant, source: str = TORQUE, *, days_ago: int = 1) -> UUID:
    ((site, today),) = plant.rows("SELECT id, lineside.today_at(id) FROM lineside.site")
    assert isinstance(site, UUID)
    assert isinstance(today, date)
    protocol, since = new_id(), today - timedelta(days=days_ago)
    why = "The new torque testers speak it."
    plant.sign_in("zhao.lei").give(DraftProtocol(command_id=new_id(), id=protocol, site=site, effective_from=since, source=source, why=why))
    plant.close()
    return protocol


def submit(plant: Plant, protocol: UUID) -> None:
    plant.sign_in("zhao.lei").give(SubmitProtocol(command_id=new_id(), protocol=protocol))
    plant.close()


def version_of(plant: Plant, document: UUID) -> int:
    version = plant.rows("SELECT version FROM lineside.document WHERE id = %s", document)[0][0]
    assert isinstance(version, int)
    return version


def _sign(plant: Plant, order: ApproveProtocol | WithdrawProtocol) -> None:
    plant.give_signed(plant.sign_in("wang.haiyan"), order, kind="document", subject=order.protocol, signer="wang.haiyan")
    plant.close()


def approve(plant: Plant, protocol: UUID) -> None:
    _sign(plant, ApproveProtocol(command_id=new_id(), protocol=protocol, version=version_of(plant, protocol)))


def withdraw(plant: Plant, protocol: UUID) -> None:
    _sign(plant, WithdrawProtocol(command_id=new_id(), protocol=protocol, version=version_of(plant, protocol)))


def signed(plant: Plant, source: str = TORQUE, *, days_ago: int = 1) -> UUID:
    """A revision that is signed."""
    protocol = draft(plant, source, days_ago=days_ago)
    submit(plant, protocol)
    approve(plant, protocol)
    return protocol
