-- Which tables the trail follows, and how their rows may change. Not followed, each with its reason (tests/core names the same list):
-- audit_*, command, login_record, station_ticket: the trail itself and what it refers to; person_secret: digests of secrets stay out of it;
-- attachment_chunk: the attachment row carries the hash; draft: working memory, no record.
DO $trail$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['site', 'scope', 'station', 'task', 'setting', 'document', 'item', 'supplier', 'location', 'asset', 'inspection_plan', 'characteristic',
      'purchase_order', 'order_line', 'label', 'person', 'lot', 'inspection', 'deviation'] LOOP
    CALL lineside.keep_trail(t, 'free');
  END LOOP;
  FOREACH t IN ARRAY ARRAY['sign_in_failure', 'signature', 'attachment', 'approval', 'calibration', 'ledger', 'receipt', 'receipt_undo', 'container', 'weighing', 'measurement'] LOOP
    CALL lineside.keep_trail(t, 'never');
  END LOOP;
  FOREACH t IN ARRAY ARRAY['audit_log', 'attachment_chunk', 'signature_rule', 'disposition_rule'] LOOP
    CALL lineside.stand_for_good(t);
  END LOOP;
END
$trail$;
