"""README as a list of statements: sentences, lines of code, clauses of a table's rows, words under a picture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.setup.conftest import HOUSE

ENGLISH, CHINESE = "README.md", "README.zh-CN.md"
_SENTENCE_ENDS = re.compile(r"(?<=[.:])\s+(?=[A-Z`])")
_PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")
_LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)]+)\)")
_CODE_SPAN = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the table of what works."""

    name: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Readme:
    """One README, taken apart; all in the order they stand in."""

    headings: tuple[int, ...]
    """Levels, 1 for the title."""
    paragraphs: tuple[str, ...]
    blocks: tuple[tuple[str, ...], ...]
    """Lines of each block of code."""
    rows: tuple[Row, ...]
    pictures: tuple[tuple[str, str], ...]
    """Words and file."""

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)

    @property
    def links(self) -> tuple[str, ...]:
        """Files that sentences lead to."""
        return tuple(_LINK.findall(self.text))

    @property
    def code_spans(self) -> tuple[str, ...]:
        """What stands between backticks in sentences."""
        return tuple(sorted(_CODE_SPAN.findall(self.text)))

    @property
    def commands(self) -> tuple[str, ...]:
        """Every line of code without its remark."""
        return tuple(command_of(line) for block in self.blocks for line in block)

    @property
    def statements(self) -> tuple[str, ...]:
        """Everything that is said, one thing at a time."""
        sentences = [sentence for paragraph in self.paragraphs for sentence in _SENTENCE_ENDS.split(paragraph)]
        lines = [" ".join(line.split()) for block in self.blocks for line in block]
        clauses = [f"{row.name}: {clause}" for row in self.rows for clause in row.clauses]
        return (*sentences, *lines, *clauses, *(words for words, _ in self.pictures))


def read(file: str) -> Readme:
    """Take one of both files apart."""
    lines = (HOUSE / file).read_text("utf-8").splitlines()
    blocks, prose = _code_apart(lines)
    plain = [line for line in prose if not line.startswith(("#", "|", "!["))]
    paragraphs = [" ".join(part.split()) for part in "\n".join(plain).split("\n\n") if part.strip()]
    return Readme(
        headings=tuple(len(line) - len(line.lstrip("#")) for line in prose if line.startswith("#")),
        paragraphs=tuple(paragraphs),
        blocks=blocks,
        rows=tuple(_rows(prose)),
        pictures=tuple(found for line in prose for found in _PICTURE.findall(line)),
    )


def command_of(line: str) -> str:
    """A line of code without its remark: up to a `#`, or up to the column where a list of tools explains."""
    return re.split(r"\s+#\s|\s{2,}", line.strip())[0].strip()


def _code_apart(lines: list[str]) -> tuple[tuple[tuple[str, ...], ...], list[str]]:
    blocks: list[tuple[str, ...]] = []
    prose: list[str] = []
    open_block: list[str] | None = None
    for line in lines:
        if line.startswith("```"):
            if open_block is not None:
                blocks.append(tuple(open_block))
            open_block = [] if open_block is None else None
            prose.append("")
        elif open_block is not None:
            open_block.append(line)
        else:
            prose.append(line)
    assert open_block is None, "a block of code is not closed"
    return tuple(blocks), prose


def _rows(lines: list[str]) -> Iterator[Row]:
    for line in lines:
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == 2 and cells[0] and not set(line) <= set("|- "):
            yield Row(name=cells[0], clauses=tuple(re.split(r"; |；", cells[1])))
