"""What changed between two revisions of a master record, in the words of the file: for whoever reviews the new one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.base.phrases import Phrase
from app.batches.master import MasterRecord, Step
from app.core.command import plain

_ORDERING = {"no", "after"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference. ``what`` is ``added``, ``removed``, ``moved`` or ``changed``; old and new as the file writes them."""

    what: str
    step: str | None
    """Key of the step; ``None`` for the head of the record."""
    field: str
    old: str | None
    new: str | None

    @property
    def sentence(self) -> Phrase:
        """The change in one line."""
        place = Phrase("step {key}", key=self.step) if self.step is not None else Phrase("the head of the record")
        match self.what:
            case "added":
                return Phrase("{place} is new: {new}", place=place, new=self.new)
            case "removed":
                return Phrase("{place} is gone: {old}", place=place, old=self.old)
            case "moved":
                return Phrase("{place} moved from {old} to {new}", place=place, old=self.old, new=self.new)
        return Phrase("{place}, {field}: {old} → {new}", place=place, field=self.field, old=self.old or "–", new=self.new or "–")


def difference(old: MasterRecord, new: MasterRecord) -> tuple[Change, ...]:
    """Every difference that a batch would see: first the head, then the steps in the order of the new record, then what is gone."""
    changes = list(_values(None, _head(old), _head(new)))
    before = {step.key: step for step in old.steps}
    stays = [step.key for step in old.steps if new.step(step.key) is not None]
    order = [step.key for step in new.steps if step.key in before]
    for step in new.steps:
        known = before.pop(step.key, None)
        if known is None:
            changes.append(Change(what="added", step=step.key, field="", old=None, new=_line(step)))
            continue
        changes += _moved(known, step, stays.index(step.key) != order.index(step.key))
        changes += _values(step.key, _body(known), _body(step))
    changes += [Change(what="removed", step=key, field="", old=_line(gone), new=None) for key, gone in before.items()]
    return tuple(changes)


def _moved(old: Step, new: Step, other_place: bool) -> list[Change]:
    """Another place among the steps both have, or other steps before it."""
    if other_place:
        return [Change(what="moved", step=new.key, field="no", old=str(old.no), new=str(new.no))]
    if set(old.after or ()) != set(new.after or ()):
        return [Change(what="moved", step=new.key, field="after", old=_keys(old), new=_keys(new))]
    return []


def _keys(step: Step) -> str:
    return "after " + ", ".join(step.after or ("nothing",))


def _line(step: Step) -> str:
    return f"{step.no} {step.name.en} ({step.kind})"


def _head(record: MasterRecord) -> dict[str, Any]:
    return {name: value for name, value in plain(record).items() if name not in ("steps", "revision")}


def _body(step: Step) -> dict[str, Any]:
    return {name: value for name, value in plain(step).items() if name not in _ORDERING}


def _values(step: str | None, old: Any, new: Any, path: str = "") -> Iterator[Change]:
    """Differences between two plain values, down to the single figure; lists of keyed parts are compared by key."""
    if old == new:
        return
    old, new = _by_key(old), _by_key(new)
    if isinstance(old, dict) and isinstance(new, dict):
        for name in dict.fromkeys((*old, *new)):
            yield from _values(step, old.get(name), new.get(name), f"{path}.{name}" if path else str(name))
        return
    yield Change(what="changed", step=step, field=path, old=_said(old), new=_said(new))


def _by_key(value: Any) -> Any:
    if isinstance(value, list) and value and all(isinstance(part, dict) for part in value):
        return {part.get("key", str(n)): part for n, part in enumerate(value, 1)}
    return value


def _said(value: Any) -> str | None:
    if value is None or value in ([], {}):
        return None
    if isinstance(value, dict):
        return ", ".join(f"{name} {_said(part)}" for name, part in value.items() if _said(part) is not None)
    if isinstance(value, list):
        return ", ".join(str(_said(part)) for part in value)
    return str(value)
