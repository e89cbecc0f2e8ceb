"""Lines that other drivers met in the field, through the tool that an engineer has for them: ``main.py device decode --jsonl``."""

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.devices.protocol import families

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT.parent / "shared" / "cases"
SPEAKS = {
    "A&D": "and_scale",
    "MT-SICS": "mt_sics",
    "MT continuous (decoded ASCII payload, status bytes + weight + tare, as in the source)": "mt_continuous",
    "Sartorius SBI 22 character": "sartorius_sbi",
    "Ohaus": "ohaus",
    "MT balance printout": "mt_printout",
    'Weight-indicator "value/range unit status"': "range_indicator",
    "T-Scale": "t_scale",
    "CAS/Torrey style": "cas",
    "generic": "pattern",
    "Mitutoyo (Digimatic via input tool, 01A header)": "mitutoyo",
}


def through(tool: str, cases: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The tool's results by id, all lines in one run."""
    lines = "".join(json.dumps({key: case[key] for key in ("id", "protocol", "unit", "input") if key in case}) + "\n" for case in cases)
    command = [sys.executable, "main.py", "device", tool, "--jsonl"]
    done = subprocess.run(command, cwd=ROOT, input=lines, capture_output=True, text=True, timeout=60, check=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return {one["id"]: one["result"] for one in answers}


def cases_of(name: str) -> list[dict[str, Any]]:
    file = CASES / f"{name}.json"
    if not file.exists():
        pytest.skip(f"shared/cases/{name}.json is not here")
    cases: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["cases"]
    return cases


def differs(expected: dict[str, Any], result: dict[str, Any]) -> str:
    """What the tool says otherwise; empty when it says the same."""
    wanted = expected.get("payload", {}) | expected
    if result["kind"] != wanted["kind"]:
        return f"{result['kind']} instead of {wanted['kind']}"
    if wanted.get("value") is None:  # a limit, an error, a rejected line
        return "" if result["value"] is None else "a value nobody sent"
    sent, found = Decimal(wanted["value"]), Decimal(result["value"])
    if (found, found.as_tuple().exponent) != (sent, sent.as_tuple().exponent):
        return f"{found} instead of {sent}"
    if "unit_note" not in expected and result["unit"] != wanted["unit"] and str(result["unit"]).lower() != str(wanted["unit"]).lower():
        return f"{result['unit']} instead of {wanted['unit']}"
    return "" if wanted["kind"].startswith("tare") or result["stable"] == wanted["stable"] else f"stable {result['stable']}"


@pytest.mark.capability("E1")
def test_lines_met_in_the_field_are_read_as_their_drivers_read_them():
    cases = cases_of("scale_lines")
    assert {case["protocol"] for case in cases} <= SPEAKS.keys()
    spoken = [case for case in cases if SPEAKS[case["protocol"]] in families()]
    results = through("decode", [case | {"protocol": SPEAKS[case["protocol"]]} for case in spoken])
    wrong = {case["id"]: f"{case['input']!r}: {trouble}" for case in spoken if (trouble := differs(case["expected"], results[case["id"]]))}
    assert wrong == {}


@pytest.mark.capability("G2")
def test_replies_of_label_printers_are_read_field_by_field():
    cases = cases_of("zpl_host_status")
    results = through("host-status", cases)
    for case in cases:
        result = results[case["id"]]
        assert result["parse"] == case["parse"], case["name"]
        assert {name: result["fields"][name] for name in case.get("fields", {})} == case.get("fields", {}), case["name"]
        assert sorted(result["faults"]) == sorted(case.get("faults", []))
        if "ready" in case:
            assert result["ready"] is case["ready"]


def test_a_line_nobody_can_read_gets_a_result_of_its_own_and_the_rest_goes_on():
    asked = [
        {"id": 1, "protocol": "no_such_kind", "input": "x"},
        {"id": 2, "input": "S S 1.00 g"},
        {"id": 3, "protocol": "mt_sics", "input": "称"},
        {"id": 4, "protocol": "mt_sics", "input": "S S     -0.00 g"},
        {"id": 5, "protocol": "mt_sics", "unit": "kg", "input": "S S      1.00 g"},
    ]
    results = through("decode", asked)
    assert [results[n]["kind"] for n in (1, 2, 3)] == ["reject"] * 3
    assert "no_such_kind" in results[1]["refused"]
    assert results[4] | {"value": "-0.00", "kind": "weight"} == results[4]
    assert "minus sign" in results[4]["refused"]
    assert "record says kg" in results[5]["refused"]
