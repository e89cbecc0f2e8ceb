"""An engineer writes a master record by hand: what is right is read exactly, what is wrong is named by line and step."""

import dataclasses
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.base.phrases import Language
from app.batches.difference import difference
from app.batches.master import Material, Parameters, Sign
from app.batches.master_file import MasterNotReadable, parse
from app.batches.yaml_text import LARGEST
from app.demo.production import MASTER

SOURCE = MASTER.read_text("utf-8")
RECORD = parse(SOURCE)


def line_of(words: str) -> int:
    return next(n for n, line in enumerate(SOURCE.splitlines(), 1) if words in line)


@pytest.mark.capability("F1")
def test_the_demonstration_record_is_read_as_it_is_written():
    assert [step.no for step in RECORD.steps] == list(range(1, 13))
    hubs, sealing, verified = RECORD.step("hubs"), RECORD.step("sealing"), RECORD.step("verified")
    assert isinstance(hubs, Material)
    assert (hubs.after, hubs.quantity, hubs.bound_to) == (("clearance",), Decimal(1), "batch")
    assert isinstance(sealing, Parameters)
    assert str(sealing.parameters[0].lower) == "132.0"  # with its own digits, also without quotes
    assert str(sealing.parameters[1].upper) == "1.40"
    assert sealing.after == ("open_time", "sealer")
    assert isinstance(verified, Sign)
    assert verified.after == ("performed",)


WRONG = [
    ("revision: 1", "revision: one", "revision: one", "the head of the record", "Write a whole number"),
    ("shelf_life_days: 1095", "shelf_live_days: 1095", "shelf_live", "the head of the record", "not known"),
    ("    item: CH-2225\n", "", "key: hubs", "step hubs", "“item” is missing"),
    ("    by: count", "    by: counting", "    by: count", "step hubs", "Write 'count' or 'weigh'"),
    ("    kind: hold", "    kind: wait", "key: open_time", "step open_time", "Write 'instruction', 'line_clearance'"),
    ("lower: 132.0", "lower: 1.3e2", "lower: 132.0", "step sealing", "Write a figure like 12.50"),
    ("lower: 132.0", "lower: .nan", "lower: 132.0", "step sealing", "Write a figure like 12.50"),
    ("upper: 142.0", "upper: 130.0", "key: temperature", "step sealing", "do not rise"),
    ("    after: [hubs, clips]", "    after: [hubs, sealing]", "after: [hubs, clips]", "step assembly", "sealing is no step before"),
    ("  - key: clips", "  - key: hubs", "key: clips", "step hubs", "stands on two steps"),
    ("min_minutes: 0", "min_minutes: 300", "max_minutes", "step open_time", "shorter"),
    ("machine: sealer", "machine: assembly", "machine: sealer", "step sealing", "Name an equipment step"),
    ("    bound_to: unit", "    bound_to: sublot", "bound_to: unit", "step clips", "Write how many units one sub-lot has"),
    ("    tolerance: 2", "    tolerance: 2\n    tolerance: 3", "item: CH-2225", "the file", "twice"),
]


@pytest.mark.parametrize(
    ("old", "new", "near", "where", "reason"), WRONG, ids=[new.strip()[:30] or "item left out" for _, new, *_ in WRONG]
)
def test_what_is_wrong_is_named_by_line_and_step_in_both_languages(old: str, new: str, near: str, where: str, reason: str):
    with pytest.raises(MasterNotReadable) as told:
        parse(SOURCE.replace(old, new, 1))
    assert str(told.value.facts["where"]) == where
    assert reason in str(told.value.facts["reason"])
    assert told.value.facts["line"] - line_of(near.replace("one", "1").replace("shelf_live", "shelf_life")) in range(6)
    assert "未读取" in told.value.what.in_language(Language.ZH)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[" * 50_000,
        "a: &x [1]\nb: *x\n",
        "!!python/object/apply:os.system ['true']",
        "code: \x00",
        "- 1",
        "steps: 7",
        "steps: [7]",
        "steps: [{kind: hold}]",
        "? {a: b}\n: c",
        "x" * (LARGEST + 1),
        "{" * 3000,
    ],
    ids=range(12),
)
def test_a_hostile_or_broken_file_is_refused_and_never_a_crash(text: str):
    with pytest.raises(MasterNotReadable):
        parse(text)


@given(st.data())
def test_no_edit_of_the_file_does_anything_but_read_or_refuse_it(data: st.DataObject):
    at = data.draw(st.integers(0, len(SOURCE)))
    text = SOURCE[:at] + data.draw(st.text(max_size=6)) + SOURCE[at + data.draw(st.integers(0, 12)) :]
    try:
        read = parse(text)
    except MasterNotReadable:
        return
    assert [step.no for step in read.steps] == list(range(1, len(read.steps) + 1))


def said(new_source: str) -> list[str]:
    return [str(change.sentence) for change in difference(RECORD, parse(new_source))]


@pytest.mark.capability("F1")
def test_a_reviewer_reads_what_changed_between_two_revisions():
    assert said(SOURCE) == []
    assert said(SOURCE.replace("upper: 142.0", "upper: 141.5")) == ["step sealing, parameters.temperature.upper: 142.0 → 141.5"]
    assert said(SOURCE.replace("shelf_life_days: 1095", "shelf_life_days: 730")) == ["the head of the record, shelf_life_days: 1095 → 730"]
    sealer = SOURCE[SOURCE.index("  - key: sealer") : SOURCE.index("  - key: open_time")]
    without = SOURCE.replace(sealer, "").replace("[open_time, sealer]", "[open_time]").replace("machine: sealer", "machine: scanned")
    scanned = sealer.replace("key: sealer", "key: scanned")
    assert said(without.replace("  - key: open_time", scanned + "  - key: open_time")) == [
        "step scanned is new: 5 Pouch sealer is ready (equipment)",
        "step sealing moved from after open_time, sealer to after open_time",
        "step sealing, parameters.temperature.machine: sealer → scanned",
        "step sealer is gone: 5 Pouch sealer is ready (equipment)",
    ]
    earlier = (
        SOURCE.replace(sealer, "")
        .replace("  - key: hubs", sealer + "  - key: hubs")
        .replace("  - key: hubs\n", "  - key: hubs\n    after: [clearance]\n")
    )
    assert any("moved from" in line for line in said(earlier))


def test_a_revision_number_alone_is_no_change():
    assert difference(RECORD, dataclasses.replace(RECORD, revision=2)) == ()
