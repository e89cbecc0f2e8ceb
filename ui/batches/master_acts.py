"""How a revision of a master record is signed and withdrawn, and what is next for it."""

from __future__ import annotations

from app.base.ids import new_id
from app.base.phrases import Phrase
from app.batches.master_commands import ApproveMaster, WithdrawMaster
from app.batches.master_list import MasterLine
from app.core.command import Permission
from app.core.session import Who
from app.core.signature import Preview
from ui.kit import Words
from ui.shell import revision_acts
from ui.shell.evidence import Fact
from ui.shell.signing import SignAs


def sign_as(line: MasterLine) -> SignAs:
    """Approved, over the version the sheet shows."""

    def make(seen: Preview) -> ApproveMaster:
        return ApproveMaster(command_id=new_id(), master=line.id, version=seen.version)

    return SignAs(words=Phrase("Approved as master record"), order=ApproveMaster, make=make)


def withdraw_as(line: MasterLine) -> SignAs:
    """Withdrawn."""

    def make(seen: Preview) -> WithdrawMaster:
        return WithdrawMaster(command_id=new_id(), master=line.id, version=seen.version)

    return SignAs(words=Phrase("Withdrawn from use"), order=WithdrawMaster, make=make)


def facts(line: MasterLine, changes: int) -> list[Fact]:
    """What the signing sheet names; its digest covers every word of the record and its file."""
    changed: Words = Phrase("{count} since the revision before", count=changes) if changes else "–"
    return [
        Fact(name=Phrase("product"), value=line.name),
        Fact(name=Phrase("batch size"), value=Phrase("{quantity}", quantity=line.batch_size)),
        Fact(name=Phrase("steps of the record"), value=str(line.steps)),
        Fact(name=Phrase("changes"), value=changed),
        Fact(name=Phrase("prepared by"), value=line.preparer),
    ]


def sentence(line: MasterLine, who: Who | None, rights: frozenset[Permission]) -> Phrase:
    """What is next for this revision."""
    sign = Phrase("Read what changed, then sign revision {revision}.", revision=line.revision)
    effective = Phrase("Batches start from revision {revision}.", revision=line.revision)
    return revision_acts.sentence(line, who, rights, sign=sign, effective=effective)
