"""Habits a reader relies on: who may catch everything, who may commit, how long a thing may be, what no file says."""

import ast
import re
from pathlib import Path

from tests.architecture.tree import Fault, Source, files, sources

CODE = ("app", "ui", "tools", "migrations", "main.py")
LONGEST_FILE, LONGEST_FUNCTION = 500, 60
BROAD = {"Exception", "BaseException"}
MAY_CATCH_ALL = {
    "app/devices/device_thread.py": "the device thread: a defect in one instrument's code must not silence the others",
    "ui/shell/lanes.py": "the bridge's threads: a defect in a command goes to the crash report instead of vanishing",
    "ui/shell/crash.py": "the excepthook itself",
}
MAY_END_TRANSACTIONS = {
    "app/core/work.py": "one command, one transaction, begun and ended here",
    "app/core/schema.py": "bringing the schema to head is one transaction of the superuser",
    "migrations/": "an upgrade is a transaction of its own",
}
MACHINE = re.compile("|".join([r"(?<![\w.~}\])])/(?:work|root|home/[a-z]\w*|Users/\w+)/", r"\b[A-Z]:\\Users\\"]))
UNFINISHED = re.compile(r"\b(?:TO[D]O|FIX[M]E|XX[X]|HA[C]K)\b")  # in brackets, or it would find itself
TEXT = {".py", ".md", ".toml", ".txt", ".sql", ".sh", ".ini", ".mako", ".svg", ".json", ""}


def broad_excepts(house: Path) -> list[Fault]:
    """`except Exception`, bare `except` and `suppress(Exception)` outside the three named places, which have one each.

    Tidying up and raising again is no catching.
    """
    found = []
    for source in sources(house, *CODE):
        places = [node for node in ast.walk(source.tree) if _catches_all(node)]
        allowed = 1 if source.name in MAY_CATCH_ALL else 0
        found += [source.fault(node, "catches everything") for node in places[allowed:]]
    return found


def stray_transactions(house: Path) -> list[Fault]:
    """`commit()`, `rollback()` or such a statement as text outside `app/core/work.py`."""
    found = []
    for source in sources(house, "app", "ui", "main.py", "migrations"):
        if source.below(*MAY_END_TRANSACTIONS):
            continue
        found += [
            source.fault(node, "ends a transaction: only app/core/work.py does")
            for node in ast.walk(source.tree)
            if _ends_transaction(node)
        ]
    return found


def too_long(house: Path) -> list[Fault]:
    """Files over 500 lines anywhere, functions over 60 outside the tests."""
    found = [Fault(source.name, 1, f"{source.lines} lines") for source in sources(house) if source.lines > LONGEST_FILE]
    for source in sources(house, *CODE):
        found += [
            source.fault(node, f"{node.name}: {_length(node)} lines") for node in _functions(source) if _length(node) > LONGEST_FUNCTION
        ]
    return found


def careless_words(house: Path) -> list[Fault]:
    """Paths of somebody's machine and marks of unfinished work, in any text file of the house."""
    found = []
    for file in files(house):
        if file.suffix not in TEXT or file.name in {"LICENSE", ".coverage"}:
            continue
        for number, line in enumerate(file.read_text("utf-8", errors="replace").splitlines(), 1):
            name = file.relative_to(house).as_posix()
            found += [Fault(name, number, f"says {match.group()!r}") for rule in (MACHINE, UNFINISHED) if (match := rule.search(line))]
    return found


def _catches_all(node: ast.AST) -> bool:
    if isinstance(node, ast.ExceptHandler):
        goes_on = not any(isinstance(statement, ast.Raise) and statement.exc is None for statement in node.body)
        return goes_on and (node.type is None or bool(BROAD & _names(node.type)))
    if isinstance(node, ast.Call):
        return "suppress" in _names(node.func) and any(BROAD & _names(argument) for argument in node.args)
    return False


def _ends_transaction(node: ast.AST) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in {"commit", "rollback"}
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(re.match(r"\s*(COMMIT|ROLLBACK)\b(?! TO)", node.value))


def _names(node: ast.AST) -> set[str]:
    """Plain and dotted names in an expression, by their last part."""
    return {part.id if isinstance(part, ast.Name) else part.attr for part in ast.walk(node) if isinstance(part, ast.Name | ast.Attribute)}


def _functions(source: Source) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(source.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1
