"""Whatever people read stands in the catalogue, says the same facts in Chinese, and no row is left over."""

import json

import pytest

from tests.architecture.conftest import Planted
from tests.architecture.tree import HOUSE, faults
from tests.architecture.words import spoken, translation_faults

CATALOGUE = "resources/translations/zh_CN/room.toml"
TROUBLE = 'class Away(OutageError):\n    code = "a"\n    text = "{name} is away."\n    next_step: ClassVar[str] = "Wait."\n'


def row(english: str, chinese: str) -> str:
    return f"{json.dumps(english)} = {json.dumps(chinese, ensure_ascii=False)}\n"


def test_every_sentence_has_its_chinese_row_and_every_row_its_sentence() -> None:
    found = translation_faults(HOUSE)
    assert not found, faults(found)


@pytest.mark.parametrize(
    ("source", "sentences"),
    [
        ('Phrase("One.")', {"One."}),
        ('phrases.Phrase("Lot {lot} " "is here.", lot=1)', {"Lot {lot} is here."}),
        ('Phrase("Here" if here else "Away")', {"Here", "Away"}),
        ('WORD = "One."\nPhrase(WORD)', {"One."}),
        ('WORDS = {"key": "One.", 2: "Two."}\nPhrase(WORDS[x], at=1)', {"One.", "Two."}),
        ('def say(text):\n    return Phrase(text)\nsay("One.")\nsay(text="Two.")', {"One.", "Two."}),
        ('class A:\n    def say(self, text):\n        return Phrase(text)\n    def b(self):\n        self.say("One.")', {"One."}),
        ('def say(*, text):\n    return Phrase(text)\nsay(text="One.")', {"One."}),
        (
            'def screen(*, title):\n    def register(kind):\n        kind.title = Phrase(title)\n@screen(title="One.")\nclass A: pass',
            {"One."},
        ),
        ('for word in ("One.", "Two."):\n    Phrase(word)', {"One.", "Two."}),
        ('ROWS = [("a", "One."), ("b", "Two.")]\n[Phrase(word) for key, word in ROWS]', {"One.", "Two."}),
        ('class S(Enum):\n    A = ("one", 1)\n    B = ("two", 2)\n    def w(self):\n        return Phrase(self.value[0])', {"one", "two"}),
        ('class S(StrEnum):\n    A = "one"\n    def w(self):\n        return Phrase(self.value)', {"one"}),
        (TROUBLE, {"{name} is away.", "Wait."}),
        (TROUBLE + 'class Far(Away):\n    text = "Far."\n', {"{name} is away.", "Wait.", "Far."}),
        ('@screen(key="k", title="Measure")\nclass M: pass', {"Measure"}),
        ('class Gate(Screen):\n    help = "One."', {"One."}),
        ('@device.protocol(key="k", label="A scale")\nclass M: pass', {"A scale"}),
        ('class Shape:\n    text = "no words for people"', set()),
        ('print("no words for people")', set()),
    ],
)
def test_a_sentence_is_found_wherever_it_may_stand(planted: Planted, source: str, sentences: set[str]) -> None:
    words, unreadable = spoken(planted({"ui/x.py": source + "\n"}))
    assert (set(words), unreadable) == (sentences, [])


@pytest.mark.parametrize(
    "source", ["Phrase(f'Lot {lot}')", "Phrase(row['text'])", "Phrase(a + b)", "Phrase(unknown)", "for w in words():\n    Phrase(w)"]
)
def test_a_sentence_that_cannot_be_read_from_the_source_is_found(planted: Planted, source: str) -> None:
    (fault,) = spoken(planted({"app/x.py": source + "\n"}))[1]
    assert "cannot be read" in fault.what


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("", "no Chinese row for 'Lot {lot}.'"),
        (row("Lot {lot}.", "批号 {lot}。") + row("Gone.", "没了。"), "nobody says 'Gone.'"),
        (row("Lot {lot}.", "批号。"), "other facts"),
        (row("Lot {lot}.", "批号 {lot} {more}。"), "other facts"),
        (row("Lot {lot}.", " "), "says nothing"),
    ],
)
def test_a_fault_of_the_catalogue_is_found(planted: Planted, rows: str, told: str) -> None:
    house = planted({"app/x.py": 'Phrase("Lot {lot}.", lot=1)\n', CATALOGUE: rows})
    assert any(told in fault.what for fault in translation_faults(house))


def test_two_rooms_may_not_translate_one_sentence_differently(planted: Planted) -> None:
    house = planted(
        {"app/x.py": 'Phrase("Wait.")\n', CATALOGUE: row("Wait.", "请等待。"), CATALOGUE.replace("room", "other"): row("Wait.", "等。")}
    )
    (fault,) = translation_faults(house)
    assert "in another way" in fault.what


def test_a_complete_catalogue_has_no_faults(planted: Planted) -> None:
    house = planted({"app/x.py": 'Phrase("Lot {lot}.", lot=1)\n', CATALOGUE: row("Lot {lot}.", "批号 {lot}。")})
    assert translation_faults(house) == []
