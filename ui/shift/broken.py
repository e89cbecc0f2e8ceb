"""When everything is done and checked: one byte of a signed lot is flipped behind every trigger, and the list of lots says it in red."""

from __future__ import annotations

from app.demo.people import SECRET
from ui.shift.course import Shift, Step
from ui.shift.hand import Hand

_FLIP = """DO $flip$
DECLARE
  one record;
BEGIN
  CREATE TEMPORARY TABLE stood ON COMMIT DROP AS SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid = 'lineside.receipt'::regclass
    AND NOT tgisinternal;
  ALTER TABLE lineside.receipt DISABLE TRIGGER USER;
  UPDATE lineside.receipt SET raw = set_byte(raw, 0, get_byte(raw, 0) # 1) WHERE id = (SELECT r.id FROM lineside.receipt r
    JOIN lineside.lot l ON l.id = r.lot WHERE l.status = 'released' ORDER BY r.received_at LIMIT 1);
  FOR one IN SELECT * FROM stood LOOP
    EXECUTE format('ALTER TABLE lineside.receipt %s TRIGGER %I', CASE one.tgenabled WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE' END,
      one.tgname);
  END LOOP;
END
$flip$"""
"""As its owner can: afterwards each trigger stands as it stood, so that nothing but the byte is different."""


def _signature_no_longer_matches(shift: Shift, hand: Hand) -> None:
    shift.elsewhere(lambda: shift.stage.tamper(_FLIP))
    hand.devices_live()
    shift.stage.line.lab_scanner.scan("]C0BDG:T-0240")
    hand.sign_in("wang.haiyan", SECRET)
    hand.tap("Trace")
    hand.reads("no longer as signed")
    hand.picture("lots-signature-broken")


STEPS: list[Step] = [("a signed lot of which one byte was flipped", _signature_no_longer_matches)]
