"""Every sentence people see, read from the source, against the Chinese catalogue.

A sentence reaches the screen through `Phrase`, through `text` and `next_step` of an `AppError`, or through `title=` and
`label=` of `@screen` and `@protocol`. It must be readable from the source: a literal, a module's table or constant, an enum's
value, a loop over literals, or the argument of a small function of the same module that hands it to `Phrase`.
"""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from tests.architecture.tree import Fault, Source, sources

MECHANISM = {"app/base/phrases.py", "app/base/errors.py"}
"""Here `Phrase` says what it is given; the sentences stand elsewhere."""
SAID_BY_RULE = {"text", "next_step", "label", "title", "help"}
"""Attributes whose values are found by the other rules."""
NAMING_DECORATORS = {"screen", "protocol"}
Words = dict[str, Fault]


def spoken(house: Path) -> tuple[Words, list[Fault]]:
    """Every English sentence with the place it stands at, and the places whose sentence cannot be read from the source."""
    walked = [source for source in sources(house, "app", "ui") if source.name not in MECHANISM]
    troubles = _trouble_classes(walked)
    words: Words = {}
    unreadable: list[Fault] = []
    for source in walked:
        reader = _Reader(source)
        found = [*reader.phrases(), *_class_words(source, troubles), *_decorator_words(source)]
        for node, sentence in found:
            words.setdefault(sentence, source.fault(node, repr(sentence)))
        unreadable += reader.unreadable
    return words, unreadable


def catalogue(house: Path) -> tuple[dict[str, str], list[Fault]]:
    """All rows of the Chinese catalogue, and rows that two files translate differently."""
    rows: dict[str, str] = {}
    found = []
    for file in sorted((house / "resources" / "translations" / "zh_CN").glob("*.toml")):
        for english, chinese in tomllib.loads(file.read_text("utf-8")).items():
            if rows.setdefault(english, chinese) != chinese:
                found.append(Fault(file.relative_to(house).as_posix(), 1, f"translates {english!r} in another way than another file"))
    return rows, found


def translation_faults(house: Path) -> list[Fault]:
    """Sentences without a row, rows without a sentence, empty rows and rows whose facts differ."""
    words, found = spoken(house)
    rows, contradictions = catalogue(house)
    where = "resources/translations/zh_CN"
    found += contradictions
    found += [
        Fault(place.file, place.line, f"no Chinese row for {place.what}") for sentence, place in words.items() if sentence not in rows
    ]
    found += [Fault(where, 1, f"nobody says {english!r}") for english in rows if english not in words]
    found += [Fault(where, 1, f"says nothing for {english!r}") for english, chinese in rows.items() if not chinese.strip()]
    found += [
        Fault(where, 1, f"other facts than in {english!r}: {chinese!r}")
        for english, chinese in rows.items()
        if facts(english) != facts(chinese)
    ]
    return found


def facts(sentence: str) -> set[str]:
    """The named facts of a sentence: ``{gauge}`` → gauge."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


class _Reader:
    """Finds what one module hands to `Phrase`."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.unreadable: list[Fault] = []
        self._above = {child: node for node in ast.walk(source.tree) for child in ast.iter_child_nodes(node)}
        self._constants = {target.id: value for target, value in _assignments(source.tree) if isinstance(target, ast.Name)}

    def phrases(self) -> Iterator[tuple[ast.AST, str]]:
        for node in ast.walk(self._source.tree):
            if isinstance(node, ast.Call) and _last_name(node.func) == "Phrase" and node.args:
                yield from self._read(node.args[0])

    def _read(self, said: ast.expr) -> Iterator[tuple[ast.AST, str]]:
        match said:
            case ast.Constant(value=str() as sentence):
                yield said, sentence
            case ast.IfExp(body=one, orelse=other):
                yield from (*self._read(one), *self._read(other))
            case ast.Subscript(value=ast.Name(id=name)) if name in self._constants:
                yield from _leaves(self._constants[name])
            case ast.Name(id=name):
                yield from self._by_name(said, name)
            case ast.Attribute(value=ast.Name(id="self"), attr="value"):
                yield from self._enum_values(said, None)
            case ast.Subscript(value=ast.Attribute(value=ast.Name(id="self"), attr="value"), slice=ast.Constant(value=int() as place)):
                yield from self._enum_values(said, place)
            case ast.Attribute(attr=attribute) if attribute in SAID_BY_RULE:
                return
            case _:
                self._give_up(said)

    def _by_name(self, said: ast.Name, name: str) -> Iterator[tuple[ast.AST, str]]:
        for node in self._enclosing(said):
            if isinstance(node, ast.FunctionDef) and name in {
                argument.arg for argument in ast.walk(node.args) if isinstance(argument, ast.arg)
            }:
                if node.name not in NAMING_DECORATORS:  # those are read where they are used
                    yield from self._arguments(node, name)
                return
            for loop in self._loops(node):
                if name in {part.id for part in ast.walk(loop.target) if isinstance(part, ast.Name)}:
                    yield from self._looped(loop, name)
                    return
        if name in self._constants:
            yield from _leaves(self._constants[name])
        else:
            self._give_up(said)

    def _arguments(self, function: ast.FunctionDef, name: str) -> Iterator[tuple[ast.AST, str]]:
        names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
        place = names.index(name) - (names[0] in {"self", "cls"}) if name in names else None
        for node in ast.walk(self._source.tree):
            if isinstance(node, ast.Call) and _last_name(node.func) == function.name:
                by_name = [keyword.value for keyword in node.keywords if keyword.arg == name]
                given = by_name or (node.args[place : place + 1] if place is not None else [])
                for value in given:
                    yield from self._read(value)

    def _looped(self, loop: ast.For | ast.comprehension, name: str) -> Iterator[tuple[ast.AST, str]]:
        over = self._constants.get(_last_name(loop.iter) or "", loop.iter)
        place = _place_in(loop.target, name)
        for item in over.elts if isinstance(over, ast.Tuple | ast.List | ast.Set) else ():
            yield from _leaves(item.elts[place] if place is not None and isinstance(item, ast.Tuple | ast.List) else item)
        if not isinstance(over, ast.Tuple | ast.List | ast.Set):
            self._give_up(loop.iter)

    def _enum_values(self, said: ast.expr, place: int | None) -> Iterator[tuple[ast.AST, str]]:
        own = next((node for node in self._enclosing(said) if isinstance(node, ast.ClassDef)), None)
        for statement in own.body if own else []:
            if isinstance(statement, ast.Assign):
                value = statement.value
                yield from _leaves(value.elts[place] if place is not None and isinstance(value, ast.Tuple) else value)

    def _enclosing(self, node: ast.AST) -> Iterator[ast.AST]:
        while node in self._above:
            node = self._above[node]
            yield node

    @staticmethod
    def _loops(node: ast.AST) -> list[ast.For | ast.comprehension]:
        if isinstance(node, ast.For):
            return [node]
        return list(getattr(node, "generators", []))

    def _give_up(self, said: ast.AST) -> None:
        self.unreadable.append(self._source.fault(said, f"the sentence of this Phrase cannot be read from the source: {ast.unparse(said)}"))


