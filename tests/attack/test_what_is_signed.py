"""The database computes what is signed and compares again at commit, whatever the client sends and in whatever order (reliability 2b,
2c)."""

import psycopg
import pytest

from tests.attack.target import Target, set_status, sign, sqlstate_of

pytestmark = pytest.mark.capability("K2", "R11-15")

OTHER_CONTENT, CHANGED, OTHER_VERSION, NO_ACT, UNSIGNED, WAY_CLOSED, NOT_SIGNABLE = (
    "LS023",
    "LS024",
    "LS025",
    "LS027",
    "LS030",
    "LS031",
    "LS026",
)


def _quality(target: Target) -> psycopg.Connection:
    return target.plant.shell("wang.haiyan", purpose="sign")


def _release(target: Target, *, version: int = 1, digest: str | None = None) -> str:
    return sign(kind="lot", subject=target.lot, version=version, meaning="released", digest=digest)


def _new_deviation(target: Target) -> str:
    return f"""INSERT INTO lineside.deviation (id, code, subject_kind, subject_id, cause_kind, cause_id, kind, facts, class, what_happened)
        VALUES (uuidv7(), lineside.next_code('deviation'), 'lot', '{target.lot}', 'other', uuidv7(), 'discrepancy', '{{}}', 'minor',
            'crushed pack')"""


@pytest.mark.parametrize("digest", ["'\\x00'::bytea", "NULL::bytea", "sha256('what I say it is')", "''::bytea"])
def test_a_digest_of_the_clients_own_making_is_refused(target: Target, digest: str):
    assert sqlstate_of(_quality(target), _release(target, digest=digest), set_status(target.lot, "released")) == OTHER_CONTENT


@pytest.mark.parametrize("version", [0, 2, 99])
def test_a_version_that_is_not_on_record_is_refused(target: Target, version: int):
    assert sqlstate_of(_quality(target), _release(target, version=version), set_status(target.lot, "released")) == OTHER_VERSION


def test_content_changed_after_the_signature_in_the_same_transaction_is_refused(target: Target):
    assert sqlstate_of(_quality(target), _release(target), set_status(target.lot, "released"), _new_deviation(target)) == CHANGED


def test_content_changed_between_signature_and_act_is_refused(target: Target):
    assert sqlstate_of(_quality(target), _release(target), _new_deviation(target), set_status(target.lot, "released")) == CHANGED


def test_having_the_deferred_checks_spent_early_does_not_open_the_record_again(target: Target):
    spent = "SET CONSTRAINTS ALL IMMEDIATE"
    assert sqlstate_of(_quality(target), _release(target), set_status(target.lot, "released"), spent, _new_deviation(target)) == CHANGED
    assert sqlstate_of(_quality(target), spent, _release(target), set_status(target.lot, "released")) == NO_ACT
    assert target.plant.rows("SELECT status FROM lineside.lot WHERE id = %s", target.lot) == [("quarantine",)]


def test_content_changed_before_the_signature_but_after_the_sheet_was_read_is_refused(target: Target):
    seen = target.plant.rows("SELECT encode(digest, 'hex') FROM lineside.what_is_signed('lot', %s)", target.lot)[0][0]
    stale = _release(target, digest=f"'\\x{seen}'::bytea")
    assert sqlstate_of(_quality(target), _new_deviation(target), stale, set_status(target.lot, "released")) == OTHER_CONTENT


def test_acting_first_and_signing_the_version_it_made_is_refused(target: Target):
    assert sqlstate_of(_quality(target), set_status(target.lot, "released"), _release(target, version=2)) == NO_ACT
    assert sqlstate_of(_quality(target), set_status(target.lot, "released"), _release(target, version=1)) == OTHER_VERSION


def test_a_signature_without_its_act_is_refused(target: Target):
    assert sqlstate_of(_quality(target), _release(target)) == NO_ACT
    assert target.plant.rows("SELECT count(*) FROM lineside.signature WHERE subject_id = %s", target.lot) == [(0,)]


