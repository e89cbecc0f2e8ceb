"""Why the database answers and yet lets this station not in. Nobody at the line can put it right: the window says so and asks again."""

from __future__ import annotations

from app.base.errors import AppError, OutageError
from app.core.database import AllConnectionsTaken, WrongNameOrPassword
from app.core.refusals import AccountLocked


class StationSecretRefused(OutageError):
    code = "STN-02"
    text = "Station {station} was not let in: the database does not accept its secret."
    next_step = (
        "Let IT put the secret file of this station back from the backup, or let the administrator enrol this computer "
        "as a new station: python main.py db install --station CODE"
    )


class StationLocked(OutageError):
    code = "STN-03"
    text = "Station {station} was not let in: it is locked in this plant."
    next_step = "Ask the administrator whether it may work again."


class StationConnectionsTaken(OutageError):
    """The role of a station may have four connections (migrations/sql/people.sql): two for a window, two to spare."""

    code = "STN-04"
    text = "Station {station} was not let in: other programs hold all of its connections to the database."
    next_step = (
        "Probably Lineside is open here more than once, or another computer runs as this station. Close what is too much; "
        "if nothing is, restart this computer."
    )


class StationUnknown(OutageError):
    code = "STN-05"
    text = "Station {station} was not let in: this database does not know it."
    next_step = "Let IT look whether the settings of this computer name the right database, and whether an old backup was restored."


def of_station(refusal: AppError, station: str) -> AppError:
    """What the database said to a login, said of the station whose login it was; anything else as it is."""
    match refusal:
        case WrongNameOrPassword():
            return StationSecretRefused(station=station)
        case AccountLocked():
            return StationLocked(station=station)
        case AllConnectionsTaken():
            return StationConnectionsTaken(station=station)
    return refusal
