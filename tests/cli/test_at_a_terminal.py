"""README's way to a plant's own server, typed at a terminal: what was left out is asked for, and no secret is an argument."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from app.core import settings as workstation
from app.core.session import sign_in
from app.core.station_files import read_secret, secret_file
from tests.cli.conftest import Place
from tests.setup.readme import ENGLISH, read

pty = pytest.importorskip("pty", reason="Windows has terminals of another kind")
HOUSE = Path(__file__).resolve().parents[2]
OWN = "a sentence of one's own"


def typed(words: list[str], answers: list[tuple[str, str]], environment: dict[str, str]) -> tuple[int, str]:
    """Run a command line at a terminal; when the words of a question stand there, its answer is typed. Returns exit code and screen."""
    here, there = pty.openpty()
    running = subprocess.Popen(words, cwd=HOUSE, env=environment, stdin=there, stdout=there, stderr=there, start_new_session=True)
    os.close(there)
    screen, waiting, asked_from = "", list(answers), 0
    while True:
        try:
            screen += os.read(here, 4096).decode("utf-8")
        except OSError:  # the other end is closed: the program has ended
            break
        if waiting and waiting[0][0] in screen[asked_from:]:
            asked_from = len(screen)
            os.write(here, waiting.pop(0)[1].encode("utf-8") + b"\n")
    os.close(here)
    assert waiting == [], screen
    return running.wait(), screen


@pytest.fixture
def terminal(settings_file: Path) -> dict[str, str]:
    """An environment in which nothing knows the superuser's password."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LINESIDE_"))}
    return kept | {"LINESIDE_SETTINGS": str(settings_file), "PGPASSFILE": os.devnull}


def as_readme_says(tool: str, place: Place) -> list[str]:
    """README's command for `tool` with the test's own server and station."""
    [line] = [line for line in read(ENGLISH).commands if line.startswith(f"python main.py db {tool} ")]
    words = shlex.split(line.replace("$url", shlex.quote(place.url)).replace("REC-01", place.station))
    assert place.url in words
    return [sys.executable, *words[1:]]


def test_the_password_and_everything_left_out_are_asked_for_and_the_plant_stands(
    place: Place, terminal: dict[str, str], settings_file: Path
) -> None:
    answers = [
        ("Password of postgres on ", place.address.secret),
        ("Code of the first site", "SUZ"),
        ("Sign-in name of the first administrator", place.login),
        ("Their full name", "Sun Wei"),
        ("Who checked their identity", "in person, identity card"),
        ("Time zone of the site", "Asia/Shanghai"),
        (f"First password of {place.login}", OWN),
        ("The same again", OWN),
    ]
    code, screen = typed(as_readme_says("install", place), answers, terminal)
    assert code == 0, screen
    assert place.address.secret not in screen
    assert OWN not in screen
    here = sign_in(place.server, login=place.login, password=OWN, tickets=lambda: None)
    try:
        assert here.who.jobs == {"administrator"}
    finally:
        here.close()
    assert workstation.load(settings_file, {}).station == place.station
    assert len(read_secret(secret_file(settings_file, place.station), place.station)) > 30
    code, screen = typed(as_readme_says("upgrade", place), answers[:1], terminal)
    assert code == 0, screen
    assert "Nothing was to be done" in screen


def test_two_different_first_passwords_make_nothing(place: Place, terminal: dict[str, str]) -> None:
    answers = [
        ("Password of postgres on ", place.address.secret),
        (f"First password of {place.login}", OWN),
        ("The same again", "another sentence"),
    ]
    words = [sys.executable, "main.py", "db", *(word for word in place.install() if word != "--generate-secret")]
    code, screen = typed(words, answers, terminal)
    assert code == 2
    assert "the two passwords are not the same" in screen
    with psycopg.connect(place.address.url("postgres")) as superuser:
        assert superuser.execute("SELECT FROM pg_database WHERE datname = %s", [place.server.dbname]).fetchone() is None
