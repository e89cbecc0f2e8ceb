"""A machine's channels are entered; their samples come from stations, without a person."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.capture.records import Channel
from app.core.command import Permission, command
from app.core.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterChannel:
    """A quantity the machine reports is known from now on, under the name its register map has for it."""

    command_id: UUID
    id: UUID
    machine: UUID
    name_in_map: str
    name_en: str
    name_zh: str
    unit: str
    decimals: int


@command(permission=Permission.KEEP_ASSETS, signature=None)
def enter_channel(order: EnterChannel, work: Work) -> None:
    """Enter the channel; it stands for good, what was sampled refers to it.

    Raises:
        NoMachine: the asset is none.
    """
    names = {"name_en": order.name_en, "name_zh": order.name_zh}
    work.add(Channel(id=order.id, machine=order.machine, name_in_map=order.name_in_map, unit=order.unit, decimals=order.decimals, **names))
