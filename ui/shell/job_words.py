"""Jobs and call topics as people say them; records keep the codes."""

from __future__ import annotations

from app.base.phrases import Phrase
from app.core.job_words import JOBS
from app.core.tasks import TaskRow

TOPICS = {
    "material": Phrase("Material is missing"),
    "quality": Phrase("Quality question"),
    "maintenance": Phrase("Machine trouble"),
    "safety": Phrase("Somebody is in danger"),
    "sign_in": Phrase("Five wrong passwords, the station is closed to somebody"),
    "break_glass": Phrase("The account for emergencies was opened"),
    "log_in": Phrase("Somebody tries passwords past the stations"),
    "record": Phrase("The record is not what the trail says"),
    "backup": Phrase("The backup failed, or cannot be restored"),
}


def call_words(task: TaskRow) -> Phrase:
    """Who calls for what: a station, the keeper, which stands nowhere, or somebody who came past both."""
    topic = TOPICS[task.facts["topic"]]
    if "facts" in task.facts:
        return Phrase("The keeper calls: {topic}", topic=topic)
    return Phrase("{station} calls: {topic}", station=task.station or Phrase("Somebody past the stations"), topic=topic)


def job_words(job: str) -> Phrase | str:
    """A job in words; a code nobody gave words to is shown as it is."""
    return JOBS.get(job, job)


def jobs_words(jobs: frozenset[str]) -> Phrase | str:
    """The first of somebody's jobs, in the order of the list above: what stands beside the name."""
    return next((words for job, words in JOBS.items() if job in jobs), "")
