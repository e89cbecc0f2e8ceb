"""An order as text and back: what lies in the station's store is the very text whose digest the order has."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin, get_type_hints
from uuid import UUID

from app.core.command import COMMANDS, Order
from app.core.late.rules import LateUnreadable
from app.core.while_away import WhileAway


def draft_kinds() -> Mapping[str, type]:
    """Kinds of orders that ever wait as drafts, by name."""
    return {registered.name: kind for kind, registered in COMMANDS.items() if registered.drafts}


def order_in(content: str) -> Order:
    """The order in the text of a draft.

    Raises:
        LateUnreadable: it is no text of an order of ours that may wait as a draft.
    """
    try:
        name, told = json.loads(content)
        order = cast("Order", restored(draft_kinds()[name], told))
    except (ValueError, KeyError, TypeError, InvalidOperation) as trouble:
        raise LateUnreadable() from trouble
    if COMMANDS[type(order)].away(order) is not WhileAway.DRAFT:
        raise LateUnreadable()
    return order


def restored(kind: Any, told: Any) -> Any:
    """The inverse of `app.core.command.plain` for one type of a field.

    Args:
        kind: The type as the order's class says it.
        told: What stands there in JSON: decimals, times and identities as text, bytes in hex.

    Raises:
        ValueError, KeyError, TypeError, InvalidOperation: it is not of that type.
    """
    if get_origin(kind) in (Union, UnionType):
        return _one_of(get_args(kind), told)
    if get_origin(kind) is tuple:
        return tuple(restored(get_args(kind)[0], one) for one in told)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{one.name: restored(hints[one.name], told[one.name]) for one in fields(kind)})  # type: ignore[operator]
    return _plain(kind, told)


def _one_of(kinds: tuple[Any, ...], told: Any) -> Any:
    """Unions of orders are a type or nothing."""
    if told is None and NoneType in kinds:
        return None
    (only,) = (kind for kind in kinds if kind is not NoneType)
    return restored(only, told)


def _plain(kind: Any, told: Any) -> Any:
    if kind is bytes:
        return bytes.fromhex(told)
    if kind in (datetime, date):
        return kind.fromisoformat(told)
    if kind in (UUID, Decimal) or (isinstance(kind, type) and issubclass(kind, Enum)):
        return kind(told)
    if kind in (str, int, bool) and type(told) is kind:
        return told
    raise TypeError(f"{told!r} is no {kind}")
