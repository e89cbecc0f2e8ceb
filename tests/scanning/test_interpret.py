"""Scan anywhere: the house's own codes, what is refused by name, and what every refusal says."""

import re
import tomllib

import pytest

from app.base.phrases import RESOURCES, Language
from app.scanning import house_codes, words
from app.scanning.interpret import interpret
from app.scanning.refusals import all_sentences, refusal
from app.scanning.result import Status
from app.scanning.words import in_plain_words


@pytest.mark.capability("Q1")
@pytest.mark.parametrize(
    ("text", "kind", "what", "code"),
    [
        ("L26-0382", "internal", "lot", "L26-0382"),
        ("C26-00017", "internal", "container", "C26-00017"),
        ("PO26-0417", "internal", "purchase_order", "PO26-0417"),
        ("PO 26-0417", "internal", "purchase_order", "PO26-0417"),
        ("LOC:Q-A-03", "internal", "location", "Q-A-03"),
        ("AST:DC-014", "internal", "asset", "DC-014"),
        ("BDG:4f7a91", "badge", "badge", "4f7a91"),
    ],
)
def test_the_label_decides_what_it_is(text, kind, what, code):
    scanned = interpret(text)
    assert (scanned.status, scanned.kind, scanned.what, scanned.code) == (Status.VALID, kind, what, code)


@pytest.mark.parametrize("text", ["l26-0382", "L26-038", "LOC:Q_A", "LOC:", "LOC:Q-A-03 ", "BDG:ab", "XL26-0382", "AST:dc-014"])
def test_what_only_looks_like_a_house_label_is_none(text):
    assert interpret(text).status is not Status.VALID


@pytest.fixture
def document_label():
    yield house_codes.register(house_codes.HouseCode(what="document", form=re.compile(r"DOC:(?P<code>SOP-[0-9]{3})")))
    del house_codes._TABLE["document"]


@pytest.mark.usefixtures("document_label")
def test_a_slice_adds_its_own_label_and_no_second_one_of_the_same_word():
    assert interpret("DOC:SOP-014").what == "document"
    with pytest.raises(ValueError, match="registered already"):
        house_codes.register(house_codes.HouseCode(what="document", form=re.compile(r"(?P<code>X)")))
    with pytest.raises(ValueError, match="names no group"):
        house_codes.register(house_codes.HouseCode(what="other", form=re.compile(r"X")))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty_value"),
        ("\r\n", "empty_value"),
        ("]d2", "empty_value"),
        ("L26-\x000382", "nul"),
        ("L26-\x070382", "control_character"),
        ("L26-0382\x85", "control_character"),
        ("L26-\ud8000382", "surrogate"),
        ("L26-\u202e0382", "text_direction"),
        ("L26\u200b-0382", "invisible_character"),
        ("\ufeffL26-0382", "invisible_character"),
        ("L26‐0382", "not_ascii"),  # a Unicode hyphen
        ("Ｌ26-0382", "not_ascii"),  # a full-width letter of an input method
        ("L26-٠٣٨٢", "not_ascii"),
        ("9" * 7_201, "too_long"),
    ],
)
def test_text_that_no_scanner_sends_is_refused_by_its_own_name(text, code):
    scanned = interpret(text)
    assert (scanned.status, scanned.error.code) == (Status.INVALID, code)


def test_a_scan_is_frozen_all_through():
    scanned = interpret("L26-0382")
    with pytest.raises(TypeError):
        scanned.fields["lot"] = "L26-0383"
    with pytest.raises(AttributeError):
        scanned.status = Status.UNKNOWN


def test_a_badge_is_never_shown():
    assert "4f7a91" not in str(in_plain_words(interpret("BDG:4f7a91")))


def test_a_scan_is_said_in_plain_words_in_both_languages():
    phrase = in_plain_words(interpret("]d20109506000134352" + "17290930" + "10L2409A"))
    assert str(phrase) == "product 09506000134352, lot L2409A, expires 30 Sep 2029"
    assert phrase.in_language(Language.ZH) == "产品 09506000134352，批号 L2409A，有效期至 2029-09-30"
    assert in_plain_words(interpret("LOC:Q-A-03")).in_language(Language.ZH) == "库位 Q-A-03"
    assert str(in_plain_words(interpret("]Q1HELLO"))) == "code HELLO"


def test_every_sentence_has_its_chinese_row_with_the_same_facts():
    rows = tomllib.loads((RESOURCES / "translations" / "zh_CN" / "scanning.toml").read_text(encoding="utf-8"))
    phrases = {phrase.text for phrase in (*words._HOUSE.values(), *words._FIELDS.values())}
    spoken = {*all_sentences(), *phrases, "code {code}", "a badge", "{first}, {rest}"}
    assert spoken == set(rows)
    for english, chinese in rows.items():
        assert sorted(re.findall(r"{\w+}", english)) == sorted(re.findall(r"{\w+}", chinese)), english


def test_a_refusal_says_its_facts():
    said = refusal("invalid_ai_pair", ai="01", other="37")
    assert str(said.text) == "The GS1 code was not taken: (01) and (37) exclude each other."
    assert said.text.in_language(Language.ZH) == "GS1 条码未采用：(01) 与 (37) 不能同时出现。"
