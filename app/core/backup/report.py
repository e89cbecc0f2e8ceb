"""What a drill found, for a terminal and for programs; on record, and signed, is what `app.core.backup.recording` makes of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.core.backup.drill import Drill, DrillCheck


def as_text(drill: Drill, number: UUID | None) -> str:
    """One line a check, every difference below it."""
    facts = drill.manifest.facts
    lines = [
        f"restore drill {number or '(not on record)'} of {drill.backup}, {drill.begun_at:%Y-%m-%d %H:%M:%S}Z, {drill.took_s:.1f} s",
        f"as of {facts.at:%Y-%m-%d %H:%M:%S}Z, database {facts.database} at {facts.revision}",
        f"PostgreSQL {facts.server_version}, cluster {facts.system}",
        f"manifest SHA-256 {drill.manifest_sha256}",
    ]
    for one in drill.checks:
        lines.append(_line(one))
        lines += [f"         {said}" for said in one.wrong]
    lines += [f"{check:8} NOT DONE" for check in drill.not_done]
    lines += [f"         {table:24} {many:>10} rows" for table, many in sorted(drill.restored.items()) if many]
    return "\n".join([*lines, "HOLDS" if drill.holds else "DOES NOT HOLD"])


def as_json(drill: Drill, number: UUID | None) -> dict[str, Any]:
    """The same as plain values."""
    facts = drill.manifest.facts
    return {
        "number": str(number) if number is not None else None,
        "backup": drill.backup,
        "manifest_sha256": drill.manifest_sha256,
        "database": facts.database,
        "system": facts.system,
        "revision": facts.revision,
        "server_version": facts.server_version,
        "as_of": facts.at.isoformat(),
        "begun_at": drill.begun_at.isoformat(),
        "took_s": round(drill.took_s, 3),
        "holds": drill.holds,
        "not_done": list(drill.not_done),
        "checks": [
            {"check": one.check, "compared": one.compared, "later": one.later, "took_s": round(one.took_s, 3), "wrong": list(one.wrong)}
            for one in drill.checks
        ],
        "rows": dict(sorted(drill.restored.items())),
    }


def _line(one: DrillCheck) -> str:
    later = f", {one.later} came after the backup" if one.later else ""
    return f"{one.check:8} {one.compared:>10} compared in {one.took_s:8.2f} s  {'holds' if not one.wrong else 'DOES NOT HOLD'}{later}"
