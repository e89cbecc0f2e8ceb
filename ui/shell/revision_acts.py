"""What may be done with a revision of a controlled document, by its state and by who is here. The database decides again."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from app.base.phrases import Phrase
from app.core.command import Permission
from app.core.session import Who
from ui.kit import Number, State

STATES: dict[str, tuple[State, Phrase]] = {
    "draft": (State.TO_DO, Phrase("draft")),
    "review": (State.WAITING, Phrase("in review")),
    "signed": (State.WAITING, Phrase("signed")),
    "effective": (State.PASS, Phrase("effective")),
    "obsolete": (State.TO_DO, Phrase("obsolete")),
}


class Revision(Protocol):
    """One revision, as a list of its kind shows it."""

    @property
    def id(self) -> UUID: ...

    @property
    def code(self) -> str: ...

    @property
    def revision(self) -> int: ...

    @property
    def state(self) -> str:
        """One of `STATES`."""

    @property
    def prepared_by(self) -> str: ...


def may_prepare(line: Revision, who: Who | None, rights: frozenset[Permission]) -> bool:
    """Whoever prepares a draft writes it and hands it over."""
    return line.state == "draft" and Permission.PREPARE_DOCUMENT in rights and who is not None and who.login == line.prepared_by


def may_sign(line: Revision, rights: frozenset[Permission]) -> bool:
    """Quality signs what is in review."""
    return line.state == "review" and Permission.APPROVE_DOCUMENT in rights


def may_withdraw(line: Revision, rights: frozenset[Permission]) -> bool:
    """Quality takes out of use what was signed."""
    return line.state in ("signed", "effective") and Permission.APPROVE_DOCUMENT in rights


def numbers(line: Revision) -> tuple[Number, ...]:
    """Which revision it is."""
    how = Phrase("counted by the database: every draft of this document has the next number")
    return (Number(name=Phrase("Revision of {code}", code=line.code), value=str(line.revision), how=how, row=line.id, column="revision"),)


def title(line: Revision) -> Phrase:
    """``MR-SIV-2225, revision 2``."""
    return Phrase("{code}, revision {revision}", code=line.code, revision=line.revision)


def sentence(line: Revision, who: Who | None, rights: frozenset[Permission], *, sign: Phrase, effective: Phrase) -> Phrase:
    """What is next for this revision.

    Args:
        line: The revision.
        who: Is here; ``None``: nobody.
        rights: Theirs.
        sign: What whoever may sign does first.
        effective: What is done by the revision while it is in effect.
    """
    if may_prepare(line, who, rights):
        return Phrase("Hand revision {revision} over for review.", revision=line.revision)
    if may_sign(line, rights):
        return sign
    match line.state:
        case "draft":
            return Phrase("Revision {revision} is still a draft.", revision=line.revision)
        case "review":
            return Phrase("Revision {revision} waits for Quality's signature.", revision=line.revision)
        case "signed":
            return Phrase("Revision {revision} is signed, not in use.", revision=line.revision)
        case "effective":
            return effective
    return Phrase("Revision {revision} is used no more.", revision=line.revision)
