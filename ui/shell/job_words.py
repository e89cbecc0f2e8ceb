"""Jobs and call topics as people say them; records keep the codes."""

from __future__ import annotations

from app.base.phrases import Phrase
from app.core.job_words import JOBS

TOPICS = {
    "material": Phrase("Material is missing"),
    "quality": Phrase("Quality question"),
    "maintenance": Phrase("Machine trouble"),
    "safety": Phrase("Somebody is in danger"),
    "sign_in": Phrase("Five wrong passwords, the station is closed to somebody"),
    "break_glass": Phrase("The account for emergencies was opened"),
}


def job_words(job: str) -> Phrase | str:
    """A job in words; a code nobody gave words to is shown as it is."""
    return JOBS.get(job, job)


def caller_words(station: str | None) -> Phrase | str:
    """Where a call comes from."""
    return station or Phrase("Somebody past the stations")


def jobs_words(jobs: frozenset[str]) -> Phrase | str:
    """The first of somebody's jobs, in the order of the list above: what stands beside the name."""
    return next((words for job, words in JOBS.items() if job in jobs), "")
