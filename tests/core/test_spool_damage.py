"""A disk that changes, loses or brings back bytes: nothing wrong is forwarded, nothing is deleted, a person hears of it."""

import random
import sqlite3
from hashlib import sha256

import pytest
from psycopg import errors

from app.base.phrases import Language, Phrase
from app.core.spool.refusals import EntryRotten, StoreDamaged, StoreDiskRefuses
from app.core.spool.sqlite import explained
from tests.core.spool_station import Central, Station

pytestmark = pytest.mark.capability("R2")


def numbered(first: int, last: int) -> list[bytes]:
    return [b"value %06d" % n for n in range(first, last + 1)]


def rot(station: Station, old: bytes, new: bytes, number: int = 1) -> None:
    """The disk changes bytes behind everybody's back."""
    content = station.file(number).read_bytes()
    assert content.count(old) == 1
    assert len(old) == len(new)
    station.file(number).write_bytes(content.replace(old, new))


def stopped_with(station: Station, payloads: list[bytes]) -> list:
    ids = station.start().put("reading", payloads)
    station.stop()
    return list(ids)


def test_one_flipped_byte_that_sqlite_does_not_see_is_seen_and_not_forwarded(station):
    ids = stopped_with(station, numbered(1, 20))
    rot(station, b"value 000007", b"value 000O07")
    assert station.ask("PRAGMA integrity_check") == [("ok",)]
    spool, central = station.start(), Central()
    assert spool.check().rotten == (7,)
    station.drain(central)
    assert central.payloads == [one for one in numbered(1, 20) if one != b"value 000007"]
    (entry,) = spool.quarantined()
    assert (entry.id, entry.payload, entry.reason, entry.sound) == (str(ids[6]), b"value 000O07", EntryRotten.code, False)
    assert station.ear.set_aside == [entry]
    assert spool.send_again([ids[6]]) == 1
    station.ear.until(lambda: spool.state().quarantined == 1 and spool.state().waiting == 0)
    assert len(central.taken) == 19


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("wall", "'2020-01-01T00:00:00.000000+00:00'"),
        ("kind", "'other'"),
        ("mono_ns", "1"),
        ("boot_id", "'other'"),
        ("id", "x'00112233445566778899aabbccddeeff'"),
        ("prev", "zeroblob(32)"),
        ("hash", "zeroblob(32)"),
    ],
)
def test_no_part_of_an_entry_can_be_changed_unseen_not_even_with_an_sql_tool(station, column, value):
    stopped_with(station, numbered(1, 5))
    station.ask("DROP TRIGGER outbox_content_stands")
    station.ask(f"UPDATE outbox SET {column} = {value} WHERE seq = 3")
    spool = station.start()
    if column not in ("prev", "hash"):
        assert spool.check().rotten == (3,)
    assert b"value 000003" not in station.drain(Central()).payloads or station.ear.codes == ["spool.damaged"]
    assert len(spool.quarantined()) + len(station.ear.troubles) >= 1


@pytest.mark.parametrize("value", ["CAST(x'fffefd' AS TEXT)", "''", "x''", "zeroblob(17)"])
def test_an_identity_that_is_none_any_more_is_set_aside_once(station, value):
    stopped_with(station, numbered(1, 5))
    rotten_identity(station, value)
    spool, central = station.start(), Central()
    station.drain(central)
    assert len(central.taken) == 4
    assert len(spool.quarantined()) == 1 or station.ear.codes == ["spool.damaged"]


def rotten_identity(station, value):
    """Past every rule of the file, as a disk does it."""
    connection = sqlite3.connect(station.file(), isolation_level=None)
    try:
        for statement in (
            "DROP TRIGGER outbox_content_stands",
            "PRAGMA ignore_check_constraints = on",
            "PRAGMA writable_schema = on",
            "UPDATE sqlite_master SET sql = replace(sql, ') STRICT', ')') WHERE name = 'outbox'",
            "PRAGMA writable_schema = reset",
            f"UPDATE outbox SET id = {value} WHERE seq = 3",
            "PRAGMA writable_schema = on",
            "UPDATE sqlite_master SET sql = sql || ' STRICT' WHERE name = 'outbox'",
        ):
            connection.execute(statement)
    finally:
        connection.close()


def test_text_that_is_no_text_any_more_holds_nobody_up(station):
    stopped_with(station, numbered(1, 3))
    content = station.file().read_bytes()
    place = content.index(b"reading", content.index(b"value 000002") - 40)
    station.file().write_bytes(content[:place] + b"\xff\xfeading" + content[place + 7 :])
    spool, central = station.start(), Central()
    station.drain(central)
    assert central.payloads == [b"value 000001", b"value 000003"]
    assert spool.quarantined()[0].payload == b"value 000002"


