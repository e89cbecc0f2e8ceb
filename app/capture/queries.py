"""What a channel did between two times: for a trace on screen, and in figures for the record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.base.phrases import Name
from app.capture.records import Channel

_IN_TIME = "s.channel = :channel AND s.at >= :begin AND s.at < :end"
_TRACE = text(f"""
    SELECT width_bucket(extract(epoch FROM s.at), extract(epoch FROM CAST(:begin AS timestamptz)), extract(epoch FROM CAST(:end AS timestamptz)), :columns) AS col,
           min(s.at) AS first_at, max(s.at) AS last_at, min(s.value) AS low, max(s.value) AS high, count(*) FILTER (WHERE s.value IS NULL) AS bad
      FROM lineside.sample s WHERE {_IN_TIME} GROUP BY 1 ORDER BY 1""")  # noqa: E501 - our own words
_STATISTICS = text(f"""
    SELECT count(*) AS samples, count(s.value) AS good, min(s.value) AS low, max(s.value) AS high, avg(s.value) AS mean, min(s.at) AS first_at, max(s.at) AS last_at
      FROM lineside.sample s WHERE {_IN_TIME}""")  # noqa: E501
# Neighbours in time that lie outside on the same side are one excursion; a bad sample or a sample inside ends it.
_EXCURSIONS = text(f"""
    WITH told AS (SELECT s.at, s.value, CASE WHEN s.value > :upper THEN 1 WHEN s.value < :lower THEN -1 ELSE 0 END AS side FROM lineside.sample s WHERE {_IN_TIME}),
         runs AS (SELECT *, row_number() OVER (ORDER BY at) - row_number() OVER (PARTITION BY side ORDER BY at) AS run FROM told)
    SELECT side, min(at) AS begins, max(at) AS ends, count(*) AS samples, CASE side WHEN 1 THEN max(value) ELSE min(value) END AS peak
      FROM runs WHERE side <> 0 GROUP BY side, run ORDER BY begins""")  # noqa: E501
_GAPS = text(f"""
    WITH told AS (SELECT at FROM lineside.sample s WHERE {_IN_TIME} AND s.value IS NOT NULL
                  UNION ALL SELECT CAST(:begin AS timestamptz) UNION ALL SELECT CAST(:end AS timestamptz)),
         pairs AS (SELECT lag(at) OVER (ORDER BY at) AS begins, at AS ends FROM told)
    SELECT begins, ends FROM pairs WHERE ends - begins > :longest ORDER BY begins""")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRow:
    """A channel as screens name it."""

    id: UUID
    name_in_map: str
    name: Name
    unit: str
    decimals: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a trace: no peak inside it is lost, because lowest and highest are kept."""

    first_at: datetime
    last_at: datetime
    low: Decimal | None
    """``None``: no good sample in this column."""
    high: Decimal | None
    bad: int
    """Samples without a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """A channel in figures; ``None`` where there is no good sample. The mean is exact to 16 digits."""

    samples: int
    good: int
    low: Decimal | None
    high: Decimal | None
    mean: Decimal | None
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Excursion:
    """A stay outside the limits, from its first to its last sample outside."""

    begins: datetime
    ends: datetime
    samples: int
    peak: Decimal
    is_above: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A time without any good sample."""

    begins: datetime
    ends: datetime


def channels_of(session: Session, machine: UUID) -> list[ChannelRow]:
    """Every channel of a machine, in the order of their names."""
    rows = session.scalars(select(Channel).filter_by(machine=machine).order_by(Channel.name_in_map))
    return [ChannelRow(id=c.id, name_in_map=c.name_in_map, name=c.name, unit=c.unit, decimals=c.decimals) for c in rows]


def trace(session: Session, channel: UUID, *, begin: datetime, end: datetime, columns: int) -> list[Column]:
    """What stands between two times, gathered into at most `columns` columns; a column without a sample is left out."""
    rows = session.execute(_TRACE, {"channel": channel, "begin": begin, "end": end, "columns": columns})
    return [Column(first_at=r.first_at, last_at=r.last_at, low=r.low, high=r.high, bad=r.bad) for r in rows]


def statistics(session: Session, channel: UUID, *, begin: datetime, end: datetime) -> Statistics:
    """The figures between two times, `end` not included."""
    r = session.execute(_STATISTICS, {"channel": channel, "begin": begin, "end": end}).one()
    return Statistics(samples=r.samples, good=r.good, low=r.low, high=r.high, mean=r.mean, first_at=r.first_at, last_at=r.last_at)


def excursions(
    session: Session, channel: UUID, *, begin: datetime, end: datetime, lower: Decimal | None, upper: Decimal | None
) -> list[Excursion]:
    """Every stay outside the limits, oldest first. A value on a limit is inside; a limit that is ``None`` is not asked for."""
    asked = {"channel": channel, "begin": begin, "end": end, "lower": lower, "upper": upper}
    return [
        Excursion(begins=r.begins, ends=r.ends, samples=r.samples, peak=r.peak, is_above=r.side > 0)
        for r in session.execute(_EXCURSIONS, asked)
    ]


def gaps(session: Session, channel: UUID, *, begin: datetime, end: datetime, longest: timedelta) -> list[Gap]:
    """Every time longer than `longest` without a good sample, the beginning and the end included."""
    asked = {"channel": channel, "begin": begin, "end": end, "longest": longest}
    return [Gap(begins=r.begins, ends=r.ends) for r in session.execute(_GAPS, asked)]
