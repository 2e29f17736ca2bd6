"""The tables of the state database, and how one of another version is treated."""

from __future__ import annotations

VERSION = 2

# STRICT tables refuse values of a wrong type: a damaged database shows early. ``seal`` is a
# checksum of the value beside it.
TABLES = """
CREATE TABLE meta (
  name TEXT PRIMARY KEY, value BLOB NOT NULL, seal INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What was taken: it is not offered again.
CREATE TABLE taken (
  source TEXT NOT NULL, key TEXT NOT NULL, version TEXT NOT NULL, at REAL NOT NULL,
  PRIMARY KEY (source, key, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE cursors (source TEXT PRIMARY KEY, cursor TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- Digests that alarms look back at, or whose keys still tell duplicates, in the order taken.
CREATE TABLE digests (
  number INTEGER PRIMARY KEY, newest INTEGER NOT NULL, digest BLOB NOT NULL,
  duplicates BLOB NOT NULL, seal INTEGER NOT NULL
) STRICT;
CREATE INDEX digests_by_age ON digests (newest);

-- Parts of digests whose time has not come by this machine's clock: the first minute, and whose.
CREATE TABLE ahead (
  number INTEGER PRIMARY KEY, due INTEGER NOT NULL, portion TEXT NOT NULL, digest BLOB NOT NULL,
  seal INTEGER NOT NULL
) STRICT;

-- How often a principal matched a filter, ever.
CREATE TABLE principals (
  filter TEXT NOT NULL, principal TEXT NOT NULL, matches INTEGER NOT NULL,
  PRIMARY KEY (filter, principal)
) STRICT, WITHOUT ROWID;

-- What the alarms went through, once it was decided.
CREATE TABLE transitions (
  number INTEGER PRIMARY KEY, alarm TEXT NOT NULL, at TEXT NOT NULL, from_state TEXT NOT NULL,
  to_state TEXT NOT NULL, decided TEXT NOT NULL, transition BLOB NOT NULL,
  UNIQUE (alarm, at, to_state)
) STRICT;

-- Everything that was ever to be told, and the messages that are still on their way.
CREATE TABLE announcements (
  id TEXT PRIMARY KEY, alarm TEXT NOT NULL, at REAL NOT NULL, announcement BLOB NOT NULL,
  seal INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX announcements_by_alarm ON announcements (alarm, at);
CREATE TABLE outbox (
  number INTEGER PRIMARY KEY, announcement TEXT NOT NULL, channel TEXT NOT NULL,
  topic TEXT NOT NULL, created REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
  due REAL NOT NULL DEFAULT 0, UNIQUE (announcement, channel, topic)
) STRICT;
CREATE TABLE deliveries (
  announcement TEXT NOT NULL, channel TEXT NOT NULL, topic TEXT NOT NULL, at REAL NOT NULL,
  result TEXT NOT NULL, detail TEXT NOT NULL,
  PRIMARY KEY (announcement, channel, topic)
) STRICT, WITHOUT ROWID;

-- Input that could not be used, folded by source and code.
CREATE TABLE problems (
  source TEXT NOT NULL, code TEXT NOT NULL, count INTEGER NOT NULL, last REAL NOT NULL,
  example TEXT NOT NULL, PRIMARY KEY (source, code)
) STRICT, WITHOUT ROWID;
"""
