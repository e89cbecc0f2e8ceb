"""Every sentence the shell can say is said in Chinese too, with the same facts."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path
from string import Formatter

from app.base.phrases import RESOURCES

ROOT = Path(__file__).resolve().parents[2]
FILES = [ROOT / "ui" / "bridge.py", *sorted((ROOT / "ui" / "shell").glob("*.py"))]


def sentences(file: Path) -> set[str]:
    """Texts of phrases, refusals, helps and screen titles of one file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id="Phrase"), args=[ast.Constant(value=str(text)), *_]):
                found.add(text)
            case ast.Assign(targets=[ast.Name(id="text" | "next_step" | "help")], value=ast.Constant(value=str(text))):
                found.add(text)
            case ast.keyword(arg="title", value=ast.Constant(value=str(text))):
                found.add(text)
    return found


def facts(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_every_sentence_has_its_chinese_row_with_the_same_facts() -> None:
    rows: dict[str, str] = {}
    for file in (RESOURCES / "translations" / "zh_CN").glob("*.toml"):
        rows.update(tomllib.loads(file.read_text(encoding="utf-8")))
    said = set().union(*(sentences(file) for file in FILES))
    assert said, "no sentence was found: this test looks in the wrong place"
    assert sorted(said - set(rows)) == []
    assert [one for one in sorted(said) if facts(one) != facts(rows[one])] == []
