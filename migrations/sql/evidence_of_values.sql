-- What stands beside a value that a device sent: the serial number and firmware it said of itself on that connection, and how far the database's clock was ahead
-- of the workstation's when it arrived. Empty: the device does not say it, or the clocks were not compared yet; never an invented one.

DO $columns$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['measurement', 'step_entry', 'consumption', 'weighing'] LOOP
    EXECUTE format('ALTER TABLE lineside.%I ADD COLUMN device_serial_no text, ADD COLUMN device_firmware text, ADD COLUMN clock_ahead_ms integer', t);
    CALL lineside.keep_plain(t);
  END LOOP;
END
$columns$;
GRANT INSERT (device_serial_no, device_firmware, clock_ahead_ms) ON measurement TO lineside_may_inspect_lot;
GRANT INSERT (device_serial_no, device_firmware, clock_ahead_ms) ON step_entry, consumption TO lineside_may_run_batch;
GRANT INSERT (device_serial_no, device_firmware, clock_ahead_ms) ON weighing TO lineside_may_receive_material;

-- When what was consumed by weight was read, by the workstation's clock; of a scan nothing is read.
ALTER TABLE consumption ADD COLUMN read_at timestamptz;
GRANT INSERT (read_at) ON consumption TO lineside_may_run_batch;

ALTER TABLE measurement ALTER COLUMN raw DROP NOT NULL;
ALTER TABLE measurement DROP CONSTRAINT measurement_origin_check;
ALTER TABLE measurement ADD CONSTRAINT measurement_origin_check CHECK (origin IN ('device', 'typed') AND (origin = 'device') = (raw IS NOT NULL));
