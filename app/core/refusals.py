"""What the database refused, in shop-floor words. The database decides; these classes explain.

Every SQLSTATE of our triggers and functions (``LS…``) has one class here or in the slice it belongs to; a test compares both sides.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import psycopg
import sqlalchemy.exc
from psycopg import errors as pg

from app.base.errors import ALL, AppError, OutageError, RuleViolation


class Refused(RuleViolation):
    """A rule the database itself holds; ``sqlstate`` is the code its trigger raises."""

    sqlstate: ClassVar[str]


class AlreadyGiven(Refused):
    code, sqlstate = "CMD-01", "LS001"
    text = "Nothing was done: this order was given before with other content."
    next_step = "Open the screen again and repeat the last entry."


class NotAllowed(Refused):
    code, sqlstate = "PER-01", "LS010"
    text = "Nothing was done: you do not have the right for this here."
    next_step = "Ask your supervisor, or let somebody with the right do it."


class ReasonMissing(Refused):
    code, sqlstate = "AUD-01", "LS011"
    text = "Not changed: a change of this record needs a reason."
    next_step = "Write one line why, then repeat."


class IdentityStands(Refused):
    code, sqlstate = "AUD-02", "LS012"
    text = "Not changed: the identity of a record cannot be changed."
    next_step = "Make a new record instead."


class StandsForGood(Refused):
    code, sqlstate = "AUD-03", "LS013"
    text = "Not changed: this record stands for good."
    next_step = "Enter a correction; the first entry stays visible."


class VerifierWanted(Refused):
    code, sqlstate = "PER-02", "LS014"
    text = "Not stored: the password was not sent in its protected form."
    next_step = "Use the sign-in screen of this program to set a password."


class NoSuchJob(Refused):
    code, sqlstate = "PER-03", "LS015"
    text = "Not given: there is no such job."
    next_step = "Choose one of the jobs in the list."


class JobRemains(Refused):
    code, sqlstate = "PER-04", "LS016"
    text = "Not taken away: somebody else granted this job too."
    next_step = "Call the administrator of the database."


class OwnJob(Refused):
    code, sqlstate = "PER-10", "LS017"
    text = "Not given: nobody gives a job to themselves."
    next_step = "Let another administrator do it."


class NameTaken(Refused):
    code, sqlstate = "PER-11", "LS018"
    text = "Not created: the name {login} was used before. Names are never used again."
    next_step = "Choose another name."


class SigningLoginWanted(Refused):
    code, sqlstate = "SIG-01", "LS020"
    text = "Not signed: the signature took longer than 60 seconds or was used before."
    next_step = "Enter the password again and sign."


class OwnSecretWanted(Refused):
    code, sqlstate = "SIG-02", "LS021"
    text = "Not signed: this person has not set an own password yet."
    next_step = "Sign in once as this person and set an own password."


class PerformerCannotSign(Refused):
    code, sqlstate = "SIG-03", "LS022"
    text = "Not signed: {who} performed this work or signed it already. Two people are needed."
    next_step = "Let another person with the right sign."


class NotWhatWasSeen(Refused):
    code, sqlstate = "SIG-04", "LS023"
    text = "Not signed: the record is no longer what the sheet showed."
    next_step = "Read it again, then sign."


class ChangedAfterSigning(Refused):
    code, sqlstate = "SIG-05", "LS024"
    text = "Not signed: the content changed while it was being signed."
    next_step = "Read it again, then sign."


class OlderMoment(Refused):
    code, sqlstate = "CON-02", "LS117"
    text = "Not stored: this connection looks at the records as they were at an older moment."
    next_step = "Change records in a transaction of its own kind (READ COMMITTED), as this program does."


class OtherVersion(Refused):
    code, sqlstate = "SIG-06", "LS025"
    text = "Not done: somebody changed this record meanwhile."
    next_step = "Read the new version, then repeat."


class NotSignable(Refused):
    code, sqlstate = "SIG-07", "LS026"
    text = "Not signed: this record is not signed with that meaning."
    next_step = "Choose another meaning."


class ActMissing(Refused):
    code, sqlstate = "SIG-09", "LS027"
    text = "Not signed: a signature comes only together with its act."
    next_step = "Sign on the sheet of this program."


class SignedAlready(Refused):
    code, sqlstate = "SIG-10", "LS028"
    text = "Not signed: somebody else has signed this meanwhile."
    next_step = "Read it again: nothing more may be needed."


class SignatureWanted(Refused):
    code, sqlstate = "SIG-08", "LS030"
    text = "Not changed: this needs signatures that are missing."
    next_step = "Ask the people named on the sheet to sign."


class WayClosed(Refused):
    code, sqlstate = "STA-01", "LS031"
    text = "Not changed: it cannot go from {from} to {to}."
    next_step = "Look at the record's state: somebody may have been faster."


class ContentStands(Refused):
    code, sqlstate = "STA-02", "LS032"
    text = "Not changed: {document} is no draft any more."
    next_step = "Make a new revision."


class LooksLikeAnother(Refused):
    code, sqlstate = "LOT-10", "LS043"
    text = "Not received: a lot of this supplier is written almost like {read}, only with other capitals."
    next_step = "Scan the code instead of typing it; compare both packs."


class StationWanted(Refused):
    code, sqlstate = "STN-01", "LS057"
    text = "Not stored: a reading is taken at a station, and this connection proves none."
    next_step = "Sign in at the station and take the reading again."


class FileDiffers(Refused):
    code, sqlstate = "ATT-01", "LS062"
    text = "Not stored: the bytes of {file} are not those that were announced."
    next_step = "Choose the file again."


class ContainersDiffer(Refused):
    code, sqlstate = "CON-01", "LS063"
    text = "Not stored: the containers do not match what was received."
    next_step = "Open the receipt again and count the containers."


class LabelDiffers(Refused):
    code, sqlstate = "LBL-10", "LS064"
    text = "Not printed: the label says something else than the record of {container}."
    next_step = "Ask for the label again."


class CodeNotGiven(Refused):
    code, sqlstate = "REC-02", "LS065"
    text = "Not stored: the code {code} was not given out by the database."
    next_step = "Open the screen again and repeat the entry."


class AccountLocked(Refused):
    code, sqlstate = "PER-05", "LS101"
    text = "Not signed in: this account is locked."
    next_step = "Ask an administrator."


class ClosedHere(Refused):
    code, sqlstate = "PER-13", "LS121"
    text = "Not let in: after five wrong passwords this station stays closed to this person for {minutes} min."
    next_step = "Wait, go to another station, or ask the supervisor, who is called."


class DatabaseAway(OutageError):
    """The server does not answer, or ended the connection. What was in flight is *unknown*, never "not done"."""

    code = "DB-01"
    text = "The database is away."
    next_step = "Go on looking and preparing; what you entered is kept. It is stored when the database is back."


class RecordBusy(OutageError):
    """A lock was waited for longer than 3 s."""

    code = "DB-02"
    text = "Not done yet: another station is writing the same record."
    next_step = "Press again in a moment."


class Unfit(RuleViolation):
    """A value of a form that no record can hold: half a character, a number out of range, an unknown time zone."""

    code = "REC-03"
    text = "Nothing was done: something entered has a form that cannot be stored ({rule})."
    next_step = "Type it again instead of pasting; scan the code once more."


class NotPlain(RuleViolation):
    """Constraints ``…_plain`` of migrations/sql/plain_text.sql: 200 signs unless told, none of them invisible."""

    code = "REC-04"
    text = "Nothing was done: {field} is too long, or holds signs that cannot be seen."
    next_step = "Shorten it; type it instead of pasting."


class Unexpected(OutageError):
    """A constraint nobody gave words to: the rule holds, the sentence is missing."""

    code = "DB-03"
    text = "Nothing was done: the database refused it ({rule})."
    next_step = "Call the administrator with this rule's name."


_AWAY = ("08", "57P", "53")


def explain(trouble: psycopg.Error) -> AppError | None:
    """The sentence for a refusal of the database; ``None`` when it is a bug and belongs in the crash report."""
    state = trouble.sqlstate or ""
    if isinstance(trouble, psycopg.OperationalError) and (not state or state.startswith(_AWAY)):
        return DatabaseAway()
    by_state = {cls.sqlstate: cls for cls in ALL.values() if issubclass(cls, Refused)}
    if state in by_state:
        return by_state[state](**_facts(trouble))
    if isinstance(trouble, pg.InsufficientPrivilege):
        return NotAllowed()
    if isinstance(trouble, pg.LockNotAvailable):
        return RecordBusy()
    if isinstance(trouble, pg.DataError):
        return Unfit(rule=state or "NUL")
    rule = trouble.diag.constraint_name or ""
    if isinstance(trouble, pg.CheckViolation) and rule.endswith("_plain"):
        return NotPlain(field=rule.removeprefix(f"{trouble.diag.table_name}_").removesuffix("_plain"))
    if isinstance(trouble, pg.IntegrityError):
        return Unexpected(rule=trouble.diag.constraint_name or state)
    return None


def _facts(trouble: psycopg.Error) -> dict[str, object]:
    try:
        told = json.loads(trouble.diag.message_detail or "{}")
    except ValueError:
        return {}
    return dict(told) if isinstance(told, dict) else {}


@contextmanager
def explain_constraint(name: str, told: AppError) -> Iterator[None]:
    """Say `told` when the named constraint refuses; anything else passes through."""
    try:
        yield
    except sqlalchemy.exc.IntegrityError as trouble:
        if isinstance(trouble.orig, psycopg.Error) and trouble.orig.diag.constraint_name == name:
            raise told from trouble
        raise
