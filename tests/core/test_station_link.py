"""The station's own connection: what the database says to it, and what a window or a print queue makes of it."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from app.base.phrases import Language
from app.core import schema
from app.core.database import AllConnectionsTaken, Server, WrongNameOrPassword, connect
from app.core.embedded_server import ServerAddress
from app.core.refusals import DatabaseAway
from app.core.schema import SchemaTooNew, SchemaTooOld
from app.core.station_refusals import StationConnectionsTaken, StationLocked, StationSecretRefused, StationUnknown
from app.core.stations import StationLink
from app.demo.people import SECRET
from tests.attack.newcomers import Newcomers
from tests.plant import Plant, let_in

OTHER = "link_under_test"


@pytest.fixture
def newcomers(plant: Plant) -> Iterator[Newcomers]:
    hired = Newcomers(plant)
    yield hired
    hired.leave()


@pytest.fixture
def other(cluster: ServerAddress) -> Iterator[Server]:
    """Another database of the same server, being made."""
    server = Server(host=cluster.host, port=cluster.port, dbname=OTHER)
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as superuser:
        schema.install(superuser, server)
        yield server
        superuser.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(OTHER)))


def test_the_fifth_connection_of_a_station_says_who_probably_holds_the_others(plant: Plant):
    for _ in range(4):
        plant.link("IQC-02").where()
    with pytest.raises(StationConnectionsTaken) as refused:
        plant.link("IQC-02").where()
    assert refused.value.facts == {"station": "IQC-02"}
    assert "Lineside is open here more than once" in str(refused.value.next)
    assert "打开了多个 Lineside" in refused.value.next.in_language(Language.ZH)
    plant.link("REC-01").where()


def test_a_person_at_too_many_places_is_not_told_that_the_database_is_away(plant: Plant):
    for _ in range(12):
        plant.shell("li.ming")
    with pytest.raises(AllConnectionsTaken, match="as many connections"):
        plant.shell("li.ming")


def test_a_link_that_was_refused_works_as_soon_as_it_may(plant: Plant):
    others = [plant.link("IQC-02") for _ in range(4)]
    late = plant.link("IQC-02")
    for one in others:
        one.where()
    with pytest.raises(StationConnectionsTaken):
        late.where()
    others[0].close()
    assert let_in(late.where).code == "IQC-02"


def test_a_wrong_secret_is_the_stations_trouble_and_no_wrong_password_of_a_person(plant: Plant):
    link = StationLink(plant.server, "IQC-02", "not its secret")
    with pytest.raises(StationSecretRefused, match="IQC-02") as refused:
        link.ticket()
    assert not isinstance(refused.value, WrongNameOrPassword)
    assert refused.value.__cause__ is None


def test_a_locked_station_is_told_so(plant: Plant, newcomers: Newcomers):
    newcomers.enrol("NEW-77", "a station of its own")
    plant.superuser().execute("UPDATE lineside.station SET enabled = false WHERE code = 'NEW-77'")
    with pytest.raises(StationLocked, match="NEW-77"):
        StationLink(plant.server, "NEW-77", "a station of its own").where()


def test_a_database_that_is_only_being_made_is_too_old_and_one_without_this_station_does_not_know_it(plant: Plant, other: Server):
    link = StationLink(other, "IQC-02", plant.secrets["IQC-02"])
    with pytest.raises(SchemaTooOld, match="0000"):
        link.where()
    with psycopg.connect(plant.address.url(OTHER)) as superuser:
        schema.upgrade(superuser)
    with pytest.raises(StationUnknown, match="IQC-02"):
        link.where()
    link.close()


def test_every_new_connection_compares_the_versions_and_an_open_one_when_it_is_asked_to(plant: Plant):
    link = plant.link("IQC-02")
    link.where()
    plant.superuser().execute("UPDATE lineside_meta.alembic_version SET version_num = '9001'")
    link.where()
    with pytest.raises(SchemaTooNew, match="9001"):
        link.demand_head()
    for question in (link.where, link.ticket, link.people, link.official_time):
        with pytest.raises(SchemaTooNew):
            question()


def test_an_address_where_nobody_answers_is_a_database_that_is_away():
    link = StationLink(Server(host="127.0.0.1", port=1, dbname="lineside"), "IQC-02", SECRET)
    with pytest.raises(DatabaseAway):
        link.where()
    assert not link.alive()
    with pytest.raises(DatabaseAway):
        connect(Server(host="nobody.invalid", port=5432, dbname="lineside"), login="x", password="x", purpose="station", ticket=None)
