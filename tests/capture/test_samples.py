"""What a machine says is stored whole and once, stands for good, and is read back in figures (E4, E7; reliability 2a, 2d)."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from uuid import UUID

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.base.ids import new_id
from app.capture.commands import EnterChannel
from app.capture.delivery import Taken, spooled, store
from app.capture.queries import Excursion, channels_of, excursions, gaps, statistics, trace
from app.capture.rules import NoBatch, NoMachine, OtherSamples, UnknownChannel
from tests.attack.target import sqlstate_of
from tests.plant import Plant

BEGIN = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)


def taken(n: int, value: str | None, *, channel: str = "temperature_actual", quality: str = "good", every_s: float = 1) -> Taken:
    number = None if value is None else Decimal(value)
    return Taken(channel=channel, at=BEGIN + timedelta(seconds=n * every_s), value=number, quality=quality, cycle=7, raw=(0x0546,))


def stored(plant: Plant, samples: Sequence[Taken], *, batch: UUID | None = None, machine: str = "SL-03") -> UUID:
    own = batch or new_id()
    store(plant.link("IQC-02"), own, spooled(machine, samples))
    return own


def channel(plant: Plant, name: str = "temperature_actual") -> UUID:
    found = plant.rows("SELECT id FROM lineside.channel WHERE name = %s", name)[0][0]
    assert isinstance(found, UUID)
    return found


@pytest.mark.capability("E4", "E5")
def test_a_batch_is_stored_with_every_digit_its_quality_and_its_registers(plant: Plant) -> None:
    batch = stored(plant, [taken(0, "135.0"), taken(1, None, quality="sensor_break"), taken(2, "135.10", channel="temperature_set")])
    rows = plant.rows("SELECT c.name, s.value::text, s.quality, s.cycle, s.raw FROM lineside.sample s JOIN lineside.channel c"
                      " ON c.id = s.channel WHERE s.batch = %s ORDER BY s.at", batch)  # fmt: skip
    good, broken = ("temperature_actual", "135.0", "good", 7, "0546"), ("temperature_actual", None, "sensor_break", 7, "0546")
    assert rows == [good, broken, ("temperature_set", "135.10", "good", 7, "0546")]


@pytest.mark.capability("E4", "R2")
def test_a_batch_sent_again_is_stored_once_and_with_other_content_refused(plant: Plant) -> None:
    samples = [taken(n, "135.0") for n in range(100)]
    batch = stored(plant, samples)
    stored(plant, samples, batch=batch)
    with pytest.raises(OtherSamples):
        stored(plant, [*samples[:-1], taken(99, "135.1")], batch=batch)
    assert plant.rows("SELECT count(*), max(value)::text FROM lineside.sample") == [(100, "135.0")]


@pytest.mark.capability("K3", "K5")
def test_the_trail_holds_the_digest_of_every_batch_and_a_changed_sample_shows(plant: Plant) -> None:
    batch = stored(plant, [taken(n, "135.0") for n in range(10)])
    entry = plant.rows(
        """SELECT chain, payload::jsonb #>> '{new,digest}'
                = '\\x' || encode(sha256(convert_to(lineside.canonical_samples(%s), 'UTF8')), 'hex')
            FROM lineside.audit_log WHERE tab = 'sample_batch'""",
        batch,
    )
    assert entry == [("IQC-02/device", True)]
    month = plant.rows("SELECT tableoid::regclass::text FROM lineside.sample LIMIT 1")[0][0]
    superuser = plant.superuser()
    superuser.execute(f"ALTER TABLE {month} DISABLE TRIGGER USER")  # type: ignore[arg-type]
    superuser.execute(f"UPDATE {month} SET value = 134.9 WHERE at = %s", [BEGIN + timedelta(seconds=3)])  # type: ignore[arg-type]
    same = "SELECT digest = sha256(convert_to(lineside.canonical_samples(id), 'UTF8')) FROM lineside.sample_batch WHERE id = %s"
    assert plant.rows(same, batch) == [(False,)]


@pytest.mark.capability("K4")
@pytest.mark.parametrize("harm", ["UPDATE {t} SET value = 1", "DELETE FROM {t}", "TRUNCATE {t}"])
def test_samples_stand_for_good_in_the_whole_table_and_in_their_month(plant: Plant, harm: str) -> None:
    stored(plant, [taken(0, "135.0")])
    month = str(plant.rows("SELECT tableoid::regclass::text FROM lineside.sample LIMIT 1")[0][0])
    for table in ("lineside.sample", month):
        for shell in (plant.superuser(), plant.station_shell(), plant.shell("zhao.lei")):
            assert sqlstate_of(shell, harm.format(t=table)) in {"LS013", "42501"}


@pytest.mark.parametrize("login", ["zhao.lei", "li.ming", "sun.wei"])
def test_no_person_stores_samples_and_no_station_reads_them_or_writes_them_by_hand(plant: Plant, login: str) -> None:
    made_up = "SELECT lineside.store_samples(uuidv7(), 'SL-03', '{pressure}', ARRAY[now()], '{1}', '{good}', '{1}', '{0001}')"
    assert sqlstate_of(plant.shell(login), made_up) == "42501"
    station = plant.station_shell()
    assert sqlstate_of(station, made_up) == "done"
    assert sqlstate_of(station, "SELECT * FROM lineside.sample") == "42501"
    assert (
        sqlstate_of(station, "INSERT INTO lineside.sample SELECT channel, now(), 1, 'good', 1, '', batch FROM lineside.sample") == "42501"
    )


@pytest.mark.parametrize(
    ("samples", "refusal"),
    [
        ([taken(0, "135.0", channel="no_such_channel")], UnknownChannel),
        ([], NoBatch),
        ([taken(200_000, "135.0")], NoBatch),
        ([taken(-6_000_000, "135.0")], NoBatch),
    ],
    ids=["unknown channel", "empty", "of tomorrow", "of last season"],
)
def test_what_does_not_belong_here_is_refused_whole(plant: Plant, samples: list[Taken], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        stored(plant, samples)
    with pytest.raises(UnknownChannel):
        stored(plant, [taken(0, "135.0")], machine="WB-04")
    assert plant.rows("SELECT count(*) FROM lineside.sample_batch") == [(0,)]


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_no_sample(plant: Plant, value: str) -> None:
    rows = f"SELECT lineside.store_samples(uuidv7(), 'SL-03', '{{pressure}}', ARRAY[now()], '{{{value}}}', '{{good}}', '{{1}}', '{{0001}}')"
    assert sqlstate_of(plant.station_shell(), rows) == "23514"
    assert sqlstate_of(plant.station_shell(), rows.replace(value, "NULL")) == "23514"


def test_two_stations_that_bring_the_first_samples_of_a_month_make_it_once(plant: Plant) -> None:
    links, refused = [plant.link("IQC-02"), plant.link("REC-01")], []
    ready = threading.Barrier(2)

    def bring(n: int) -> None:
        ready.wait(10)
        try:
            store(links[n], new_id(), spooled("SL-03", [taken(n, "135.0")]))
        except psycopg.Error as trouble:
            refused.append(trouble)

    threads = [threading.Thread(target=bring, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert refused == []
    assert plant.rows("SELECT count(*) FROM lineside.sample") == [(2,)]


@pytest.mark.capability("E4")
def test_a_scale_has_no_channels_and_a_machines_channels_are_known_by_the_names_of_its_map(plant: Plant) -> None:
    engineer = plant.sign_in("zhao.lei")
    scale = plant.rows("SELECT id FROM lineside.asset WHERE code = 'WB-04'")[0][0]
    assert isinstance(scale, UUID)
    names = {"name_in_map": "stroke", "name_en": "Stroke", "name_zh": "行程", "unit": "mm", "decimals": 1}
    with pytest.raises(NoMachine):
        engineer.give(EnterChannel(command_id=new_id(), id=new_id(), machine=scale, **names))  # type: ignore[arg-type]
    sealer = plant.rows("SELECT id FROM lineside.asset WHERE code = 'SL-03'")[0][0]
    assert isinstance(sealer, UUID)
    engineer.give(EnterChannel(command_id=new_id(), id=new_id(), machine=sealer, **names))  # type: ignore[arg-type]
    assert ("stroke", "Stroke", "mm") in [(c.name_in_map, c.name.en, c.unit) for c in engineer.ask(lambda s: channels_of(s, sealer))]


@pytest.mark.capability("E7")
def test_silence_is_a_gap_and_never_a_line(plant: Plant) -> None:
    stored(plant, [*(taken(n, "135.0") for n in range(10)), *(taken(n, "135.0") for n in range(40, 50)), taken(50, None, quality="stale")])
    own, longest = channel(plant), timedelta(seconds=2)
    reader = plant.sign_in("li.ming")
    found = reader.ask(lambda s: gaps(s, own, begin=BEGIN, end=BEGIN + timedelta(seconds=60), longest=longest))
    seconds = [((gap.begins - BEGIN).seconds, (gap.ends - BEGIN).seconds) for gap in found]
    assert seconds == [(9, 40), (49, 60)]


def by_hand(values: list[str | None], lower: Decimal, upper: Decimal) -> list[tuple[int, int, Decimal, bool]]:
    """Excursions of one value a second, counted by hand: first and last second, peak, side."""
    sides = [0 if v is None else 1 if Decimal(v) > upper else -1 if Decimal(v) < lower else 0 for v in values]
    found, at = [], 0
    for side, run in groupby(sides):
        n = len(list(run))
        if side:
            inside = [Decimal(v) for v in values[at : at + n] if v is not None]
            found.append((at, at + n - 1, max(inside) if side > 0 else min(inside), side > 0))
        at += n
    return found


@pytest.fixture(scope="module")
def shared(cluster, station_secrets):
    from tests.plant import cloned

    with cloned(cluster, station_secrets) as own:
        yield own


@pytest.mark.capability("E4", "F4")
@settings(max_examples=25, deadline=None)
@given(
    values=st.lists(st.one_of(st.none(), st.sampled_from(["129.9", "130.0", "135.0", "140.0", "140.1", "151.2"])), min_size=1, max_size=60)
)
def test_excursions_and_figures_are_those_counted_by_hand_and_a_value_on_a_limit_is_inside(shared: Plant, values: list[str | None]) -> None:
    superuser = psycopg.connect(shared.address.url(shared.server.dbname), autocommit=True)
    for table in (
        "lineside.sample",
        str(superuser.execute("SELECT to_regclass('lineside.sample_' || to_char(now(), 'YYYY_MM'))").fetchone()[0]),
    ):  # type: ignore[index]
        if table != "None":
            superuser.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER; DELETE FROM {table}")  # type: ignore[arg-type]
    superuser.close()
    stored(shared, [taken(n, v, quality="good" if v else "sensor_break") for n, v in enumerate(values)])
    own, end = channel(shared), BEGIN + timedelta(seconds=len(values))
    lower, upper = Decimal("130.0"), Decimal("140.0")
    reader = shared.sign_in("li.ming")
    found: list[Excursion] = reader.ask(lambda s: excursions(s, own, begin=BEGIN, end=end, lower=lower, upper=upper))
    assert [((e.begins - BEGIN).seconds, (e.ends - BEGIN).seconds, e.peak, e.is_above) for e in found] == by_hand(values, lower, upper)
    figures = reader.ask(lambda s: statistics(s, own, begin=BEGIN, end=end))
    good = [Decimal(v) for v in values if v]
    assert (figures.samples, figures.good, figures.low, figures.high) == (
        len(values), len(good), min(good, default=None), max(good, default=None))  # fmt: skip
    columns = reader.ask(lambda s: trace(s, own, begin=BEGIN, end=end, columns=7))
    assert len(columns) <= 7
    assert max((c.high for c in columns if c.high is not None), default=None) == max(good, default=None)
    assert sum(c.bad for c in columns) == len(values) - len(good)
    shared.close()
