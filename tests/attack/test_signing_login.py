"""Signing is its own login, good once and for 60 seconds, with a secret that only the person knows (reliability 2b, 2c)."""

import psycopg
import pytest

from app.base.ids import new_id
from app.core.database import WrongNameOrPassword
from app.core.people import ChangeOwnSecret, verifier_of
from app.core.refusals import OwnSecretWanted
from app.core.session import Signer
from app.core.signature import preview
from app.demo.people import SECRET
from app.materials.commands import ReleaseLot
from tests.attack.newcomers import FIRST, Newcomers
from tests.attack.target import Target, set_status, sign, sqlstate_of
from tests.plant import Plant

NOT_A_SIGNING_LOGIN, NOT_OWN = "LS020", "LS021"


def _release(target: Target) -> list[str]:
    return [sign(kind="lot", subject=target.lot, version=1, meaning="released"), set_status(target.lot, "released")]


@pytest.mark.capability("K1", "R11-18")
@pytest.mark.parametrize("purpose", ["work", "shell", "station", "SIGN", "sign "])
def test_a_login_that_was_not_opened_to_sign_cannot_sign_even_in_its_first_seconds(target: Target, purpose: str):
    shell = target.plant.shell("wang.haiyan", purpose=purpose.replace(" ", "\\ "))
    assert sqlstate_of(shell, *_release(target)) == NOT_A_SIGNING_LOGIN


def test_saying_later_that_one_came_to_sign_does_not_help(target: Target):
    shell = target.plant.shell("wang.haiyan", purpose="work")
    shell.execute("SET lineside.purpose = 'sign'")
    assert shell.execute("SELECT current_setting('lineside.purpose')").fetchone() == ("sign",)
    assert sqlstate_of(shell, *_release(target)) == NOT_A_SIGNING_LOGIN


def test_a_signing_login_signs_from_a_plain_shell_too_because_the_database_decides_and_not_the_client(fresh: Target):
    shell = fresh.plant.shell("wang.haiyan", purpose="sign")
    assert sqlstate_of(shell, *_release(fresh)) == "done"
    assert fresh.plant.rows("SELECT status FROM lineside.lot WHERE id = %s", fresh.lot) == [("released",)]
    assert fresh.plant.rows(
        "SELECT signer, signer_name_en, meaning, station, zone FROM lineside.signature WHERE subject_id = %s", fresh.lot
    ) == [("wang.haiyan", "Wang Haiyan", "released", "direct", "Asia/Shanghai")]


def test_one_signing_login_signs_once(fresh: Target):
    shell = fresh.plant.shell("wang.haiyan", purpose="sign")
    assert sqlstate_of(shell, *_release(fresh)) == "done"
    assert (
        sqlstate_of(shell, sign(kind="lot", subject=fresh.lot, version=2, meaning="held"), set_status(fresh.lot, "held"))
        == NOT_A_SIGNING_LOGIN
    )
    quality = sign(kind="deviation", subject=fresh.deviation, version=fresh.deviation_version, meaning="approved by quality")
    assert sqlstate_of(shell, quality) == NOT_A_SIGNING_LOGIN


def test_the_same_signature_asked_again_is_the_first_and_no_second(fresh: Target):
    """A reply got lost, the sheet asks once more with the same order: another login, another signature's id, and still one signature."""
    at, order = fresh.plant.sign_in("li.ming"), ReleaseLot(command_id=new_id(), lot=fresh.lot, version=1)
    seen = at.ask(lambda session: preview(session, kind="lot", subject=fresh.lot)).digest
    signer = Signer(login="wang.haiyan", password=SECRET, seen=seen)
    at.give(order, signer=signer)
    signed = fresh.plant.rows("SELECT id, at, digest FROM lineside.signature WHERE subject_id = %s", fresh.lot)
    at.give(order, signer=signer)
    assert fresh.plant.rows("SELECT id, at, digest FROM lineside.signature WHERE subject_id = %s", fresh.lot) == signed
    assert len(signed) == 1


