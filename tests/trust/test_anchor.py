"""What a release binds stands on its paper: the seal of the trail at that moment, which the database must say again for ever."""

import re

import pytest

from app.base.phrases import Language
from tests.batches.conftest import floor, made, made_floor
from tests.batches.runs import Run
from tests.batches.test_record import paper, words
from tests.trust.test_tampering import found_by, tampered

__all__ = ["floor", "made", "made_floor"]
pytestmark = pytest.mark.capability("K3")

SEAL = re.compile(r"LS1\|(\d+)\|(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\|([0-9a-f]{64})")


def test_a_draft_has_none_and_each_release_prints_its_own(made: Run):
    plant, batch = made.plant, made.batch
    assert SEAL.search(words(paper(plant, batch))) is None
    made.release()
    made.home()
    first = SEAL.search(words(paper(plant, batch)).replace(" ", ""))
    assert first is not None
    rows = plant.rows("SELECT no, encode(hash, 'hex'), why, schema IS NOT NULL FROM seal WHERE subject = %s ORDER BY no", batch)
    assert [(str(no), digest, why, told) for no, digest, why, told in rows] == [(first[1], first[3], "release", True)]
    assert SEAL.search(words(paper(plant, batch, Language.ZH)).replace(" ", "")).groups() == first.groups()  # type: ignore[union-attr]


def test_the_seal_of_a_release_binds_the_release_itself(made: Run):
    made.release()
    made.home()
    ((heads,),) = made.plant.rows("SELECT heads FROM seal WHERE subject = %s ORDER BY no DESC LIMIT 1", made.batch)
    chain, seq, _ = next(line for line in str(heads).splitlines() if "/sign " in line).rsplit(" ", 2)
    said = made.plant.rows("SELECT payload FROM audit_log WHERE chain = %s AND seq <= %s ORDER BY seq DESC LIMIT 6", chain, int(seq))
    assert any('"tab": "batch"' in str(payload) and "released for production" in str(payload) for (payload,) in said)
    assert found_by(made.plant) == {}


def test_the_paper_contradicts_a_database_whose_seals_were_made_anew(made: Run):
    made.release()
    made.home()
    printed = SEAL.search(words(paper(made.plant, made.batch)).replace(" ", ""))
    assert printed is not None
    tampered(made.plant, "DELETE FROM lineside.seal", "DELETE FROM lineside.sealed_head", "SELECT lineside.append_seal('upgrade', NULL)")
    assert found_by(made.plant) == {}, "whole in itself"
    made.home()
    assert made.plant.rows("SELECT count(*) FROM seal WHERE encode(hash, 'hex') = %s", printed[3]) == [(0,)]
