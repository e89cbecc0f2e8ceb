"""The receiving screen as an eye sees it: every state, both languages, day and night, the large and the smallest window.

Pictures are written beside the checks when LINESIDE_PICTURES names a folder.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from app.base.phrases import Language
from tests.receiving.conftest import ORDER, PLACE, Desk, pack, receiver_at
from ui.kit import Mode, set_language, theme
from ui.kit.check import look_over

SIZES = {"1920": (1920, 1080), "1280": (1280, 800)}


def _looks(desk: Desk, name: str, size: str) -> None:
    """Nothing clipped, no letter missing, nothing faint or too small, in both languages and both modes."""
    found = []
    for language in Language:
        for mode in Mode:
            set_language(language)
            theme.look(mode=mode)
            desk.bot.wait(20)
            found += [f"{name} {language.value} {mode.value}: {trouble}" for trouble in look_over(desk.window)]
            if folder := os.environ.get("LINESIDE_PICTURES"):
                Path(folder).mkdir(parents=True, exist_ok=True)
                desk.window.grab().save(f"{folder}/receive-{name}-{size}-{language.value[:2]}-{mode.value}.png")
    set_language(Language.EN)
    theme.look(mode=Mode.LIGHT)
    assert (desk.window.width(), desk.window.height()) == SIZES[size], "the window grew"
    assert not found, "\n".join(found)


@pytest.mark.capability("Q3")
@pytest.mark.parametrize("size", SIZES)
def test_every_state_can_be_read_by_day_and_night_in_both_languages_at_both_sizes(open_desk: Callable[..., Desk], scale, size: str):
    desk = receiver_at(open_desk(size=SIZES[size], scale=scale))
    desk.until(desk.screen.body.orders.table.standing)
    _looks(desk, "start", size)
    desk.open_order()
    _looks(desk, "lines", size)
    desk.good_pack()
    _looks(desk, "pack", size)
    desk.scan(PLACE)
    desk.until(lambda: "Received" in desk.context and desk.screen.is_weighing)
    scale.put("4812.50")
    desk.until(lambda: desk.screen.take.isEnabled() and "4\u2009812.50" in desk.screen.take.said_text)
    _looks(desk, "weighing", size)
    desk.refused(pack(expires="290630"), "two expiry dates")
    _looks(desk, "refused", size)
    desk.scan("PO26-0409")
    desk.refused(pack(gtin="09521101530032", lot="KN-1"), "not approved")
    _looks(desk, "lapsed", size)
    desk.refused("]d201095211015300251729093010NF26-093121SN01", "no group separator")
    _looks(desk, "unreadable", size)
    desk.scan(ORDER)
    desk.until(lambda: desk.screen.order is not None and desk.screen.order.code == ORDER)
