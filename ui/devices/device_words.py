"""How a device, its line and what it says are put into words."""

from __future__ import annotations

from datetime import tzinfo

from app.base.phrases import Phrase, group_thousands
from app.devices.errors import readable
from app.devices.line_watch import Entry, LineFigures
from app.devices.meaning import Meaning
from app.devices.protocol import Family, families, is_own_key
from app.devices.settings import DeviceSettings
from ui.kit import State, TapeLine, Words
from ui.shell.evidence import Fact

_STABLE = {True: Phrase("stable"), False: Phrase("moving"), None: Phrase("stability unknown")}
_KINDS: dict[str, Words] = {
    "overload": Phrase("above its range"),
    "underload": Phrase("below its range"),
    "error": Phrase("error: {text}"),
    "status": Phrase("no value now"),
    "reject": Phrase("not understood"),
    "ack": Phrase("done: {text}"),
    "info": Phrase("says {text}"),
    "code": Phrase("code {text}"),
    "tare_done": Phrase("tare {text}"),
    "tare_value": Phrase("tare {text}"),
}
_TROUBLE = {"overload": State.ATTENTION, "underload": State.ATTENTION, "error": State.ATTENTION, "reject": State.FAIL}


def family_of(settings: DeviceSettings) -> Family | None:
    """The kind of device; ``None`` for machines and printers, which are read by others."""
    return families().get(settings.protocol)


def kind_words(settings: DeviceSettings) -> Words:
    """What people call this kind of device."""
    family = family_of(settings)
    if family is not None:
        return family.name
    if is_own_key(settings.protocol):
        return Phrase("{key}, not in effect", key=settings.protocol)
    return Phrase("machine (Modbus)") if settings.machine is not None else Phrase("label printer")


def line_words(settings: DeviceSettings) -> str:
    """Speed and settings of a serial line; a dash on a network socket, which has none."""
    family = family_of(settings)
    line = settings.line or (family.line if family is not None else None)
    if line is None or settings.url.startswith("socket://"):
        return "–"
    return line.words


def tape_line(entry: Entry, zone: tzinfo) -> TapeLine:
    """One entry of the line, as the tape shows it."""
    at = entry.at.astimezone(zone)
    more = " …" if entry.size > len(entry.content) else ""
    return TapeLine(
        time=f"{at:%H:%M:%S}.{at.microsecond // 1000:03}",
        heard=entry.heard,
        hex=entry.content.hex(" ").upper() + more,
        text=readable(entry.content) + more,
        words=meaning_words(entry.meaning) if entry.meaning is not None else "",
        state=_TROUBLE.get(entry.meaning.kind, State.PASS) if entry.meaning is not None else None,
    )


def meaning_words(one: Meaning) -> Words:
    """What one frame says; a value that no record may take with the reason."""
    if one.kind in ("weight", "measurement") and one.value is not None:
        value = f"{one.value:f} {one.unit or ''}".rstrip()
        if one.refusal is not None:
            return Phrase("{value}: {refused}", value=value, refused=one.refusal.what)
        if one.text:
            return Phrase("{value} • {stable} • {judged}", value=value, stable=_STABLE[one.stable], judged=one.text)
        return Phrase("{value} • {stable}", value=value, stable=_STABLE[one.stable])
    words = _KINDS[one.kind]
    return Phrase(words.text, text=one.text) if isinstance(words, Phrase) else words


def device_facts(settings: DeviceSettings, figures: LineFigures, serial_number: str | None, *, short: bool) -> list[Fact]:
    """Where it hangs and how its line does; `short` on a small glass."""
    frames, rejected = sum(figures.frames.values()), figures.frames.get("reject", 0)
    line = line_words(settings)
    heard, said = group_thousands(figures.heard_bytes), group_thousands(figures.said_bytes)
    read, not_read = group_thousands(frames - rejected), group_thousands(rejected)
    return [
        Fact(name=Phrase("kind"), value=kind_words(settings)),
        *([] if short else [Fact(name=Phrase("port"), value=settings.url)]),
        *([Fact(name=Phrase("line settings"), value=line)] if line != "–" else []),
        *([Fact(name=Phrase("serial number"), value=serial_number)] if serial_number else []),
        Fact(name=Phrase("bytes"), value=Phrase("{heard} heard, {said} said", heard=heard, said=said)),
        Fact(name=Phrase("lines so far"), value=Phrase("{read} read, {not_read} not understood", read=read, not_read=not_read)),
    ]


def known_facts(family: Family) -> list[Fact]:
    """Where what we know of this kind comes from, and what nobody has tried."""
    memory = ", ".join(family.known.from_memory)
    return [
        Fact(name=Phrase("known from"), value=family.known.source),
        *([Fact(name=Phrase("from memory"), value=memory)] if memory else []),
        Fact(name=Phrase("tried"), value=Phrase("on no real device yet")),
    ]
