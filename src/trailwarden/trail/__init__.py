"""CloudTrail itself: archives of log files, packagings, records, and who called."""

from trailwarden.trail.archives import check_archive, list_archive, open_log_file
from trailwarden.trail.compression import Unpacked, unpack
from trailwarden.trail.containers import Content, contents
from trailwarden.trail.content import carries_events, content_kind, is_plain_records
from trailwarden.trail.eventtime import epoch_of_event_time
from trailwarden.trail.faults import Fault
from trailwarden.trail.identity import Principal, principal_of, role_of
from trailwarden.trail.keys import PROCESS_SECRET, Keyed, RecordKeys
from trailwarden.trail.logfile import DEFAULT_LIMIT, LogFile
from trailwarden.trail.packagings import DECODING_ERRORS, RawRecord
from trailwarden.trail.reader import decode_record, is_heavy, judged, read_heavy, read_records
from trailwarden.trail.seen import SeenIds

__all__ = [
    "DECODING_ERRORS",
    "DEFAULT_LIMIT",
    "PROCESS_SECRET",
    "Content",
    "Fault",
    "Keyed",
    "LogFile",
    "Principal",
    "RawRecord",
    "RecordKeys",
    "SeenIds",
    "Unpacked",
    "carries_events",
    "check_archive",
    "content_kind",
    "contents",
    "decode_record",
    "epoch_of_event_time",
    "is_heavy",
    "is_plain_records",
    "judged",
    "list_archive",
    "open_log_file",
    "principal_of",
    "read_heavy",
    "read_records",
    "role_of",
    "unpack",
]
