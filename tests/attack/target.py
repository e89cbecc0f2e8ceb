"""A furnished plant to be attacked, and how a refused try looks."""

from dataclasses import dataclass
from uuid import UUID

import psycopg

from app.base.ids import new_id
from app.core.session import SignedIn
from app.core.subject import Subject
from app.deviations.commands import DescribeDeviation, OpenDeviation
from tests.plant import Plant


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A plant with a lot that waits for release, one whose major deviation waits for two signatures, and a batch just started."""

    plant: Plant
    lot: UUID
    bad_lot: UUID
    deviation: UUID
    deviation_version: int
    batch: UUID


def furnish(plant: Plant) -> Target:
    """Receive and inspect two lots; the second has one long sample, its deviation is open and described."""
    good = plant.receive(supplier_lot="NF26-0931")
    plant.inspect(good.lot)
    plant.close()
    bad = plant.receive(supplier_lot="NF26-0932")
    _, outside = plant.inspect(bad.lot, bad={3: "25.62"})
    plant.close()
    inspector = plant.sign_in("li.ming")
    deviation = describe(inspector, bad.lot, outside[0])
    version = plant.rows("SELECT version FROM lineside.deviation WHERE id = %s", deviation)[0][0]
    assert isinstance(version, int)
    plant.close()
    return Target(
        plant=plant, lot=good.lot, bad_lot=bad.lot, deviation=deviation, deviation_version=version, batch=plant.start_batch(planned="2")
    )


def describe(inspector: SignedIn, lot: UUID, measurement: UUID, *, class_: str = "major", disposition: str = "use as is") -> UUID:
    """Open a deviation on a reading and propose its disposition."""
    deviation = new_id()
    inspector.give(
        OpenDeviation(
            command_id=new_id(),
            id=deviation,
            subject=Subject(kind="lot", id=lot, version=1),
            cause_kind="measurement",
            cause_id=measurement,
            kind="out of limits",
            facts={},
            class_=class_,
            what_happened="",
        )
    )
    inspector.give(
        DescribeDeviation(
            command_id=new_id(), deviation=deviation, version=1, what_happened="Burr at the tip.", class_=class_, disposition=disposition
        )
    )
    return deviation


def sqlstate_of(shell: psycopg.Connection, *statements: str) -> str:
    """Try statements in one transaction; returns the SQLSTATE of the refusal, or ``done`` when everything was committed."""
    try:
        with shell.transaction():
            for statement in statements:
                shell.execute(statement)  # type: ignore[arg-type]
    except psycopg.Error as refused:
        return refused.sqlstate or type(refused).__name__
    return "done"


SIGN = "SELECT lineside.sign_record(uuidv7(), '{kind}', '{subject}', {version}, '{meaning}', {digest}, NULL)"
SEEN = "(SELECT digest FROM lineside.what_is_signed('{kind}', '{subject}'))"


def sign(*, kind: str, subject: UUID, version: int, meaning: str, digest: str | None = None) -> str:
    """The SQL of a signature over what is on record now (or over another digest, an SQL expression)."""
    seen = digest or SEEN.format(kind=kind, subject=subject)
    return SIGN.format(kind=kind, subject=subject, version=version, meaning=meaning, digest=seen)


def set_status(lot: UUID, status: str) -> str:
    """The SQL that moves a lot."""
    return f"UPDATE lineside.lot SET status = '{status}' WHERE id = '{lot}'"
