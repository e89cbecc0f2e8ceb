"""Maps of machines as files: ``MODEL.toml``, shipped in ``resources/machines`` or written by the plant for a machine of its own."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.base.mistakes import Mistake, first_mistake
from app.base.phrases import RESOURCES, Phrase
from app.devices.machines.errors import MapMissing, MapTwice, MapUnreadable
from app.devices.machines.register_map import RegisterMap
from app.devices.machines.tag_map import TagMap
from app.devices.machines.written import WrittenMap, contradiction
from app.devices.machines.written_tags import (
    WrittenNodeMap,
    WrittenTagMap,
    WrittenTopicMap,
    contradiction_of_tags,
    counter_of,
    heartbeat_of,
)

MachineMap = RegisterMap | TagMap
"""The map of a machine that is asked, or of one that tells by itself."""
SHIPPED = RESOURCES / "machines"


def read_map(model: str, *, own: Path | None) -> MachineMap:
    """Read the map of one model.

    Args:
        model: Name of its file without ``.toml``.
        own: The plant's own folder of maps; it need not exist. ``None``: only what is shipped.

    Raises:
        MapMissing: no such map; names those there are.
        MapTwice: shipped and in the own folder.
        MapUnreadable: not TOML, an unknown name, a value that cannot be, or numbers that contradict each other.
    """
    folders = (SHIPPED,) if own is None else (SHIPPED, own)
    found = [file for folder in folders for file in folder.glob("*.toml") if file.stem == model]
    if len(found) > 1:
        raise MapTwice(model=model, first=found[0], second=found[1])
    if not found:
        known = sorted(file.stem for folder in folders for file in folder.glob("*.toml"))
        raise MapMissing(model=model, known=", ".join(known), folder=folders[-1])
    return _read(model, found[0])


def maps_here(*, own: Path) -> list[MachineMap]:
    """Every map a machine can be read by at this station, by name.

    Args:
        own: The plant's own folder of maps; it need not exist.

    Raises:
        MapTwice, MapUnreadable: of the first that cannot be used.
    """
    models = sorted({file.stem for folder in (SHIPPED, own) for file in folder.glob("*.toml")})
    return [read_map(model, own=own) for model in models]


def read_registers(model: str, *, own: Path | None) -> RegisterMap:
    """The map of a machine that speaks Modbus.

    Raises:
        MapMissing, MapTwice, MapUnreadable: see `read_map`.
        ValueError: the machine speaks something else.
    """
    found = read_map(model, own=own)
    if not isinstance(found, RegisterMap):
        raise ValueError(f"{model} speaks no Modbus")
    return found


def read_tags(model: str, *, own: Path | None) -> TagMap:
    """The map of a machine that tells by itself.

    Raises:
        MapMissing, MapTwice, MapUnreadable: see `read_map`.
        ValueError: the machine speaks Modbus.
    """
    found = read_map(model, own=own)
    if not isinstance(found, TagMap):
        raise ValueError(f"{model} tells nothing by itself")
    return found


def _read(model: str, file: Path) -> MachineMap:
    try:
        content = file.read_bytes()
        rows = tomllib.loads(content.decode("utf-8"), parse_float=Decimal)
        written = _shape_of(rows).model_validate(rows)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as trouble:
        raise MapUnreadable(model=model, file=file, where=Phrase("as a whole"), reason=str(trouble)) from trouble
    except ValidationError as trouble:
        mistake = first_mistake(trouble)
        raise MapUnreadable(model=model, file=file, where=_where(mistake, rows), reason=mistake.reason) from trouble
    wrong = contradiction(written) if isinstance(written, WrittenMap) else contradiction_of_tags(written)
    if wrong is not None:
        raise MapUnreadable(model=model, file=file, where=Phrase("“{name}”", name=wrong[0]), reason=wrong[1])
    sha256 = hashlib.sha256(content).hexdigest()
    return _registers(model, written, sha256) if isinstance(written, WrittenMap) else _tags(model, written, sha256)


def _shape_of(rows: dict[str, Any]) -> type[WrittenMap | WrittenNodeMap | WrittenTopicMap]:
    """By what the machine speaks; a word nobody knows is named as a mistake of the usual shape."""
    match rows.get("speaks"):
        case "opcua":
            return WrittenNodeMap
        case "mqtt":
            return WrittenTopicMap
        case _:
            return WrittenMap


def _registers(model: str, written: WrittenMap, sha256: str) -> RegisterMap:
    return RegisterMap(
        model=model,
        channels=tuple(one.channel for one in written.channels),
        cycle_counter=written.cycle_counter.counter if written.cycle_counter is not None else None,
        heartbeat=written.heartbeat.heartbeat if written.heartbeat is not None else None,
        sha256=sha256,
    )


def _tags(model: str, written: WrittenTagMap, sha256: str) -> TagMap:
    said = written if isinstance(written, WrittenTopicMap) else None
    return TagMap(
        model=model,
        speaks=written.speaks,
        channels=tuple(one.tag(one.address) for one in written.channels),
        cycle_counter=counter_of(written),
        heartbeat=heartbeat_of(written),
        sha256=sha256,
        source_time=said.source_time.frozen if said is not None and said.source_time is not None else None,
        presence=said.presence.frozen if said is not None and said.presence is not None else None,
    )


def _where(mistake: Mistake, rows: dict[str, Any]) -> Phrase:
    match _outer(mistake.path):
        case ["channels", int() as place]:
            entry = rows["channels"][place]
            name = entry.get("name") if isinstance(entry, dict) else None
            return Phrase("“{name}”", name=str(name)) if name else Phrase("channel no. {number}", number=place + 1)
        case [("cycle_counter" | "heartbeat" | "source_time" | "presence") as name]:
            return Phrase("“{name}”", name=name)
        case _:
            return Phrase("as a whole")


def _outer(path: Sequence[str | int]) -> list[str | int]:
    """The entry a mistake stands in, without its own last step."""
    return list(path[:2]) if path[:1] == ("channels",) and len(path) > 1 else list(path[: min(1, len(path) - 1)])
