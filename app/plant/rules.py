"""What can be wrong with a gauge; the database holds the same rules at every reading."""

from app.base.errors import RuleViolation
from app.core.refusals import Refused


class GaugeOverdue(Refused):
    code, sqlstate = "GAU-01", "LS050"
    text = "Reading not taken: gauge {gauge} was due for calibration on {due}."
    next_step = "Take another gauge from the list, or call Metrology."


class GaugeOfOtherKind(Refused):
    code, sqlstate = "GAU-02", "LS053"
    text = "Reading not taken: {gauge} is not the kind of gauge this characteristic needs."
    next_step = "Take the gauge that is named beside the characteristic."


class OtherUnit(Refused):
    code, sqlstate = "GAU-03", "LS051"
    text = "Reading not taken: the instrument reads in {read}, the limits are in {wanted}."
    next_step = "Switch the instrument to {wanted} and read again."


class UnknownAsset(RuleViolation):
    code = "GAU-04"
    text = "Not taken: nobody registered the device {asset}."
    next_step = "Ask Engineering to register it, or take a registered one."
