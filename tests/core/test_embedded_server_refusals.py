"""Every reason for which the embedded server does not start is said in a sentence, and nothing is touched."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.base.errors import OutageError
from app.base.phrases import Language
from app.core.embedded_server import EmbeddedServer
from app.core.server_account import account_for_server
from app.core.server_errors import (
    ServerDidNotStart,
    ServerFolderTaken,
    ServerFolderUnreachable,
    ServerSecretMissing,
    ServerVersionDiffers,
)
from app.core.server_process import forget_stale_pid
from tests.core.cluster import CHEAP


@pytest.fixture
def stopped(server_folder: Path) -> EmbeddedServer:
    """A server that was set up once and is stopped now, in `server_folder`/data."""
    server = EmbeddedServer(server_folder / "data", settings=CHEAP)
    server.start()
    server.stop()
    return server


def refusal(server: EmbeddedServer, kind: type[OutageError]) -> OutageError:
    with pytest.raises(kind) as caught:
        server.start()
    assert not server.running()
    chinese = caught.value.what.in_language(Language.ZH)
    assert chinese != str(caught.value.what)
    assert caught.value.next.in_language(Language.ZH) != str(caught.value.next)
    return caught.value


def test_data_of_another_major_version_are_refused_and_left_alone(stopped: EmbeddedServer, server_folder: Path) -> None:
    version = server_folder / "data" / "cluster" / "PG_VERSION"
    version.write_text("17\n")
    settings = server_folder / "data" / "cluster" / "lineside.conf"
    before = settings.stat().st_mtime_ns
    trouble = refusal(stopped, ServerVersionDiffers)
    assert "PostgreSQL 17" in str(trouble)
    assert settings.stat().st_mtime_ns == before
    version.write_text("18\n")
    stopped.start()
    stopped.stop()


def test_a_folder_with_somebody_elses_files_is_not_taken_over(server_folder: Path) -> None:
    folder = server_folder / "data"
    folder.mkdir(mode=0o755)
    (folder / "holiday.jpg").write_bytes(b"\xff\xd8")
    assert "holiday.jpg" in str(refusal(EmbeddedServer(folder), ServerFolderTaken))
    assert (folder.stat().st_uid, [path.name for path in folder.iterdir()]) == (os.geteuid(), ["holiday.jpg"])


def test_a_data_folder_that_the_account_cannot_reach_is_named(server_folder: Path) -> None:
    closed = server_folder / "closed"
    closed.mkdir(mode=0o700 if account_for_server().user is not None else 0o500)
    trouble = refusal(EmbeddedServer(closed / "data"), ServerFolderUnreachable)
    assert str(closed / "data") in str(trouble)
    closed.chmod(0o700)


def test_a_data_folder_that_is_a_file_is_named(server_folder: Path) -> None:
    (server_folder / "data").write_text("no folder")
    assert str(server_folder / "data") in str(refusal(EmbeddedServer(server_folder / "data"), ServerFolderUnreachable))


def test_a_lost_secret_is_named_and_never_replaced(stopped: EmbeddedServer, server_folder: Path) -> None:
    secret = server_folder / "data" / "superuser"
    secret.rename(server_folder / "kept")
    assert str(secret) in str(refusal(stopped, ServerSecretMissing))
    assert not secret.exists()
    (server_folder / "kept").rename(secret)
    stopped.start()
    stopped.stop()


def test_a_server_that_cannot_start_says_its_own_words(server_folder: Path) -> None:
    server = EmbeddedServer(server_folder / "data", settings={**CHEAP, "max_connections": "many"})
    assert "lineside.conf" in str(refusal(server, ServerDidNotStart))
    good = EmbeddedServer(server_folder / "data", settings=CHEAP)
    good.start()
    good.stop()


def test_a_set_up_that_a_power_cut_interrupted_begins_anew(server_folder: Path) -> None:
    half_made = server_folder / "data" / "cluster.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    server = EmbeddedServer(server_folder / "data", settings=CHEAP)
    server.start()
    server.stop()
    assert not half_made.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="uses a POSIX program as the stranger")
def test_a_pid_file_is_kept_while_processes_of_the_old_server_still_work_on_the_data(server_folder: Path) -> None:
    server = EmbeddedServer(server_folder / "data", settings=CHEAP)
    server.start()
    pid_file = server_folder / "data" / "cluster" / "postmaster.pid"
    truth = pid_file.read_text()
    with subprocess.Popen(["sleep", "600"], user=account_for_server().user) as stranger:
        pid_file.write_text("\n".join([str(stranger.pid), *truth.splitlines()[1:]]) + "\n")
        assert not forget_stale_pid(server_folder / "data" / "cluster")
        assert pid_file.exists()
        pid_file.write_text(truth)
        stranger.kill()
    server.stop()
    assert not server.running()


def test_a_setting_cannot_smuggle_in_another_one(server_folder: Path) -> None:
    with pytest.raises(ValueError, match="line end"):
        EmbeddedServer(server_folder / "data", settings={"work_mem": "4MB'\nfsync = 'off"}).start()
