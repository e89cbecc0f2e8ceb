"""Every claim of README has a test; both languages say the same; what is named is there and works.

The claims and their tests stand in `readme_proofs.toml`, sentence by sentence, written by hand.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import subprocess
import sys
import sysconfig
import tomllib
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

from app.base.phrases import Language
from app.cli import db
from app.cli.arguments import TOOLS
from app.cli.superuser import OLDEST_SERVER
from app.demo.people import PEOPLE, SECRET
from tests.plant import Plant
from tests.setup.conftest import HOUSE, stand_in
from tests.setup.readme import CHINESE, ENGLISH, Readme, read

BOTH = {file: read(file) for file in (ENGLISH, CHINESE)}
EACH = pytest.mark.parametrize("readme", BOTH.values(), ids=BOTH)
PROOFS: dict[str, list[str]] = tomllib.loads((HOUSE / "tests" / "setup" / "readme_proofs.toml").read_text("utf-8"))["claims"]
JOBS = {
    "receiver": ("receives", "收料"),
    "inspector": ("inspects", "检验"),
    "supervisor": ("supervises", "是主管"),
    "quality": ("quality", "负责质量"),
}


@cache
def house_tests() -> set[str]:
    """`room/test_file.py::test`, read from the source."""
    found = set()
    for file in (HOUSE / "tests").rglob("test_*.py"):
        name = file.relative_to(HOUSE / "tests").as_posix()
        for node in ast.parse(file.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found.add(f"{name}::{node.name}")
    return found


# claims and proofs --------------------------------------------------------------------------------------------------------------------


def test_every_statement_of_readme_has_its_proofs_and_every_proof_its_statement() -> None:
    said = set(BOTH[ENGLISH].statements)
    assert sorted(said - PROOFS.keys()) == [], "write the tests that prove it into readme_proofs.toml"
    assert sorted(PROOFS.keys() - said) == [], "README says this no longer"


@pytest.mark.parametrize("claim", PROOFS)
def test_a_claim_names_tests_that_exist(claim: str) -> None:
    assert PROOFS[claim], "a claim without a test"
    assert sorted(set(PROOFS[claim]) - house_tests()) == []


def test_the_table_of_what_works_is_proven_clause_by_clause() -> None:
    clauses = [f"{row.name}: {clause}" for row in BOTH[ENGLISH].rows for clause in row.clauses]
    assert len(clauses) >= 12
    assert [clause for clause in clauses if not PROOFS.get(clause)] == []


# both languages -----------------------------------------------------------------------------------------------------------------------


def test_both_readmes_have_the_same_parts() -> None:
    english, chinese = BOTH[ENGLISH], BOTH[CHINESE]
    assert english.headings == chinese.headings
    assert english.commands == chinese.commands
    assert english.code_spans == chinese.code_spans
    assert [len(row.clauses) for row in english.rows] == [len(row.clauses) for row in chinese.rows]
    assert [file.removesuffix(".png") + "-zh.png" for _, file in english.pictures] == [file for _, file in chinese.pictures]
    assert [link for link in english.links if link != CHINESE] == [link for link in chinese.links if link != ENGLISH]


def test_both_tables_name_the_same_keys_and_carriers() -> None:
    for english, chinese in zip(BOTH[ENGLISH].rows, BOTH[CHINESE].rows, strict=True):
        for first, second in zip(english.clauses, chinese.clauses, strict=True):
            named = [set(re.findall(r"\bF\d+|GS1 \w+|PDF", clause)) for clause in (first, second)]
            assert named[0] == named[1], (first, second)


@EACH
def test_both_say_plainly_what_was_not_tried(readme: Readme) -> None:
    says = {"Not tried yet on Windows or macOS.", "尚未在 Windows 或 macOS 上试过。"}, {"not tried yet on Ubuntu", "尚未在 Ubuntu 上试过"}
    assert [any(sentence in readme.text for sentence in one) for one in says] == [True, True]


# what is named is there ---------------------------------------------------------------------------------------------------------------


@EACH
def test_every_link_leads_somewhere(readme: Readme) -> None:
    assert readme.links
    assert [link for link in readme.links if not (HOUSE / link).exists()] == []


@EACH
def test_the_pictures_are_whole_screens_with_words_for_who_cannot_see_them(readme: Readme) -> None:
    assert len(readme.pictures) == 2
    for words, file in readme.pictures:
        assert len(words) > 10
        with Image.open(HOUSE / file) as picture:
            assert (picture.format, picture.size) == ("PNG", (1920, 1080))


def test_contributing_has_a_chapter_for_everything_readme_promises_and_the_licence_is_apache() -> None:
    chapters = re.findall(r"^## (.+)$", (HOUSE / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE)
    assert {"A command", "A screen", "A device", "A characteristic kind", "A step kind"} <= set(chapters)
    assert len(list((HOUSE / "docs" / "decisions").glob("[0-9]*.md"))) >= 3
    assert re.match(r"\s*Apache License\s+Version 2\.0", (HOUSE / "LICENSE").read_text("utf-8"))
    assert re.search(r"^## \[", (HOUSE / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)


def test_the_versions_readme_names_are_those_the_program_asks_for(tools: ModuleType) -> None:
    import bootstrap

    text, project = BOTH[ENGLISH].text, tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["project"]
    oldest, newest = bootstrap.OLDEST, bootstrap.NEWEST
    assert f"Python {oldest[0]}.{oldest[1]} to {newest[0]}.{newest[1]}" in text
    assert project["requires-python"] == f">={oldest[0]}.{oldest[1]},<{newest[0]}.{newest[1] + 1}"
    assert f"PostgreSQL {OLDEST_SERVER} or newer." in text
    assert f"an embedded PostgreSQL {OLDEST_SERVER} " in text


# what is named works ------------------------------------------------------------------------------------------------------------------


@EACH
def test_the_tools_are_those_of_help(readme: Readme) -> None:
    named = {word for line in readme.commands if (found := re.match(r"python main\.py ([a-z]+)", line)) for word in found.groups()}
    assert named == TOOLS.keys()
    done = subprocess.run([sys.executable, "main.py", "--help"], cwd=HOUSE, capture_output=True, text=True, check=True)
    assert [tool for tool in named if f"\n    {tool} " not in done.stdout] == []


@EACH
def test_every_make_target_is_one(readme: Readme) -> None:
    named = sorted(set(re.findall(r"\bmake ([a-z]+)", "\n".join((*readme.commands, *readme.code_spans)))))
    assert named == ["bare", "bench", "capabilities", "run", "test"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(["make", "-n", *named], cwd=HOUSE, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_command_for_system_packages_asks_for_what_bootstrap_would_name(
    tools: ModuleType, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [line] = [line for line in BOTH[ENGLISH].commands if "apt-get" in line]
    asked = stand_in(programs, "sudo", then="exit 0")
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.defpath}")
    subprocess.run(["sh", "-c", line], cwd=HOUSE, check=True)
    assert asked.read_text("utf-8").split() == tools.command_line(tools.packages()).split()


def test_a_scan_is_decoded_from_the_command_line() -> None:
    [line] = [line for line in BOTH[ENGLISH].commands if "main.py decode" in line]
    asked = json.dumps({"id": 1, "input": "]d20109521101530025"}) + "\n"
    command = [sys.executable, *shlex.split(line)[1:]]
    done = subprocess.run(command, cwd=HOUSE, input=asked, capture_output=True, text=True, check=True)
    [answer] = [json.loads(row) for row in done.stdout.splitlines()]
    assert (answer["id"], answer["result"]["fields"]["gtin"]) == (1, "09521101530025")


def test_the_commands_for_a_plants_own_server_are_understood() -> None:
    lines = BOTH[ENGLISH].commands
    [url] = [line.removeprefix("url=") for line in lines if line.startswith("url=")]
    asked = [shlex.split(line.replace("$url", url))[3:] for line in lines if line.startswith("python main.py db")]
    understood = [db._parser().parse_args(words) for words in asked]
    assert [one.tool for one in understood] == ["install", "upgrade", "dsn"]
    assert [one.url for one in understood[:2]] == [url, url]
    assert understood[0].station
    assert understood[2].person in {person.login for person in PEOPLE}


def test_by_hand_the_same_programs_run_in_the_folder_bootstrap_makes(tools: ModuleType) -> None:
    import bootstrap

    [block] = [block for block in BOTH[ENGLISH].blocks if any("tools/bootstrap.py" in line for line in block)]
    words = [line.split("#")[0].split() for line in block]
    assert words[0] == ["python", "tools/bootstrap.py"]
    folders = {system: sysconfig.get_path("scripts", f"{system}_venv", {"base": ".venv"}).replace("\\", "/") for system in ("nt", "posix")}
    assert [line[0] for line in words[1:]] == [folders["nt"] + "/python"] * 2
    assert all(f"macOS: {folders['posix']}/python" in line for line in block[1:])
    assert HOUSE / folders["posix"] / "python" == bootstrap.PYTHON
    makefile = (HOUSE / "Makefile").read_text("utf-8")
    assert [f"$(VENV) {' '.join(line[1:])}\n" in makefile for line in words[1:]] == [True, True]


# the people ---------------------------------------------------------------------------------------------------------------------------


def test_the_people_named_sign_in_with_the_password_named_and_have_the_jobs_named(plant: Plant) -> None:
    for n, (file, language) in enumerate(((ENGLISH, Language.EN), (CHINESE, Language.ZH))):
        [said] = [paragraph for paragraph in BOTH[file].paragraphs if f"`{SECRET}`" in paragraph]
        named = [one for one in PEOPLE if (one.name_zh if language is Language.ZH and one.name_zh else one.name_en) in said]
        assert [one.login for one in named] == ["zhou.min", "li.ming", "tom.becker", "wang.haiyan", "xu.lan"]
        for one in named:
            assert plant.sign_in(one.login, station=None).who.jobs == {one.job}
            name = one.name_zh if language is Language.ZH and one.name_zh else one.name_en
            after = re.split(r"[,，。.]", said.split(name, 1)[1].replace(" and Xu Lan", "").replace("和许岚", ""))[0]
            assert JOBS[one.job][n] in after, (name, after)
