"""The first steps in a new database: the first site and the first administrator, made by the superuser who installs."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

from app.base.ids import new_id
from app.core.people import verifier_of


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAdministrator:
    """Who administers first, at which site. The secret only lets them in; they set their own at once."""

    login: str
    name_en: str
    name_zh: str
    identity_check: str
    site_code: str
    site_name_en: str
    site_name_zh: str
    zone: str


def make_first_administrator(superuser: psycopg.Connection, first: FirstAdministrator, secret: str) -> None:
    """Make site and administrator through the same functions an administrator uses later; the trail names the superuser.

    Args:
        superuser: A superuser's connection to the installed database; committed by the caller's block.
        first: Who and where.
        secret: First secret, at least 10 characters.
    """
    site, person = new_id(), new_id()
    superuser.execute(
        "INSERT INTO lineside.site (id, code, name_en, name_zh, zone) VALUES (%s, %s, %s, %s, %s)",
        [site, first.site_code, first.site_name_en, first.site_name_zh, first.zone],
    )
    superuser.execute(
        "SELECT lineside.create_person(%s, %s, %s, %s, NULL, %s, %s)",
        [person, first.login, first.name_en, first.name_zh, first.identity_check, verifier_of(superuser, first.login, secret)],
    )
    superuser.execute("SELECT lineside.give_job(%s, %s, 'administrator', %s, NULL)", [new_id(), person, site])