def _trouble_classes(walked: list[Source]) -> set[str]:
    """Names of all classes that descend from `AppError`, whatever file they stand in."""
    bases: dict[str, set[str]] = {}
    for source in walked:
        for node in ast.walk(source.tree):
            if isinstance(
                node, ast.ClassDef
            ):  # two classes of one name count as one: better a sentence too many is wanted than one too few
                bases.setdefault(node.name, set()).update(name for base in node.bases if (name := _last_name(base)) is not None)
    known = {"AppError", "RuleViolation", "DeviceError", "OutageError"}
    while more := {name for name, above in bases.items() if above & known} - known:
        known |= more
    return known


def _class_words(source: Source, troubles: set[str]) -> Iterator[tuple[ast.AST, str]]:
    """What refusals say, and the help of screens."""
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.ClassDef):
            continue
        said = {"text", "next_step"} if node.name in troubles else {"help"} if _is_screen(node) else set()
        for target, value in _assignments(node):
            if isinstance(target, ast.Name) and target.id in said:
                yield from _leaves(value)


def _is_screen(node: ast.ClassDef) -> bool:
    """One that is registered, or one that stands in front of them all as a gate."""
    if any(_last_name(base) == "Screen" for base in node.bases):
        return True
    return any(isinstance(decorator, ast.Call) and _last_name(decorator.func) == "screen" for decorator in node.decorator_list)


def _decorator_words(source: Source) -> Iterator[tuple[ast.AST, str]]:
    for node in ast.walk(source.tree):
        for decorator in getattr(node, "decorator_list", []):
            if isinstance(decorator, ast.Call) and _last_name(decorator.func) in NAMING_DECORATORS:
                for keyword in decorator.keywords:
                    if keyword.arg in {"title", "label"}:
                        yield from _leaves(keyword.value)


def _assignments(node: ast.Module | ast.ClassDef) -> Iterator[tuple[ast.expr, ast.expr]]:
    for statement in node.body:
        if isinstance(statement, ast.Assign):
            yield from ((target, statement.value) for target in statement.targets)
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            yield statement.target, statement.value


def _leaves(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Text constants of an expression; of a table its values, never its keys; of a call of `Phrase` nothing, it is read by itself."""
    match node:
        case ast.Constant(value=str() as sentence):
            yield node, sentence
        case ast.Dict(values=values):
            for value in values:
                yield from _leaves(value)
        case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
            for item in items:
                yield from _leaves(item)
        case ast.IfExp(body=one, orelse=other):
            yield from (*_leaves(one), *_leaves(other))
        case ast.Call(func=function, args=arguments) if _last_name(function) in {"MappingProxyType", "frozenset", "dict"}:
            for argument in arguments:
                yield from _leaves(argument)


def _last_name(node: ast.AST) -> str | None:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None


def _place_in(target: ast.expr, name: str) -> int | None:
    """Where `name` stands in ``for a, b in …``; ``None`` when it is the whole target."""
    if isinstance(target, ast.Tuple):
        return next((place for place, part in enumerate(target.elts) if isinstance(part, ast.Name) and part.id == name), None)
    return None
