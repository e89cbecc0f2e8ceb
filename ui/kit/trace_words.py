"""A trace in words, for a screen reader, a plot too small to be drawn, and a note."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from app.base.measurement import Limits
from app.base.phrases import Language, Phrase, group_thousands
from ui.kit.language import say, speech

if TYPE_CHECKING:
    from ui.kit.parameter_trace import TracedParameter
    from ui.kit.trace_picture import TraceFacts


def summary_words(parameter: TracedParameter, facts: TraceFacts | None, now_s: float | None, window_s: float, zone: tzinfo) -> str:
    """Name, span, range and limits; then what lay outside, how long it was silent, and where it stands now."""
    if facts is None or facts.low is None or facts.high is None or now_s is None:
        return say(Phrase("{name}: no value yet.", name=parameter.name))
    from ui.kit.trace_picture import beyond_by, figure

    limits = parameter.limits

    def clock(at_s: float) -> str:
        return f"{datetime.fromtimestamp(at_s, tz=zone):%H:%M}"

    sentences = [
        Phrase(
            "{name}, {start} to {end}: {low} to {high} {unit}, limits {limits}.",
            name=parameter.name,
            start=clock(now_s - window_s),
            end=clock(now_s),
            low=figure(facts.low, limits),
            high=figure(facts.high, limits),
            unit=limits.unit,
            limits=limits_words(limits),
        )
    ]
    if facts.excursions:
        worst = max(facts.excursions, key=lambda one: beyond_by(one.peak, limits))
        count, peak = len(facts.excursions), figure(worst.peak, limits)
        sentences.append(Phrase("Times outside: {count}, farthest {peak} at {time}.", count=count, peak=peak, time=clock(worst.peak_s)))
    if facts.silences:
        whole = round(sum(one.end_s - max(one.start_s, now_s - window_s) for one in facts.silences))
        sentences.append(Phrase("Times silent: {count}, {seconds} s in all.", count=len(facts.silences), seconds=whole))
    if facts.silences and facts.silences[-1].end_s >= now_s:
        sentences.append(Phrase("Silent now."))
    elif facts.last is not None:
        sentences.append(Phrase("Now {value} {unit}.", value=figure(facts.last, limits), unit=limits.unit))
    return ("" if speech.language is Language.ZH else " ").join(say(one) for one in sentences)


def limits_words(limits: Limits) -> str:
    """``132.0 – 142.0``, ``≥ 7.0``, ``≤ 0.20``: the same in every language."""
    if limits.lower is not None and limits.upper is not None:
        return f"{group_thousands(limits.lower)} – {group_thousands(limits.upper)}"
    if limits.lower is not None:
        return f"≥ {group_thousands(limits.lower)}"
    return f"≤ {group_thousands(limits.upper)}" if limits.upper is not None else ""
