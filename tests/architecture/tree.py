"""The house as files and syntax trees: what the checks of this folder walk."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
NOT_OURS = {
    ".git",
    ".venv",
    "build",
    "dist",
    "__pycache__",
    "fonts",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
    ".import_linter_cache",
}


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One place that breaks a rule of the house."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.what}"


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file, parsed."""

    name: str
    """Path inside the house, with slashes."""
    tree: ast.Module
    lines: int

    def fault(self, node: ast.AST, what: str) -> Fault:
        return Fault(self.name, getattr(node, "lineno", 1), what)

    def below(self, *rooms: str) -> bool:
        """Whether the file is one of `rooms` or lies under one that ends with a slash."""
        return any(self.name == room or (room.endswith("/") and self.name.startswith(room)) for room in rooms)


@cache
def _parsed(file: Path, changed: int, name: str) -> Source:
    text = file.read_text("utf-8")
    return Source(name, ast.parse(text, filename=name), text.count("\n"))


def files(house: Path, *rooms: str) -> Iterator[Path]:
    """Every file of ours under `rooms` (all of the house without any), never what tools have made."""
    for room in rooms or (".",):
        start = house / room
        found = [start] if start.is_file() else sorted(start.rglob("*"))
        for path in found:
            if path.is_file() and not NOT_OURS & set(path.relative_to(house).parts):
                yield path


def sources(house: Path, *rooms: str) -> list[Source]:
    """The Python files under `rooms`."""
    wanted = [path for path in files(house, *rooms) if path.suffix == ".py"]
    return [_parsed(path, path.stat().st_mtime_ns, path.relative_to(house).as_posix()) for path in wanted]


def faults(found: list[Fault]) -> str:
    """All faults, one a line, for an assertion's message."""
    return "\n" + "\n".join(map(str, sorted(found)))
