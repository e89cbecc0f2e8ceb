"""Rules over the plant's own data, as the program's own text over tables: what a reviewer would want to be told of, not what is refused.

Each looks back some days and gives every case the same key whenever it is found: on record it stands once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.keeper.found import Found
from app.core.keeper.thresholds import Thresholds

Rule = Callable[[Session, Thresholds], list[Found]]

_DONE = """(
    SELECT e.entered_by AS who FROM lineside.batch_step s JOIN lineside.batch_step c ON c.batch = s.batch AND s.spec -> 'signs' ? c.key
      JOIN lineside.step_entry e ON e.batch_step = c.id WHERE g.subject_kind = 'batch_step' AND s.id = g.subject_id
    UNION SELECT m.taken_by FROM lineside.inspection i JOIN lineside.measurement m ON m.inspection = i.id
     WHERE g.subject_kind = 'lot' AND i.lot = g.subject_id
    UNION SELECT r.received_by FROM lineside.receipt r WHERE g.subject_kind = 'lot' AND r.lot = g.subject_id
    UNION SELECT d.opened_by FROM lineside.deviation d WHERE g.subject_kind = 'deviation' AND d.id = g.subject_id
    UNION SELECT d.prepared_by FROM lineside.document d WHERE g.subject_kind = 'document' AND d.id = g.subject_id)"""
"""Who performed what the signature `g` is over."""
_TWO_ACCOUNTS = f"""
    SELECT g.id, g.subject_kind, g.subject_id, g.signer, d.who,
        CASE WHEN a.phone = b.phone AND a.phone <> '' THEN 'phone' ELSE 'name' END AS same
      FROM lineside.signature g CROSS JOIN LATERAL {_DONE} d
      JOIN lineside.person a ON a.login = g.signer JOIN lineside.person b ON b.login = d.who
     WHERE g.meaning <> 'performed' AND g.at > clock_timestamp() - :days * interval '1 day' AND d.who <> g.signer
       AND ((a.phone = b.phone AND a.phone <> '') OR lower(a.name_en) = lower(b.name_en) OR (a.name_zh = b.name_zh AND a.name_zh <> ''))"""
_TOO_FAST = """
    SELECT * FROM (SELECT g.id, g.subject_kind, g.subject_id, g.signer, g.station, g.at, lag(g.signer) OVER w AS who,
        extract(epoch FROM g.at - lag(g.at) OVER w)::float AS apart
      FROM lineside.signature g WHERE g.at > clock_timestamp() - :days * interval '1 day'
      WINDOW w AS (PARTITION BY g.station ORDER BY g.at)) s
     WHERE s.who <> s.signer AND s.apart < :seconds"""
_PAIRS = f"""
    WITH verified AS (
      SELECT DISTINCT g.id, d.who, g.signer FROM lineside.signature g CROSS JOIN LATERAL {_DONE} d
       WHERE g.meaning = 'verified' AND d.who <> g.signer AND g.at > clock_timestamp() - :days * interval '1 day'),
    whole AS (SELECT who, count(*) AS many, min(signer) AS by, count(DISTINCT signer) AS signers FROM verified GROUP BY who)
    SELECT a.who, b.who AS other, a.many, b.many AS back FROM whole a JOIN whole b ON b.who = a.by AND b.by = a.who
     WHERE a.signers = 1 AND b.signers = 1 AND a.who < b.who AND least(a.many, b.many) >= :pairs"""


def self_verification(session: Session, limits: Thresholds) -> list[Found]:
    """Two accounts of one person, two people who sign within seconds at one station, pairs that verify nobody but each other."""
    rule = limits.self_verification
    kind, found = "self-verification", []
    for row in rows_of(session, _TWO_ACCOUNTS, days=rule.days):
        facts = {"signer": row.signer, "performer": row.who, "same": row.same}
        found.append(_case(kind, f"accounts:{row.id}:{row.who}", facts, row))
    for row in rows_of(session, _TOO_FAST, days=rule.days, seconds=rule.seconds):
        facts = {"signer": row.signer, "before": row.who, "station": row.station, "seconds": f"{row.apart:.1f}"}
        found.append(_case(kind, f"fast:{row.id}", facts, row))
    for row in rows_of(session, _PAIRS, days=rule.days, pairs=rule.pairs):
        facts = {"one": row.who, "other": row.other, "verified": row.many, "back": row.back, "days": rule.days}
        found.append(Found(kind=kind, key=f"pair:{row.who}:{row.other}", facts=facts))
    return found


_TYPED = """
    WITH entered AS (
      SELECT e.entered_by AS who, e.station, e.entered_at AS at, e.origin = 'typed' AS typed FROM lineside.step_entry e
        JOIN lineside.batch_step s ON s.id = e.batch_step
       WHERE e.value IS NOT NULL AND e.origin IN ('typed', 'measured', 'scanned')
         AND NOT EXISTS (SELECT FROM jsonb_array_elements(coalesce(s.spec -> 'parameters', '[]')) p
                          WHERE p ->> 'key' = e.field AND p ->> 'source' = 'typed')
      UNION ALL SELECT r.received_by, split_part(a.chain, '/', 1), r.received_at, r.origin = 'typed' FROM lineside.receipt r
        JOIN lineside.audit_log a ON a.tab = 'receipt' AND a.row_id = r.id)
    SELECT who, station, count(*) AS many, count(*) FILTER (WHERE typed) AS typed, to_char(max(at) AT TIME ZONE 'UTC', 'IYYY-IW') AS week
      FROM entered WHERE at > clock_timestamp() - :days * interval '1 day' GROUP BY who, station
    HAVING count(*) >= :least AND 100.0 * count(*) FILTER (WHERE typed) / count(*) > :percent"""


def typed_values(session: Session, limits: Thresholds) -> list[Found]:
    """Somebody at a station types more than the plant thinks right, of what an instrument or a scanner could have said."""
    rule = limits.typed_values
    return [
        Found(
            kind="typed values",
            key=f"typed:{row.who}:{row.station}:{row.week}",
            facts={"who": row.who, "station": row.station, "entered": row.many, "typed": row.typed, "days": rule.days},
        )
        for row in rows_of(session, _TYPED, days=rule.days, least=rule.least, percent=rule.percent)
    ]


_READINGS = """
    SELECT m.id, m.gauge AS device, m.value, m.unit, m.station, m.taken_by AS who, m.read_at, m.taken_at AS at FROM lineside.measurement m
     WHERE m.taken_at > clock_timestamp() - :days * interval '1 day'
    UNION ALL SELECT e.id, e.device, e.value, e.unit, e.station, e.entered_by, e.read_at, e.entered_at FROM lineside.step_entry e
     WHERE e.origin = 'measured' AND e.value IS NOT NULL AND e.entered_at > clock_timestamp() - :days * interval '1 day'"""
"""What instruments said: `read_at` is the station's clock, `at` the database's."""
_LATE = f"""
    SELECT r.station, r.who, to_char(r.at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, count(*) AS many,
        ceil(max(extract(epoch FROM r.at - r.read_at)) / 60)::integer AS minutes
      FROM ({_READINGS}) r WHERE r.at - r.read_at > :minutes * interval '1 minute' GROUP BY 1, 2, 3"""


def late_entry(session: Session, limits: Thresholds) -> list[Found]:
    """Read from the instrument and entered much later: by station, person and day, with the longest wait."""
    rule = limits.late_entry
    return [
        Found(
            kind="late entry",
            key=f"late:{row.station}:{row.who}:{row.day}",
            facts={"who": row.who, "station": row.station, "day": row.day, "entries": row.many, "minutes": row.minutes},
        )
        for row in rows_of(session, _LATE, days=rule.days, minutes=rule.minutes)
    ]


_SAME = f"""
    WITH r AS ({_READINGS}),
    numbered AS (SELECT r.*, row_number() OVER (PARTITION BY device ORDER BY at, id)
        - row_number() OVER (PARTITION BY device, value ORDER BY at, id) AS run FROM r)
    SELECT a.code, n.value::text AS value, min(n.unit) AS unit, count(*) AS many, (array_agg(n.id ORDER BY n.at, n.id))[1] AS first,
        min(n.at) AS since, n.device AS subject_id
      FROM numbered n JOIN lineside.asset a ON a.id = n.device GROUP BY n.device, a.code, n.value, n.run HAVING count(*) >= :in_a_row"""


def same_readings(session: Session, limits: Thresholds) -> list[Found]:
    """One instrument gave the same value many times in a row: stuck, or the value of one piece entered for many."""
    rule = limits.same_readings
    return [
        Found(
            kind="same readings",
            key=f"same:{row.code}:{row.first}",
            facts={"device": row.code, "value": row.value, "unit": row.unit, "in_a_row": row.many, "since": row.since.isoformat()},
            subject_kind="asset",
            subject_id=row.subject_id,
        )
        for row in rows_of(session, _SAME, days=rule.days, in_a_row=rule.in_a_row)
    ]


_JUMPS = f"""
    SELECT j.station, to_char(j.at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, count(*) AS many,
        ceil(max(greatest(extract(epoch FROM j.read_at - j.at), extract(epoch FROM j.before - j.read_at))))::integer AS seconds
      FROM (SELECT r.*, lag(r.read_at) OVER (PARTITION BY r.station, r.device ORDER BY r.at, r.id) AS before FROM ({_READINGS}) r) j
     WHERE j.read_at - j.at > :seconds * interval '1 second' OR j.before - j.read_at > :seconds * interval '1 second' GROUP BY 1, 2"""
_BEHIND = """
    SELECT extract(epoch FROM max(at) - clock_timestamp())::float AS behind, max(at) AS newest FROM lineside.audit_chain WHERE seq > 0"""


def clock_jump(session: Session, limits: Thresholds) -> list[Found]:
    """A station's clock that was moved, by its readings; the database's own, by the trail that never goes back."""
    rule = limits.clock_jump
    found = [
        Found(
            kind="clock jump",
            key=f"station clock:{row.station}:{row.day}",
            facts={"station": row.station, "day": row.day, "readings": row.many, "seconds": row.seconds},
        )
        for row in rows_of(session, _JUMPS, days=rule.days, seconds=rule.seconds)
    ]
    (trail,) = rows_of(session, _BEHIND)
    if trail.behind is not None and trail.behind > rule.server_seconds:
        facts = {"behind_s": f"{trail.behind:.0f}", "newest": trail.newest.isoformat()}
        found.append(Found(kind="clock jump", key=f"server clock behind:{trail.newest:%Y-%m-%dT%H}", facts=facts))
    return found


RULES: tuple[Rule, ...] = (self_verification, typed_values, late_entry, same_readings, clock_jump)


def _case(kind: str, key: str, facts: dict[str, Any], row: Any) -> Found:
    return Found(kind=kind, key=key, facts=facts, subject_kind=row.subject_kind, subject_id=row.subject_id)


def rows_of(session: Session, statement: str, **asked: object) -> list[Any]:
    """Rows of a rule's statement."""
    return list(session.execute(text(statement), asked))
