"""The primary dies and its standby leads; a standby is away and somebody ends the wait for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

from app.base.ids import new_id
from app.capture.delivery import KIND, spooled
from app.capture.forwarding import Forwarding
from app.capture.turned_away import TurnedAway
from app.core.database import NotCopied
from app.core.embedded_server import ServerAddress
from app.core.session import SignedIn
from app.core.spool.spool import Spool
from tests.core.spool_station import AT_ONCE, ROOMY
from tests.faults.client import MACHINE, samples
from tests.faults.clients import furnish_machine
from tests.faults.counting import Count, Told, counted, counted_samples, names
from tests.faults.disks import turned_away
from tests.faults.kills import silence
from tests.faults.load import Ground, at_station, furnish, receipt
from tests.faults.servers import QUICK, Manner, Pair, pair, until
from tests.faults.writers import writing
from tests.plant import TEMPLATE, Plant

WAITING = "FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND usename <> 'postgres'"


@contextmanager
def paired_plant(
    source: ServerAddress, secrets: dict[str, str], manner: Manner = QUICK, *, synchronous: bool = True
) -> Iterator[tuple[Pair, Plant]]:
    """A pair whose clients work in its template plant: the pair is thrown away, nobody else's plant is touched."""
    with pair(source, manner, synchronous=synchronous) as two:
        plant = plant_of(two, secrets)
        try:
            yield two, plant
        finally:
            plant.close()


def plant_of(two: Pair, secrets: dict[str, str]) -> Plant:
    """The plant as clients meet it, on either server; its administrator is at whoever leads now."""
    assert two.primary.address is not None
    plant = Plant(two.primary.address, TEMPLATE, secrets)
    plant.server = two.server(TEMPLATE)
    return plant


def failed_over(two: Pair, plant: Plant, *, times: int, between: int) -> Count:
    """SIGKILL for the whole primary under load, the standby promoted, the clients go on by themselves with the same orders."""
    silent = []
    with writing(plant, furnish(plant)) as writers:
        for turn in range(times):
            writers.until_more(between)
            two.primary.kill()
            killed_at = time.monotonic()
            two.lead()
            silent.append(writers.silence_since(killed_at))
            if turn + 1 < times:
                two.mend()
        told = writers.finish()
    assert len(told.unknown) >= times, "the kills met nobody in the middle of an order"
    now = plant_of(two, plant.secrets)
    return counted(now, told, fault="primary killed, synchronous standby promoted", times=times, note=silence(silent))


def waits_cancelled(two: Pair, plant: Plant, *, times: int) -> Count:
    """The standby is gone, an administrator ends the wait of a commit: it stands on one server, and the program does not call it done.

    Asked again it waits again; only with the standby back it is acknowledged.
    """
    ground, told, session = furnish(plant), Told(), at_station(plant, "REC-01")
    two.standby.stop()
    orders = [new_id() for _ in range(times)]
    told.asked |= names(orders)
    for one in orders:
        for _ in range(2):  # the second time it is answered from the record, and waits all the same
            assert unconfirmed(two, session, ground, one), "called done without its second copy"
            told.unknown |= names([one])
    two.standby.start()
    for one in orders:
        session.give(receipt(ground, one))
        told.acknowledged |= names([one])
    session.close()
    note = "the warning “already committed locally” counts as no answer"
    return counted(plant, told, fault="wait for the standby cancelled", times=times, note=note)


def wait_of_a_spool_cancelled(two: Pair, plant: Plant, folder: Path) -> tuple[int, Count]:
    """Likewise for what a station's spool forwards: the entry stays in the spool until the second copy has it.

    Returns:
        How many entries waited in the spool after the wait was ended, and the count with the standby back.
    """
    furnish_machine(plant)
    told, link, spool = Told(asked={"0"}), plant.link("REC-01"), Spool(folder, room=ROOMY)
    link.where()
    two.standby.stop()
    spool.open()
    spool.forward(Forwarding(link, TurnedAway(), turned_away), backoff=AT_ONCE)
    spool.put(KIND, [spooled(MACHINE, samples(0))])
    told.acknowledged.add("0")
    first = cancel_the_wait(two)
    with two.superuser() as superuser:
        again = f"SELECT {WAITING} AND query_start > %s"
        until(lambda: not spool.state().waiting or superuser.execute(again, [first]).fetchone() is not None, "what comes of it")  # type: ignore[arg-type]
    waits = spool.state().waiting
    two.standby.start()
    until(lambda: not spool.state().waiting, "the spool empty")
    spool.close(10)
    link.close()
    return waits, counted_samples(plant, told, fault="wait for the standby cancelled under a spool", times=1)


def unconfirmed(two: Pair, session: SignedIn, ground: Ground, one: UUID) -> bool:
    """Give an order whose commit waits for a standby that is gone, end the wait; whether the program was told that it is not confirmed."""
    heard: list[object] = []

    def give() -> None:
        try:
            heard.append(session.give(receipt(ground, one)))
        except NotCopied as trouble:
            heard.append(trouble)

    giving = threading.Thread(target=give, daemon=True)
    giving.start()
    cancel_the_wait(two)
    giving.join(20)
    assert heard, "no answer at all"
    return isinstance(heard[0], NotCopied)


def cancel_the_wait(two: Pair) -> datetime:
    """What an administrator does when commits hang: `pg_cancel_backend` for whoever waits; returns when that one had begun to wait."""
    with two.superuser() as superuser:
        until(lambda: superuser.execute(f"SELECT {WAITING}").fetchone() is not None, "somebody who waits for the standby")
        begun = superuser.execute(f"SELECT query_start, pg_cancel_backend(pid) {WAITING}").fetchone()
    assert begun is not None
    return begun[0]  # type: ignore[no-any-return]


def lagging_promoted(two: Pair, plant: Plant, *, more: int) -> Count:
    """A planted fault: the standby is not waited for and hears nothing any more; then the primary dies and it is promoted."""
    with writing(plant, furnish(plant)) as writers:
        writers.until_more(10)
        two.cut()
        writers.until_more(more)
        writers.halt()
        two.primary.kill()
        two.lead()
        told = writers.journal.told()
    return counted(plant_of(two, plant.secrets), told, fault="asynchronous standby that lags promoted", times=1)
