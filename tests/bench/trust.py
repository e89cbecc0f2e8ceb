"""Trust: what verifying, sealing and fingerprinting cost, and two hundred connections that write under the trail at once."""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
import time
from functools import partial
from pathlib import Path

from app.core.server_programs import installed_programs
from app.core.trust.verifying import Outcome, verify
from tests.bench import signed
from tests.bench.database import BULK, COMMAND, people
from tests.bench.measuring import Figure, Plant, percentiles, timed
from tests.plant import cloned

CHAINS, ENTRIES = 200, 300_000
CONNECTIONS, PER_S, TRANSACTIONS = 200, 400, 60


def run(plant: Plant) -> list[Figure]:
    """First the connections, then the trail they and one bulk left behind. Signed lots have a plant of their own: made past it."""
    people(plant)
    figures = [_connections(plant)]
    with cloned(plant.address, plant.secrets) as other:
        figures += signed.figures(other)
    _fill(plant)
    return [*figures, *_verified(plant), _seal(plant), _fingerprint(plant)]


def _connections(plant: Plant) -> Figure:
    """As many as a plant has stations, asked at a rate; a person's connections share a chain, as those of a station do."""
    pgbench = installed_programs() / "pgbench"
    each = CONNECTIONS // 16
    with tempfile.TemporaryDirectory(prefix="ls-pgbench-") as name:
        folder = Path(name)
        (folder / "script.sql").write_text(COMMAND, encoding="utf-8")
        load = [
            "-n",
            "-M",
            "prepared",
            "-c",
            str(each),
            "-R",
            str(PER_S / 16),
            "-t",
            str(TRANSACTIONS),
            "-l",
            "-f",
            str(folder / "script.sql"),
        ]
        place = ["-h", plant.server.host, "-p", str(plant.server.port)]
        running = [
            subprocess.Popen(
                [str(pgbench), *load, "--log-prefix", f"log{n}", *place, "-U", f"bench.n{n}", plant.server.dbname],
                cwd=folder,
                env={**os.environ, "PGPASSWORD": "bench secret"},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            for n in range(16)
        ]
        for process in running:
            said, _ = process.communicate()
            if process.returncode != 0:
                raise RuntimeError(said)
        logs = [[line.split() for line in log.read_text().splitlines()] for log in folder.glob("log*")]
    begun, ended = max(int(log[0][4]) for log in logs), min(int(log[-1][4]) for log in logs)  # while all of them are there: logins are dear
    took = [int(line[2]) / 1000 for log in logs for line in log if begun < int(line[4]) <= ended]
    arrived = len(took) / max(1, ended - begun)
    median, p95 = percentiles(took)
    return Figure(
        name=f"{PER_S} audited commands a second from {each * 16} connections",
        unit="ms",
        median=median,
        p95=p95,
        goal="p95 <= 50 ms",
        holds=p95 <= 50 and arrived >= 0.9 * PER_S,
        limit=f"{arrived:.0f}/s arrived and were done in {ended - begun} s",
    )


def _fill(plant: Plant) -> None:
    superuser = plant.superuser()
    superuser.execute("SET statement_timeout = 0")
    for _ in range(ENTRIES // 50_000):
        superuser.execute(BULK.format(schema="lineside", rows=50_000))  # type: ignore[arg-type]
    superuser.execute("VACUUM ANALYZE")


def _verified(plant: Plant) -> list[Figure]:
    """Entries and rows a second, the slowest of three runs beside the median; beside: hashing the same bytes in memory."""
    rates: dict[str, list[float]] = {"chains": [], "rows": []}
    reader = plant.sign_in("ma.lin")
    for _ in range(3):
        outcomes: list[Outcome] = reader.ask(partial(verify, since=None, witnesses={}))
        for one in outcomes:
            if one.wrong is not None:
                raise RuntimeError(f"{one.check}: {one.wrong}")
            if one.check in rates:
                rates[one.check].append(one.counted / one.took_s)
    plant.close()
    payload, begun = b"x" * 600, time.perf_counter()
    for _ in range(200_000):
        hashlib.sha256(payload).digest()
    bare = 200_000 / (time.perf_counter() - begun)
    goals = {"chains": 300_000, "rows": 50_000}
    named = {"chains": "verify: entries computed anew", "rows": "verify: rows against their last image"}
    return [
        Figure(
            name=named[check],
            unit="/s",
            median=sorted(found)[1],
            p95=min(found),
            goal=f">= {goals[check]:,} /s".replace(",", " "),
            holds=sorted(found)[1] >= goals[check],
            limit=f"SHA-256 of 600 bytes {bare:.0f}/s",
        )
        for check, found in rates.items()
    ]


def _seal(plant: Plant) -> Figure:
    """Over two hundred chains that have all grown since the last one; taken back each time."""
    superuser = plant.superuser()
    took = []
    for n in range(20):
        with superuser.transaction(force_rollback=True):
            superuser.execute(
                "INSERT INTO lineside.audit_chain (chain, seq, hash) SELECT 'BE-' || c || '/ui', %s, sha256(c::text::bytea)"
                " FROM generate_series(1, %s) c ON CONFLICT (chain) DO UPDATE SET seq = excluded.seq",
                [n + 1, CHAINS],
            )
            superuser.execute("DELETE FROM lineside.sealed_head")
            superuser.execute("ALTER TABLE lineside.seal DISABLE TRIGGER stands")
            superuser.execute("UPDATE lineside.seal SET at = at - interval '1 hour'")  # a minute of activity has gone by
            took.append(timed(lambda: superuser.execute("SELECT lineside.append_seal('activity', NULL)")))
    median, p95 = percentiles(took)
    return Figure(
        name=f"seal of {CHAINS} chains",
        unit="ms",
        median=median,
        p95=p95,
        goal="p95 <= 10 ms",
        holds=p95 <= 10,
        limit=f"a bare question {percentiles([timed(lambda: superuser.execute('SELECT 1')) for _ in range(20)])[0]:.2f} ms",
    )


def _fingerprint(plant: Plant) -> Figure:
    superuser = plant.superuser()
    took = [timed(lambda: superuser.execute("SELECT lineside.schema_fingerprint()")) for _ in range(20)]
    median, p95 = percentiles(took)
    count = superuser.execute("SELECT count(*) FROM lineside.schema_lines()").fetchone()
    return Figure(
        name="fingerprint of the schema",
        unit="ms",
        median=median,
        p95=p95,
        goal="p95 <= 50 ms",
        holds=p95 <= 50,
        limit=f"{count[0] if count else 0} lines",
    )
