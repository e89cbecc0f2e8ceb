"""Jobs as people say them; records keep the codes."""

from __future__ import annotations

from app.base.phrases import Phrase

JOBS = {
    "operator": Phrase("operator"),
    "receiver": Phrase("receiver"),
    "inspector": Phrase("inspector"),
    "supervisor": Phrase("line supervisor"),
    "quality": Phrase("quality engineer"),
    "regulatory": Phrase("regulatory affairs"),
    "engineer": Phrase("process engineer"),
    "planner": Phrase("planner"),
    "administrator": Phrase("administrator"),
    "auditor": Phrase("auditor"),
}
