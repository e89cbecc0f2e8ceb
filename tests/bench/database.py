"""A bare insert beside an audited single-row command, at 1 and at 16 clients; bulk rows under the trail."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import psycopg

from app.base.ids import new_id
from app.core.database import connect
from app.core.people import CreatePerson, GiveJob, verifier_of
from app.core.records import Site
from app.core.server_programs import installed_programs
from tests.bench.measuring import Figure, Plant, percentiles

CLIENTS = 16
SECONDS = 6
# Both scripts send their statements in one go: the figure is the database's, not that of waking a client four times instead of three.
BARE = """\\startpipeline
BEGIN;
INSERT INTO bench.task (id, kind, subject_kind, subject_id, site, for_job, facts)
  SELECT uuidv7(), 'call', 'station', s.id, s.id, 'supervisor', '{"topic": "material"}'
  FROM bench.site s;
COMMIT;
\\endpipeline
"""
COMMAND = """\\startpipeline
BEGIN;
SELECT lineside.begin_command(uuidv7(), 'CallForHelp', '\\x00', NULL);
INSERT INTO lineside.task (id, kind, subject_kind, subject_id, site, for_job, facts)
  SELECT uuidv7(), 'call', 'station', s.id, s.id, 'supervisor', '{"topic": "material"}'
  FROM lineside.site s;
