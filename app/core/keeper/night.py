"""What the keeper does once a night: everything is compared, the rules look, a backup is taken, the newest one is drilled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.base.errors import AppError
from app.base.ids import new_id
from app.core.backup.comparing import heads_that_differ
from app.core.backup.drill import restore_drill
from app.core.backup.keys import private_keys_in, recipients_in
from app.core.backup.manifest import finished_in
from app.core.backup.recording import facts_of_drill
from app.core.backup.taking import Replication, forget_older, take_backup
from app.core.keeper.found import Found
from app.core.keeper.link import KeeperLink
from app.core.keeper.open_ends import RULES as OPEN_ENDS
from app.core.keeper.rules import RULES
from app.core.keeper.thresholds import thresholds_of
from app.core.logs import log
from app.core.settings import Settings
from app.core.trust.verifying import verify
from app.core.trust.witness import Seen, witness_file, witnesses_here, write_witness

_ONE_DAY = timedelta(days=1)
WITNESS = "keeper"
"""Its own witness lies beside those of the stations: it has seen every chain."""
_HEADS = text("""
    SELECT chain, seq, encode(hash, 'hex') AS hash FROM lineside.audit_chain WHERE seq > 0
    UNION ALL (SELECT 'seals', no, encode(hash, 'hex') FROM lineside.seal ORDER BY no DESC LIMIT 1)""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """What one night was about."""

    settings: Settings
    copier: Replication | None
    """``None``: no backup is taken from here."""
    day: str
    """The date of the evening it belongs to: what failed in one night is said once."""
    drills: bool
    """Whether it is the night of the drill."""


def whole_night(link: KeeperLink, night: Night) -> list[Found]:
    """Do all of it; returns what is newly on record. Each part is done whatever became of the one before."""
    found: list[Found] = []
    parts: tuple[tuple[str, Callable[[], list[Found]]], ...] = (
        ("not compared", lambda: reconcile(link, night.settings.data_folder)),
        ("not compared", lambda: self_check(link)),
        ("no backup", lambda: backup(link, night)),
        ("drill failed", lambda: drill(link, night)),
    )
    for kind, part in parts:
        try:
            found += part()
        except (AppError, OSError) as trouble:
            facts = _of_disk(trouble) if isinstance(trouble, OSError) else {"code": trouble.code, "told": str(trouble)[:500]}
            log("keeper").error("part of the night failed", part=kind, **facts)
            found.append(Found(kind=kind, key=f"{kind}:{facts['code']}:{night.day}", facts=facts))
    link.seal("shift end")
    return [one for one in found if link.report(one)]


def reconcile(link: KeeperLink, data_folder: Path) -> list[Found]:
    """Chains, seals, rows, schema, and what this computer's witnesses saw; then the keeper's own witness learns the ends of all chains.

    The witness learns nothing from a database that contradicts it.
    """
    witnesses = witnesses_here(data_folder)
    heads = link.question(_heads)
    outcomes = link.question(partial(verify, since=None, witnesses=witnesses))
    week = f"{link.official_time():%G-%V}"  # what stands is said again every week
    found = [
        Found(
            kind="record differs",
            key=f"{week}:{one.check}:{one.wrong.where}:{one.wrong.why}",
            facts={"check": one.check, "where": one.wrong.where, "why": one.wrong.why},
        )
        for one in outcomes
        if one.wrong is not None
    ]
    log("keeper").info("compared", **{one.check: one.counted for one in outcomes}, differences=len(found))
    if not any(one.check in ("chains", "witness") and one.wrong is not None for one in outcomes):
        try:
            write_witness(witness_file(data_folder, WITNESS), heads)
        except OSError as trouble:
            found.append(
                Found(kind="not compared", key=f"{week}:witness", facts=_of_disk(trouble))
            )  # beside what was found, not in its place
    return found


def self_check(link: KeeperLink) -> list[Found]:
    """Every rule, with the plant's thresholds."""

    def look(session: Session) -> list[Found]:
        session.execute(text("SELECT set_config('statement_timeout', '0', true)"))
        limits, unusable = thresholds_of(session)
        found = [one for rule in (*RULES, *OPEN_ENDS) for one in rule(session, limits)]
        return found + [Found(kind="not compared", key=f"threshold:{key}", facts={"setting": key}) for key in unusable]

    return link.question(look)


def backup(link: KeeperLink, night: Night) -> list[Found]:
    """Take one, where this computer is to; the oldest beyond those that are kept go."""
    settings = night.settings
    if settings.backup_folder is None or settings.backup_recipients is None or night.copier is None:
        return []
    recipients = recipients_in(settings.backup_recipients)
    with link.reader() as reader:
        done = take_backup(reader, night.copier, settings.backup_folder, recipients)
    gone = forget_older(settings.backup_folder, settings.backup_keep)
    log("keeper").info("backup taken", backup=done.name, forgotten=[one.name for one in gone])
    return []


def drill(link: KeeperLink, night: Night) -> list[Found]:
    """Restore the newest backup and put the drill on record, in the night of the drill and where there is a private key."""
    settings = night.settings
    if not night.drills or settings.backup_folder is None or settings.backup_key is None:
        return []
    newest = finished_in(settings.backup_folder)[-1:]
    if not newest:
        return [Found(kind="no backup", key=f"no backup:none:{night.day}", facts={"folder": str(settings.backup_folder)})]
    done = restore_drill(
        newest[0],
        private_keys_in(settings.backup_key),
        witnesses=witnesses_here(settings.data_folder),
        living=lambda heads: link.question(lambda session: heads_that_differ(session, heads)),
        scratch=settings.backup_scratch,
    )
    number = new_id()
    holds = link.record_drill(number, done.backup, bytes.fromhex(done.manifest_sha256), done.manifest.facts.at, facts_of_drill(done))
    log("keeper").info("drilled", backup=done.backup, holds=holds, number=str(number))
    if holds:
        return []
    wrong = [f"{one.check}: {said}" for one in done.checks for said in one.wrong][:5]
    facts = {"backup": done.backup, "wrong": wrong, "not_done": list(done.not_done)}
    return [Found(kind="drill failed", key=f"drill:{number}", facts=facts, subject_kind="restore_drill", subject_id=number)]


def _of_disk(trouble: OSError) -> dict[str, str]:
    return {"code": "disk", "told": str(trouble)[:500]}


def _heads(session: Session) -> dict[str, Seen]:
    return {row.chain: Seen(seq=row.seq, hash=row.hash) for row in session.execute(_HEADS)}


def night_of(now: datetime, begins: str) -> str:
    """Which night it is at this moment: the date on which it began, by the clock on the wall."""
    hour, minute = (int(part) for part in begins.split(":"))
    tonight = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return (now if now >= tonight else now.replace(hour=0) - _ONE_DAY).date().isoformat()
