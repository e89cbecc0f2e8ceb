-- Which tables the trail follows, and how their rows may change. Not followed, each with its reason (tests/core names the same list):
-- audit_*, command, login_record, station_ticket: the trail itself and what it refers to; person_secret: digests of secrets stay out of it;
-- attachment_chunk: the attachment row carries the hash; draft: working memory, no record.
DO $trail$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['scope', 'station', 'task', 'document', 'inspection_plan', 'characteristic', 'label', 'person', 'lot', 'inspection', 'deviation'] LOOP
    CALL lineside.keep_trail(t, 'free');          -- why it changes is said by the act itself, or by the record's own columns
  END LOOP;
  FOREACH t IN ARRAY ARRAY['site', 'setting', 'item', 'supplier', 'location', 'asset', 'purchase_order', 'order_line'] LOOP
    CALL lineside.keep_trail(t, 'reason');        -- master data: a change needs a line why
  END LOOP;
  FOREACH t IN ARRAY ARRAY['sign_in_failure', 'signature', 'attachment', 'approval', 'calibration', 'ledger', 'receipt', 'receipt_undo', 'container', 'weighing', 'measurement'] LOOP
    CALL lineside.keep_trail(t, 'never');
  END LOOP;
  FOREACH t IN ARRAY ARRAY['audit_log', 'attachment_chunk', 'signature_rule', 'disposition_rule'] LOOP
    CALL lineside.stand_for_good(t);
  END LOOP;
END
$trail$;
