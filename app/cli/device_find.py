"""``python main.py device find [URL …]``: what hangs on these ports, or on every serial port of this computer.

See `app.devices.recognition`: only questions that change nothing are asked. A scanner or gauge must be made to speak meanwhile: scan
something, press its button. OPC UA servers and MQTT brokers are found where their address is named: ``opc.tcp://…``, ``mqtt://…``.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event

from app.base.errors import DeviceError
from app.base.phrases import Phrase
from app.cli.telling import language_here, say
from app.devices.errors import readable
from app.devices.recognition.findings import Findings, Recognised
from app.devices.recognition.search import WITHIN_S, recognise
from app.devices.transport import ports_here


def main(argv: Sequence[str]) -> int:
    """Look at all ports at once.

    Returns:
        0 when one kind was found at each port; 1 when a port is silent, several kinds fit, or it cannot be opened.
    """
    parser = argparse.ArgumentParser(prog="main.py device find", description="Find out what hangs on ports.")
    parser.add_argument("urls", nargs="*", metavar="URL", help="every serial port of this computer when none is named")
    parser.add_argument("--within", type=float, default=WITHIN_S, metavar="SECONDS", help="how long to look (usually %(default)s)")
    asked = parser.parse_args(argv)
    urls: list[str] = asked.urls or [port.device for port in ports_here()]
    if not urls:
        say(Phrase("This computer has no serial port."))
        return 1
    say(Phrase("Looking. Scan something and press the buttons of gauges meanwhile."))
    with ThreadPoolExecutor(len(urls)) as ports:
        found = list(ports.map(partial(_look, within_s=asked.within), urls))
    return 0 if all(found) else 1


def _look(url: str, *, within_s: float) -> bool:
    try:
        findings = recognise(url, stopping=Event(), within_s=within_s)
    except DeviceError as trouble:
        print(f"{url}  {trouble.what.in_language(language_here())}", flush=True)
        return False
    print("\n".join(lines_of(findings)), flush=True)
    return len(findings.fitting) == 1


def lines_of(findings: Findings) -> list[str]:
    """One line for each kind that fits; one for a port nobody understood, with the last bytes it said."""
    language = language_here()
    if not findings.fitting:
        words = Phrase("nothing was recognised") if not findings.heard else Phrase("it speaks, and no kind understands it")
        return [f"{findings.url}  {words.in_language(language)}  {readable(findings.heard)}".rstrip()]
    several = "" if len(findings.fitting) == 1 else "  " + Phrase("several kinds fit: choose").in_language(language)
    return [f"{findings.url}  {_words(one)}{several}" for one in findings.fitting]


def _words(one: Recognised) -> str:
    line = one.line.words if one.line is not None else "–"
    return f"{one.key:<16}{line:<12}{one.serial_number or one.model or '–'}"
