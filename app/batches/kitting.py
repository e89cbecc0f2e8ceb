"""Containers laid out for one batch: nobody takes from them for another until they are put back."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.batches.records import Kit
from app.core.command import Permission, command
from app.core.refusals import OtherVersion, explain_constraint
from app.core.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class LayOutKit:
    """A container is put beside the batch that will take from it."""

    command_id: UUID
    id: UUID
    batch: UUID
    container: UUID


@command(permission=Permission.LAY_OUT_KIT, signature=None)
def lay_out_kit(order: LayOutKit, work: Work) -> None:
    """Keep it for this batch.

    Raises:
        ContainerNotTaken: no step of the batch takes this item.
        OtherVersion: it is laid out already.
    """
    with explain_constraint("kit_container", OtherVersion()):
        work.add(Kit(id=order.id, batch=order.batch, container=order.container))


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBackKit:
    """The batch needs it no more; ``version`` as it was seen."""

    command_id: UUID
    kit: UUID
    version: int


@command(permission=Permission.LAY_OUT_KIT, signature=None)
def put_back_kit(order: PutBackKit, work: Work) -> None:
    """Anybody may take from it again."""
    work.change(Kit, order.kit, version=order.version, status="put back")
