"""The program's log: one JSON object a line, in files that roll over, never with a secret or a masked field in them.

A log is read by whoever looks after the computer, whatever their job: it holds no field of a masked class at all.
Every line, also one of a library, passes `without_secrets` last, after exceptions became text.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from logging.handlers import RotatingFileHandler
from pathlib import Path

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

FILE = "lineside.jsonl"
BYTES_EACH = 5_000_000
FILES_KEPT = 10
HIDDEN = "***"

_SECRET_NAME = re.compile(
    r"password|passwd|passphrase|secret|token|verifier|credential|authori[sz]ation|api_?key|^pin$|^pwd$", re.IGNORECASE
)
_MASKED_NAME = re.compile(
    r"supplier|badge|enabled_check|identity_check|certificate|price|currency|formula|^(raw|spec|frozen)$", re.IGNORECASE
)
"""Facts that carry a masked field, by the name they have in the database or in an order."""
_SECRET_IN_TEXT = (
    (re.compile(r"(://[^:/?#\s@]*:)[^@\s]*@"), rf"\1{HIDDEN}@"),  # a URL with a login
    (
        re.compile(r"(\b(?:password|passwd|secret|pwd|token)\b[\"']?\s*[=:]\s*)('[^']*'|\"[^\"]*\"|[^\s,;)}&]+)", re.IGNORECASE),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"(\bPASSWORD\s+)'(?:[^']|'')*'", re.IGNORECASE), rf"\1'{HIDDEN}'"),  # CREATE ROLE … PASSWORD '…'
    (re.compile(r"SCRAM-SHA-256\$\S+"), f"SCRAM-SHA-256${HIDDEN}"),
    # what the server says of a refused row: "Key (badge)=(…) already exists", "Failing row contains (…)", and the facts of our own refusals
    (
        re.compile(
            r"(\bDETAIL:\s*)(?:(?!\n\s*(?:HINT|CONTEXT|QUERY|WHERE|LOCATION|\[SQL|The above|During handling|Traceback)\b).)*", re.DOTALL
        ),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"(\[parameters: ).*?\](?=\s*(?:\(Background|$))", re.DOTALL), rf"\1{HIDDEN}]"),
    (re.compile(r"(\binvalid input (?:syntax|value) for [^:\n]*: )\"[^\n]*\""), rf"\1{HIDDEN}"),
    (re.compile(r"(BDG:)\S+"), rf"\1{HIDDEN}"),  # a badge as it was scanned
)


def without_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Hide every value whose name says it is a secret or a masked field, and what of these stands inside a text, however deep."""
    return {name: _hide(name, value) for name, value in event.items()}


def _hide(name: str, value: object) -> object:
    if (_SECRET_NAME.search(name) or _MASKED_NAME.search(name)) and value is not None and not isinstance(value, bool):
        return HIDDEN
    match value:
        case bool() | int() | float() | None:
            return value
        case Mapping():
            return {str(key): _hide(str(key), inner) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_hide("", inner) for inner in value]
        case _:
            return hide_in_text(str(value))


def hide_in_text(text: str) -> str:
    """Hide log-ins in URLs, ``password=…``, ``PASSWORD '…'``, SCRAM verifiers; values of rows in errors of the database; badges."""
    for pattern, instead in _SECRET_IN_TEXT:
        text = pattern.sub(instead, text)
    return text


_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
]


def start_logging(folder: Path, *, level: int = logging.INFO) -> None:
    """Send this program's log, and warnings of libraries, to ``lineside.jsonl`` in `folder`. Calling it again moves the log there."""
    folder.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(folder / FILE, maxBytes=BYTES_EACH, backupCount=FILES_KEPT, encoding="utf-8", delay=True)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.StackInfoRenderer(),
                structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
                without_secrets,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    stop_logging()
    root.addHandler(handler)
    root.setLevel(level)
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def stop_logging() -> None:
    """Close our log file; other handlers stay."""
    root = logging.getLogger()
    for handler in [
        handler for handler in root.handlers if isinstance(handler, RotatingFileHandler) and Path(handler.baseFilename).name == FILE
    ]:
        root.removeHandler(handler)
        handler.close()


def log(name: str) -> structlog.stdlib.BoundLogger:
    """The log of one room: ``log("receiving").info("receipt posted", lot="…")``."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger
