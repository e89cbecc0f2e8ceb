"""The mapped tables every slice stands on. Shapes, gates and grants stand in ``migrations/sql``; here what Python reads and writes.

Columns that the database alone fills are `FetchedValue`: no INSERT ever names them (there is no grant for it).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import BigInteger, Column, FetchedValue, ForeignKey, Index, LargeBinary, MetaData, Table, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.dialects.postgresql import UUID as PGUUID
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.base.measurement import Reading
from app.base.phrases import Name


class Base(DeclarativeBase):
    """All tables live in the schema ``lineside``; names of constraints are PostgreSQL's own."""

    metadata = MetaData(schema="lineside", naming_convention={"uq": "%(table_name)s_%(column_0_N_name)s_key"})
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own shape
        str: Text(),
        UUID: PGUUID(as_uuid=True),
        datetime: TIMESTAMP(timezone=True),
        bytes: LargeBinary(),
        dict[str, Any]: JSONB(),
        list[dict[str, Any]]: JSONB(),
    }

    id: Mapped[UUID] = mapped_column(primary_key=True)


Record = TypeVar("Record", bound=Base)
_SEEN = MetaData(schema="lineside")
"""Views have no class of their own to be compared with the database; they are written from their tables (masking_views.sql)."""


def masked(*what: Any, **how: Any) -> Any:
    """A column that nobody reads from its table: it is granted to nobody. It is written, and read through the record's `seen` form."""
    return mapped_column(*what, deferred=True, deferred_raiseload=True, **how)


def seen(record: type[Record]) -> type[Record]:
    """The same record as its reader may see it: of the view ``…_seen``, whose masked columns the database fills by the reader's job.

    For questions alone: nothing is written through it.
    """
    table = cast(Table, record.__table__)
    columns = (Column(one.name, one.type, primary_key=one.primary_key) for one in table.columns)
    view = Table(f"{table.name}_seen", _SEEN, *columns)
    shown = type(f"{record.__name__}Seen", tuple(one for one in record.__bases__ if one is not Base), {"__doc__": record.__doc__})
    Base.registry.map_imperatively(shown, view)
    return cast("type[Record]", shown)


class SaidByDevice:
    """What stands beside a value that a device sent: what it said of itself, how the station's clock stood, which protocol read it."""

    device_serial_no: Mapped[str | None]
    device_firmware: Mapped[str | None]
    clock_ahead_ms: Mapped[int | None]
    read_by: Mapped[UUID | None] = mapped_column(ForeignKey("device_protocol.id"))


def said_beside(reading: Reading) -> dict[str, Any]:
    """The columns of `SaidByDevice` for a value as it arrived."""
    return {
        "device_serial_no": reading.serial_no,
        "device_firmware": reading.firmware,
        "clock_ahead_ms": reading.clock_ahead_ms,
        "read_by": reading.read_by,
    }


class Named:
    """Things that have a name in both languages."""

    name_en: Mapped[str]
    name_zh: Mapped[str]

    @property
    def name(self) -> Name:
        """Both names together, said in the reader's language."""
        return Name(self.name_en, self.name_zh)


class Site(Named, Base):
    """A plant; its IANA zone decides what day it is there."""

    __tablename__ = "site"
    code: Mapped[str] = mapped_column(unique=True)
    zone: Mapped[str]


class Practice(Base):
    """That this plant is one for practice: at most one row, written by who builds the plant; see `app.core.practice`."""

    __tablename__ = "practice"
    only_one: Mapped[bool] = mapped_column(FetchedValue(), unique=True)
    said_by: Mapped[str] = mapped_column(FetchedValue())
    said_at: Mapped[datetime] = mapped_column(FetchedValue())


class Person(Named, Base):
    """Somebody with a login role of the same name; the name is never re-used, the row never deleted."""

    __tablename__ = "person"
    login: Mapped[str] = mapped_column(unique=True)
    badge: Mapped[str | None] = masked(unique=True)
    phone: Mapped[str] = mapped_column(server_default=FetchedValue())
    enabled: Mapped[bool] = mapped_column(server_default=FetchedValue())
    enabled_check: Mapped[str] = masked()
    secret_set_at: Mapped[datetime | None] = mapped_column(server_default=FetchedValue())
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    checked_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    checked_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    break_glass: Mapped[bool] = mapped_column(server_default=FetchedValue())


class PersonSecret(Base):
    """Digest of the verifier a person set through the product; no grant lets anybody read it."""

    __tablename__ = "person_secret"
    id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    digest: Mapped[bytes]


class Scope(Base):
    """A job somebody has at a site, on one line or on all."""

    __tablename__ = "scope"
    __table_args__ = (UniqueConstraint("person", "job", "site", "line", postgresql_nulls_not_distinct=True),)
    person: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    job: Mapped[str]
    site: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    line: Mapped[str | None]


class JobRight(Base):
    """A right a job has. The roles of the server are the right itself; this is what the trail follows."""

    __tablename__ = "job_right"
    __table_args__ = (UniqueConstraint("job", "right_name"),)
    job: Mapped[str]
    right_name: Mapped[str]


class RightConflict(Base):
    """Two rights that may not meet in one person, until an administrator ends the pair."""

    __tablename__ = "right_conflict"
    __table_args__ = (Index("right_conflict_pair", "first_right", "second_right", unique=True, postgresql_where=text("NOT ended")),)
    first_right: Mapped[str]
    second_right: Mapped[str]
    why: Mapped[str]
    ended: Mapped[bool] = mapped_column(server_default=FetchedValue())
    set_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    set_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class Station(Named, Base):
    """A place with a screen, a narrow login role of its own and devices."""

    __tablename__ = "station"
    code: Mapped[str] = mapped_column(unique=True)
    site: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    line: Mapped[str | None]
    role_name: Mapped[str] = mapped_column(unique=True)
    workbench: Mapped[str]
    enabled: Mapped[bool] = mapped_column(server_default=FetchedValue())
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class SignInFailure(Base):
    """A wrong password that a station reported."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index("sign_in_failure_who", "login", "station", "at"),)
    login: Mapped[str]
    station: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class SignatureRow(Base):
    """Who signed what as what: written by the database's `sign`, never by Python."""

    __tablename__ = "signature"
    __table_args__ = (
        UniqueConstraint("subject_kind", "subject_id", "subject_version", "act", "signer", name="signature_once_per_person"),
        UniqueConstraint("subject_kind", "subject_id", "subject_version", "meaning", name="signature_once_per_meaning"),
    )
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    subject_version: Mapped[int]
    meaning: Mapped[str]
    act: Mapped[str]
    signer: Mapped[str]
    signer_name_en: Mapped[str]
    signer_name_zh: Mapped[str]
    at: Mapped[datetime]
    zone: Mapped[str]
    station: Mapped[str]
    digest: Mapped[bytes]
    content: Mapped[str] = masked()
    reason: Mapped[str | None]
    login: Mapped[int] = mapped_column(BigInteger, unique=True)


class Document(Base):
    """A controlled version: draft → review → signed → obsolete; effective is a condition at use."""

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("kind", "code", "revision"),)
    kind: Mapped[str]
    code: Mapped[str]
    revision: Mapped[int]
    site: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    status: Mapped[str] = mapped_column(server_default=FetchedValue())
    effective_from: Mapped[date]
    version: Mapped[int] = mapped_column(server_default=FetchedValue(), server_onupdate=FetchedValue())
    prepared_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    prepared_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class Task(Base):
    """Something that waits for a job: opened by a change of state, never by hand."""

    __tablename__ = "task"
    __table_args__ = (
        Index("task_open", "site", "for_job", postgresql_where=text("status <> 'done'")),
        Index(
            "task_station_call",
            "opened_by",
            text("(facts ->> 'topic')"),
            unique=True,
            postgresql_where=text("kind = 'call' AND status = 'open' AND starts_with(opened_by, 'lineside_station_')"),
        ),
    )
    kind: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    site: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    station: Mapped[str | None]
    for_job: Mapped[str]
    facts: Mapped[dict[str, Any]] = masked()
    status: Mapped[str] = mapped_column(server_default=FetchedValue())
    opened_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    opened_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    taken_by: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    taken_at: Mapped[datetime | None] = mapped_column(server_default=FetchedValue())
    done_by: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    done_at: Mapped[datetime | None] = mapped_column(server_default=FetchedValue())


class Draft(Base):
    """What somebody began on a screen of a station and has not finished."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("person", "station", "screen"),)
    person: Mapped[str] = mapped_column(server_default=FetchedValue())
    station: Mapped[str]
    screen: Mapped[str]
    content: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class Attachment(Base):
    """A file, known by its SHA-256."""

    __tablename__ = "attachment"
    sha256: Mapped[bytes] = mapped_column(unique=True)
    mime: Mapped[str]
    file_name: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    added_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    added_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class PlantSetting(Base):
    """A setting of the plant, under the trail like any record."""

    __tablename__ = "setting"
    key: Mapped[str] = mapped_column(unique=True)
    value: Mapped[dict[str, Any]]


class WitnessRenewal(Base):
    """What a station had seen of the trail was given up for what stands there now, by an administrator who says why."""

    __tablename__ = "witness_renewal"
    station: Mapped[UUID] = mapped_column(ForeignKey("station.id"))
    seen: Mapped[dict[str, Any]]
    stands: Mapped[dict[str, Any]]
    reason: Mapped[str]
    renewed_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    renewed_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class Finding(Base):
    """Something the keeper found; one case once. Written by the database's `report_finding` alone."""

    __tablename__ = "finding"
    __table_args__ = (Index("finding_found", "found_at"),)
    site: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    kind: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID | None]
    facts: Mapped[dict[str, Any]]
    found_by: Mapped[str] = mapped_column(FetchedValue())
    found_at: Mapped[datetime] = mapped_column(FetchedValue())


class RestoreDrill(Base):
    """A backup was restored into scratch and compared; whether it holds is the database's to say, and quality signs it."""

    __tablename__ = "restore_drill"
    site: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    backup: Mapped[str]
    manifest: Mapped[bytes]
    taken_at: Mapped[datetime]
    facts: Mapped[dict[str, Any]]
    holds: Mapped[bool] = mapped_column(FetchedValue())
    version: Mapped[int] = mapped_column(FetchedValue())
    drilled_by: Mapped[str] = mapped_column(FetchedValue())
    drilled_at: Mapped[datetime] = mapped_column(FetchedValue())


class LateEntry(Base):
    """What somebody entered at a station while the database was away: a draft. Written by the database's `store_late_entry` alone."""

    __tablename__ = "late_entry"
    __table_args__ = (Index("late_entry_author", "author"), Index("late_entry_subject", "subject_id"))
    station: Mapped[str]
    kind: Mapped[str]
    author: Mapped[str]
    content: Mapped[str]
    digest: Mapped[bytes]
    site: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    record: Mapped[UUID]
    made_at: Mapped[datetime]
    boot_id: Mapped[str]
    mono_ns: Mapped[int] = mapped_column(BigInteger())
    received_at: Mapped[datetime] = mapped_column(FetchedValue())


class LateSettlement(Base):
    """How a draft came to its end, and the record it became."""

    __tablename__ = "late_settlement"
    id: Mapped[UUID] = mapped_column(ForeignKey("late_entry.id"), primary_key=True)
    how: Mapped[str]
    record: Mapped[UUID | None] = mapped_column(unique=True)
    reason: Mapped[str | None]
    settled_by: Mapped[str] = mapped_column(FetchedValue())
    settled_at: Mapped[datetime] = mapped_column(FetchedValue())


class MaskRule(Base):
    """What a job sees of a class of fields; a class without a rule is hidden. See `app.core.masking`."""

    __tablename__ = "mask_rule"
    __table_args__ = (UniqueConstraint("class", "job"),)
    field_class: Mapped[str] = mapped_column("class")
    job: Mapped[str]
    rule: Mapped[str]


PersonSeen = seen(Person)
SignatureSeen = seen(SignatureRow)
TaskSeen = seen(Task)
