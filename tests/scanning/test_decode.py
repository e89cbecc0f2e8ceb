"""`main.py decode --jsonl`: a file of scans in, one answer per line out."""

import io
import json

import pytest

from app.cli import decode, json_lines


@pytest.fixture
def run(monkeypatch, capsys):
    def run_with(content: bytes) -> list[dict]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))
        assert decode.main(["--jsonl"]) == 0
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run_with


def line(identity, text):
    return json.dumps({"id": identity, "input": text}).encode() + b"\n"


def test_a_scan_becomes_elements_with_iso_dates_and_decimal_text(run):
    (row,) = run(line("a", "]d2010950600013435217290900310300125010AB"))
    assert row["id"] == "a"
    assert row["result"]["status"] == "valid"
    assert row["result"]["kind"] == "gs1"
    assert row["result"]["elements"] == [
        ["01", "09506000134352", "09506000134352"],
        ["17", "290900", "2029-09-30"],
        ["3103", "001250", "1.250"],
        ["10", "AB", "AB"],
    ]
    assert row["result"]["fields"]["expires_on"] == "2029-09-30"
    assert row["result"]["error"] is None


def test_a_refused_scan_says_its_code_and_what_to_do(run):
    (row,) = run(line(7, "]d20109506000134353"))
    assert row["result"]["error"]["code"] == "check_digit"
    assert row["result"]["error"]["next_step"].startswith("Scan the label again")


def test_a_broken_line_is_answered_and_the_rest_goes_on(run):
    broken = [b"not json\n", b"[1, 2]\n", b'{"id": 5}\n', b'{"id": 6, "input": 12}\n', b'{"id": NaN, "input": "x"}\n', b"\xff\xfe\n"]
    deep = b"[" * 100_000 + b"\n"
    rows = run(b"".join([*broken, deep, b"\n", line("last", "L26-0382")]))
    assert [row["result"]["error"]["code"] for row in rows[:-1]] == ["line_not_readable"] * (len(broken) + 1)
    assert [row["id"] for row in rows] == [None, None, 5, 6, None, None, None, "last"]
    assert rows[-1]["result"]["fields"]["lot"] == "L26-0382"


def test_a_line_without_end_is_answered_once_and_skipped(run):
    rows = run(b'{"id": 1, "input": "' + b"9" * (2 * json_lines.LONGEST_LINE) + b'"}\n' + line(2, "LOC:Q-A-03"))
    assert [row["result"]["status"] for row in rows] == ["invalid", "valid"]


def test_half_a_character_does_not_stop_the_output(run):
    (row,) = run(b'{"id": "s", "input": "\\ud800"}\n')
    assert row["result"]["error"]["code"] == "surrogate"


def test_without_the_format_nothing_is_read(capsys):
    with pytest.raises(SystemExit) as stopped:
        decode.main([])
    assert stopped.value.code == 2
    assert "--jsonl" in capsys.readouterr().err