@pytest.mark.parametrize(
    ("signed_as", "status"), [("held", "released"), ("rejected", "released"), ("released", "rejected"), ("hold ended", "released")]
)
def test_a_signature_does_not_serve_another_act(target: Target, signed_as: str, status: str):
    signature = sign(kind="lot", subject=target.lot, version=1, meaning=signed_as)
    assert sqlstate_of(_quality(target), signature, set_status(target.lot, status)) in {NO_ACT, UNSIGNED}


def test_a_signature_on_one_lot_does_not_release_another(target: Target):
    signature = sign(kind="lot", subject=target.bad_lot, version=1, meaning="released")
    assert sqlstate_of(_quality(target), signature, set_status(target.lot, "released")) in {NO_ACT, UNSIGNED}


@pytest.mark.parametrize(
    ("kind", "meaning"), [("lot", "approved"), ("deviation", "released"), ("person", "released"), ("lot", "Released"), ("lot", "")]
)
def test_what_is_not_signed_with_that_meaning_is_refused(target: Target, kind: str, meaning: str):
    assert (
        sqlstate_of(_quality(target), sign(kind=kind, subject=target.lot, version=1, meaning=meaning, digest="''::bytea")) == NOT_SIGNABLE
    )


def test_a_record_that_does_not_exist_is_not_signed(target: Target):
    ghost = "SELECT lineside.sign_record(uuidv7(), 'lot', uuidv7(), NULL, 'released', NULL, NULL)"
    assert sqlstate_of(_quality(target), ghost) == "LS010"


@pytest.mark.capability("R11-06")
def test_a_held_lot_is_not_released_in_two_steps_under_one_signature(fresh: Target):
    hold = sign(kind="lot", subject=fresh.lot, version=1, meaning="held")
    assert sqlstate_of(fresh.plant.shell("tom.becker", purpose="sign"), hold, set_status(fresh.lot, "held")) == "done"
    jump = [_release(fresh, version=2), set_status(fresh.lot, "quarantine"), set_status(fresh.lot, "released")]
    assert sqlstate_of(_quality(fresh), *jump) in {NO_ACT, WAY_CLOSED}
    later = [set_status(fresh.lot, "quarantine"), _release(fresh, version=3), set_status(fresh.lot, "released")]
    assert sqlstate_of(_quality(fresh), *later) in {WAY_CLOSED, NO_ACT}
    assert fresh.plant.rows("SELECT status FROM lineside.lot WHERE id = %s", fresh.lot) == [("held",)]


@pytest.mark.capability("R11-06")
def test_a_lot_with_an_open_deviation_or_without_inspection_is_not_released_with_a_good_signature(fresh: Target):
    release = sign(kind="lot", subject=fresh.bad_lot, version=1, meaning="released")
    assert sqlstate_of(_quality(fresh), release, set_status(fresh.bad_lot, "released")) == "LS033"
    bare = fresh.plant.receive(supplier_lot="NF26-0999").lot
    release = sign(kind="lot", subject=bare, version=1, meaning="released")
    assert sqlstate_of(_quality(fresh), release, set_status(bare, "released")) == "LS034"


@pytest.mark.capability("K2")
def test_a_lot_whose_decided_deviation_was_changed_behind_the_back_of_its_signers_is_not_released(fresh: Target):
    _decide(fresh)
    assert fresh.plant.rows("SELECT lineside.decisions_stand('lot', %s)", fresh.bad_lot) == [(True,)]
    superuser = fresh.plant.superuser()
    superuser.execute("ALTER TABLE lineside.deviation DISABLE TRIGGER USER")
    superuser.execute("UPDATE lineside.deviation SET what_happened = what_happened || '!'")
    superuser.execute("ALTER TABLE lineside.deviation ENABLE ALWAYS TRIGGER raise_version")
    release = sign(kind="lot", subject=fresh.bad_lot, version=1, meaning="released")
    assert sqlstate_of(_quality(fresh), release, set_status(fresh.bad_lot, "released")) == "LS035"
    superuser.execute("ALTER TABLE lineside.deviation DISABLE TRIGGER USER")
    superuser.execute("UPDATE lineside.deviation SET what_happened = left(what_happened, -1)")
    assert sqlstate_of(_quality(fresh), release, set_status(fresh.bad_lot, "released")) == "done"


