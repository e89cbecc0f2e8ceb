"""Two hundred released lots in a plant: each a copy of one that was received, inspected and signed, with identities of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from app.materials.queries import lots_of_site
from app.tracing.rechecks import broken_lots
from tests.bench.measuring import Figure, Plant, percentiles, timed
from tests.triggers import triggers_off

LOTS = 200
_TABLES = ("lot", "receipt", "ledger", "container", "inspection", "measurement", "signature")
_COPIES = f"""
CREATE TEMP TABLE copied AS SELECT l.id AS old, uuidv7() AS new, n FROM lineside.lot l, generate_series(1, {LOTS}) n WHERE l.id = %(lot)s;
INSERT INTO lineside.lot SELECT c.new, 'L26-9' || lpad(n::text, 4, '0'), item, supplier, supplier_lot || n, site, made_on, expires_on,
    status, balance, unit, version, opened_by, opened_at FROM lineside.lot l JOIN copied c ON c.old = l.id;
CREATE TEMP TABLE packs AS SELECT r.id AS old, c.new AS lot, uuidv7() AS new FROM lineside.receipt r JOIN copied c ON c.old = r.lot;
INSERT INTO lineside.receipt SELECT p.new, order_line, p.lot, quantity, location, origin, raw, scanner, received_by, received_at
    FROM lineside.receipt r JOIN packs p ON p.old = r.id;
INSERT INTO lineside.ledger SELECT uuidv7(), c.new, no, quantity, after_balance, kind, location, cause, by_person, at
    FROM lineside.ledger g JOIN copied c ON c.old = g.lot;
INSERT INTO lineside.container SELECT uuidv7(), 'C26-9' || lpad(row_number() OVER ()::text, 5, '0'), p.new, p.lot, quantity
    FROM lineside.container k JOIN packs p ON p.old = k.receipt;
CREATE TEMP TABLE tests AS SELECT i.id AS old, c.new AS lot, uuidv7() AS new, n FROM lineside.inspection i JOIN copied c ON c.old = i.lot;
INSERT INTO lineside.inspection SELECT t.new, 'IQC26-9' || lpad(n::text, 4, '0'), t.lot, plan, frozen, frozen_digest, sample_size,
    accept_no, status, verdict, version, opened_by, opened_at, completed_by, completed_at
    FROM lineside.inspection i JOIN tests t ON t.old = i.id;
INSERT INTO lineside.measurement SELECT uuidv7(), t.new, characteristic, sample_no, value, m.unit, m.verdict, origin, gauge, calibration,
    raw, read_at, station, taken_by, taken_at FROM lineside.measurement m JOIN tests t ON t.old = m.inspection;
INSERT INTO lineside.login_record (who, pid, backend_start, at, purpose, own_secret) SELECT 'wang.haiyan', 1, now(), now(), 'sign', true
    FROM copied;
INSERT INTO lineside.signature (id, subject_kind, subject_id, subject_version, meaning, act, signer, signer_name_en, signer_name_zh, zone,
    station, digest, content, login) SELECT uuidv7(), 'lot', c.new, 1, 'released', 'decide', 'wang.haiyan', 'Wang Haiyan', '王海燕',
    'Asia/Shanghai', 'IQC-02', sha256(convert_to(said, 'UTF8')), said, l.id
    FROM copied c CROSS JOIN LATERAL lineside.canonical('lot', c.new) said
    JOIN (SELECT id, row_number() OVER (ORDER BY id DESC) AS n FROM lineside.login_record) l ON l.n = c.n;
"""
_FLIP = """UPDATE lineside.measurement SET raw = set_byte(raw, 0, get_byte(raw, 0) # 1)
    WHERE id = (SELECT m.id FROM lineside.measurement m JOIN lineside.inspection i ON i.id = m.inspection WHERE i.lot = %s LIMIT 1)"""


def figures(plant: Plant) -> list[Figure]:
    """The list's re-check beside a bare read of the same list; afterwards one byte is flipped, and the list must name that lot."""
    lot = plant.released_lot()
    superuser = plant.superuser()
    with triggers_off(superuser, *_TABLES):
        for statement in (_COPIES % {"lot": f"'{lot}'"}).split(";\n"):
            if statement.strip():
                superuser.execute(statement)  # type: ignore[call-overload]
    superuser.execute("ANALYZE")
    at = plant.sign_in("wang.haiyan")
    ((site,),) = plant.rows("SELECT id FROM lineside.site")
    assert isinstance(site, UUID)
    listed = at.ask(partial(lots_of_site, site=site))
    lots = [one.id for one in listed]
    found = at.ask(partial(broken_lots, lots=lots))
    if len(lots) != LOTS or found:
        raise RuntimeError(f"{len(lots)} lots, of which {len(found)} do not match though nobody changed them")
    took = _times(lambda: at.ask(partial(broken_lots, lots=lots)))
    bare, _ = percentiles(_times(lambda: at.ask(partial(lots_of_site, site=site))))
    with triggers_off(superuser, "measurement"):
        superuser.execute(_FLIP, [lots[0]])
    if len(at.ask(partial(broken_lots, lots=lots))) != 1:
        raise RuntimeError("a flipped byte was not seen")
    plant.close()
    median, p95 = percentiles(took)
    return [
        Figure(
            name=f"re-check of what was signed on {LOTS} lots of a list",
            unit="ms",
            median=median,
            p95=p95,
            goal="p95 <= 100 ms",
            holds=p95 <= 100,
            limit=f"the list itself {bare:.1f} ms",
        )
    ]


def _times(act: Callable[[], object]) -> list[float]:
    act()
    return [timed(act) for _ in range(20)]
