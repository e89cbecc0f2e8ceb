-- Default deny. Persons read records; rights write columns; columns that name who, when, verdict or state are the database's own.
REVOKE ALL ON ALL TABLES IN SCHEMA lineside FROM PUBLIC;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA lineside FROM PUBLIC;
REVOKE ALL ON ALL ROUTINES IN SCHEMA lineside FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE lineside_owner REVOKE EXECUTE ON ROUTINES FROM PUBLIC;
GRANT USAGE ON SCHEMA lineside TO lineside_person, lineside_station, lineside_people;

GRANT SELECT ON site, person, scope, station, signature, signature_rule, document, task, draft, attachment, attachment_chunk, setting, asset, calibration, item, supplier, approval,
  location, lot, ledger, purchase_order, order_line, receipt, receipt_undo, container, weighing, inspection_plan, characteristic, inspection, measurement, disposition_rule, deviation, label
  TO lineside_person;
GRANT SELECT ON audit_log, audit_chain, login_record, command, sign_in_failure TO lineside_may_read_trail;
GRANT SELECT ON site TO lineside_station;

-- every person
GRANT INSERT (id, kind, subject_kind, subject_id, site, station, for_job, facts), UPDATE (status) ON task TO lineside_person;
GRANT INSERT (id, station, screen, content), UPDATE (content), DELETE ON draft TO lineside_person;
GRANT INSERT (id, sha256, mime, file_name, size_bytes) ON attachment TO lineside_person;
GRANT INSERT (attachment, no, bytes) ON attachment_chunk TO lineside_person;

-- rights
GRANT INSERT (id, code, item, supplier, supplier_lot, site, made_on, expires_on) ON lot TO lineside_may_receive_material;
GRANT INSERT (id, order_line, lot, quantity, location, origin, raw, scanner) ON receipt TO lineside_may_receive_material;
GRANT INSERT (id, receipt, reason) ON receipt_undo TO lineside_may_receive_material;
GRANT INSERT (id, code, receipt, lot, quantity) ON container TO lineside_may_receive_material;
GRANT INSERT (id, container, kind, value, unit, scale, raw, read_at) ON weighing TO lineside_may_receive_material;
GRANT INSERT (id, kind, subject_kind, subject_id, copy_no, printer, station, content, reason) ON label TO lineside_may_receive_material;
GRANT INSERT (id, code, lot), UPDATE (status) ON inspection TO lineside_may_inspect_lot;
GRANT INSERT (id, inspection, characteristic, sample_no, value, unit, origin, gauge, raw, read_at) ON measurement TO lineside_may_inspect_lot;
GRANT INSERT (id, code, subject_kind, subject_id, cause_kind, cause_id, kind, facts, class, what_happened, disposition),
  UPDATE (what_happened, class, disposition) ON deviation TO lineside_may_raise_deviation;
GRANT UPDATE (status) ON deviation TO lineside_may_approve_deviation, lineside_may_approve_deviation_quality;
GRANT UPDATE (status) ON lot TO lineside_may_hold_lot, lineside_may_release_lot;
GRANT INSERT (id, code, gtin, name_en, name_zh, unit, min_days_left), UPDATE (gtin, name_en, name_zh, min_days_left) ON item TO lineside_may_keep_materials;
GRANT INSERT (id, code, name_en, name_zh), UPDATE (name_en, name_zh) ON supplier TO lineside_may_keep_materials;
GRANT INSERT (id, code, site, kind) ON location TO lineside_may_keep_materials;
GRANT INSERT (id, code, supplier, site) ON purchase_order TO lineside_may_keep_materials;
GRANT INSERT (id, purchase_order, no, item, quantity, due_on) ON order_line TO lineside_may_keep_materials;
GRANT INSERT (id, supplier, item, site, valid_from, valid_to, certificate, certificate_valid_to) ON approval TO lineside_may_approve_supplier;
GRANT INSERT (id, code, kind, name_en, name_zh, serial_no, site, unit, resolution, needs_calibration), UPDATE (active) ON asset TO lineside_may_keep_assets;
GRANT INSERT (id, asset, done_on, due_on, certificate, passed) ON calibration TO lineside_may_calibrate;
GRANT INSERT (id, kind, code, revision, site, effective_from), UPDATE (status, effective_from) ON document TO lineside_may_prepare_document;
GRANT INSERT (id, item, stage, sample_size, accept_no) ON inspection_plan TO lineside_may_prepare_document;
GRANT INSERT (id, code, name_en, name_zh, zone) ON site TO lineside_may_manage_stations;
GRANT INSERT (id, plan, no, kind, name_en, name_zh, unit, decimals, lower, nominal, upper, gauge_kind), DELETE ON characteristic TO lineside_may_prepare_document;
GRANT UPDATE (status) ON document TO lineside_may_approve_document;

-- what persons and stations may call
GRANT EXECUTE ON FUNCTION may, begin_command, finish_command, outcome, this_station, sign_record, what_is_signed, standing_meanings, feed_after, feed_mark, stations_of, create_person, give_job, take_job,
  disable_person, set_own_secret, enrol_station, next_code, effective_plan, effective_document, received_of, supplier_is_approved, calibration_at, gauge_is_fit, today_at, defective_samples,
  open_deviations, inspection_allows_release, performers, subject_version, signed_in_this_transaction, settle_label TO lineside_person;
GRANT EXECUTE ON FUNCTION begin_command, finish_command, outcome, this_station, people_here, person_of_badge, take_ticket, report_failed_sign_in, move_label, label_queue, feed_after, feed_mark
  TO lineside_station;

-- lineside_people makes logins; nothing else.
GRANT SELECT, INSERT, UPDATE ON person, person_secret, station TO lineside_people;
GRANT SELECT, INSERT, DELETE ON scope TO lineside_people;
GRANT SELECT ON site TO lineside_people;
GRANT EXECUTE ON FUNCTION demand_or_installer, check_verifier, end_sessions, take_job TO lineside_people;