def test_two_signatures_in_one_transaction_are_one_too_many(fresh: Target):
    shell = fresh.plant.shell("wang.haiyan", purpose="sign")
    quality = sign(kind="deviation", subject=fresh.deviation, version=fresh.deviation_version, meaning="approved by quality")
    assert sqlstate_of(shell, *_release(fresh), quality) == NOT_A_SIGNING_LOGIN
    assert fresh.plant.rows("SELECT count(*) FROM lineside.signature WHERE subject_kind <> 'document'") == [(0,)]


@pytest.mark.parametrize("moved", ["- interval '61 s'", "+ interval '1 hour'"])
def test_a_signing_login_older_than_a_minute_or_from_before_the_clock_was_set_back_is_refused(target: Target, moved: str):
    shell = target.plant.shell("wang.haiyan", purpose="sign")
    pid = shell.info.backend_pid
    target.plant.superuser().execute(f"UPDATE lineside.login_record SET at = at {moved} WHERE pid = {pid}")
    with pytest.raises(psycopg.Error, match="used already or is older than 60 s") as refused:
        shell.execute(sign(kind="lot", subject=target.lot, version=1, meaning="released"))
    assert refused.value.sqlstate == NOT_A_SIGNING_LOGIN


def test_a_signing_login_of_55_seconds_still_signs(fresh: Target):
    shell = fresh.plant.shell("wang.haiyan", purpose="sign")
    fresh.plant.superuser().execute(f"UPDATE lineside.login_record SET at = at - interval '55 s' WHERE pid = {shell.info.backend_pid}")
    assert sqlstate_of(shell, *_release(fresh)) == "done"


@pytest.mark.capability("K1", "R11-18")
def test_a_wrong_password_signs_nothing(target: Target):
    at = target.plant.sign_in("li.ming")
    with pytest.raises(WrongNameOrPassword):
        target.plant.give_signed(
            at,
            ReleaseLot(command_id=new_id(), lot=target.lot, version=1),
            kind="lot",
            subject=target.lot,
            signer="wang.haiyan",
            secret="guess no 1",
        )
    assert target.plant.rows("SELECT status FROM lineside.lot WHERE id = %s", target.lot) == [("quarantine",)]


@pytest.mark.capability("K10", "R11-20")
def test_the_secret_an_administrator_handed_out_lets_in_but_signs_nothing(fresh: Target, newcomers: Newcomers):
    login = newcomers.hire("quality", own_secret=False)
    at, order = fresh.plant.sign_in("li.ming"), ReleaseLot(command_id=new_id(), lot=fresh.lot, version=1)
    with pytest.raises(OwnSecretWanted):
        fresh.plant.give_signed(at, order, kind="lot", subject=fresh.lot, signer=login, secret=FIRST)
    newcomers.set_own_secret(login, FIRST, SECRET)
    fresh.plant.give_signed(at, order, kind="lot", subject=fresh.lot, signer=login)
    assert fresh.plant.rows("SELECT signer FROM lineside.signature WHERE subject_id = %s", fresh.lot) == [(login,)]


@pytest.mark.capability("R11-20")
def test_a_database_administrator_who_resets_a_secret_can_come_in_but_not_sign(fresh: Target, newcomers: Newcomers):
    login = newcomers.hire("quality")
    fresh.plant.superuser().execute(f"ALTER ROLE \"{login}\" PASSWORD 'known to the dba'")
    shell = fresh.plant.shell(login, purpose="sign", secret="known to the dba")
    assert sqlstate_of(shell, *_release(fresh)) == NOT_OWN


