"""A command-line tool that works as a person: with their own name, password and rights, past the stations."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from app.base.phrases import Phrase
from app.cli.superuser import PasswordWanted, cluster_of
from app.cli.telling import language_here
from app.core import settings as workstation
from app.core.database import Server
from app.core.session import SignedIn, sign_in


@contextmanager
def signed_in(login: str, *, password: str | None = None) -> Iterator[SignedIn]:
    """Somebody signed in at the plant's server, or at the embedded one of this station, which runs meanwhile.

    Args:
        login: Who.
        password: Theirs, where it is needed a second time; ``None``: it is asked for.

    Raises:
        PasswordWanted: none is given and there is no terminal to ask for it.
        WrongNameOrPassword, AccountLocked, DatabaseAway: not signed in.
    """
    settings = workstation.load(workstation.settings_file(), os.environ)
    if settings.server != "embedded":
        with _at(Server.from_url(settings.server), login, password) as here:
            yield here
        return
    with cluster_of(None) as cluster, _at(cluster.server, login, password) as here:
        yield here


@contextmanager
def _at(server: Server, login: str, password: str | None) -> Iterator[SignedIn]:
    here = sign_in(server, login=login, password=password if password is not None else password_of(login), tickets=lambda: None)
    try:
        yield here
    finally:
        here.close()


def password_of(login: str) -> str:
    """Asked for at the terminal, or taken from PGPASSWORD.

    Raises:
        PasswordWanted: neither.
    """
    given = os.environ.get("PGPASSWORD")
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise PasswordWanted(user=login)
    return getpass.getpass(Phrase("Password of {login}: ", login=login).in_language(language_here()))
