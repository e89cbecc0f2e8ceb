"""How a command-line tool speaks: sentences in the station's language, refusals on the error stream with exit code 2."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import psycopg

from app.base.errors import AppError
from app.base.phrases import Language, Phrase
from app.core import settings as workstation
from app.core.refusals import explain
from app.core.settings import SettingsUnreadable

NOBODY_READS = 1
REFUSED = 2
INTERRUPTED = 130


def language_here() -> Language:
    """The station's language; English while its settings cannot be read."""
    try:
        return workstation.load(workstation.settings_file(), os.environ).language
    except SettingsUnreadable:
        return Language.EN


def say(sentence: Phrase) -> None:
    """One sentence for the person at the terminal; it goes to the error stream, so that the output holds only what was asked for."""
    print(sentence.in_language(language_here()), file=sys.stderr, flush=True)


def _refused(trouble: AppError) -> int:
    say(trouble.what)
    say(trouble.next)
    return REFUSED


def told(act: Callable[[], int]) -> int:
    """Run a tool; a foreseen trouble becomes two sentences and exit code 2, a reader who left 1, an interruption 130."""
    try:
        return act()
    except AppError as trouble:
        return _refused(trouble)
    except psycopg.Error as trouble:
        refusal = explain(trouble)
        if refusal is None:
            raise
        return _refused(refusal)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads any more: nothing is left to complain about at exit
        return NOBODY_READS
    except KeyboardInterrupt:
        return INTERRUPTED