def test_a_secret_set_past_the_product_signs_nothing_until_it_is_set_through_it(fresh: Target, newcomers: Newcomers):
    login = newcomers.hire("quality")
    fresh.plant.shell(login).execute(f"ALTER ROLE \"{login}\" PASSWORD 'past the product'")
    assert sqlstate_of(fresh.plant.shell(login, purpose="sign", secret="past the product"), *_release(fresh)) == NOT_OWN
    newcomers.set_own_secret(login, "past the product", "through the product")
    assert sqlstate_of(fresh.plant.shell(login, purpose="sign", secret="through the product"), *_release(fresh)) == "done"


def test_a_secret_changed_while_a_signing_login_is_open_does_not_turn_a_foreign_one_into_an_own(fresh: Target, newcomers: Newcomers):
    login = newcomers.hire("quality", own_secret=False)
    opened = fresh.plant.shell(login, purpose="sign", secret=FIRST)
    at = fresh.plant.sign_in("li.ming")
    here = fresh.plant.shell(login, secret=FIRST)
    here.execute("SELECT lineside.set_own_secret(%s)", [verifier_of(here, login, SECRET)])
    assert sqlstate_of(opened, *_release(fresh)) == NOT_OWN
    order = ChangeOwnSecret(command_id=new_id(), verifier=verifier_of(here, login, SECRET))
    assert "SCRAM" not in repr(order)
    assert "password" not in repr(Signer(login=login, password=SECRET, seen=b""))
    at.close()


def _station_of(plant: Plant, shell: psycopg.Connection) -> object:
    return plant.rows("SELECT station FROM lineside.login_record WHERE pid = %s ORDER BY id DESC LIMIT 1", shell.info.backend_pid)[0][0]


@pytest.mark.capability("R11-08")
def test_a_ticket_proves_a_station_once(plant: Plant):
    ticket = plant.link("IQC-02").ticket()
    assert _station_of(plant, plant.shell("li.ming", purpose="work", ticket=ticket)) == "IQC-02"
    assert _station_of(plant, plant.shell("li.ming", purpose="work", ticket=ticket)) is None


def test_a_forged_or_expired_ticket_proves_nothing(plant: Plant):
    assert _station_of(plant, plant.shell("li.ming", purpose="work", ticket="f" * 64)) is None
    ticket = plant.link("IQC-02").ticket()
    plant.superuser().execute("UPDATE lineside.station_ticket SET made_at = made_at - interval '61 s'")
    assert _station_of(plant, plant.shell("li.ming", purpose="work", ticket=ticket)) is None


def test_a_ticket_proves_the_station_that_fetched_it_and_no_other(plant: Plant):
    tickets = {code: plant.link(code).ticket() for code in ("REC-01", "IQC-02")}
    assert _station_of(plant, plant.shell("li.ming", purpose="work", ticket=tickets["REC-01"])) == "REC-01"


def test_tickets_are_stored_as_digests_only(plant: Plant):
    ticket = plant.link("IQC-02").ticket()
    assert plant.rows("SELECT count(*) FROM lineside.station_ticket WHERE digest = sha256(convert_to(%s, 'UTF8'))", ticket) == [(1,)]
    assert plant.rows("SELECT count(*) FROM lineside.station_ticket t WHERE t::text LIKE %s", f"%{ticket}%") == [(0,)]


@pytest.mark.capability("R11-08")
def test_a_made_up_reading_from_a_shell_is_not_a_reading(plant: Plant):
    received = plant.receive()
    inspection = plant.begin(received.lot)
    typed = f"""INSERT INTO lineside.measurement (id, inspection, characteristic, sample_no, value, unit, origin, gauge, raw, read_at)
        SELECT uuidv7(), '{inspection}', c.id, 1, 25.00, 'mm', 'device', a.id, '01A+00025.00', now()
        FROM lineside.characteristic c, lineside.asset a WHERE c.no = 2 AND a.code = 'DC-014'"""
    assert sqlstate_of(plant.shell("li.ming"), typed) == "LS057"
    assert sqlstate_of(plant.shell("li.ming", purpose="work", ticket=plant.link("IQC-02").ticket()), typed) == "done"
