"""`main.py`: one line of help for each tool, quickly; and which way a start takes."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.cli.arguments import CLIENT, TOOLS, read

HOUSE = Path(__file__).resolve().parents[2]


def test_help_names_every_tool_and_imports_nothing_heavy():
    listing = (
        "import sys, runpy; sys.argv = ['main.py', '--help']\n"
        "try:\n    runpy.run_path('main.py', run_name='__main__')\nexcept SystemExit:\n    pass\n"
    )
    heavy = "print('HEAVY', sorted({'PySide6', 'sqlalchemy', 'psycopg', 'pydantic', 'reportlab', 'numpy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", listing + heavy], cwd=HOUSE, capture_output=True, text=True, check=True)
    for tool in TOOLS:
        assert f"\n    {tool} " in done.stdout
    assert "HEAVY []" in done.stdout


def test_main_stays_a_signpost():
    assert len((HOUSE / "main.py").read_text("utf-8").splitlines()) <= 40


@pytest.mark.parametrize(
    ("argv", "wanted"),
    [
        ([], (CLIENT, [])),
        (["db", "install", "--url", "postgresql://a@b/c"], ("db", ["install", "--url", "postgresql://a@b/c"])),
        (["decode", "--jsonl"], ("decode", ["--jsonl"])),
        (["shift", "--help"], ("shift", ["--help"])),
    ],
)
def test_arguments_go_to_the_tool_they_are_for(argv, wanted):
    assert read(argv) == wanted


@pytest.mark.parametrize("argv", [["dance"], ["--verbose"]])
def test_what_is_no_tool_is_refused(argv, capsys):
    with pytest.raises(SystemExit) as ended:
        read(argv)
    assert ended.value.code == 2
    assert "main.py" in capsys.readouterr().err


def test_a_tool_that_refuses_says_so_with_exit_code_2(tmp_path):
    done = subprocess.run(
        [sys.executable, "main.py", "db", "install", "--url", "postgresql://db/x"],
        cwd=HOUSE,
        env={"PATH": "/usr/bin:/bin", "LINESIDE_SETTINGS": str(tmp_path / "settings.toml")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("Nothing was done: ")
    assert "Traceback" not in done.stderr
