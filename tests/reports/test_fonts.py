"""The guard in front of every print."""

import pytest

from app.reports import fonts
from app.reports.fonts import CharacterNotInFont, FontsNotBuilt, Weight


@pytest.mark.parametrize("weight", Weight)
def test_what_a_factory_writes_is_in_the_font(weight):
    assert fonts.missing("来料检验合格 批号 LOT-A123 ℃ μm µL ±0.05 ≥ ≤ × · – “”（）、。；：Ø 4\u2009000 灭菌 é ü", weight) == []


def test_every_missing_character_is_named_once_with_its_code():
    with pytest.raises(CharacterNotInFont) as refusal:
        fonts.require(["a😀b😀", "c\x1d"], Weight.REGULAR)
    assert "😀 (U+1F600), U+001D" in str(refusal.value)
    assert "set-up" in str(refusal.value.next)


def test_a_lost_font_sends_the_person_to_the_set_up(monkeypatch, tmp_path):
    monkeypatch.setattr(fonts, "FOLDER", tmp_path)
    fonts.font.cache_clear()
    with pytest.raises(FontsNotBuilt) as outage:
        fonts.font(Weight.REGULAR)
    assert "NotoSansSC-Regular.ttf" in str(outage.value)
    assert "set-up" in str(outage.value.next)


def test_spelling_out_leaves_known_text_alone():
    assert fonts.spelled_out("批号 A\n", Weight.BOLD) == "批号 A\n"
    assert fonts.spelled_out("A\t", Weight.BOLD) == "A[U+0009]"
