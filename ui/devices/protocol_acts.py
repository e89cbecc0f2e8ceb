"""How a revision of an own protocol is signed and withdrawn, and what is next for it."""

from __future__ import annotations

from app.base.ids import new_id
from app.base.phrases import Phrase
from app.core.command import Permission
from app.core.session import Who
from app.core.signature import Preview
from app.plant.protocol_commands import ApproveProtocol, WithdrawProtocol
from app.plant.protocol_queries import ProtocolLine
from ui.shell import revision_acts
from ui.shell.evidence import Fact
from ui.shell.signing import SignAs


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
    sign = Phrase("Read the text and its cases, then sign revision {revision}.", revision=line.revision)
    effective = Phrase("Devices are read by revision {revision}.", revision=line.revision)
    return revision_acts.sentence(line, who, rights, sign=sign, effective=effective)
