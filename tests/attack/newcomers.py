"""People and stations of a test's own: whatever is done to their roles, nobody else's test notices."""

import itertools
import os
from uuid import UUID

import psycopg
from psycopg import sql

from app.base.ids import new_id
from app.core.jobs import EndPair
from app.core.people import ChangeOwnSecret, CreatePerson, GiveJob, verifier_of
from app.core.session import SignedIn, sign_in
from app.core.stations import EnrolStation, OpenSite, station_role
from app.demo.people import SECRET
from tests.plant import Plant

FIRST = "first day at work"
_numbers = itertools.count(1)


class Newcomers:
    """Hires through the product's commands; `leave` drops the roles."""

    def __init__(self, plant: Plant) -> None:
        self._plant = plant
        self._roles: list[str] = []
        self.ids: dict[str, UUID] = {}

    @property
    def administrator(self) -> SignedIn:
        """Sun Wei, past the stations."""
        return self._plant.sign_in("sun.wei", station=None)

    def site(self, code: str = "SUZ") -> UUID:
        """Id of a site by its code."""
        found = self._plant.rows("SELECT id FROM lineside.site WHERE code = %s", code)[0][0]
        assert isinstance(found, UUID)
        return found

    def open_site(self, code: str) -> UUID:
        """A second plant."""
        made = new_id()
        self.administrator.give(OpenSite(command_id=new_id(), id=made, code=code, name_en=code, name_zh="", zone="Europe/Berlin"))
        return made

    def hire_for_all(self, *jobs: str, site: str = "SUZ", line: str | None = None) -> str:
        """Somebody whose jobs the plant keeps apart: its pairs are ended first, so that the walls behind them can be tried."""
        administrator = self.administrator
        for (pair,) in self._plant.rows("SELECT id FROM lineside.right_conflict WHERE NOT ended"):
            administrator.give(EndPair(command_id=new_id(), id=pair), reason="the walls behind are tried")  # type: ignore[arg-type]
        return self.hire(*jobs, site=site, line=line)

    def hire(self, *jobs: str, site: str = "SUZ", line: str | None = None, own_secret: bool = True) -> str:
        """A new person with these jobs; returns the login. Without an own secret only the administrator's first one is set."""
        login, person = f"new.p{os.getpid()}n{next(_numbers)}", new_id()
        administrator = self.administrator
        raw = self._plant.superuser()
        verifier = verifier_of(raw, login, FIRST)
        administrator.give(
            CreatePerson(
                command_id=new_id(),
                id=person,
                login=login,
                name_en="New Person",
                name_zh="新人",
                badge=None,
                identity_check="seen",
                verifier=verifier,
            )
        )
        self._roles.append(login)
        self.ids[login] = person
        for job in jobs:
            administrator.give(GiveJob(command_id=new_id(), id=new_id(), person=person, job=job, site=self.site(site), line=line))
        if own_secret:
            self.set_own_secret(login, FIRST, SECRET)
        return login

    def set_own_secret(self, login: str, known: str, wanted: str) -> None:
        """What the first sign-in does."""
        here = sign_in(self._plant.server, login=login, password=known, tickets=lambda: None)
        here.give(ChangeOwnSecret(command_id=new_id(), verifier=verifier_of(self._plant.superuser(), login, wanted)))
        here.close()

    def enrol(self, code: str, secret: str, line: str | None = None) -> UUID:
        """A new station."""
        made = new_id()
        self.administrator.give(
            EnrolStation(
                command_id=new_id(),
                id=made,
                code=code,
                name_en="New",
                name_zh="新",
                site=self.site(),
                line=line,
                workbench="receive",
                verifier=verifier_of(self._plant.superuser(), station_role(code), secret),
            )
        )
        self._roles.append(station_role(code))
        return made

    def leaves_with(self, login: str) -> None:
        """Somebody a test made by an order of its own."""
        self._roles.append(login)

    def leave(self) -> None:
        """Drop the roles that were made."""
        with psycopg.connect(self._plant.address.url("postgres"), autocommit=True) as superuser:
            for role in self._roles:
                superuser.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))
