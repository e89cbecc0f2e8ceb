import ast
import tomllib
from pathlib import Path

import pytest

from app.base.errors import ALL
from app.base.phrases import RESOURCES, Language, Name, Phrase
from tests.kit.conftest import ROOT
from ui.kit import Badge, Button, Field, Label, Run, Runs, State, Table, current_language, say, set_language, speech
from ui.kit.table import Column

KIT_WORDS = tomllib.loads((RESOURCES / "translations" / "zh_CN" / "kit.toml").read_text(encoding="utf-8"))


@pytest.mark.capability("Q3")
def test_a_standing_screen_says_itself_in_chinese_and_back_without_being_rebuilt(shown):
    label = shown(Label(Phrase("Back")))
    badge, button, line = Badge(State.HOLD), Button(Phrase("Photo")), Runs(Run(Phrase("Supplier lot")), Run(" NF26"))
    for widget in (badge, button, line):
        shown(widget)
    before = (label.text, badge.text, button.said_text)
    set_language(Language.ZH)
    assert (label.text, badge.text, button.said_text) == ("返回", "已暂停", "拍照")
    assert line.said()[0].text == "供应商批号"
    set_language(Language.EN)
    assert (label.text, badge.text, button.said_text) == before == ("Back", "on hold", "Photo")


@pytest.mark.capability("Q3")
def test_field_labels_and_table_headings_follow_the_language(shown):
    field, table = shown(Field(Phrase("Supplier lot"))), shown(Table([Column(title=Phrase("quantity"))]))
    set_language(Language.ZH)
    assert field.said()[0].text == "供应商批号"
    assert table.said()[0].text == "数量"


def test_a_switch_is_announced_once_and_only_when_it_is_one(qtbot):
    heard = []
    speech.changed.connect(lambda: heard.append(current_language()))
    set_language(Language.ZH)
    set_language(Language.ZH)
    assert heard == [Language.ZH]


def test_chinese_puts_a_thin_space_where_han_meets_latin_or_digits():
    set_language(Language.ZH)
    assert say("第6步封到40号 B26-1147") == "第\u20096\u2009步封到\u200940\u2009号 B26-1147"
    assert say("2029-09-30") == "2029-09-30"


def test_a_name_is_said_in_the_readers_language():
    name = Name("quality engineer", "质量工程师")
    assert say(name) == "quality engineer"
    set_language(Language.ZH)
    assert say(name) == "质量工程师"


def test_every_sentence_of_the_kit_has_its_chinese():
    said = {state.word.text for state in State}
    for file in (ROOT / "ui" / "kit").glob("*.py"):
        said |= sentences_in(file)
    said |= {text for error in ALL.values() if error.code.startswith("kit.") for text in (error.text, error.next_step)}
    assert sorted(said - set(KIT_WORDS)) == []
    assert sorted(set(KIT_WORDS) - said) == [], "rows nobody says any more"


def test_chinese_rows_keep_the_facts_of_the_english_sentence():
    def facts(text: str) -> set[str]:
        return {part.split("}")[0] for part in text.split("{")[1:]}

    assert {english for english, chinese in KIT_WORDS.items() if facts(english) != facts(chinese)} == set()


def sentences_in(file: Path) -> set[str]:
    calls = [node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    phrases = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Phrase" and call.args]
    return {call.args[0].value for call in phrases if isinstance(call.args[0], ast.Constant)}
