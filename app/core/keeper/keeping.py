"""The keeper itself: a round of one elected keeper does whatever is due; once a day that is the night."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.base import clock
from app.core.backup.taking import Replication
from app.core.keeper.found import Found
from app.core.keeper.link import KeeperLink
from app.core.keeper.night import Night, night_of, whole_night
from app.core.keeper.server_log import LogInWatch, ServerLog
from app.core.keeper.thresholds import Thresholds, thresholds_of
from app.core.logs import log
from app.core.settings import Settings

SEAL_EVERY_S = 60.0
"""The database gives the seal that stands where a station was faster, and makes none where nothing has grown."""
LIMITS_EVERY_S = 600.0
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_REPORTED = "SELECT login, count(*) FROM lineside.sign_in_failure WHERE at > clock_timestamp() - %s * interval '1 minute' GROUP BY login"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What one round did."""

    elected: bool
    """Another keeper keeps otherwise; nothing was done."""
    seal: int | None
    """Number of the newest seal, where it was asked for."""
    night: bool
    found: tuple[Found, ...]
    """Newly on record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """The two clocks of a computer."""

    wall: Callable[[], datetime]
    """In the computer's own zone; the night begins by it."""
    steady: Callable[[], float]
    """In seconds, set by nobody."""


OWN_CLOCKS = Clocks(wall=lambda: clock.now().astimezone(), steady=time.monotonic)


class Keeper:
    """One thread uses it."""

    def __init__(
        self,
        link: KeeperLink,
        settings: Settings,
        *,
        copier: Replication | None,
        server_log: Path | None,
        clocks: Clocks = OWN_CLOCKS,
    ) -> None:
        """Args:
        link: The keeper's own.
        settings: Of this computer.
        copier: Who takes backups; ``None``: nobody from here.
        server_log: Folder of the server's log, or ``None`` where it cannot be read from here.
        clocks: Of this computer.
        """
        self._link, self._settings, self._copier = link, settings, copier
        self._wall, self._steady = clocks.wall, clocks.steady
        self._log = ServerLog(server_log) if server_log is not None else None
        self._watch = LogInWatch()
        self._limits, self._limits_at = Thresholds(), float("-inf")
        self._sealed_at = float("-inf")
        self._clocks: tuple[datetime, float] | None = None
        self._night_begun: str | None = None
        self._state = settings.data_folder / "keeper.json"

    def round(self, *, night: bool = False) -> Kept:
        """Whatever is due now.

        Args:
            night: Do the night's work too, whatever the hour.

        Raises:
            DatabaseAway, KeeperRefused, SchemaTooOld, SchemaTooNew: the next round tries again.
        """
        if not self._link.turn():
            return Kept(elected=False, seal=None, night=False, found=())
        now = self._steady()
        if now - self._limits_at >= LIMITS_EVERY_S:
            self._limits, self._limits_at = self._link.question(lambda session: thresholds_of(session)[0]), now
        found = [*self._clock_moved(), *self._refused_log_ins()]
        fresh = [one for one in found if self._link.report(one)]
        seal = None
        if now - self._sealed_at >= SEAL_EVERY_S:
            seal, self._sealed_at = self._link.seal("activity"), now
        tonight = night_of(self._wall(), self._settings.keeper_at)
        due = night or self._due(tonight)
        if due:
            fresh += self._night(tonight, forced=night)
        for one in fresh:
            log("keeper").warning("found", kind=one.kind, key=one.key, **{f"of_{name}": str(value) for name, value in one.facts.items()})
        return Kept(elected=True, seal=seal, night=due, found=tuple(fresh))

    def close(self) -> None:
        """Another keeper may have its turn."""
        self._link.close()

    def _due(self, tonight: str) -> bool:
        """Not yet done; a keeper that starts in the middle of a day does not make up for the night before it was there."""
        last = self._last_night()
        if last is None:
            self._remember(tonight)
            return False
        return last < tonight

    def _night(self, tonight: str, *, forced: bool) -> list[Found]:
        self._remember(tonight)  # before: what kills the keeper does not kill it every ten seconds
        weekday = DAYS[datetime.fromisoformat(tonight).weekday()]
        night = Night(settings=self._settings, copier=self._copier, day=tonight, drills=forced or weekday == self._settings.drill_on)
        return whole_night(self._link, night)

    def _clock_moved(self) -> list[Found]:
        """The database's clock against ours that nobody sets, since the last round."""
        official, steady = self._link.official_time(), self._steady()
        before, self._clocks = self._clocks, (official, steady)
        if before is None:
            return []
        moved = (official - before[0]).total_seconds() - (steady - before[1])
        if abs(moved) <= self._limits.clock_jump.server_seconds:
            return []
        facts = {"moved_s": f"{moved:+.1f}", "before": before[0].isoformat(), "after": official.isoformat()}
        return [Found(kind="clock jump", key=f"server clock:{before[0]:%Y-%m-%dT%H:%M:%S}", facts=facts)]

    def _refused_log_ins(self) -> list[Found]:
        if self._log is None:
            return []
        try:
            refused = self._log.refused()
        except OSError as trouble:
            log("keeper").warning("server log not read", told=str(trouble))
            return []
        reported = dict(self._link.ask(_REPORTED, self._limits.refused_log_ins.minutes)) if refused else {}
        return self._watch.look(refused, reported, self._limits.refused_log_ins)

    def _last_night(self) -> str | None:
        if self._night_begun is not None:
            return self._night_begun
        try:
            return str(json.loads(self._state.read_text("utf-8"))["night"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _remember(self, tonight: str) -> None:
        """For the next start of this program; a disk that is full does not keep the night from being done."""
        self._night_begun = tonight
        half_done = self._state.with_name(self._state.name + ".new")
        try:
            self._state.parent.mkdir(parents=True, exist_ok=True)
            half_done.write_text(json.dumps({"night": tonight}), "utf-8")
            half_done.replace(self._state)
        except OSError as trouble:
            log("keeper").warning("night not noted", file=str(self._state), told=str(trouble))
