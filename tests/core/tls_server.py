"""A PostgreSQL with OpenSSL on loopback, its certificates made by the openssl program: what a plant's server looks like to a station.

The embedded server speaks no TLS. Found here: the folder named by LINESIDE_TLS_POSTGRES, Debian's packages, or programs on the path.
"""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from app.core.server_account import ServerAccount, account_for_server
from tests.core.cluster import short_folder

PASSWORD = "tls test password"
HBA = """local all postgres trust
hostssl all all 127.0.0.1/32 scram-sha-256 clientcert=verify-ca
"""


def programs_with_openssl() -> Path | None:
    """The newest server here that was built with OpenSSL; ``None``: there is none, or no openssl program to make certificates."""
    if shutil.which("openssl") is None:
        return None
    named = os.environ.get("LINESIDE_TLS_POSTGRES")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True)
    on_path = shutil.which("postgres")
    for folder in [*([Path(named)] if named else []), *debian, *([Path(on_path).parent] if on_path else [])]:
        config = folder / "pg_config"
        if (folder / "initdb").exists() and config.exists():
            built = subprocess.run([config, "--configure"], capture_output=True, text=True, check=False).stdout
            if "with-openssl" in built or "ssl=openssl" in built:
                return folder
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsServer:
    """Where it listens, and the files of both sides."""

    port: int
    folder: Path

    def address(self, *, root: str = "ca.crt", station: str | None = "station", host: str = "127.0.0.1", mode: str = "verify-full") -> str:
        """A URL as it stands in a station's settings."""
        own = f"&sslcert={self.folder / station}.crt&sslkey={self.folder / station}.key" if station else "&sslcert=none&sslkey=none"
        return f"postgresql://{host}:{self.port}/postgres?sslmode={mode}&sslrootcert={self.folder / root}{own}"


def _openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def _authority(folder: Path, name: str) -> None:
    ec = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc")
    _openssl(folder, "req", "-x509", *ec, "-days", "2", "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.crt")


def _certificate(folder: Path, name: str, *, by: str, subject: str, alternative: str = "") -> None:
    ec = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc")
    _openssl(folder, "req", "-new", *ec, "-subj", f"/CN={subject}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
    (folder / f"{name}.ext").write_text(f"subjectAltName={alternative}\n" if alternative else "")
    files = ("-in", f"{name}.csr", "-CA", f"{by}.crt", "-CAkey", f"{by}.key", "-out", f"{name}.crt", "-extfile", f"{name}.ext")
    _openssl(folder, "x509", "-req", "-days", "2", "-CAcreateserial", *files)


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def _make(programs: Path, folder: Path, account: ServerAccount, port: int) -> Path:
    data = folder / "data"
    made = account.run(
        [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"], folder=folder, timeout_s=60
    )
    assert made.went_well, made.said
    (data / "pg_hba.conf").write_text(HBA)
    settings = {
        "ssl": "on",
        "ssl_ca_file": "ca.crt",
        "ssl_cert_file": "server.crt",
        "ssl_key_file": "server.key",
        "ssl_min_protocol_version": "TLSv1.3",
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": str(folder),
        "fsync": "off",
        "password_encryption": "scram-sha-256",
    }
    with (data / "postgresql.conf").open("a") as file:
        file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
    for name in ("ca.crt", "server.crt", "server.key"):
        shutil.copy(folder / name, data / name)
        account.own(data / name)
    (data / "server.key").chmod(0o600)
    return data


@contextmanager
def tls_server(programs: Path) -> Iterator[TlsServer]:
    """Made, started, stopped and thrown away; one person may come in over TLS with a certificate of the plant's authority."""
    account = account_for_server()
    with short_folder() as folder:
        account.own(folder)
        for authority in ("ca", "other"):
            _authority(folder, authority)
        _certificate(folder, "server", by="ca", subject="db.plant", alternative="IP:127.0.0.1")
        _certificate(folder, "station", by="ca", subject="IQC-02")
        _certificate(folder, "stranger", by="other", subject="IQC-02")
        port = _free_port()
        data = _make(programs, folder, account, port)
        start = [programs / "pg_ctl", "start", "-D", data, "-w", "-l", folder / "log"]
        began = account.run(start, folder=folder, timeout_s=60)
        assert began.went_well, (began.said, (folder / "log").read_text() if (folder / "log").exists() else "")
        try:
            with psycopg.connect(host=str(folder), port=port, dbname="postgres", user="postgres", autocommit=True) as superuser:
                superuser.execute(f"CREATE ROLE \"li.ming\" LOGIN PASSWORD '{PASSWORD}'")
            yield TlsServer(port=port, folder=folder)
        finally:
            account.run([programs / "pg_ctl", "stop", "-D", data, "-m", "immediate", "-w"], folder=folder, timeout_s=60)
