"""The three walls of four eyes, tried each by itself: with the others bypassed, or in their place."""

import psycopg

from tests.attack.target import Target, sign, sqlstate_of

PERFORMED = "LS022"


def walls_that_fell(target: Target) -> list[str]:
    """Which of the three does not hold. The deviation of the plant is signed by its supervisor already; nothing is left behind."""
    superuser = target.plant.superuser()
    decided = """UPDATE lineside.deviation SET status = 'decided', decided_by = opened_by, decided_at = now(),
        disposition = coalesce(disposition, 'reject')"""
    tries = {
        "signature_once_per_person": (psycopg.errors.UniqueViolation, "signature", _second_signature(target)),
        "deviation_check": (psycopg.errors.CheckViolation, "deviation", decided),
    }
    fell = [] if _first_wall_holds(target) else ["performers"]
    for name, (kind, table, statement) in tries.items():
        with superuser.transaction(force_rollback=True):
            superuser.execute(f"ALTER TABLE lineside.{table} DISABLE TRIGGER USER")  # type: ignore[call-overload]
            try:
                with superuser.transaction():
                    superuser.execute(statement)  # type: ignore[call-overload]
            except kind as refused:
                if refused.diag.constraint_name == name:
                    continue
            except psycopg.Error:
                pass
            fell.append(name)
    return fell


def _second_signature(target: Target) -> str:
    columns = "subject_kind, subject_id, subject_version, act, signer, signer_name_en, signer_name_zh, zone, station, digest, content"
    return f"""INSERT INTO lineside.signature (id, meaning, login, {columns})
        SELECT uuidv7(), 'approved by quality', (SELECT min(id) FROM lineside.login_record), {columns} FROM lineside.signature
            WHERE subject_id = '{target.deviation}'"""


def _first_wall_holds(target: Target) -> bool:
    act = sign(kind="deviation", subject=target.deviation, version=target.deviation_version, meaning="approved by supervisor")
    shell = target.plant.shell("li.ming", purpose="sign")
    try:
        return sqlstate_of(shell, act) == PERFORMED
    finally:
        shell.close()
