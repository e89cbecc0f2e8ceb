-- What every slice stands on: places, people, stations, logins, commands, the trail, signatures, documents, tasks, files.
-- Columns that only the database fills (who, when, chain, status …) have defaults and no INSERT grant.

CREATE TABLE site (
  id uuid PRIMARY KEY,
  code text NOT NULL UNIQUE CHECK (code ~ '^[A-Z0-9-]{1,12}$'),
  name_en text NOT NULL, name_zh text NOT NULL,
  zone text NOT NULL                                   -- IANA name, e.g. Asia/Shanghai
);

CREATE TABLE person (
  id uuid PRIMARY KEY,
  login text NOT NULL UNIQUE CHECK (login ~ '^[a-z][a-z0-9]*([._-][a-z0-9]+)*$' AND length(login) <= 40 AND login NOT LIKE 'lineside%'),
  name_en text NOT NULL CHECK (name_en <> ''), name_zh text NOT NULL,
  badge text UNIQUE CHECK (badge ~ '^[A-Z0-9-]{3,32}$'),
  phone text NOT NULL DEFAULT '',
  enabled boolean NOT NULL DEFAULT true,
  enabled_check text NOT NULL CHECK (enabled_check <> ''),       -- who checked the identity, how (21 CFR 11.100(b))
  secret_set_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE person_secret (                            -- read by the login trigger alone
  id uuid PRIMARY KEY REFERENCES person,
  digest bytea NOT NULL                                 -- SHA-256 of the stored SCRAM verifier that the person set through the product
);

CREATE TABLE scope (
  id uuid PRIMARY KEY,
  person uuid NOT NULL REFERENCES person,
  job text NOT NULL,
  site uuid NOT NULL REFERENCES site,
  line text,                                            -- NULL: every line of the site
  UNIQUE NULLS NOT DISTINCT (person, job, site, line)
);

CREATE TABLE station (
  id uuid PRIMARY KEY,
  code text NOT NULL UNIQUE CHECK (code ~ '^[A-Z0-9]{2,6}-[0-9]{2,3}$'),
  name_en text NOT NULL, name_zh text NOT NULL,
  site uuid NOT NULL REFERENCES site,
  line text,
  role_name text NOT NULL UNIQUE,
  workbench text NOT NULL,
  enabled boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE station_ticket (                           -- proves once, to a person's new connection, at which station it is opened
  digest bytea PRIMARY KEY,
  station uuid NOT NULL REFERENCES station,
  made_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE login_record (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  who text NOT NULL,
  pid integer NOT NULL,
  backend_start timestamptz NOT NULL,
  purpose text NOT NULL CHECK (purpose IN ('work', 'sign', 'station', 'shell')),
  station text,                                         -- code, when a ticket or the station's own role proved it
  own_secret boolean NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  used_at timestamptz                                   -- when the one signing act of a sign login was done
);
CREATE INDEX login_record_process ON login_record (pid, id);

CREATE TABLE sign_in_failure (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  login text NOT NULL CHECK (length(login) <= 64),
  station text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE command (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  who text NOT NULL,
  station text,
  chain text NOT NULL,
  tx xid8 NOT NULL UNIQUE DEFAULT pg_current_xact_id(),
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  digest bytea NOT NULL,                                -- SHA-256 of name and content, so that the same id with other content is refused
  reason text,
  result jsonb
);

CREATE TABLE audit_chain (
  chain text PRIMARY KEY,
  seq bigint NOT NULL DEFAULT 0,
  hash bytea NOT NULL DEFAULT '\x',
  at timestamptz NOT NULL DEFAULT '-infinity'
) WITH (fillfactor = 20);

CREATE TABLE audit_log (
  chain text NOT NULL,
  seq bigint NOT NULL,
  at timestamptz NOT NULL,
  payload text NOT NULL,                                -- the exact bytes that were hashed
  prev bytea NOT NULL,
  hash bytea NOT NULL,
  tab text NOT NULL,
  row_id uuid NOT NULL,
  tx xid8 NOT NULL DEFAULT pg_current_xact_id(),        -- commit-ordered feed: see feed_after()
  PRIMARY KEY (chain, seq)
);
CREATE INDEX audit_log_row ON audit_log (row_id);
CREATE INDEX audit_log_tx ON audit_log (tx);

CREATE TABLE signature_rule (                           -- which right a meaning demands on which kind of record
  kind text NOT NULL,
  meaning text NOT NULL,
  act text NOT NULL,                                    -- acts that need several people: each signs once per act and version
  right_name text NOT NULL,
  PRIMARY KEY (kind, meaning)
);

CREATE TABLE signature (
  id uuid PRIMARY KEY,
  subject_kind text NOT NULL,
  subject_id uuid NOT NULL,
  subject_version integer NOT NULL,
  meaning text NOT NULL,
  act text NOT NULL,
  signer text NOT NULL DEFAULT session_user,
  signer_name_en text NOT NULL, signer_name_zh text NOT NULL,       -- as printed at that time
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  zone text NOT NULL,
  station text NOT NULL,
  digest bytea NOT NULL,
  content text NOT NULL,                                -- the canonical text that was signed
  reason text,
  login bigint NOT NULL UNIQUE REFERENCES login_record,
  tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
  CONSTRAINT signature_once_per_person UNIQUE (subject_kind, subject_id, subject_version, act, signer),      -- second wall of four eyes
  CONSTRAINT signature_once_per_meaning UNIQUE (subject_kind, subject_id, subject_version, meaning),
  FOREIGN KEY (subject_kind, meaning) REFERENCES signature_rule
);
CREATE INDEX signature_tx ON signature (tx);

CREATE TABLE document (                                 -- what draft → review → signed → effective → obsolete is kept for, once
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('inspection_plan')),
  code text NOT NULL CHECK (code ~ '^[A-Z0-9-]{2,24}$'),
  revision integer NOT NULL CHECK (revision > 0),
  site uuid NOT NULL REFERENCES site,
  status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'review', 'signed', 'obsolete')),
  effective_from date NOT NULL,                         -- signed and reached = effective: a condition at use, never a nightly flip
  version integer NOT NULL DEFAULT 1,
  prepared_by text NOT NULL DEFAULT session_user,
  prepared_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (kind, code, revision)
);

CREATE TABLE task (
  id uuid PRIMARY KEY,
  kind text NOT NULL,
  subject_kind text NOT NULL,
  subject_id uuid NOT NULL,
  site uuid NOT NULL REFERENCES site,
  station text,
  for_job text NOT NULL,
  facts jsonb NOT NULL DEFAULT '{}',
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'taken', 'done')),
  opened_by text NOT NULL DEFAULT session_user,
  opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  taken_by text, taken_at timestamptz,
  done_by text, done_at timestamptz
);
CREATE INDEX task_open ON task (site, for_job) WHERE status <> 'done';

CREATE TABLE draft (                                    -- what somebody began and has not finished; working memory, no record
  id uuid PRIMARY KEY,
  person text NOT NULL DEFAULT session_user,
  station text NOT NULL,
  screen text NOT NULL,
  content jsonb NOT NULL,
  saved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (person, station, screen)
);

CREATE TABLE attachment (
  id uuid PRIMARY KEY,
  sha256 bytea NOT NULL UNIQUE,
  mime text NOT NULL,
  file_name text NOT NULL,
  size_bytes bigint NOT NULL CHECK (size_bytes BETWEEN 1 AND 20 * 1024 * 1024),
  added_by text NOT NULL DEFAULT session_user,
  added_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE attachment_chunk (                         -- the bytes; not in the trail, whose attachment row carries the hash
  attachment uuid NOT NULL REFERENCES attachment,
  no integer NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (attachment, no)
);

CREATE TABLE setting (
  id uuid PRIMARY KEY,
  key text NOT NULL UNIQUE,
  value jsonb NOT NULL
);
