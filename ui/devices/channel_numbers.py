"""Where a machine's number comes from: its place in the machine, and the map it was read by."""

from __future__ import annotations

from datetime import datetime

from app.base.phrases import Phrase
from app.devices.machines.map_file import MachineMap
from app.devices.machines.register_map import Channel, RegisterKind
from app.devices.machines.tag_map import Node, Tag
from ui.kit import Number, Words

_TABLES = {
    RegisterKind.INPUT: Phrase("input register"),
    RegisterKind.HOLDING: Phrase("holding register"),
}
_SHOWN_OF_DIGEST = 12
"""Hex digits of a map's SHA-256: so many stand on the sheet, all of them with the record."""


def number_of_channel(map_: MachineMap, one: Channel | Tag, value: Words, at: datetime) -> Number:
    """Of one sample that stands on the screen and on no record yet; `at`: as the plant's clock has it."""
    how = Phrase(
        "read from {place} at {at} by map {map} ({digest}); on record only for the step the machine runs in",
        place=place_words(one),
        at=f"{at:%H:%M:%S}",
        map=map_.model,
        digest=map_.sha256[:_SHOWN_OF_DIGEST],
    )
    return Number(name=one.name, value=value, how=how)


def place_words(one: Channel | Tag) -> Words:
    """Where it stands, as its transport says it."""
    if isinstance(one, Channel):
        return Phrase("{table} {address}, {type}", table=_TABLES[one.place.kind], address=one.place.address, type=one.place.type.value)
    if isinstance(one.address, Node):
        return Phrase("node {node} of {namespace}", node=one.address.identifier, namespace=one.address.namespace)
    pointer = one.address.pointer or "–"
    return Phrase("topic {topic}, {pointer}", topic=one.address.topic, pointer=pointer)
