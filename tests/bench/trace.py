"""A trace beside the bare recursive query over a plain table of two columns: a unit's whole tree, and everything a lot went into.

Rows are written by the superuser with the triggers off: the figure is that of reading; the rules would take hours for ten million edges.
The bare table holds the same edges; a run whose two answers differ in a single node stops.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import psycopg

from tests.bench.measuring import Figure, Plant, percentiles, timed

UNITS_OF_BATCH = 1000
EDGES_OF_UNIT = 4
"""Its batch, its clip, its label, who made it."""
BATCHES_OF_LOT, CONTAINERS_OF_LOT = 177, 10
"""One hub lot stands in 177 000 units: the recall of DESIGN §6."""
CLIPS_OF_CONTAINER = 500
MOST = 50

_TABLES = ("lot", "receipt", "container", "batch", "batch_step", "unit", "consumption", "step_entry", "label")
# Each statement takes the number of batches; what a master copy holds does not matter to a trace.
_FILL = (
    """INSERT INTO lot (id, code, item, supplier, supplier_lot, site, expires_on, status, unit)
       SELECT uuidv7(), p.prefix || n, i.id, s.id, p.prefix || n, t.id, '2030-01-01', 'released', 'pcs'
         FROM (VALUES ('LH', 'CH-2225', 1 + %(batches)s / {of_lot}), ('LC', 'SC-2200', 1 + %(batches)s * {units} / {clips} / {boxes}))
              p (prefix, item, many)
        CROSS JOIN LATERAL generate_series(0, p.many) n JOIN item i ON i.code = p.item
        CROSS JOIN (SELECT id FROM supplier ORDER BY code LIMIT 1) s CROSS JOIN (SELECT id FROM site LIMIT 1) t""",
    """INSERT INTO receipt (id, order_line, lot, quantity, location, origin, raw, scanner, received_by)
       SELECT uuidv7(), o.id, l.id, 5000, q.id, 'scanned', 'x', 'SC-11', 'zhou.min' FROM lot l
        CROSS JOIN (SELECT id FROM order_line LIMIT 1) o CROSS JOIN (SELECT id FROM location LIMIT 1) q""",
    """INSERT INTO container (id, code, receipt, lot, quantity)
       SELECT uuidv7(), l.code || '-' || n, r.id, l.id, 500 FROM lot l JOIN receipt r ON r.lot = l.id, generate_series(0, {boxes} - 1) n""",
    """INSERT INTO batch (id, code, master, product, site, planned, unit, made_on, expires_on, frozen, frozen_digest, started_by)
       SELECT uuidv7(), 'BB' || n, d.id, i.id, t.id, {units}, 'pcs', '2026-11-01', '2029-11-01',
              '{{"name": {{"en": "x", "zh": "x"}}}}', 'x', 'gao.yun'
         FROM generate_series(0, %(batches)s - 1) n CROSS JOIN (SELECT id FROM master_record LIMIT 1) d
         JOIN item i ON i.code = 'SIV-2225' CROSS JOIN (SELECT id FROM site LIMIT 1) t""",
    """INSERT INTO batch_step (id, batch, no, key, kind, spec, status, started_by, done_by)
       SELECT uuidv7(), b.id, n, 's' || n, 'parameter', '{{}}', 'done', 'chen.jing', 'chen.jing' FROM batch b, generate_series(1, 14) n""",
    """INSERT INTO step_entry (id, batch_step, field, value, verdict, near_limit, origin, device, entered_by)
       SELECT uuidv7(), s.id, 'f' || n, 1, 'conforms', false, 'typed', a.id, 'chen.jing'
         FROM batch_step s CROSS JOIN generate_series(1, 3) n JOIN asset a ON a.code = 'SL-03'""",
    """INSERT INTO unit (id, batch, no, serial, status, made_by)
       SELECT uuidv7(), b.id, n, b.code || '-' || n, 'labelled', 'chen.jing' FROM batch b, generate_series(1, {units}) n""",
    """INSERT INTO label (id, kind, subject_kind, subject_id, copy_no, printer, station, content, status, requested_by, ended_by, ended_at)
       SELECT uuidv7(), 'unit', 'unit', u.id, 1, 'LP-02', 'ASM-01', '{{}}', 'applied', 'chen.jing', 'chen.jing', now() FROM unit u""",
    """INSERT INTO consumption (id, batch_step, lot, container, quantity, origin, raw, consumed_by)
       SELECT uuidv7(), s.id, c.lot, c.id, {units}, 'scanned', 'x', 'chen.jing'
         FROM batch b JOIN batch_step s ON s.batch = b.id AND s.no = 2
         CROSS JOIN LATERAL (SELECT substr(b.code, 3)::integer AS n) m
         JOIN container c ON c.code = format('LH%%s-%%s', m.n / {of_lot}, m.n %% {boxes})""",
    """INSERT INTO consumption (id, batch_step, lot, container, unit_serial, quantity, origin, raw, consumed_by)
       SELECT uuidv7(), s.id, c.lot, c.id, u.serial, 1, 'scanned', 'x', 'chen.jing'
         FROM unit u JOIN batch b ON b.id = u.batch JOIN batch_step s ON s.batch = b.id AND s.no = 3
         CROSS JOIN LATERAL (SELECT (substr(b.code, 3)::integer * {units} + u.no - 1) / {clips} AS n) m
         JOIN container c ON c.code = format('LC%%s-%%s', m.n / {boxes}, m.n %% {boxes})""",
)
_BARE = (
    "CREATE SCHEMA bare",
    "CREATE TABLE bare.edge (source uuid NOT NULL, target uuid NOT NULL)",
    """INSERT INTO bare.edge
       SELECT md5(id::text)::uuid, id FROM lot
       UNION ALL SELECT lot, id FROM container
       UNION SELECT c.container, coalesce(u.id, s.batch)
         FROM consumption c JOIN batch_step s ON s.id = c.batch_step LEFT JOIN unit u ON u.serial = c.unit_serial
       UNION ALL SELECT batch, id FROM unit
       UNION ALL SELECT subject_id, id FROM label WHERE kind = 'unit'
       UNION SELECT DISTINCT e.device, s.batch FROM step_entry e JOIN batch_step s ON s.id = e.batch_step
       UNION SELECT p.id, r.lot FROM receipt r JOIN person p ON p.login = r.received_by
       UNION SELECT p.id, s.batch FROM batch_step s JOIN person p ON p.login = s.started_by
       UNION SELECT p.id, b.id FROM batch b JOIN person p ON p.login = b.started_by
       UNION SELECT p.id, u.id FROM unit u JOIN person p ON p.login = u.made_by""",
    "CREATE INDEX ON bare.edge (source, target)",
    "CREATE INDEX ON bare.edge (target, source)",
)
_WALK = """WITH RECURSIVE walked (id) AS (SELECT %s::uuid UNION SELECT e.{there} FROM walked w JOIN bare.edge e ON e.{here} = w.id)
    SELECT count(*) FROM walked"""
_TRACE = "SELECT * FROM lineside.trace_from(%s, %s, %s, %s)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One trace, asked twice."""

    name: str
    kind: str
    codes: str
    """Which records: a question that answers with ids."""
    forward: bool


