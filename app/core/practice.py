"""Whether a plant is one for practice: its database says so, never a client (migrations/sql/practice.sql)."""

from __future__ import annotations

import psycopg
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.base.errors import RuleViolation


class NotForPractice(RuleViolation):
    code = "practice.not_for_practice"
    text = "Nothing was opened: what lies in {folder} is not the practice plant of this computer."
    next_step = "Let the administrator move that folder away. Practice makes a database of its own there at its next start."


def is_practice(session: Session) -> bool:
    """The answer of the database this session asks; whoever writes a paper or a file takes it from here."""
    return bool(session.execute(text("SELECT lineside.is_practice()")).scalar_one())


def declare_practice(superuser: psycopg.Connection) -> None:
    """Say that this plant is one for practice, for good.

    Args:
        superuser: A superuser's connection to the installed database, in which nobody was entered yet.

    Raises:
        psycopg.errors.RaiseException: somebody was entered (SQLSTATE LS013); nothing was changed.
    """
    superuser.execute("INSERT INTO lineside.practice DEFAULT VALUES")
