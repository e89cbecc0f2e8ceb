"""The same against a real server: its own refusals are told from its own outages, and a batch goes by COPY."""

from collections.abc import Iterator, Sequence

import psycopg
import pytest

from app.base.ids import new_id
from app.core.spool.refusals import OtherContent
from app.core.spool.rows import Row
from app.core.spool.standing import Standing
from tests.core.spool_station import AT_ONCE

pytestmark = [pytest.mark.capability("R1"), pytest.mark.capability("R2")]

TABLES = """
CREATE TABLE sample (id uuid PRIMARY KEY, n bigint GENERATED ALWAYS AS IDENTITY, digest bytea NOT NULL,
                     value numeric(6, 2) NOT NULL CHECK (value BETWEEN 0 AND 500));
CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.value = 404 THEN RAISE EXCEPTION 'no such channel' USING ERRCODE = 'LS099'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER gate BEFORE INSERT ON sample FOR EACH ROW EXECUTE FUNCTION gate();
"""


class Server:
    """A database of the test's own, and a station's connection to it that is opened again when it broke."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: psycopg.Connection | None = None
        self.tries = 0
        self.first = ""
        """Said before every batch, once."""

    def deliver(self, rows: Sequence[Row]) -> None:
        self.tries += 1
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self._url)
        with self._connection.transaction(), self._connection.cursor() as cursor:
            if self.first:
                before, self.first = self.first, ""
                cursor.execute(before)
            cursor.execute("CREATE TEMP TABLE arrived (LIKE sample) ON COMMIT DROP; ALTER TABLE arrived ALTER n DROP NOT NULL")
            with cursor.copy("COPY arrived (id, digest, value) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row((row.id, row.digest, row.payload.decode()))
            differs = "SELECT a.id FROM arrived a JOIN sample s ON s.id = a.id AND s.digest <> a.digest LIMIT 1"
            if (other := cursor.execute(differs).fetchone()) is not None:
                raise OtherContent(id=other[0])
            cursor.execute("INSERT INTO sample (id, digest, value) SELECT id, digest, value FROM arrived ON CONFLICT (id) DO NOTHING")

    def ask(self, question: str, *values: object) -> list[tuple]:
        with psycopg.connect(self._url) as connection:
            return connection.execute(question, values).fetchall()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()


@pytest.fixture
def server(cluster) -> Iterator[Server]:
    name = f"spool_{new_id().hex}"
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as superuser:
        superuser.execute(f"CREATE DATABASE {name}")
    with psycopg.connect(cluster.url(name)) as superuser:
        superuser.execute(TABLES)
    own = Server(cluster.url(name))
    yield own
    own.close()
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as superuser:
        superuser.execute(f"DROP DATABASE {name} WITH (FORCE)")


def drain(station, server) -> None:
    station.spool.forward(server.deliver, backoff=AT_ONCE)
    station.until_nothing_waits()


def values(server) -> list[str]:
    return [str(value) for (value,) in server.ask("SELECT value FROM sample ORDER BY n")]


@pytest.mark.parametrize(
    ("poison", "reason"),
    [
        (b"501", "23514 sample_value_check"),
        (b"99999999", "22003"),
        (b"twelve", "22P02"),
        (b"404", "LS099 no such channel"),
        (b"1\x002", "NUL"),
    ],
)
def test_what_the_server_refuses_is_set_aside_with_the_servers_own_words(station, server, poison, reason):
    spool = station.start()
    ids = spool.put("sample", [b"1.00", b"2.00", poison, b"4.00", b"5.00"])
    drain(station, server)
    assert values(server) == ["1.00", "2.00", "4.00", "5.00"]
    (entry,) = spool.quarantined()
    assert entry.id == str(ids[2])
    assert reason.lower() in entry.reason.lower()


def test_ten_thousand_entries_arrive_once_and_in_order_although_the_server_ends_the_connection_again_and_again(station, server):
    spool = station.start()
    spool.put("sample", [b"%d" % (n % 400) for n in range(10_000)])
    plain = server.deliver

    def ended_now_and_then(rows):
        if server.tries % 3 == 1:
            server.tries += 1
            server.ask(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        plain(rows)

    spool.forward(ended_now_and_then, backoff=AT_ONCE)
    station.until_nothing_waits()
    assert values(server) == [f"{n % 400}.00" for n in range(10_000)]
    assert spool.state().quarantined == 0


@pytest.mark.parametrize(
    "trouble",
    [
        "SET LOCAL statement_timeout = 1; SELECT pg_sleep(5)",
        "SET LOCAL transaction_read_only = on",
        "SELECT pg_terminate_backend(pg_backend_pid())",
        *(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$" for state in ("40001", "53100", "55P03", "57P03", "58030")),
    ],
)
def test_what_is_the_servers_own_trouble_is_tried_again(station, server, trouble):
    server.first = trouble
    spool = station.start()
    spool.put("sample", [b"1", b"2"])
    drain(station, server)
    assert values(server) == ["1.00", "2.00"]
    assert (server.tries, spool.state().quarantined, spool.state().standing) == (2, 0, Standing.HERE)


def test_another_content_under_a_known_identity_is_found_by_its_digest(station, server):
    spool = station.start()
    ids = spool.put("sample", [b"1", b"2", b"3"])
    server.ask("INSERT INTO sample (id, digest, value) VALUES (%s, %s, 9) RETURNING id", ids[1], b"other")
    drain(station, server)
    assert values(server) == ["9.00", "1.00", "3.00"]
    assert spool.quarantined()[0].reason == "spool.other_content"


def test_a_spool_sent_twice_is_stored_once(station, server, tmp_path):
    station.start().put("sample", [b"%d" % n for n in range(300)])
    copy = station.crashed_copy(tmp_path / "copy")
    drain(station, server)
    copy.start()
    drain(copy, server)
    assert copy.spool.state().quarantined == 0
    copy.stop()
    assert values(server) == [f"{n}.00" for n in range(300)]
