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


class ProtocolIsAnothers(Refused):
    code, sqlstate = "OPR-01", "LS160"
    text = "Not stored: the text does not begin with key and revision of {document}, revision {revision}."
    next_step = "Write key and revision of this document into the first two lines."


class ProtocolNotEffective(Refused):
    code, sqlstate = "OPR-02", "LS161"
    text = "Value not taken: this station reads the device by {protocol}, revision {revision}, which is not in effect any more."
    next_step = "Close the window and open it again: it then reads by the revision that is in effect."


class KeyOfOtherSite(RuleViolation):
    code = "OPR-03"
    text = "Not stored: {key} belongs to another site."
    next_step = "Give the protocol a key that no other site uses."


class RevisionWanted(RuleViolation):
    code = "OPR-04"
    text = "Not stored: the next revision of {key} is {wanted}, the text says {written}."
    next_step = "Write revision = {wanted} into the second line."
