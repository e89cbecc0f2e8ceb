"""Orders and their commands: one order, one command, one transaction, one answer, however often it is asked.

``@command(permission=…, signature=…)`` has no defaults: leaving either out is a `TypeError` at import.
"""

from __future__ import annotations

import hashlib
import json
import random
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any, Protocol, TypeVar, get_type_hints
from uuid import UUID

import psycopg
from pydantic import TypeAdapter
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.core.refusals import RecordBusy, Unfit
from app.core.while_away import Says, kept, refused
from app.core.work import Act, Work, transaction

TRIES = 8
"""Whole commands are asked again, with the same id, after a serialisation failure or a deadlock."""


class Permission(StrEnum):
    """Rights, each a role ``lineside_may_…``. Which job has which stands in migrations/sql/roles.sql."""

    EVERYBODY = "everybody"
    RECEIVE_MATERIAL = "receive_material"
    INSPECT_LOT = "inspect_lot"
    RAISE_DEVIATION = "raise_deviation"
    APPROVE_DEVIATION = "approve_deviation"
    APPROVE_DEVIATION_QUALITY = "approve_deviation_quality"
    HOLD_LOT = "hold_lot"
    RELEASE_LOT = "release_lot"
    KEEP_MATERIALS = "keep_materials"
    APPROVE_SUPPLIER = "approve_supplier"
    KEEP_ASSETS = "keep_assets"
    CALIBRATE = "calibrate"
    PREPARE_DOCUMENT = "prepare_document"
    APPROVE_DOCUMENT = "approve_document"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_STATIONS = "manage_stations"
    READ_TRAIL = "read_trail"
    PLAN_BATCH = "plan_batch"
    RUN_BATCH = "run_batch"
    VERIFY_STEP = "verify_step"
    RELEASE_BATCH = "release_batch"
    RELEASE_MARKET = "release_market"
    LAY_OUT_KIT = "lay_out_kit"


class Meaning(StrEnum):
    """What a signature means; the pairs of kind and meaning stand in the table ``signature_rule``."""

    HELD = "held"
    HOLD_ENDED = "hold ended"
    RELEASED = "released"
    REJECTED = "rejected"
    APPROVED_BY_SUPERVISOR = "approved by supervisor"
    APPROVED_BY_QUALITY = "approved by quality"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"
    PERFORMED = "performed"
    VERIFIED = "verified"
    RELEASED_FOR_PRODUCTION = "released for production"
    RELEASED_TO_MARKET = "released to market"
    REVIEWED = "reviewed"
    CONFIRMED = "confirmed"
    SET_ASIDE = "set aside"


class Order(Protocol):
    """A frozen dataclass in the imperative, with an identity the client made."""

    @property
    def command_id(self) -> UUID: ...


OrderType = TypeVar("OrderType", bound=Order)
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A registered command."""

    name: str
    permission: Permission
    signature: Meaning | None
    act: Callable[[Any, Work], Any]
    answer: TypeAdapter[Any]
    away: Says = refused
    """What becomes of one of its orders while the database is away."""

    @property
    def drafts(self) -> bool:
        """Whether any of its orders may wait as a draft."""
        return self.away is not refused and self.away is not kept


COMMANDS: dict[type, Command] = {}
LARGEST_FRAME = 64 * 1024
"""Bytes that stand in an order's digest as they are."""


def command(
    *, permission: Permission, signature: Meaning | None, away: Says = refused
) -> Callable[[Callable[[OrderType, Work], Result]], Callable[[OrderType, Work], Result]]:
    """Register the function that carries out one kind of order. The first two decisions must be made; there is no default.

    Args:
        permission: Whose it is.
        signature: What its signature means, or ``None``.
        away: What becomes of an order while the database is away; whoever says nothing is refused then.
    """

    def register(act: Callable[[OrderType, Work], Result]) -> Callable[[OrderType, Work], Result]:
        hints = get_type_hints(act)
        order_type = hints["order"]
        if order_type in COMMANDS:
            raise TypeError(f"{order_type.__name__} has a command already")
        if signature is not None and away is not refused:
            raise TypeError(f"{order_type.__name__}: nobody signs while the database is away")
        COMMANDS[order_type] = Command(
            name=order_type.__name__, permission=permission, signature=signature, act=act, answer=TypeAdapter(hints["return"]), away=away
        )
        return act

    return register


