"""The demonstration plant for tests: a database of one's own, cloned from a template that the product's commands built once per run."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

import psycopg
from psycopg import sql

from app.base.ids import new_id
from app.base.measurement import Quantity, Reading
from app.batches.commands import StartBatch
from app.core import schema
from app.core.database import Server, connect
from app.core.embedded_server import ServerAddress
from app.core.session import SignedIn, Signer, sign_in
from app.core.signature import preview
from app.core.station_refusals import StationConnectionsTaken
from app.core.stations import StationLink
from app.demo import plant as demo
from app.demo.people import ADMINISTRATOR, DEMONSTRATION, PEOPLE, SECRET
from app.demo.stock import CLIPS, release_goods
from app.inspection.commands import BeginInspection, CompleteInspection, RecordMeasurement
from app.inspection.queries import inspection_by_id
from app.materials.commands import ReleaseLot
from app.receiving.commands import Received, ReceiveLot
from app.receiving.queries import order_by_code

TEMPLATE = "plant_template"
GOOD = {"mm": Decimal("25.04")}
T = TypeVar("T")
_numbers = itertools.count(1)
PACK = "]d20109521101530025112610011729093010NF26-0931\x1d304000"


def let_in(ask: Callable[[], T]) -> T:
    """A connection that was closed just now still counts against its station until its backend has ended: ask again for a while."""
    end, moment = time.monotonic() + 5, threading.Event()
    while True:
        try:
            return ask()
        except StationConnectionsTaken:
            if time.monotonic() > end:
                raise
            moment.wait(0.02)


class Plant:
    """One plant's database: sign in as anybody, open SQL shells, act as a superuser, walk the first lot to any point."""

    def __init__(self, address: ServerAddress, dbname: str, secrets: dict[str, str], *, secret: str = SECRET) -> None:
        self.address, self.secret = address, secret
        self.server = Server(host=address.host, port=address.port, dbname=dbname)
        self.secrets = secrets
        self._open: list[SignedIn | StationLink | psycopg.Connection] = []

    def link(self, station: str = "IQC-02") -> StationLink:
        """The station's own connection."""
        link = StationLink(self.server, station, self.secrets[station])
        self._open.append(link)
        return link

    def sign_in(self, login: str, *, station: str | None = "IQC-02") -> SignedIn:
        """Somebody at a station, or (``None``) past the stations."""
        tickets: Callable[[], str | None] = self.link(station).ticket if station else lambda: None
        here = let_in(lambda: sign_in(self.server, login=login, password=self.secret, tickets=tickets))
        self._open.append(here)
        return here

    def shell(self, login: str, *, purpose: str = "shell", secret: str = SECRET, ticket: str | None = None) -> psycopg.Connection:
        """A plain SQL shell with somebody's own name and password, in autocommit."""
        shell = connect(self.server, login=login, password=secret, purpose=purpose, ticket=ticket)
        shell.autocommit = True
        self._open.append(shell)
        return shell

    def station_shell(self, station: str = "IQC-02") -> psycopg.Connection:
        """A SQL shell with a stolen station's secret."""
        from app.core.stations import station_role

        return self.shell(station_role(station), secret=self.secrets[station])

    def superuser(self) -> psycopg.Connection:
        """The database administrator, in autocommit."""
        shell = psycopg.connect(self.address.url(self.server.dbname), autocommit=True)
        self._open.append(shell)
        return shell

    def rows(self, statement: str, *arguments: object) -> list[tuple[object, ...]]:
        """What stands in the database, read on a connection of its own."""
        with psycopg.connect(self.address.url(self.server.dbname)) as separate:
            return separate.execute(statement, arguments).fetchall()  # type: ignore[arg-type]

    def give_signed(self, at: SignedIn, order: object, *, kind: str, subject: UUID, signer: str, secret: str | None = None) -> object:
        """Sign as `signer` at the session of somebody else, over what is on record now."""
        seen = at.ask(lambda session: preview(session, kind=kind, subject=subject))
        return at.give(order, signer=Signer(login=signer, password=secret or self.secret, seen=seen.digest))  # type: ignore[arg-type]

    def receive(self, *, supplier_lot: str = "NF26-0931", quantity: str = "4000", location: str = "Q-A-03") -> Received:
        """One pack of the demonstration order in quarantine."""
        receiver = self.sign_in("zhou.min", station="REC-01")
        order = receiver.ask(lambda session: order_by_code(session, demo.ORDER))
        assert order is not None
        line = order.lines[0]
        received: Received = receiver.give(
            ReceiveLot(
                command_id=new_id(),
                order_line=line.id,
                item=line.item.id,
                supplier_lot=supplier_lot,
                made_on=date(2026, 10, 1),
                expires_on=date(2029, 9, 30),
                quantity=Decimal(quantity),
                location=location,
                origin="scanned",
                raw=PACK.encode("latin-1"),
                scanner="SC-11",
                printer="LP-02",
            )
        )
        return received

    def begin(self, lot: UUID) -> UUID:
        """An inspection of the lot, begun by the inspector."""
        inspection: UUID = self.sign_in("li.ming").give(BeginInspection(command_id=new_id(), lot=lot))
        return inspection

    def measure(self, at: SignedIn, inspection: UUID, no: int, sample: int, value: str, *, gauge: str) -> UUID:
        """One reading of characteristic `no` on one sample; returns the measurement's id."""
        row = at.ask(lambda session: inspection_by_id(session, inspection))
        assert row is not None
        made = new_id()
        at.give(
            RecordMeasurement(
                command_id=new_id(),
                id=made,
                inspection=inspection,
                characteristic=row.characteristics[no - 1].id,
                sample_no=sample,
                reading=reading(value, gauge=gauge),
            )
        )
        return made

    def inspect(self, lot: UUID, *, bad: dict[int, str] | None = None) -> tuple[UUID, list[UUID]]:
        """Measure every sample of the lot and complete; `bad` gives lengths of single samples, mm. Returns it and the ids outside."""
        inspection = self.begin(lot)
        inspector = self.sign_in("li.ming")
        outside = []
        for sample in range(1, 6):
            self.measure(inspector, inspection, 1, sample, "0.860", gauge="LM-07")
            made = self.measure(inspector, inspection, 2, sample, (bad or {}).get(sample, "25.04"), gauge="DC-014")
            if bad and sample in bad:
                outside.append(made)
        row = inspector.ask(lambda session: inspection_by_id(session, inspection))
        assert row is not None
        inspector.give(CompleteInspection(command_id=new_id(), inspection=inspection, version=row.version))
        return inspection, outside

    def released_lot(self, *, supplier_lot: str = "NF26-0931", quantity: str = "4000") -> UUID:
        """A hub lot that was received, inspected and released by quality."""
        lot = self.receive(supplier_lot=supplier_lot, quantity=quantity).lot
        self.inspect(lot)
        self.close()
        self.release(lot)
        return lot

    def released_clips(self, *, supplier_lot: str = "BK-771", quantity: str = "500") -> UUID:
        """A lot of the safety clip, the product's second component, likewise."""
        received = release_goods(self.sign_in, replace(CLIPS, supplier_lot=supplier_lot), quantity=Decimal(quantity))
        self.close()
        return received.lot

    def release(self, lot: UUID, *, signer: str = "wang.haiyan") -> None:
        """Quality releases a lot as it is now."""
        at = self.sign_in("li.ming")
        version = self.rows("SELECT version FROM lineside.lot WHERE id = %s", lot)[0][0]
        assert isinstance(version, int)
        self.give_signed(at, ReleaseLot(command_id=new_id(), lot=lot, version=version), kind="lot", subject=lot, signer=signer)
        self.close()

    def start_batch(self, *, planned: str = "2", master: UUID | None = None) -> UUID:
        """A batch of the demonstration record, started by the planner."""
        if master is None:
            found = self.rows("SELECT id FROM lineside.document WHERE kind = 'master_record' AND revision = 1")[0][0]
            assert isinstance(found, UUID)
            master = found
        batch = new_id()
        self.sign_in("gao.yun").give(StartBatch(command_id=new_id(), id=batch, master=master, planned=Decimal(planned)))
        self.close()
        return batch

    def close(self) -> None:
        """End every connection this test opened."""
        for opened in self._open:
            opened.close()


