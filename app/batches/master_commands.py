"""A master record is imported as a draft, handed over for review, signed, and at last withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.batches.master import MasterRecord
from app.batches.master_file import parse
from app.batches.master_pictures import Picture, with_pictures_kept
from app.batches.records import MasterRow
from app.batches.rules import ProductUnknown
from app.core.command import Meaning, Permission, command, plain
from app.core.controlled import approve, prepare, submit_for_review, withdraw
from app.core.work import Work
from app.materials.queries import item_by_code


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftMaster:
    """An engineer imports a file; it is a draft of its code and revision until it is handed over."""

    command_id: UUID
    id: UUID
    site: UUID
    effective_from: date
    source: str
    """The whole file; it is stored and signed as it is."""
    pictures: tuple[Picture, ...] = ()
    """Those its steps name."""


@command(permission=Permission.PREPARE_DOCUMENT, signature=None)
def draft_master(order: DraftMaster, work: Work) -> None:
    """Read the file and store both, what it says and the file itself.

    Raises:
        MasterNotReadable: with line and step.
        ProductUnknown: its product is no item of ours.
        PictureWanted, NotAPicture: a picture is not there, or is none.
        MasterNotWhole: a step names an item, unit or plan the plant does not have.
    """
    master = parse(order.source)
    product = item_by_code(work.session, master.product)
    if product is None:
        raise ProductUnknown(item=master.product)
    prepare(
        work,
        id=order.id,
        kind="master_record",
        code=master.code,
        revision=master.revision,
        site=order.site,
        effective_from=order.effective_from,
    )
    work.add(
        MasterRow(
            id=order.id,
            product=product.id,
            batch_size=master.batch_size,
            unit=master.unit,
            shelf_life_days=master.shelf_life_days,
            content=_content(with_pictures_kept(work, master, order.pictures)),
            source=order.source,
        )
    )


def _content(master: MasterRecord) -> dict[str, Any]:
    """What has no column of its own. Only what the file says: the text of a record that knows no sub-lots stays what it was."""
    content = {"name": plain(master.name), "steps": plain(master.steps)}
    return content if master.sublot_size is None else content | {"sublot_size": master.sublot_size}


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitMaster:
    """The engineer hands the draft over; from now on it stands still."""

    command_id: UUID
    master: UUID


@command(permission=Permission.PREPARE_DOCUMENT, signature=None)
def submit_master(order: SubmitMaster, work: Work) -> None:
    """Hand it over for review."""
    submit_for_review(work, order.master)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveMaster:
    """Quality signs a master record that somebody else prepared; from its effective day on batches start from it."""

    command_id: UUID
    master: UUID
    version: int


@command(permission=Permission.APPROVE_DOCUMENT, signature=Meaning.APPROVED)
def approve_master(order: ApproveMaster, work: Work) -> None:
    """Sign the version that was seen."""
    approve(work, order.master, version=order.version)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawMaster:
    """Quality takes a revision out of use. Batches that were started from it go on with their own copy."""

    command_id: UUID
    master: UUID
    version: int


@command(permission=Permission.APPROVE_DOCUMENT, signature=Meaning.WITHDRAWN)
def withdraw_master(order: WithdrawMaster, work: Work) -> None:
    """Sign that it is used no more."""
    withdraw(work, order.master, version=order.version)
