"""The tables of the spool's file. What must never happen to an entry is refused here, whoever writes."""

FORMAT = 1
"""``user_version`` of the file; a program that finds a higher one leaves it alone."""
OURS = 0x4C535350
"""``application_id`` of the file: LSSP."""

STATEMENTS = (
    # One row: which chain this is, and of which file it goes on.
    """CREATE TABLE chain (
      id BLOB PRIMARY KEY CHECK (length(id) = 16),
      opened TEXT NOT NULL,
      former TEXT NOT NULL,            -- name of the damaged file; '' in a station's first one
      former_digest BLOB NOT NULL,     -- SHA-256 of that file as it was left
      reason TEXT NOT NULL,
      salvaged INTEGER NOT NULL,
      left_behind INTEGER              -- NULL: nobody knows
    ) STRICT""",
    """CREATE TABLE outbox (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
      kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 100),
      payload BLOB NOT NULL,
      wall TEXT NOT NULL,
      mono_ns INTEGER NOT NULL,
      boot_id TEXT NOT NULL,
      prev BLOB NOT NULL CHECK (length(prev) = 32),
      hash BLOB NOT NULL CHECK (length(hash) = 32),
      state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'quarantined')),
      error TEXT NOT NULL,
      settled TEXT NOT NULL            -- since when it is done or quarantined, workstation time
    ) STRICT""",
    "CREATE INDEX outbox_waiting ON outbox (seq) WHERE state = 'waiting'",
    "CREATE INDEX outbox_quarantined ON outbox (seq) WHERE state = 'quarantined'",
    # Entries that were forwarded and purged, as stretches that the chain leaps over.
    """CREATE TABLE gone (
      first INTEGER PRIMARY KEY,
      last INTEGER NOT NULL UNIQUE CHECK (last >= first),
      prev BLOB NOT NULL,
      hash BLOB NOT NULL
    ) STRICT""",
    """CREATE TRIGGER outbox_content_stands
      BEFORE UPDATE OF seq, id, kind, payload, wall, mono_ns, boot_id, prev, hash ON outbox
      BEGIN SELECT RAISE(ABORT, 'the content of an entry stands'); END""",
    """CREATE TRIGGER outbox_done_stands BEFORE UPDATE OF state ON outbox WHEN OLD.state = 'done'
      BEGIN SELECT RAISE(ABORT, 'a forwarded entry stays forwarded'); END""",
    """CREATE TRIGGER outbox_never_drops BEFORE DELETE ON outbox WHEN OLD.state <> 'done'
      BEGIN SELECT RAISE(ABORT, 'an entry leaves only after it was forwarded'); END""",
)
