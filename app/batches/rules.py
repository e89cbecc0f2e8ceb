"""Why a master record or a batch does not go on."""

from __future__ import annotations

from app.base.errors import RuleViolation
from app.core.refusals import Refused


class MasterNotWhole(Refused):
    code, sqlstate = "MBR-02", "LS070"
    text = "Not stored: step {step} of the master record cannot be carried out as it is written."
    next_step = "Check its item, unit, plan and figures against the plant's; then import the file again."


class OtherContent(Refused):
    code, sqlstate = "MBR-03", "LS071"
    text = "Not stored: this content belongs to another kind of document."
    next_step = "Import it as what it is."


class ProductUnknown(RuleViolation):
    code = "MBR-04"
    text = "Not stored: nobody registered the item {item}."
    next_step = "Ask the planner to register it, or mend the code in the file."