COMMIT;
\\endpipeline
"""


BULK = """INSERT INTO {schema}.task (id, kind, subject_kind, subject_id, site, for_job, facts)
    SELECT uuidv7(), 'call', 'station', s.id, s.id, 'supervisor', '{{"topic": "material"}}'
    FROM lineside.site s, generate_series(1, {rows})"""


def run(plant: Plant) -> list[Figure]:
    """Both scripts by pgbench, one process and one person per client, in alternation."""
    people(plant)
    _bare_table(plant)
    figures = []
    for clients in (1, CLIENTS):
        bare = _latencies(plant, BARE, clients)
        audited = _latencies(plant, COMMAND, clients)
        (bare_median, bare_p95), (median, p95) = percentiles(bare), percentiles(audited)
        figures.append(
            Figure(
                name=f"audited single-row command over bare insert, {clients} clients",
                unit="x",
                median=median / bare_median,
                p95=p95 / bare_p95,
                goal="median <= 2.5 x",
                holds=median / bare_median <= 2.5,
                limit=f"bare {bare_median:.2f} ms ({len(bare) / SECONDS:.0f}/s), audited {median:.2f} ms ({len(audited) / SECONDS:.0f}/s)",
            )
        )
    return [*figures, _bulk(plant), _bulk_at_once(plant, os.cpu_count() or 1)]


def people(plant: Plant) -> None:
    """As many people as clients, each with a chain of their own."""
    administrator = plant.sign_in("sun.wei", station=None)
    site = administrator.ask(lambda session: session.query(Site.id).scalar())
    superuser = plant.superuser()
    for n in range(CLIENTS):
        person, login = new_id(), f"bench.n{n}"
        administrator.give(
            CreatePerson(
                command_id=new_id(),
                id=person,
                login=login,
                name_en=login,
                name_zh="",
                badge=None,
                identity_check="bench",
                verifier=verifier_of(superuser, login, "bench secret"),
            )
        )
        administrator.give(GiveJob(command_id=new_id(), id=new_id(), person=person, job="operator", site=site, line=None))


def _bare_table(plant: Plant) -> None:
    """The same table with the same constraints and indexes; what is missing is the trail, the command and the gates."""
    superuser = plant.superuser()
    superuser.execute("CREATE SCHEMA bench")
    superuser.execute("CREATE TABLE bench.task (LIKE lineside.task INCLUDING ALL)")
    superuser.execute("CREATE TABLE bench.site (LIKE lineside.site INCLUDING ALL)")
    superuser.execute("INSERT INTO bench.site SELECT * FROM lineside.site")
    superuser.execute("ALTER TABLE bench.task ADD FOREIGN KEY (site) REFERENCES bench.site")  # LIKE copies every constraint but this kind
    superuser.execute("GRANT USAGE ON SCHEMA bench TO lineside_person")
    superuser.execute("GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA bench TO lineside_person")


def _latencies(plant: Plant, script: str, clients: int) -> list[float]:
    """Milliseconds of every transaction of all clients, as pgbench logged them."""
    pgbench = installed_programs() / "pgbench"
    with tempfile.TemporaryDirectory(prefix="ls-pgbench-") as name:
        folder = Path(name)
        (folder / "script.sql").write_text(script, encoding="utf-8")
        running = []
        for n in range(clients):
            command = [
                pgbench,
                "-n",
                "-M",
                "prepared",
                "-c",
                "1",
                "-T",
                str(SECONDS),
                "-l",
                "--log-prefix",
                f"log{n}",
                "-f",
                folder / "script.sql",
            ]
            place = ["-h", plant.server.host, "-p", str(plant.server.port), "-U", f"bench.n{n}", plant.server.dbname]
            environment = {**os.environ, "PGPASSWORD": "bench secret"}
            running.append(
                subprocess.Popen(
                    [*command, *place], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
                )
            )
        for process in running:
            said, _ = process.communicate()
            if process.returncode != 0:
                raise RuntimeError(said)
        lines = [line for log in folder.glob("log*") for line in log.read_text().splitlines()]
    return [int(line.split()[2]) / 1000 for line in lines]


def _bulk(plant: Plant, rows: int = 50_000) -> Figure:
    """Rows under the trail a second, one set-based statement; beside it the same statement without the trail."""
    rates: dict[str, list[float]] = {"lineside": [], "bench": []}
    with psycopg.connect(plant.address.url(plant.server.dbname), autocommit=True) as superuser:
        superuser.execute("SET statement_timeout = 0")
        for _ in range(20):
            for schema, found in rates.items():
                begun = superuser.execute("SELECT clock_timestamp()").fetchone()
                superuser.execute(BULK.format(schema=schema, rows=rows))  # type: ignore[arg-type]
                ended = superuser.execute("SELECT clock_timestamp()").fetchone()
                found.append(rows / (ended[0] - begun[0]).total_seconds())
    return _bulk_figure("bulk rows under the trail, 1 connection", rates)


def _bulk_at_once(plant: Plant, connections: int, rows: int = 50_000) -> Figure:
    """The same by as many people at once as there are cores, each with a chain of its own: what the database takes in all."""
    rates: dict[str, list[float]] = {"lineside": [], "bench": []}
    with ExitStack() as stack, ThreadPoolExecutor(connections) as threads:
        people = [
            stack.enter_context(connect(plant.server, login=f"bench.n{n}", password="bench secret", purpose="work", ticket=None))
            for n in range(connections)
        ]
        for _ in range(20):
            for schema, found in rates.items():
                begun = time.perf_counter()
                list(threads.map(partial(_give_bulk, statement=BULK.format(schema=schema, rows=rows)), people))
                found.append(connections * rows / (time.perf_counter() - begun))
    return _bulk_figure(f"bulk rows under the trail, {connections} connections at once", rates)


def _give_bulk(person: psycopg.Connection, statement: str) -> None:
    with person.transaction():
        person.execute("SET LOCAL statement_timeout = 0")
        person.execute("SELECT lineside.begin_command(uuidv7(), 'CallForHelp', '\\x00', NULL)")
        person.execute(statement)  # type: ignore[arg-type]


def _bulk_figure(name: str, rates: dict[str, list[float]]) -> Figure:
    median, _ = percentiles(rates["lineside"])
    slow = sorted(rates["lineside"])[0]
    bare, _ = percentiles(rates["bench"])
    return Figure(
        name=name,
        unit="rows/s",
        median=median,
        p95=slow,
        goal=">= 50 000 rows/s",
        holds=median >= 50_000,
        limit=f"bare {bare:.0f} rows/s",
    )
