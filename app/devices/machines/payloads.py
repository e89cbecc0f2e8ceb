"""What a message of an MQTT machine says: the numbers its map names, out of a JSON payload or out of a payload that is the number. Pure.

Numbers are taken as they are written, digit by digit; nothing passes through a float. A payload that is not JSON by the letter, or says
one name twice, is none.

Source:
    RFC 8259 (JSON) and RFC 6901 (JSON pointer).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

from app.base.errors import DeviceError
from app.devices.machines.errors import FieldMissing, PayloadUnreadable
from app.devices.machines.evidence import fits, of_message
from app.devices.machines.samples import Quality
from app.devices.machines.tag_map import SourceTime, TimeForm, Topic
from app.devices.machines.telling import Told

MOST_BYTES = 65_536
"""A longer payload is none of a machine's numbers."""
_PLAIN = re.compile(r"[+-]?\d{1,40}(\.\d{1,40})?([eE][+-]?\d{1,3})?|[Nn]a[Nn]")
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_SHOWN = 40


def told_by(topics: Sequence[Topic], payload: bytes, source: SourceTime | None) -> tuple[Told, ...]:
    """The numbers of one message.

    Args:
        topics: What the map names in messages of this topic; at least one.
        payload: As it came.
        source: Where the machine's own time stands.

    Raises:
        PayloadUnreadable: it is none that the map describes.
    """
    topic = topics[0].topic
    if len(payload) > MOST_BYTES:
        raise PayloadUnreadable(topic=topic, reason=f"{len(payload)} bytes")
    plain = [one for one in topics if one.pointer is None]
    if plain:
        number = _plain_number(topic, payload)
        return tuple(_told(one, number, None) for one in plain)
    content = _content(topic, payload)
    said = _source_time(content, source)
    return tuple(_told(one, _at(content, one.pointer or ""), said) for one in topics)


def _plain_number(topic: str, payload: bytes) -> Decimal:
    try:
        text = payload.decode("ascii").strip()
    except UnicodeDecodeError as trouble:
        raise PayloadUnreadable(topic=topic, reason="no ASCII") from trouble
    if not _PLAIN.fullmatch(text):
        raise PayloadUnreadable(topic=topic, reason=repr(text[:_MOST_SHOWN]))
    return Decimal(text)


def _content(topic: str, payload: bytes) -> object:
    try:
        return json.loads(
            payload.decode("utf-8"),
            parse_float=_number,
            parse_int=_number,
            parse_constant=Decimal,
            object_pairs_hook=_once,
        )
    except (ValueError, RecursionError) as trouble:  # UnicodeDecodeError and JSONDecodeError are ValueErrors
        raise PayloadUnreadable(topic=topic, reason=str(trouble)[:_MOST_SHOWN]) from trouble


def _number(text: str) -> Decimal:
    if len(text) > _MOST_SHOWN:
        raise ValueError("a number without end")
    return Decimal(text)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("one name twice")
    return found


def _at(content: object, pointer: str) -> object:
    """What stands there; `_Missing` when nothing does."""
    here = content
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(here, dict) and name in here:
            here = here[name]
        elif isinstance(here, list) and re.fullmatch(r"0|[1-9]\d{0,5}", name) and int(name) < len(here):
            here = here[int(name)]
        else:
            return _MISSING
    return here


class _Missing:
    def __repr__(self) -> str:
        return "–"


_MISSING = _Missing()


def _told(topic: Topic, found: object, source: datetime | None) -> Told:
    """A number that is no number of 64 bits cannot be kept as it was written, and so is none."""
    number = found if isinstance(found, Decimal) else None
    if number is None or (number.is_finite() and not fits(number)):
        shown = "–" if found is _MISSING else json.dumps(found, default=str, ensure_ascii=True)[:_MOST_SHOWN]
        complaint = partial(_missing, topic=topic.topic, found=shown)
        return Told(address=topic, number=None, quality=None, complaint=complaint, raw=of_message(None, source))
    return Told(address=topic, number=number, quality=Quality.GOOD, complaint=None, raw=of_message(number, source))


def _missing(channel: str, *, topic: str, found: str) -> DeviceError:
    return FieldMissing(channel=channel, topic=topic, found=found)


def _source_time(content: object, source: SourceTime | None) -> datetime | None:
    """The machine's own time of a message; ``None`` where it says none that can be read. It is evidence, so that is no fault."""
    said = _at(content, source.pointer) if source is not None else None
    if source is None:
        return None
    try:
        if source.form is TimeForm.ISO_8601:
            written = datetime.fromisoformat(said) if isinstance(said, str) else None
            return written.astimezone(UTC) if written is not None and written.tzinfo is not None else None
        if not isinstance(said, Decimal) or not said.is_finite():
            return None
        ms = said if source.form is TimeForm.UNIX_MS else said * 1000
        return _BEGIN + timedelta(milliseconds=int(ms))
    except (ValueError, OverflowError):
        return None
