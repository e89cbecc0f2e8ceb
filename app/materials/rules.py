"""Why a lot does not move."""

from app.core.refusals import Refused


class LotHasOpenDeviation(Refused):
    code, sqlstate = "LOT-01", "LS033"
    text = "Not released: lot {lot} has an open deviation."
    next_step = "Have the deviation decided and signed, then release."


class LotNotInspected(Refused):
    code, sqlstate = "LOT-02", "LS034"
    text = "Not released: lot {lot} has no inspection that allows it."
    next_step = "Complete the inspection; a value outside its limits needs a decided deviation."


class DecisionBroken(Refused):
    code, sqlstate = "LOT-03", "LS035"
    text = "Not released: a deviation of lot {lot} is not what was signed."
    next_step = "Open the lot's history: it names the signature. Call Quality and the administrator."


class LotExpired(Refused):
    code, sqlstate = "RCV-10", "LS041"
    text = "Not received: it expires on {expires_on}, too soon for this item."
    next_step = "Put the pack on the red shelf and call Quality."
