"""CloudTrail itself: archives of log files, packagings, records, and who called."""

from trailwarden.trail.archives import check_archive, list_archive, open_large_file, open_log_file
from trailwarden.trail.compression import Unpacked, unpack
from trailwarden.trail.containers import Content, contents, file_content
from trailwarden.trail.content import carries_events, content_kind, is_plain_records
from trailwarden.trail.eventtime import epoch_of_event_time
from trailwarden.trail.faults import Fault, fault
from trailwarden.trail.identity import Principal, principal_of, role_of
from trailwarden.trail.keys import PROCESS_SECRET, Keyed, RecordKeys
from trailwarden.trail.logfile import DEFAULT_LIMIT, LARGE, WHOLE_LIMIT, LogFile
from trailwarden.trail.packagings import DECODING_ERRORS, RawRecord
from trailwarden.trail.parts import Sizes, read_parts
from trailwarden.trail.reader import decode_record, is_heavy, judged, read_heavy, read_records
from trailwarden.trail.seen import SeenIds
from trailwarden.trail.streams import Stream

__all__ = [
    "DECODING_ERRORS",
    "DEFAULT_LIMIT",
    "LARGE",
    "PROCESS_SECRET",
    "WHOLE_LIMIT",
    "Content",
    "Fault",
    "Keyed",
    "LogFile",
    "Principal",
    "RawRecord",
    "RecordKeys",
    "SeenIds",
    "Sizes",
    "Stream",
    "Unpacked",
    "carries_events",
    "check_archive",
    "content_kind",
    "contents",
    "decode_record",
    "epoch_of_event_time",
    "fault",
    "file_content",
    "is_heavy",
    "is_plain_records",
    "judged",
    "list_archive",
    "open_large_file",
    "open_log_file",
    "principal_of",
    "read_heavy",
    "read_parts",
    "read_records",
    "role_of",
    "unpack",
]
