"""Every check of the careful eye is proven by a planted fault."""

import pytest
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.base.phrases import Language
from tests.kit.conftest import ROOT
from ui.kit import Button, Label, Mode, Panel, PrimaryButton, Type, set_language, theme
from ui.kit.check import look_over, lowest_type, used_contrasts
from ui.kit.specimen import SHEETS


def kinds(widget: QWidget) -> set[str]:
    return {trouble.kind for trouble in look_over(widget)}


@pytest.mark.capability("Q2")
@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("make", SHEETS.values(), ids=SHEETS)
def test_the_whole_kit_is_unclipped_readable_and_big_enough(shown, client, make, mode, language):
    theme.look(mode=mode, reduced_motion=True)
    set_language(language)
    sheet = shown(make(), 1920, 2400)
    client.processEvents()
    assert [str(trouble) for trouble in look_over(sheet)] == []
    assert min(used_contrasts(sheet).values()) >= 4.5
    assert lowest_type(sheet) == 19


@pytest.mark.capability("Q2")
@pytest.mark.parametrize("scale", [1.15, 1.3])
@pytest.mark.parametrize("make", SHEETS.values(), ids=SHEETS)
def test_the_whole_kit_holds_at_the_larger_scales(shown, client, make, scale):
    theme.look(scale=scale, reduced_motion=True)
    sheet = shown(make(), 2600, 3400)
    client.processEvents()
    assert [str(trouble) for trouble in look_over(sheet)] == []


def test_a_label_squeezed_below_its_words_is_found(shown):
    label = Label("Sealer SL-03 fit for use")
    label.setFixedWidth(60)
    assert kinds(shown(label)) == {"clipped"}


def test_a_text_pushed_out_of_its_panel_is_found(shown):
    panel = Panel("Evidence")
    label = Label("calibrated to 12 Feb 2027", parent=panel)
    shown(panel, 300, 200)
    label.setGeometry(200, 100, label.sizeHint().width(), 28)
    label.show()
    assert kinds(panel) == {"clipped"}


def test_a_shortened_text_is_named_only_when_asked_for(shown):
    label = Label("Refused: lot NF26-0931 with another expiry", elide=True)
    label.setFixedWidth(120)
    shown(label)
    assert look_over(label) == []
    assert [trouble.kind for trouble in look_over(label, shortened=True)] == ["shortened"]


@pytest.mark.parametrize("sign", ["\u2714", "\u2716", "\u25f7", "\u23f8", "\u241d", "\U0001f600"])
def test_a_sign_our_font_does_not_hold_is_found(shown, sign):
    assert kinds(shown(Label(f"{sign} released"))) == {"missing glyph"}


def test_faint_text_is_found(shown):
    assert kinds(shown(Label("held since 10:38", ink="line"))) == {"contrast"}


def test_a_target_below_its_size_is_found(shown):
    button = PrimaryButton("Go")
    shown(button)
    button.setFixedSize(320, 60)
    assert kinds(button) == {"small target"}


def test_two_targets_too_close_are_found_and_12_px_are_enough(shown, client):
    ground = QWidget()
    row = QHBoxLayout(ground)
    row.setSpacing(8)
    row.addWidget(Button("Photo"))
    row.addWidget(Button("Undo last"))
    shown(ground)
    [trouble] = look_over(ground)
    assert (trouble.kind, trouble.detail) == ("close targets", "8 px from Button Undo last")
    row.setSpacing(12)
    row.activate()
    assert look_over(ground) == []


def test_a_hidden_fault_is_no_fault(shown):
    ground = QWidget()
    label = Label("Sealer SL-03 fit for use", parent=ground)
    label.setFixedWidth(20)
    shown(ground, 300, 100)
    label.hide()
    assert look_over(ground) == []


def test_no_screen_text_of_the_kit_holds_a_sign_that_must_be_painted():
    for file in (ROOT / "ui").rglob("*.py"):
        assert not set("\u2714\u2716\u25f7\u23f8\u241d") & set(file.read_text(encoding="utf-8")), file.name


def test_a_wrapped_label_is_as_high_as_its_lines(shown, client):
    panel = Panel("Note")
    label = Label("Jaw SJ-02 cleaned at 05:50. Watch the lidding edge on roll 3, it wanders left.", wrap=True)
    panel.body.addWidget(label)
    panel.body.addStretch(1)
    shown(panel, 300, 400)
    client.processEvents()
    assert len(label.said()) > 2
    assert label.height() >= len(label.said()) * theme.line(Type.TEXT)
    assert look_over(panel) == []
