"""Files beside records: the same bytes once, back as they went in, and nothing of them in the trail."""

import os

import pytest

from app.base.ids import new_id
from app.core.attachments import CHUNK, LARGEST, FileTooLarge, bytes_of, keep_file
from app.core.command import digest_of
from app.core.tasks import CallForHelp
from app.core.work import NotFound, Work, read, transaction
from tests.plant import Plant


def _keep(plant: Plant, content: bytes, file_name: str = "certificate.pdf"):
    """As a command would: inside its transaction, with its identity."""
    here = plant.sign_in("zhou.min", station="REC-01")
    from sqlalchemy import text
    from sqlalchemy.orm import Session

    order = CallForHelp(command_id=new_id(), id=new_id(), topic="material")
    with transaction(here._engine) as connection, Session(connection) as session:
        connection.execute(
            text("SELECT lineside.begin_command(:id, 'KeepFile', :digest, NULL)"), {"id": order.command_id, "digest": digest_of(order)}
        )
        work = Work(session, person="zhou.min", station="REC-01", site=None, act=None, reason=None)
        kept = keep_file(work, content, file_name=file_name, mime="application/pdf")
        session.flush()
    return here, kept


def test_a_file_of_several_chunks_comes_back_as_it_went_in(plant: Plant):
    content = os.urandom(CHUNK + 17)
    here, kept = _keep(plant, content)
    assert read(here._engine, lambda session: bytes_of(session, kept)) == content
    assert plant.rows("SELECT count(*) FROM attachment_chunk WHERE attachment = %s", kept) == [(2,)]


def test_the_same_bytes_are_kept_once_whatever_they_are_called(plant: Plant):
    _, first = _keep(plant, b"certificate", "a.pdf")
    _, second = _keep(plant, b"certificate", "b.pdf")
    assert first == second
    assert plant.rows("SELECT count(*) FROM attachment WHERE mime = 'application/pdf'") == [(1,)]


def test_the_trail_holds_the_fingerprint_and_not_the_bytes(plant: Plant):
    _, kept = _keep(plant, b"canary" * 2000)
    payloads = [str(row[0]) for row in plant.rows("SELECT payload FROM audit_log WHERE row_id = %s", kept)]
    assert len(payloads) == 1
    assert len(payloads[0]) < 1000
    assert b"canary".hex() not in payloads[0]


@pytest.mark.parametrize("size", [0, LARGEST + 1])
def test_an_empty_or_too_large_file_is_refused_before_anything_is_sent(plant: Plant, size: int):
    with pytest.raises(FileTooLarge, match=r"certificate\.pdf"):
        _keep(plant, bytes(size))


def test_a_file_nobody_kept_is_not_found(plant: Plant):
    here, _ = _keep(plant, b"certificate")
    with pytest.raises(NotFound):
        read(here._engine, lambda session: bytes_of(session, new_id()))
