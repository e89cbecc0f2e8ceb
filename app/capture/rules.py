"""Why samples are not stored; the database holds the same rules."""

from app.core.refusals import Refused


class UnknownChannel(Refused):
    code, sqlstate = "CAP-01", "LS066"
    text = "Not stored: machine {machine} or one of its channels is not registered at this station's site."
    next_step = "Let an engineer register the machine and every channel of its register map; what was read waits on this station."


class NoBatch(Refused):
    code, sqlstate = "CAP-02", "LS067"
    text = "Not stored: a batch of machine {machine} is empty, too large, or of another time."
    next_step = "Check this station's clock and call Engineering; the batch is kept on this station."


class OtherSamples(Refused):
    code, sqlstate = "CAP-03", "LS068"
    text = "Not stored: this batch was stored before with other content."
    next_step = "Call Engineering: the spool of this station was changed or copied. The batch is kept on this station."


class NoMachine(Refused):
    code, sqlstate = "CAP-04", "LS069"
    text = "Not entered: {asset} is no machine."
    next_step = "Choose a machine, or register one."
