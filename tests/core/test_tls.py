"""A plant's server over TLS: encrypted and proven on both sides, or no password leaves the station (docs/plant-server.md)."""

from collections.abc import Iterator

import pytest

from app.cli.superuser import address_without_user
from app.core.database import Server, ServerNotTrusted, StationNotTrusted, WrongNameOrPassword, connect
from app.core.settings import Settings
from tests.core.tls_server import PASSWORD, TlsServer, programs_with_openssl, tls_server

pytestmark = pytest.mark.capability("K10")

PROGRAMS = programs_with_openssl()


@pytest.fixture(scope="module")
def server() -> Iterator[TlsServer]:
    """One for the file."""
    if PROGRAMS is None:
        pytest.skip("no PostgreSQL with OpenSSL on this machine, or no openssl program; name one with LINESIDE_TLS_POSTGRES")
    with tls_server(PROGRAMS) as running:
        yield running


def come_in(url: str, password: str = PASSWORD) -> tuple[object, ...]:
    """Connect as the product does; protocol and the name on the station's certificate, as the server saw them."""
    with connect(Server.from_url(url), login="li.ming", password=password, purpose="work", ticket=None) as connection:
        seen = connection.execute("SELECT ssl, version, client_dn FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone()
        assert seen is not None
        return seen


def test_both_sides_prove_who_they_are_and_the_line_is_encrypted(server: TlsServer):
    assert come_in(server.address()) == (True, "TLSv1.3", "/CN=IQC-02")


def test_the_certificate_lets_nobody_in_without_their_password(server: TlsServer):
    with pytest.raises(WrongNameOrPassword):
        come_in(server.address(), password="guessed")


@pytest.mark.parametrize(
    "wrong", [{"root": "other.crt"}, {"host": "localhost"}, {"root": "missing.crt"}], ids=["authority", "name", "no file"]
)
def test_a_server_that_does_not_prove_itself_gets_no_password(server: TlsServer, wrong: dict[str, str]):
    with pytest.raises(ServerNotTrusted) as refused:
        come_in(server.address(**wrong))  # type: ignore[arg-type]
    assert refused.value.facts["reason"]


@pytest.mark.parametrize("station", [None, "stranger"])
def test_a_station_without_a_certificate_of_the_plant_is_not_let_in(server: TlsServer, station: str | None):
    with pytest.raises(StationNotTrusted):
        come_in(server.address(station=station))


def test_a_plain_connection_is_not_let_in(server: TlsServer):
    with pytest.raises(StationNotTrusted):
        come_in(server.address(mode="disable"))


def test_an_address_with_certificates_survives_the_settings_and_names_no_user():
    url = "postgresql://db.plant:5432/lineside?sslmode=verify-full&sslrootcert=%2Fetc%2Flineside%2Fca.crt&sslcert=%2Fa&sslkey=%2Fb"
    kept = Settings(server=url)
    server = Server.from_url(kept.server)
    assert server.tls == {"sslmode": "verify-full", "sslrootcert": "/etc/lineside/ca.crt", "sslcert": "/a", "sslkey": "/b"}
    assert Server.from_url(address_without_user(server)) == server
