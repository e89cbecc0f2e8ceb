"""What may be done with a revision of an own protocol, by its state and by who is here. The database decides again."""

from __future__ import annotations

from app.base.ids import new_id
from app.base.phrases import Phrase
from app.core.command import Permission
from app.core.session import Who
from app.core.signature import Preview
from app.plant.protocol_commands import ApproveProtocol, WithdrawProtocol
from app.plant.protocol_queries import ProtocolLine
from ui.kit import State
from ui.shell.evidence import Fact
from ui.shell.signing import SignAs

STATES: dict[str, tuple[State, Phrase]] = {
    "draft": (State.TO_DO, Phrase("draft")),
    "review": (State.WAITING, Phrase("in review")),
    "signed": (State.WAITING, Phrase("signed")),
    "effective": (State.PASS, Phrase("effective")),
    "obsolete": (State.TO_DO, Phrase("obsolete")),
}


def may_rewrite(line: ProtocolLine, who: Who | None, rights: frozenset[Permission]) -> bool:
    """Whoever prepares a draft writes it and hands it over."""
    return line.state == "draft" and Permission.PREPARE_DOCUMENT in rights and who is not None and who.login == line.prepared_by


def may_sign(line: ProtocolLine, rights: frozenset[Permission]) -> bool:
    """Quality signs what is in review."""
    return line.state == "review" and Permission.APPROVE_DOCUMENT in rights


def may_withdraw(line: ProtocolLine, rights: frozenset[Permission]) -> bool:
    """Quality takes out of use what was signed."""
    return line.state in ("signed", "effective") and Permission.APPROVE_DOCUMENT in rights


def sign_as(line: ProtocolLine) -> SignAs:
    """Approved, over the version the sheet shows."""

    def make(seen: Preview) -> ApproveProtocol:
        return ApproveProtocol(command_id=new_id(), protocol=line.id, version=seen.version)

    return SignAs(words=Phrase("Approved as protocol"), order=ApproveProtocol, make=make)


def withdraw_as(line: ProtocolLine) -> SignAs:
    """Withdrawn."""

    def make(seen: Preview) -> WithdrawProtocol:
        return WithdrawProtocol(command_id=new_id(), protocol=line.id, version=seen.version)

    return SignAs(words=Phrase("Withdrawn from use"), order=WithdrawProtocol, make=make)


def title(line: ProtocolLine) -> Phrase:
    """``TORQUE-X, revision 2``."""
    return Phrase("{code}, revision {revision}", code=line.code, revision=line.revision)


def facts(line: ProtocolLine) -> list[Fact]:
    """What the list shows beside a revision, and what the signing sheet names; its digest covers every character of the text."""
    return [
        Fact(name=Phrase("why"), value=line.why),
        Fact(name=Phrase("effective from"), value=Phrase("{day}", day=line.effective_from)),
        Fact(name=Phrase("prepared by"), value=line.preparer),
        Fact(name=Phrase("SHA-256"), value=f"{line.sha256[:16]}…"),
    ]


def sentence(line: ProtocolLine, who: Who | None, rights: frozenset[Permission]) -> Phrase:
    """What is next for this revision."""
    if may_rewrite(line, who, rights):
        return Phrase("Hand revision {revision} over for review.", revision=line.revision)
    if may_sign(line, rights):
        return Phrase("Read the text and its cases, then sign revision {revision}.", revision=line.revision)
    match line.state:
        case "draft":
            return Phrase("Revision {revision} is still a draft.", revision=line.revision)
        case "review":
            return Phrase("Revision {revision} waits for Quality's signature.", revision=line.revision)
        case "signed":
            return Phrase("Revision {revision} is signed, not in use.", revision=line.revision)
        case "effective":
            return Phrase("Devices are read by revision {revision}.", revision=line.revision)
    return Phrase("Revision {revision} is used no more.", revision=line.revision)