def reading(value: str, *, gauge: str, unit: str = "mm", stable: bool | None = None) -> Reading:
    """What a Mitutoyo gauge sent."""
    return Reading(
        quantity=Quantity(Decimal(value), unit), stable=stable, device=gauge, raw=f"01A+{Decimal(value):08}".encode(), at=datetime.now(UTC)
    )


def build_template(address: ServerAddress) -> dict[str, str]:
    """Install and furnish the template database; returns the stations' secrets."""
    server = Server(host=address.host, port=address.port, dbname=TEMPLATE)
    with psycopg.connect(address.url("postgres"), autocommit=True) as superuser:
        schema.install(superuser, server)
    with psycopg.connect(address.url(TEMPLATE)) as superuser:
        schema.upgrade(superuser)
    with psycopg.connect(address.url(TEMPLATE), autocommit=True) as superuser:
        return {station.code: station.secret for station in demo.build(superuser, server, DEMONSTRATION)}


@contextmanager
def cloned(address: ServerAddress, secrets: dict[str, str], *, template: str = TEMPLATE) -> Iterator[Plant]:
    """A plant of one's own, thrown away afterwards; a copy of the template, or of another plant nobody is connected to."""
    name = f"plant_{next(_numbers)}"
    with psycopg.connect(address.url("postgres"), autocommit=True) as superuser:
        superuser.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY wal_log").format(sql.Identifier(name), sql.Identifier(template)))
    with psycopg.connect(address.url(name), autocommit=True) as superuser:
        schema.harden(superuser)
        jobs = _jobs_of_the_demonstration(superuser)
    plant = Plant(address, name, secrets)
    try:
        yield plant
    finally:
        plant.close()
        with psycopg.connect(address.url("postgres"), autocommit=True) as superuser:
            superuser.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
            left = _jobs_of_the_demonstration(superuser)
        assert left == jobs, "a job is a role of the whole cluster: whoever gives or takes one in a test hires a newcomer for it"


def _jobs_of_the_demonstration(superuser: psycopg.Connection) -> list[tuple[object, ...]]:
    """Who of the demonstration's people has which job, as the cluster has it."""
    return superuser.execute(
        """SELECT m.member::regrole::text, m.roleid::regrole::text FROM pg_auth_members m
            WHERE m.member = ANY (SELECT oid FROM pg_roles WHERE rolname = ANY (%s)) ORDER BY 1, 2""",
        [[person.login for person in (*PEOPLE, ADMINISTRATOR)]],
    ).fetchall()
