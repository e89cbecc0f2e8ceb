"""Naughty strings through every text of every order: where they went, or that they were refused."""

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

import psycopg
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.base.errors import AppError
from app.base.ids import new_id
from app.core.command import COMMANDS, Order, digest_of
from app.core.refusals import explain
from app.core.session import SignedIn
from app.core.work import Work

Place = tuple[str | int, ...]
"""Where a text stands in an order: names of fields, numbers in a tuple, keys of a mapping."""

STRINGS: dict[str, tuple[str, str]] = {
    name: (said, fate) for name, said, fate in json.loads(Path(__file__).with_name("naughty_strings.json").read_text("utf-8"))
}
KEPT = {name: said for name, (said, fate) in STRINGS.items() if fate == "kept"}
REFUSED = {name: said for name, (said, fate) in STRINGS.items() if fate == "refused"}
BYTES = bytes(range(256))


def places(value: object, hint: object = None) -> Iterator[tuple[Place, type]]:
    """Every text and every frame of bytes in an order, whether one stands there or none (``str | None``)."""
    if isinstance(value, str) or (value is None and str in get_args(hint)):
        yield (), str
    elif isinstance(value, bytes) or (value is None and bytes in get_args(hint)):
        yield (), bytes
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        hints = get_type_hints(type(value))
        for one in dataclasses.fields(value):
            for place, kind in places(getattr(value, one.name), hints.get(one.name)):
                yield (one.name, *place), kind
    elif isinstance(value, tuple | list):
        for number, item in enumerate(value):
            for place, kind in places(item):
                yield (number, *place), kind
    elif isinstance(value, dict):
        yield ("said",), str
        for key, item in value.items():
            for place, kind in places(item):
                yield (key, *place), kind


def put(value: Any, place: Place, said: str | bytes) -> Any:
    """The same with another text at one place."""
    if not place:
        return said
    first, *rest = place
    if isinstance(value, dict):
        return {**value, first: put(value.get(first), tuple(rest), said)}
    if isinstance(value, tuple | list):
        return type(value)(put(item, tuple(rest), said) if number == first else item for number, item in enumerate(value))
    return dataclasses.replace(value, **{str(first): put(getattr(value, str(first)), tuple(rest), said)})


def leaves(value: object) -> Iterator[str]:
    """Every text in a row's image."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from (key, *leaves(item))
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)


STORED = """SELECT a.payload::jsonb #> '{new}' FROM lineside.audit_log a WHERE a.tx = pg_current_xact_id() UNION ALL
    SELECT to_jsonb(c) FROM lineside.command c WHERE c.tx = pg_current_xact_id() UNION ALL
    SELECT to_jsonb(d) FROM lineside.draft d WHERE d.person = session_user"""


def outcome(at: SignedIn, order: Order) -> set[str] | AppError:
    """Carry an order out as the product does and take it back; what stood in the rows by then, or the sentence that refused it.

    The person reads the trail in these tests, which the plant was told to allow: one transaction shows what was stored.
    """
    try:
        digest = digest_of(order)
    except AppError as refused:
        return refused
    with at._engine.connect() as connection:
        try:
            return _stored(connection, at, order, digest)
        except AppError as refused:
            return refused
        except (DBAPIError, psycopg.Error) as trouble:
            told = explain(trouble.orig if isinstance(trouble, DBAPIError) else trouble)  # type: ignore[arg-type]
            if told is None:
                raise  # nobody gave it a sentence: a finding
            return told
        finally:
            connection.rollback()


def _stored(connection: Connection, at: SignedIn, order: Order, digest: bytes) -> set[str]:
    registered = COMMANDS[type(order)]
    asked = {"id": new_id(), "name": registered.name, "digest": digest}
    connection.execute(text("SELECT lineside.begin_command(:id, :name, :digest, NULL, NULL)"), asked)
    with Session(connection, autoflush=False, expire_on_commit=False) as session:
        where = at.where
        assert where is not None
        registered.act(order, Work(session, person=at.who.login, station=where.code, site=where.site, act=None, reason=None))
        session.flush()
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    return {leaf for (image,) in connection.execute(text(STORED)) for leaf in leaves(image)}