def test_an_entry_taken_out_with_an_sql_tool_is_noticed_at_the_next_start(station):
    stopped_with(station, numbered(1, 9))
    station.ask("DROP TRIGGER outbox_never_drops")
    station.ask("DELETE FROM outbox WHERE seq = 4")
    station.start()
    (told,) = station.ear.troubles
    assert isinstance(told, StoreDamaged)
    assert (told.facts["salvaged"], told.facts["left"], told.facts["file"]) == (8, 1, "outbox-0001.sqlite")
    assert "chain breaks at 5" in str(told)
    assert "已损坏" in told.what.in_language(Language.ZH)
    assert station.files() == ["outbox-0001.sqlite", "outbox-0002.sqlite"]
    assert station.drain(Central()).payloads == [one for one in numbered(1, 9) if one != b"value 000004"]


def test_the_last_entries_taken_out_are_noticed_too(station):
    stopped_with(station, numbered(1, 9))
    station.ask("DROP TRIGGER outbox_never_drops")
    station.ask("DELETE FROM outbox WHERE seq > 7")
    station.start()
    assert station.ear.troubles[0].facts["left"] == 2
    assert station.drain(Central()).payloads == numbered(1, 7)


def test_a_new_chain_names_the_file_it_goes_on_from_and_leaves_it_as_it_was(station):
    ids = stopped_with(station, numbered(1, 9))
    station.ask("DROP TRIGGER outbox_never_drops")
    station.ask("DELETE FROM outbox WHERE seq = 4")
    damaged = station.file().read_bytes()
    station.start()
    spool = station.restart()
    assert station.ear.troubles == []
    assert spool.check().entries == 8
    assert list(station.drain(Central()).taken) == [one for one in ids if one != ids[3]]
    station.stop()
    assert station.file().read_bytes() == damaged
    named = "SELECT former, former_digest, salvaged, left_behind FROM chain"
    assert station.ask(named, number=2) == [("outbox-0001.sqlite", sha256(damaged).digest(), 8, 1)]


def test_what_was_forwarded_or_set_aside_is_so_in_the_new_file_too(station):
    central = Central()
    central.refused[b"value 000002"] = errors.CheckViolation()
    spool = station.start()
    ids = spool.put("reading", numbered(1, 3))
    station.drain(central)
    station.stop()
    station.start().put("reading", numbered(4, 6))
    station.stop()
    station.ask("DROP TRIGGER outbox_never_drops")
    station.ask("DELETE FROM outbox WHERE seq = 5")
    spool = station.start()
    assert (spool.state().waiting, spool.state().quarantined) == (2, 1)
    assert spool.quarantined()[0].id == str(ids[1])
    again = station.drain(Central())
    assert again.payloads == [b"value 000004", b"value 000006"]


