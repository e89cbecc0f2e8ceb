"""Who may import what, beyond the order of the rooms that import-linter holds."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import Fault, Source, sources

ROOMS = ("app", "ui", "main.py", "migrations")
ONLY_IN = {
    "PySide6": ("ui/", "main.py"),
    "serial": ("app/devices/transport.py", "app/devices/simulators/serving.py"),
    "pymodbus": ("app/devices/machines/modbus.py", "app/devices/simulators/modbus_server.py"),
    "asyncua": ("app/devices/machines/opcua.py", "app/devices/machines/opcua_security.py", "app/devices/simulators/opcua_server.py"),
    "paho": ("app/devices/machines/mqtt.py",),
    "reportlab": ("app/reports/", "app/labels/", "*/report.py"),
}
"""Library → where it may be imported; `*/report.py` is a slice's own report."""
COMMON = {"base", "core", "reports", "scanning", "devices", "cli", "demo"}
"""Rooms of `app` that are no slices."""


def stray_imports(house: Path) -> list[Fault]:
    """Imports of PySide6, pyserial, the libraries of machines and reportlab outside their rooms."""
    return [
        source.fault(node, f"imports {library}, which belongs in {', '.join(ONLY_IN[library])}")
        for source in sources(house, *ROOMS)
        for node, module in imports(source)
        if (library := module.partition(".")[0]) in ONLY_IN and not _may(source, library)
    ]


def borrowed_records(house: Path) -> list[Fault]:
    """Slices that import another slice's `records`: they ask its `queries` and `commands`."""
    found = []
    for source in sources(house, "app", "ui"):
        own = source.name.split("/")[1] if source.name.startswith("app/") else ""
        for node, module in imports(source):
            parts = module.split(".")
            if parts[0] == "app" and parts[2:3] == ["records"] and parts[1] not in COMMON | {own}:
                found.append(source.fault(node, f"imports {module}: ask its queries or commands"))
    return found


def imports(source: Source) -> Iterator[tuple[ast.AST, str]]:
    """Every imported module with the names taken from it, as ``package.module.name``, relative imports resolved."""
    package = source.name.removesuffix("/__init__.py").removesuffix(".py").split("/")
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((node, f"{base}.{alias.name}") for alias in node.names)


def _may(source: Source, library: str) -> bool:
    own_report = "*/report.py" in ONLY_IN[library] and source.name.startswith("app/") and source.name.endswith("/report.py")
    return own_report or source.below(*ONLY_IN[library])
