"""GS1 by cases of other people: every scan, typed text, web address and date is judged as GS1's own engine judges it."""

import pytest

from app.scanning import digital_link
from app.scanning.interpret import interpret
from app.scanning.refusals import Refused
from tests.scanning.cases import TODAY, cases

pytestmark = pytest.mark.capability("A5")


def said(scanned):
    return scanned.status.value, [[element.ai, element.raw] for element in scanned.elements]


@pytest.mark.parametrize("name", ["gs1_scan_valid", "gs1_typed_hri"])
def test_every_valid_message_is_read_element_by_element_in_its_order(name):
    valid = [case for case in cases(name) if case["expect"]["status"] == "valid"]
    wrong = [case["input"] for case in valid if said(interpret(case["input"], today=TODAY)) != ("valid", case["expect"]["elements"])]
    assert valid
    assert wrong == []


@pytest.mark.parametrize("name", ["gs1_scan_invalid", "gs1_typed_hri"])
def test_no_invalid_message_is_taken_and_each_is_refused_with_two_sentences(name):
    invalid = [case for case in cases(name) if case["expect"]["status"] == "invalid"]
    wrong = []
    for case in invalid:
        scanned = interpret(case["input"], today=TODAY)
        if scanned.status != "invalid" or scanned.error is None or not str(scanned.error.text) or not str(scanned.error.next_step):
            wrong.append(case["input"])
    assert invalid
    assert wrong == []


def test_the_reason_is_nearly_always_the_one_that_other_readers_name():
    invalid = cases("gs1_scan_invalid")
    same = [case for case in invalid if interpret(case["input"], today=TODAY).error.code in case["expect"]["acceptable_errors"]]
    assert len(same) >= 0.95 * len(invalid)


@pytest.mark.parametrize("name", ["gs1_scan_valid", "gs1_typed_hri"])
def test_a_missing_companion_is_a_fact_and_no_refusal(name):
    valid = [case for case in cases(name) if case["expect"].get("requisites") in {"ok", "missing"}]
    wrong = []
    for case in valid:
        scanned = interpret(case["input"], today=TODAY)
        if bool(scanned.missing) != (case["expect"]["requisites"] == "missing"):
            wrong.append(case["input"])
    assert wrong == []


def test_digital_links_are_read_strictly_and_leniently_when_asked():
    wrong = []
    for case in cases("gs1_digital_link"):
        try:
            message = digital_link.read(case["input"], TODAY, **case["options"])
            answer = "valid", [[element.ai, element.raw] for element in message.elements]
        except Refused:
            answer = "invalid", []
        if answer != (case["expect"]["status"], case["expect"].get("elements", [])):
            wrong.append(case["input"])
    assert wrong == []


def test_dates_are_days_of_the_calendar_also_with_day_zero_and_across_the_century():
    wrong = []
    for case in cases("gs1_dates"):
        scanned = interpret(case["input"], today=TODAY)
        day = scanned.elements[0].value.isoformat() if scanned.elements else None
        if (scanned.status.value, day) != (case["expect"]["status"], case["expect"].get("date")):
            wrong.append(case["input"])
    assert wrong == []


def test_nothing_naughty_becomes_a_product():
    for case in cases("naughty_strings"):
        scanned = interpret(case["input"], today=TODAY)
        assert scanned.status != "valid", case["input"]
        assert scanned.error is not None
        assert scanned.gtin is None
        assert scanned.lot is None
