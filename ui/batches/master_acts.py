"""What may be done with a revision of a master record, by its state and by who is here. The database decides again."""

from __future__ import annotations

from app.base.ids import new_id
from app.base.phrases import Phrase
from app.batches.master_commands import ApproveMaster, WithdrawMaster
from app.batches.master_list import MasterLine
from app.core.command import Permission
from app.core.session import Who
from app.core.signature import Preview
from ui.kit import State, Words
from ui.shell.evidence import Fact
from ui.shell.signing import SignAs

STATES: dict[str, tuple[State, Phrase]] = {
    "draft": (State.TO_DO, Phrase("draft")),
    "review": (State.WAITING, Phrase("in review")),
    "signed": (State.WAITING, Phrase("signed")),
    "effective": (State.PASS, Phrase("effective")),
    "obsolete": (State.TO_DO, Phrase("obsolete")),
}


def may_hand_over(line: MasterLine, who: Who | None, rights: frozenset[Permission]) -> bool:
    """Whoever prepared the draft hands it over."""
    return line.state == "draft" and Permission.PREPARE_DOCUMENT in rights and who is not None and who.login == line.prepared_by


def may_sign(line: MasterLine, rights: frozenset[Permission]) -> bool:
    """Quality signs what is in review."""
    return line.state == "review" and Permission.APPROVE_DOCUMENT in rights


def may_withdraw(line: MasterLine, rights: frozenset[Permission]) -> bool:
    """Quality takes out of use what was signed."""
    return line.state in ("signed", "effective") and Permission.APPROVE_DOCUMENT in rights


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


def title(line: MasterLine) -> Phrase:
    """``MR-SIV-2225, revision 2``."""
    return Phrase("{code}, revision {revision}", code=line.code, revision=line.revision)


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
    if may_hand_over(line, who, rights):
        return Phrase("Hand revision {revision} over for review.", revision=line.revision)
    if may_sign(line, rights):
        return Phrase("Read what changed, then sign revision {revision}.", revision=line.revision)
    match line.state:
        case "draft":
            return Phrase("Revision {revision} is still a draft.", revision=line.revision)
        case "review":
            return Phrase("Revision {revision} waits for Quality's signature.", revision=line.revision)
        case "signed":
            return Phrase("Revision {revision} is signed, not in use.", revision=line.revision)
        case "effective":
            return Phrase("Batches start from revision {revision}.", revision=line.revision)
    return Phrase("Revision {revision} is used no more.", revision=line.revision)
