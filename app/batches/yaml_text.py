"""YAML as people write it by hand, read strictly: no tags, no anchors, no key twice, figures kept as they were written.

Source: YAML 1.2.2, chapter 10.2 (JSON schema) for what is a number or true; floats are left as text, so that 12.50 stays 12.50.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from app.base.phrases import Phrase

LARGEST = 200_000
"""Characters. The record of a product with 200 steps has about 80 000."""


class NotReadable(Exception):
    """Where a text stops being YAML of ours; ``line`` counts from 1."""

    def __init__(self, line: int, reason: Phrase) -> None:
        self.line = line
        self.reason = reason
        super().__init__(f"{line}: {reason}")


class _Loader(yaml.SafeLoader):
    """`yaml.SafeLoader` that knows null, true, false and whole numbers, and nothing else beside text."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own shape

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            line = self.peek_event().start_mark.line  # type: ignore[no-untyped-call]
            raise NotReadable(line + 1, Phrase("anchors and aliases are not used here. Write it out."))
        node: yaml.Node | None = super().compose_node(parent, index)
        if isinstance(node, yaml.MappingNode):
            _once(node)
        return node


for _tag, _form, _first in (
    ("null", r"~|null|", ["~", "n", ""]),
    ("bool", r"true|false", ["t", "f"]),
    ("int", r"-?(?:0|[1-9][0-9]*)", list("-0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_form})$"), _first)


def _once(node: yaml.MappingNode) -> None:
    seen: set[str] = set()
    for key, _ in node.value:
        name = str(key.value)
        if name in seen:
            raise NotReadable(key.start_mark.line + 1, Phrase("“{name}” stands here twice. Leave one out.", name=name))
        seen.add(name)


@dataclass(frozen=True, slots=True)
class Document:
    """The plain values of a text, and where each of them stands."""

    values: Any
    _root: yaml.Node

    def line(self, place: Sequence[str | int]) -> int:
        """The line of a place, counted from 1: ``("steps", 3, "name")``. What is not there is looked for where it is missing."""
        node = self._root
        line = node.start_mark.line
        for part in place:
            found = _below(node, part)
            if found is not None:
                line, node = found
        return int(line) + 1


def _below(node: yaml.Node, part: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        return next(((key.start_mark.line, value) for key, value in node.value if key.value == part), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part].start_mark.line, node.value[part]
    return None


def read_yaml(text: str) -> Document:
    """Read one document.

    Raises:
        NotReadable: too large, no YAML, an anchor, a tag, a key that stands twice, nested without end.
    """
    if len(text) > LARGEST:
        raise NotReadable(1, Phrase("it is longer than {most} characters.", most=LARGEST))
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        if root is None:
            raise NotReadable(1, Phrase("it is empty."))
        return Document(loader.construct_document(root), root)
    except yaml.MarkedYAMLError as trouble:
        mark = trouble.problem_mark
        raise NotReadable(
            1 if mark is None else mark.line + 1, Phrase("this is no YAML: {problem}", problem=trouble.problem or "")
        ) from trouble
    except (yaml.YAMLError, ValueError, RecursionError) as trouble:
        raise NotReadable(1, Phrase("this is no YAML: {problem}", problem=type(trouble).__name__)) from trouble
