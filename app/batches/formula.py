"""Formulas of a master record: figures, keys of figures before, + - * / and brackets. Whether one can be read is said here, with a reason.

The database reads the same language by itself when the record is written (`formula_reads`) and is the only one that computes.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from app.base.phrases import Phrase

LONGEST = 200
_TOKEN = re.compile(r"[a-z][a-z0-9_]*|[0-9]+(?:\.[0-9]+)?|\S", re.ASCII)
_FIGURE = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?", re.ASCII)
_SIGNS = frozenset("+-*/")


def why_not(formula: str, inputs: Collection[str]) -> Phrase | None:
    """Why a formula cannot be read; ``None``: it can.

    Args:
        formula: As the record has it, at most `LONGEST` characters.
        inputs: Keys it may name.
    """
    depth, wants_value = 0, True
    for token in _TOKEN.findall(formula):
        if wants_value and token == "(":
            depth += 1
        elif wants_value and (token in inputs or _FIGURE.fullmatch(token)):
            wants_value = False
        elif not wants_value and token == ")" and depth:
            depth -= 1
        elif not wants_value and token in _SIGNS:
            wants_value = True
        elif wants_value and token[0].isalpha():
            return Phrase("the formula names {key}, which is no figure before it that is read once.", key=token)
        else:
            return Phrase("the formula cannot have “{token}” there. It has figures, keys, + - * / and brackets.", token=token)
    if len(formula) > LONGEST:
        return Phrase("the formula is too long.")
    return Phrase("the formula is not finished.") if wants_value or depth else None