@pytest.mark.parametrize("seed", range(12))
def test_a_page_of_rubbish_costs_no_entry_but_its_own(station, seed):
    """4096 random bytes somewhere in the file, also on the pages of tables and indexes; the head of the file is spared."""
    chance = random.Random(seed)
    payloads = [b"%06d " % n + chance.randbytes(60) for n in range(600)]
    stopped_with(station, payloads)
    content = bytearray(station.file().read_bytes())
    page = chance.randrange(1, len(content) // 4096) * 4096
    content[page : page + 4096] = chance.randbytes(4096)
    station.file().write_bytes(content)
    spool = station.start()
    kept = station.drain(Central()).payloads
    assert kept == [one for one in payloads if one in set(kept)], "an entry was changed or is out of order"
    assert len(kept) + len(spool.quarantined()) + sum(trouble.facts["left"] for trouble in station.ear.troubles) >= 600 or len(kept) == 600
    lost = 600 - len(kept)
    assert lost <= 60
    assert not lost or station.ear.codes == ["spool.damaged"]
    assert spool.check().sound
    spool.put("reading", [b"work goes on"])
    station.until_nothing_waits()


@pytest.mark.parametrize("rubbish", [slice(0, 100), slice(0, 512), slice(0, 4096), slice(1_000, 1_001), slice(3_000, 4_096)])
def test_a_first_page_of_rubbish_costs_no_entry_at_all(station, rubbish):
    ids = stopped_with(station, numbered(1, 400))
    content = bytearray(station.file().read_bytes())
    content[rubbish] = bytes(byte ^ 0x55 for byte in content[rubbish])
    station.file().write_bytes(content)
    station.start()
    assert list(station.drain(Central()).taken) == ids
    assert station.ear.codes in ([], ["spool.damaged"])
    assert station.file().read_bytes()[4096:] == content[4096:]
    assert not list(station.folder.glob("outbox.mended*"))


def test_a_file_of_which_nothing_is_left_is_kept_and_a_new_one_begun(station):
    stopped_with(station, numbered(1, 9))
    station.file().write_bytes(b"nothing of it is left" * 400)
    spool = station.start()
    assert "Entries that could not be saved: an unknown number." in str(station.ear.troubles[0])
    assert "未能救回的记录：数量不明" in station.ear.troubles[0].what.in_language(Language.ZH)
    spool.put("reading", [b"work goes on"])
    assert station.drain(Central()).payloads == [b"work goes on"]
    assert station.file().read_bytes() == b"nothing of it is left" * 400


def test_an_identity_that_rots_in_table_or_index_is_no_endless_errand(station):
    ids = stopped_with(station, numbered(1, 5))
    sound = station.file().read_bytes()
    rest, places = sound, []
    while ids[2].bytes in rest:
        places.append(len(sound) - len(rest) + rest.index(ids[2].bytes))
        rest = sound[places[-1] + 1 :]
    assert len(places) == 2
    for place in places:
        station.file().write_bytes(sound[:place] + b"\xff" + sound[place + 1 :])
        spool, central = station.start(), Central()
        station.drain(central)
        assert len(central.taken) + len(spool.quarantined()) == 5
        assert len(central.asked) == 1
        station.stop()


def test_a_file_cut_short_is_noticed(station):
    stopped_with(station, numbered(1, 2_000))
    content = station.file().read_bytes()
    station.file().write_bytes(content[: len(content) // 2])
    station.start()
    (told,) = station.ear.troubles
    kept = station.drain(Central()).payloads
    assert told.facts["left"] in (2_000 - len(kept), Phrase("an unknown number"))
    assert kept == [one for one in numbered(1, 2_000) if one in set(kept)]


def test_damage_that_shows_while_the_program_runs_does_not_stop_the_recording(station):
    spool, central = station.start(), Central()
    spool.put("reading", numbered(1, 12_000))
    spool = station.restart()
    page = station.file().read_bytes().index(b"value 001500") // 4096 * 4096
    with station.file().open("r+b") as disk:  # behind the program's back, on a page it does not have in memory
        disk.seek(page)
        disk.write(random.Random(1).randbytes(4096))
    station.forward(central)
    spool.put("reading", [b"while it is found"])
    station.until_nothing_waits()
    assert station.ear.codes == ["spool.damaged"]
    spool.put("reading", [b"and afterwards"])
    station.until_nothing_waits()
    assert central.payloads[-2:] == [b"while it is found", b"and afterwards"]
    assert set(central.payloads) <= {*numbered(1, 12_000), b"while it is found", b"and afterwards"}
    assert len(central.payloads) > 11_900


def test_a_rotten_journal_does_not_take_acknowledged_entries_away_in_silence(station, tmp_path):
    spool = station.start()
    for n in range(1, 31):
        spool.put("reading", numbered(n, n))
    crashed = station.crashed_copy(tmp_path / "crashed")
    journal = crashed.folder / "outbox-0001.sqlite-wal"
    content = bytearray(journal.read_bytes())
    content[content.index(b"value 000020")] ^= 1
    journal.write_bytes(content)
    crashed.start()
    (told,) = crashed.ear.troubles
    assert "its end is missing" in str(told)
    kept = crashed.drain(Central()).payloads
    assert kept == numbered(1, len(kept))
    assert told.facts["left"] == 30 - len(kept) > 0
    crashed.stop()
    assert (crashed.folder / "outbox-0001.sqlite-wal.found").read_bytes() == content


def test_a_file_brought_back_from_yesterday_is_noticed(station):
    stopped_with(station, numbered(1, 3))
    yesterday = station.file().read_bytes()
    stopped_with(station, numbered(4, 9))
    station.file().write_bytes(yesterday)
    station.start()
    assert station.ear.troubles[0].facts["left"] == 6
    assert station.drain(Central()).payloads == numbered(1, 3)


def test_entries_put_in_the_place_of_others_are_noticed(station):
    stopped_with(station, numbered(1, 3))
    yesterday = station.file().read_bytes()
    stopped_with(station, numbered(4, 4))
    now = (station.folder / "acknowledged").read_bytes()
    station.file().write_bytes(yesterday)
    (station.folder / "acknowledged").unlink()
    stopped_with(station, [b"something else"])
    (station.folder / "acknowledged").write_bytes(now)
    station.start()
    assert "its end was replaced" in str(station.ear.troubles[0])


@pytest.mark.parametrize("left", [b"", b"\x00" * 64, b"rubbish"])
def test_a_witness_that_cannot_be_read_raises_no_alarm(station, left):
    stopped_with(station, numbered(1, 3))
    (station.folder / "acknowledged").write_bytes(left)
    station.start()
    assert station.ear.troubles == []
    assert station.drain(Central()).payloads == numbered(1, 3)


def test_a_salvage_cut_by_the_power_is_done_again(station):
    stopped_with(station, numbered(1, 9))
    station.ask("DROP TRIGGER outbox_never_drops")
    station.ask("DELETE FROM outbox WHERE seq = 4")
    (station.folder / "outbox.new").write_bytes(station.file().read_bytes()[:9_000])
    (station.folder / "outbox.new-wal").write_bytes(b"half")
    station.start()
    assert station.ear.troubles[0].facts["salvaged"] == 8
    assert len(station.drain(Central()).taken) == 8


def test_a_disk_that_is_full_is_told_from_a_file_that_is_damaged(tmp_path):
    small = sqlite3.connect(tmp_path / "small.sqlite", isolation_level=None)
    try:
        small.execute("PRAGMA max_page_count = 4")
        small.execute("CREATE TABLE one (a)")
        with pytest.raises(StoreDiskRefuses, match="full"), explained(tmp_path):
            small.execute("INSERT INTO one VALUES (zeroblob(100000))")
    finally:
        small.close()