def run(plant: Plant, *, edges: int) -> list[Figure]:
    """Fill up to about so many edges and ask."""
    superuser = plant.superuser()
    superuser.execute("SET statement_timeout = 0; SET search_path = lineside; SET jit = off; SET work_mem = '64MB'")  # as the trace sets it
    fill(superuser, batches=edges // (UNITS_OF_BATCH * EDGES_OF_UNIT))
    known = _number(superuser, "SELECT count(*) FROM bare.edge")
    unit = Asked(
        name=f"a unit's whole tree, {known:,} edges",
        kind="unit",
        codes="SELECT id FROM unit WHERE serial LIKE 'BB%%' AND no % 97 = 1 LIMIT 200",
        forward=False,
    )
    lot = Asked(name=f"recall of one lot, {known:,} edges", kind="lot", codes="SELECT id FROM lot WHERE code = 'LH0'", forward=True)
    tree, recall = _compared(superuser, unit, repeats=1), _compared(superuser, lot, repeats=20)
    return [tree.in_ms(10), recall.in_ms(1000), recall.over_bare()]


def fill(superuser: psycopg.Connection, *, batches: int) -> None:
    """Lots, containers, batches with their steps, units with clip and label; then the bare table with the same edges."""
    sizes = {"of_lot": BATCHES_OF_LOT, "boxes": CONTAINERS_OF_LOT, "units": UNITS_OF_BATCH, "clips": CLIPS_OF_CONTAINER}
    for table in _TABLES:
        superuser.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")  # type: ignore[arg-type]
    for statement in _FILL:
        superuser.execute(statement.format(**sizes), {"batches": batches})  # type: ignore[arg-type]
    for statement in _BARE:
        superuser.execute(statement)  # type: ignore[arg-type]
    superuser.execute("VACUUM ANALYZE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Milliseconds of the same question asked both ways, in alternation."""

    name: str
    bare: list[float]
    ours: list[float]

    @property
    def _limit(self) -> str:
        return f"bare recursive query {percentiles(self.bare)[0]:.2f} ms, trace {percentiles(self.ours)[0]:.2f} ms"

    def in_ms(self, most: int) -> Figure:
        """As long as a person waits."""
        median, p95 = percentiles(self.ours)
        return Figure(name=self.name, unit="ms", median=median, p95=p95, goal=f"< {most} ms", holds=median < most, limit=self._limit)

    def over_bare(self) -> Figure:
        """Against the machine's own limit."""
        (bare, bare_p95), (median, p95) = percentiles(self.bare), percentiles(self.ours)
        ratio = median / bare
        return Figure(name=self.name, unit="x", median=ratio, p95=p95 / bare_p95, goal="<= 2 x", holds=ratio <= 2, limit=self._limit)


def _compared(superuser: psycopg.Connection, asked: Asked, *, repeats: int) -> Compared:
    here, there = ("source", "target") if asked.forward else ("target", "source")
    walk = _WALK.format(here=here, there=there)
    starts = [start for (start,) in superuser.execute(asked.codes).fetchall()] * repeats  # type: ignore[arg-type]
    _same_nodes(superuser, asked, walk, starts[0])
    bare, ours = [], []
    for start in starts:
        bare.append(timed(lambda start=start: superuser.execute(walk, [start]).fetchall()))  # type: ignore[arg-type, misc]
        ours.append(timed(lambda start=start: superuser.execute(_TRACE, [asked.kind, start, asked.forward, MOST]).fetchall()))  # type: ignore[misc]
    return Compared(name=asked.name, bare=bare, ours=ours)


def _same_nodes(superuser: psycopg.Connection, asked: Asked, walk: str, start: UUID) -> None:
    """Both reach the same nodes; forward the trace also names who and what had a hand in them."""
    bare = _number(superuser, walk, start)
    counted = f"SELECT sum(many) FROM ({_TRACE}) t WHERE level IS NOT NULL OR NOT %s"
    ours = _number(superuser, counted, asked.kind, start, asked.forward, MOST, asked.forward)
    if bare != ours:
        raise RuntimeError(f"{asked.name}: the bare query reaches {bare} nodes, the trace {ours}")


def _number(superuser: psycopg.Connection, question: str, *arguments: object) -> int:
    found = superuser.execute(question, arguments).fetchone()  # type: ignore[arg-type]
    assert found is not None
    return int(found[0])
