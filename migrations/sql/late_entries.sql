-- What a person at a station entered while the database was away, brought by the station's own role. It is a draft: no measurement and no entry, no gate counts it.
-- Its author is claimed by the station and proven by nobody; it becomes a record when that person, or a second one with a signature, confirms it.

CREATE TABLE late_entry (
  id uuid PRIMARY KEY,                                  -- the identity of the order: given online with only its answer lost, it is known by it
  station text NOT NULL CHECK (length(station) <= 20),
  kind text NOT NULL CHECK (length(kind) <= 40),        -- of order
  author text NOT NULL CHECK (length(author) <= 40),    -- login, as the station says
  content text NOT NULL CHECK (length(content) <= 20000),                      -- name and order: the very text whose digest the command has
  digest bytea NOT NULL CHECK (length(digest) = 32 AND digest = sha256(convert_to(content, 'UTF8'))),
  site uuid NOT NULL REFERENCES site,
  subject_kind text NOT NULL CHECK (length(subject_kind) <= 20 AND subject_kind IN ('lot', 'batch')),
  subject_id uuid NOT NULL,                             -- what is not released while this waits
  record uuid NOT NULL,                                 -- the measurement or entry it will be
  made_at timestamptz NOT NULL CHECK (isfinite(made_at)),                      -- the station's clock
  boot_id text NOT NULL CHECK (length(boot_id) <= 80),  -- the run of the station's system: its monotonic times compare only within one
  mono_ns bigint NOT NULL,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp()                   -- the official clock
);
CREATE INDEX late_entry_author ON late_entry (author);
CREATE INDEX late_entry_subject ON late_entry (subject_id);
CALL keep_plain('late_entry');
CALL keep_trail('late_entry', 'never');

CREATE TABLE late_settlement (                          -- how a draft came to its end; none: it waits, or the order itself was on record already
  id uuid PRIMARY KEY REFERENCES late_entry,
  how text NOT NULL CHECK (length(how) <= 20 AND how IN ('confirmed', 'signed', 'dropped')),      -- by its author, by a second person's signature, by either with a reason
  record uuid UNIQUE,                                   -- what it became
  reason text CHECK (length(reason) <= 500),
  settled_by text NOT NULL DEFAULT session_user CHECK (length(settled_by) <= 40),
  settled_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK ((how = 'dropped') = (record IS NULL)),
  CHECK ((how = 'dropped') = (reason IS NOT NULL AND btrim(reason) <> ''))
);
CALL keep_plain('late_settlement');
CALL keep_trail('late_settlement', 'never');

CREATE INDEX login_record_station ON login_record (station, who) WHERE purpose = 'work';          -- store_late_entry: has this person ever worked here?

REVOKE ALL ON late_entry, late_settlement FROM PUBLIC;
GRANT SELECT ON late_entry, late_settlement TO lineside_person;
