"""How characteristics, limits and gauges are written on the measuring screen."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.base.measurement import Limits, Quantity
from app.base.phrases import Language, Name, Phrase, group_thousands
from app.inspection.queries import CharacteristicRow
from app.plant.queries import AssetRow
from ui.kit import Words

GAUGE_KINDS = {
    "caliper": Phrase("caliper"),
    "force_gauge": Phrase("force gauge"),
    "micrometer": Phrase("micrometer"),
    "scale": Phrase("scale"),
}


def kind_words(kind: str) -> Words:
    """A kind of gauge in words; a kind nobody gave words to is shown as it is."""
    return GAUGE_KINDS.get(kind, kind)


def figure(value: Decimal, decimals: int) -> str:
    """A limit with at least as many decimals as the gauge shows; never rounded: more digits stay."""
    own = -int(value.as_tuple().exponent)
    return group_thousands(value if own >= decimals else value.quantize(Decimal(1).scaleb(-decimals)))


def reach_words(gauge: AssetRow) -> Words:
    """``0 to 150 mm, steps of 0.01 mm``."""
    if gauge.range_low is None or gauge.range_high is None or gauge.resolution is None:
        return Phrase("not recorded")
    span = Phrase("{low} to {high} {unit}", low=gauge.range_low, high=gauge.range_high, unit=gauge.unit or "")
    return Phrase("{range}, steps of {steps}", range=span, steps=Phrase("{step} {unit}", step=gauge.resolution, unit=gauge.unit or ""))


def limits_words(limits: Limits, decimals: int) -> Words:
    """``25.00 ± 0.50 mm``, ``24.50 – 25.60 mm``, ``≥ 7.0 N``, ``≤ 0.20 kPa``."""
    lower, nominal, upper = limits.lower, limits.nominal, limits.upper
    if lower is not None and upper is not None:
        if nominal is not None and upper - nominal == nominal - lower:
            return f"{figure(nominal, decimals)} ± {figure(upper - nominal, decimals)} {limits.unit}"
        return f"{figure(lower, decimals)} – {figure(upper, decimals)} {limits.unit}"
    if lower is not None:
        return f"≥ {figure(lower, decimals)} {limits.unit}"
    return f"≤ {figure(upper if upper is not None else Decimal(0), decimals)} {limits.unit}"


@dataclass(frozen=True, slots=True)
class InSentence:
    """A name inside an English sentence begins small (``effective length``); codes and symbols such as ``pH`` stay as they are."""

    name: Name

    def in_language(self, language: Language) -> str:
        """The name as a part of a sentence."""
        words = self.name.in_language(language)
        return words[0].lower() + words[1:] if language is Language.EN and len(words) > 1 and words[1].islower() else words


def measure_words(characteristic: CharacteristicRow, sample: int, *, asked: bool) -> Phrase:
    """The sentence of the next band while a cell waits; ``asked``: the gauge is read by F5, it has no key of its own."""
    name, kind = InSentence(characteristic.name), kind_words(characteristic.gauge_kind)
    if asked:
        return Phrase(
            "Measure ({no}) {name} of sample {sample}, then read the {gauge} with F5.",
            no=characteristic.no,
            name=name,
            sample=sample,
            gauge=kind,
        )
    return Phrase(
        "Measure ({no}) {name} of sample {sample}, then press the {gauge} key.", no=characteristic.no, name=name, sample=sample, gauge=kind
    )


def read_words(value: Quantity) -> Words:
    """A value with its unit; the gauge's own zeros stay."""
    return f"{group_thousands(value.value)} {value.unit}"


def not_described(count: int) -> Words:
    """What still hinders an inspection from being complete; empty when nothing does."""
    if count == 1:
        return Phrase("1 deviation is not described")
    return Phrase("{n} deviations are not described", n=count) if count else ""