def plain(value: object) -> Any:
    """JSON-able form of an order or an answer: exact decimals and times as text, bytes as hex, mappings in key order."""
    match value:
        case None | bool() | int():
            return value
        case Enum():
            return value.value
        case str():
            return storable(value)
        case Decimal() | UUID():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case bytes():  # a file by its fingerprint: nobody waits for forty million digits
            return value.hex() if len(value) <= LARGEST_FRAME else f"sha256:{hashlib.sha256(value).hexdigest()}"
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {key: plain(item) for key, item in asdict(value).items()}
    raise TypeError(f"{type(value).__name__} cannot stand in an order")


def storable(typed: str) -> str:
    """The text itself, when PostgreSQL can store it.

    Raises:
        Unfit: it holds a NUL or half a character (lone surrogate): a broken scan or a paste from a damaged file.
    """
    if "\0" in typed or any("\ud800" <= sign <= "\udfff" for sign in typed):
        raise Unfit(rule="NUL")
    return typed


def written(order: Order) -> str:
    """Name and content of an order as one text; the same order has the same text wherever it is written."""
    return json.dumps([type(order).__name__, plain(order)], sort_keys=True, ensure_ascii=False)


def digest_of(order: Order) -> bytes:
    """SHA-256 of the order's name and content; the same id with another digest is refused by the database."""
    return hashlib.sha256(written(order).encode()).digest()


def run(
    order: Order, engine: Engine, *, person: str, station: str | None, site: UUID | None, reason: str | None = None, act: Act | None = None
) -> Any:
    """Carry out an order in one transaction, or return the answer it got the first time.

    Args:
        order: What to do.
        engine: A person's work engine, or a signing one for a signed command.
        person: Login of the engine's person.
        station: Code of the proven station.
        site: Its site.
        reason: One line why, where the record demands it.
        act: For signed commands: signature id and what was seen.

    Raises:
        AppError: whatever the command or the database refused; nothing was written.
        RecordBusy: other stations were faster eight times; nothing was written.
        DatabaseAway, SignInAgain: unknown whether it was done; ask again with the same ``command_id``.
    """
    registered = COMMANDS[type(order)]
    if (registered.signature is None) != (act is None):
        raise TypeError(f"{registered.name}: a declared signature and an act go together")
    reason = None if reason is None else storable(reason)
    for attempt in range(TRIES):
        try:
            return _once(order, registered, engine, person=person, station=station, site=site, reason=reason, act=act)
        except DBAPIError as trouble:
            if not isinstance(trouble.orig, psycopg.errors.SerializationFailure | psycopg.errors.DeadlockDetected):
                raise
            if attempt == TRIES - 1:
                raise RecordBusy() from trouble
            time.sleep(random.uniform(0, 0.02 * 2**attempt))
    raise AssertionError("unreachable")


def _asked_at_once(registered: Command) -> str | None:
    """The right that is asked for before anything happens; a signature asks for its own, after it knows who performed the work."""
    if registered.signature is not None or registered.permission is Permission.EVERYBODY:
        return None
    return registered.permission.value


def _once(
    order: Order,
    registered: Command,
    engine: Engine,
    *,
    person: str,
    station: str | None,
    site: UUID | None,
    reason: str | None,
    act: Act | None,
) -> Any:
    with transaction(engine) as connection:
        begun = connection.execute(
            text("SELECT lineside.begin_command(:id, :name, :digest, :reason, CAST(:permission AS text))"),
            {
                "id": order.command_id,
                "name": registered.name,
                "digest": digest_of(order),
                "reason": reason,
                "permission": _asked_at_once(registered),
            },
        ).scalar_one()
        if begun is not None:
            return registered.answer.validate_python(begun["result"])
        with Session(connection, autoflush=False, expire_on_commit=False) as session:
            work = Work(session, person=person, station=station, site=site, act=act, reason=reason)
            answer = registered.act(order, work)
            session.flush()
        if answer is not None:
            connection.execute(
                text("SELECT lineside.finish_command(CAST(:result AS jsonb))"), {"result": json.dumps(plain(answer), ensure_ascii=False)}
            )
        return answer