def _decide(fresh: Target) -> None:
    """Supervisor and quality sign the major deviation of the bad lot."""
    act = {"kind": "deviation", "subject": fresh.deviation, "version": fresh.deviation_version}
    decided = f"UPDATE lineside.deviation SET status = 'decided' WHERE id = '{fresh.deviation}'"
    supervisor, quality = fresh.plant.shell("tom.becker", purpose="sign"), fresh.plant.shell("xu.lan", purpose="sign")
    assert sqlstate_of(supervisor, sign(**act, meaning="approved by supervisor")) == "done"
    assert sqlstate_of(quality, sign(**act, meaning="approved by quality"), decided) == "done"


def test_the_signed_text_holds_every_reading_and_every_byte_of_a_receipt_and_no_value_can_pretend_to_be_two(target: Target):
    content = str(target.plant.rows("SELECT content FROM lineside.what_is_signed('lot', %s)", target.lot)[0][0])
    assert content.startswith("lot|1|")
    raw = str(target.plant.rows("SELECT encode(raw, 'hex') FROM lineside.receipt WHERE lot = %s", target.lot)[0][0])
    assert raw in content
    joined = target.plant.rows(
        "SELECT lineside.part('a|b', 'c') = lineside.part('a', 'b|c'), lineside.part('', NULL) = lineside.part(NULL, '')"
    )
    assert joined == [(False, False)]


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE lineside.measurement SET value = value + 0.01 WHERE id = (SELECT max(id::text)::uuid FROM lineside.measurement)",
        "UPDATE lineside.receipt SET raw = raw || '\\x00'",
        "UPDATE lineside.weighing SET value = value + 1",
        "UPDATE lineside.lot SET expires_on = expires_on + 1",
        "UPDATE lineside.deviation SET facts = facts || '{\"x\": 1}'",
    ],
)
def test_one_changed_byte_anywhere_below_a_lot_changes_its_digest(fresh: Target, harm: str):
    superuser = fresh.plant.superuser()
    with superuser.transaction(force_rollback=True):
        digests = "SELECT array_agg(digest) FROM lineside.lot l, lineside.what_is_signed('lot', l.id) WHERE l.id = ANY(%s)"
        superuser.execute("SET LOCAL session_replication_role = replica")
        _weigh(superuser)
        before = superuser.execute(digests, [[fresh.lot, fresh.bad_lot]]).fetchone()
        for table in ("measurement", "receipt", "weighing", "lot", "deviation"):
            superuser.execute(f"ALTER TABLE lineside.{table} DISABLE TRIGGER USER")
        superuser.execute(harm)
        assert superuser.execute(digests, [[fresh.lot, fresh.bad_lot]]).fetchone() != before


def _weigh(superuser: psycopg.Connection) -> None:
    superuser.execute("ALTER TABLE lineside.weighing DISABLE TRIGGER USER")
    superuser.execute(
        "INSERT INTO lineside.weighing (id, container, kind, value, unit, scale, raw, read_at) "
        "SELECT uuidv7(), c.id, 'gross', 5.1, 'g', a.id, 'S S', now() FROM lineside.container c, lineside.asset a WHERE a.code = 'WB-04'"
    )


@pytest.mark.capability("R11-15")
def test_a_signature_does_not_count_any_more_when_the_record_behind_it_was_changed_past_the_gates(fresh: Target):
    first = sign(kind="deviation", subject=fresh.deviation, version=fresh.deviation_version, meaning="approved by supervisor")
    assert sqlstate_of(fresh.plant.shell("tom.becker", purpose="sign"), first) == "done"
    standing = "SELECT lineside.standing_meanings('deviation', %s)"
    assert fresh.plant.rows(standing, fresh.deviation) == [(["approved by supervisor"],)]
    superuser = fresh.plant.superuser()
    superuser.execute("ALTER TABLE lineside.deviation DISABLE TRIGGER USER")
    superuser.execute("UPDATE lineside.deviation SET what_happened = 'Nothing to speak of.' WHERE id = %s", [fresh.deviation])
    assert fresh.plant.rows(standing, fresh.deviation) == [([],)]
