"""The right way is the fastest way: the order once, then two scans per pack."""

from __future__ import annotations

import pytest

from tests.plant import Plant
from tests.receiving.conftest import PLACE, Desk, pack


@pytest.mark.capability("A4")
def test_two_scans_receive_a_pack_and_one_sentence_says_what_where_and_which_label(desk: Desk, plant: Plant):
    desk.open_order()
    desk.good_pack()
    assert desk.sentence == "Scan the location where you put the 4\u2009000 pcs."
    desk.scan(PLACE)
    desk.until(lambda: "Received 4\u2009000 pcs as lot L" in desk.context)
    [(lot, container, raw, scanner, origin)] = plant.rows(
        "SELECT l.code, c.code, r.raw, r.scanner, r.origin FROM receipt r JOIN lot l ON l.id = r.lot JOIN container c ON c.receipt = r.id"
    )
    assert f"as lot {lot} at Q-A-03, label {container} at LP-02." in desk.context
    assert (raw, scanner, origin) == (pack().encode("latin-1"), "SC-11", "scanned")
    assert desk.sentence == "Scan the next pack."
