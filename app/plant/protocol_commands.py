"""A protocol of the plant's own is written as a draft, tried, handed over, signed, and at last withdrawn.

What could make a wrong number of a frame is refused when it is stored. What its test cases do not prove is neither handed over nor signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.core.command import Meaning, Permission, command
from app.core.controlled import approve, prepare, submit_for_review, withdraw
from app.core.work import Work
from app.devices.patterns.cases import demand_proven
from app.devices.patterns.definition import read_definition
from app.plant.protocol_queries import newest_revision
from app.plant.records import DeviceProtocol
from app.plant.rules import KeyOfOtherSite, RevisionWanted


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftProtocol:
    """An engineer writes the next revision of a protocol."""

    command_id: UUID
    id: UUID
    site: UUID
    effective_from: date
    source: str
    """The whole text; it is stored and signed as it is."""
    why: str
    """Why this revision is made; 1 to 500 characters."""


@command(permission=Permission.PREPARE_DOCUMENT, signature=None)
def draft_protocol(order: DraftProtocol, work: Work) -> None:
    """Store it as a draft; its key and revision stand in its text.

    Raises:
        DefinitionRefused: it cannot be read, or could make a wrong number of a frame.
        RevisionWanted: it is not the next revision of its key.
        KeyOfOtherSite: another site has this key.
    """
    written = read_definition(order.source).written
    newest = newest_revision(work.session, written.key)
    if newest is not None and newest.site != order.site:
        raise KeyOfOtherSite(key=written.key)
    wanted = newest.revision + 1 if newest is not None else 1
    if written.revision != wanted:
        raise RevisionWanted(key=written.key, wanted=wanted, written=written.revision)
    prepare(
        work,
        id=order.id,
        kind="device_protocol",
        code=written.key,
        revision=written.revision,
        site=order.site,
        effective_from=order.effective_from,
    )
    work.add(DeviceProtocol(id=order.id, source=order.source, why=order.why))


@dataclass(frozen=True, slots=True, kw_only=True)
class RewriteProtocol:
    """Whoever prepares a draft writes it otherwise."""

    command_id: UUID
    protocol: UUID
    source: str
    why: str


@command(permission=Permission.PREPARE_DOCUMENT, signature=None)
def rewrite_protocol(order: RewriteProtocol, work: Work) -> None:
    """Replace the text of the draft; the trail keeps the old one.

    Raises:
        DefinitionRefused: see `draft_protocol`.
        ProtocolIsAnothers: its key or revision was changed.
        DocumentStands: it is no draft any more.
    """
    read_definition(order.source)
    work.change(DeviceProtocol, order.protocol, source=order.source, why=order.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitProtocol:
    """The engineer hands the draft over; from now on it stands still."""

    command_id: UUID
    protocol: UUID


@command(permission=Permission.PREPARE_DOCUMENT, signature=None)
def submit_protocol(order: SubmitProtocol, work: Work) -> None:
    """Hand it over for review.

    Raises:
        DefinitionRefused: a test case means something else, or a pattern has none.
    """
    _demand_proven(work, order.protocol)
    submit_for_review(work, order.protocol)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveProtocol:
    """Quality signs a protocol that somebody else prepared; from its effective day on stations read devices by it."""

    command_id: UUID
    protocol: UUID
    version: int


@command(permission=Permission.APPROVE_DOCUMENT, signature=Meaning.APPROVED)
def approve_protocol(order: ApproveProtocol, work: Work) -> None:
    """Sign the version that was seen; this program holds the cases against it once more.

    Raises:
        DefinitionRefused: see `submit_protocol`.
    """
    _demand_proven(work, order.protocol)
    approve(work, order.protocol, version=order.version)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawProtocol:
    """Quality takes a revision out of use: no value is read by it any more."""

    command_id: UUID
    protocol: UUID
    version: int


@command(permission=Permission.APPROVE_DOCUMENT, signature=Meaning.WITHDRAWN)
def withdraw_protocol(order: WithdrawProtocol, work: Work) -> None:
    """Sign that it is used no more."""
    withdraw(work, order.protocol, version=order.version)


def _demand_proven(work: Work, protocol: UUID) -> None:
    demand_proven(read_definition(work.get(DeviceProtocol, id=protocol).source))
