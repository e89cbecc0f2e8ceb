"""Which capability is proven by which tests: every `@pytest.mark.capability(…)` of `tests/`, read without running anything.

Where the list of capabilities lies beside the repository (``../shared/capabilities.md``) its rows without a test are named too,
and a mark that names no row of it ends the run with status 1.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1]
LIST = HOUSE.parent / "shared" / "capabilities.md"
ROW = re.compile(r"^\|\s*([A-Z]{1,3}\d*(?:-\d+)?\d*)\s*\|\s*([^|]*?)\s*\|", re.MULTILINE)


def main() -> int:
    """Print the table. Returns 1 when a mark names no row of the list."""
    proven = marks(HOUSE / "tests")
    wanted = rows(LIST.read_text("utf-8")) if LIST.exists() else {}
    print("| ID | capability | proven by |\n|---|---|---|")
    for row in sorted(proven, key=in_order):
        print(f"| {row} | {wanted.get(row, '')} | {', '.join(sorted(proven[row]))} |")
    if not wanted:
        print(f"\n{len(proven)} capabilities have tests. The list itself is not here: rows without a test cannot be named.")
        return 0
    without = [row for row in wanted if row not in proven]
    print(f"\n{len(proven)} of {len(wanted)} rows have tests. Without a test: {', '.join(sorted(without, key=in_order)) or 'none'}.")
    unknown = sorted(set(proven) - set(wanted))
    if unknown:
        print(f"No row of the list: {', '.join(unknown)}", file=sys.stderr)
    return 1 if unknown else 0


def marks(tests: Path) -> Mapping[str, set[str]]:
    """Capability → the tests that prove it, as ``room/test_file.py::test``. A mark on a class or module counts for all of its tests."""
    found: dict[str, set[str]] = defaultdict(set)
    for file in sorted(tests.rglob("test_*.py")):
        tree = ast.parse(file.read_text("utf-8"), filename=str(file))
        name = file.relative_to(tests).as_posix()
        whole = [row for node in tree.body if isinstance(node, ast.Assign) and _is_pytestmark(node) for row in _named(node.value)]
        for test, owner, own in _tests(tree.body, "", whole):
            for row in own:
                found[row].add(f"{name}::{owner}{test.name}")
    return found


def rows(text: str) -> Mapping[str, str]:
    """ID → capability, from the Markdown tables of the list."""
    return {row: what for row, what in ROW.findall(text) if row != "ID"}


def in_order(row: str) -> list[tuple[int, str | int]]:
    """A2 before A10, A10 before R11-2."""
    return [(1, int(part)) if part.isdigit() else (0, part) for part in re.findall(r"\d+|\D+", row)]


def _tests(body: list[ast.stmt], owner: str, above: list[str]) -> Iterator[tuple[ast.FunctionDef, str, list[str]]]:
    for node in body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
            inside = [row for decorator in node.decorator_list for row in _named(decorator)]
            yield node, owner, [*above, *inside]
        elif isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            own = [row for decorator in node.decorator_list for row in _named(decorator)]
            yield from _tests(node.body, f"{owner}{node.name}::", [*above, *own])


def _named(expression: ast.AST) -> list[str]:
    """Every `capability("A5")` inside an expression, also in `pytest.param(…, marks=…)`."""
    calls = [
        node
        for node in ast.walk(expression)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "capability"
    ]
    return [
        argument.value for call in calls for argument in call.args if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]


def _is_pytestmark(node: ast.Assign) -> bool:
    return any(isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets)


if __name__ == "__main__":
    sys.exit(main())
