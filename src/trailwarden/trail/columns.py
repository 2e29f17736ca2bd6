"""A record from the columns of a table: Athena's for CloudTrail, or a query of CloudTrail Lake.

Athena writes names in small letters, objects that it knows as structs (``{type=Root, arn=…}``) and
the others as JSON. What a value's type was is known from its field.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

# Without these it cannot be told what was done, by whom and when.
NEEDED = ("eventTime", "eventSource", "eventName", "userIdentity")
# Filters ask for these as well; a table without them tells less than the log.
ASKED_FOR = (
    *("errorCode", "errorMessage", "requestParameters", "responseElements"),
    *("additionalEventData", "eventType", "sourceIPAddress", "awsRegion"),
)
_OBJECTS = (
    *("requestParameters", "responseElements", "additionalEventData", "serviceEventDetails"),
    *("tlsDetails", "addendum", "insightDetails", "resources", "edgeDeviceDetails", "eventContext"),
)
_BOOLEANS = ("readOnly", "managementEvent", "sessionCredentialFromConsole")
_TEXTS = (
    *("eventVersion", "userAgent", "requestID", "eventID", "apiVersion", "recipientAccountId"),
    *("sharedEventID", "vpcEndpointId", "vpcEndpointAccountId", "eventCategory"),
)
FIELDS = (*NEEDED, *ASKED_FOR, *_OBJECTS, *_BOOLEANS, *_TEXTS)  # those of records
_BY_COLUMN = {name.lower(): name for name in FIELDS}
_IDENTITY = {
    name.lower(): name
    for name in (
        *("type", "principalId", "arn", "accountId", "accessKeyId", "userName", "invokedBy"),
        *("identityProvider", "credentialId", "sessionContext", "attributes", "sessionIssuer"),
        *("mfaAuthenticated", "creationDate", "webIdFederationData", "federatedProvider"),
        *("ec2RoleDelivery", "sourceIdentity", "assumedRoot", "onBehalfOf", "userId"),
        *("identityStoreArn", "inScopeOf", "sourceArn", "sourceAccount", "issuerType"),
        *("credentialsIssuedTo",),
    )
}
# A field of a struct begins where one that userIdentity has follows a brace or a comma: values
# (names of sessions, of users) may hold commas and signs of equality, but no such beginning.
_STRUCT_FIELD = re.compile(r"(?:(?<=\{)|(?<=, ))(" + "|".join(_IDENTITY) + r")=", re.IGNORECASE)
_DEEPEST = 8


def field_of_column(column: str) -> str:
    """The record's field that a column holds (``eventname``: ``eventName``), or ``""``."""
    return _BY_COLUMN.get(column.strip().lower(), "")


def lacking(columns: Iterable[str], names: Iterable[str]) -> list[str]:
    """The fields among ``names`` that no column holds."""
    held = set(map(field_of_column, columns))
    return [name for name in names if name not in held]


class Rewritten(NamedTuple):
    """A record as JSON; ``is_whole`` is False where a value could not be read and is a text."""

    data: bytes
    is_whole: bool


def record_of_columns(row: Mapping[str, str]) -> Rewritten | None:
    """The record that a row tells by column; None where it lacks what every record has.

    Empty cells are fields that are not there.
    """
    record: dict[str, Any] = {}
    is_whole = True
    for column, text in row.items():
        name = field_of_column(column)
        if name and text:
            record[name] = _value(name, text)
            is_whole &= name not in _OBJECTS or not isinstance(record[name], str)
    if any(name not in record for name in NEEDED):
        return None
    if not isinstance(record["userIdentity"], dict):
        return None
    record["eventTime"] = _with_zone(record["eventTime"])
    return Rewritten(json.dumps(record, separators=(",", ":")).encode(), is_whole)


def _value(name: str, text: str) -> Any:
    if name == "userIdentity":
        return _json(text) if text.startswith('{"') else _struct(text.strip())
    if name in _BOOLEANS:
        return {"true": True, "false": False}.get(text.lower(), text)
    return _json(text) if name in _OBJECTS else text


def _json(text: str) -> Any:
    """JSON where it is some; what another query wrote stays a text."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None if text == "null" else text


def _with_zone(time: str) -> str:
    """CloudTrail Lake writes ``2024-05-01 12:00:00.000`` and means UTC, as CloudTrail does."""
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.0+)?Z?", time, re.ASCII)
    return f"{found[1]}T{found[2]}Z" if found else time


def _struct(text: str, depth: int = 0) -> Any:
    """``{type=Root, sessionContext={attributes={…}}}`` as an object; nulls are left out."""
    if not (text.startswith("{") and text.endswith("}")) or depth > _DEEPEST:
        return text
    found: dict[str, Any] = {}
    fields = list(_fields_of(text))
    for (name, start), following in zip(fields, [*fields[1:], None], strict=True):
        end = len(text) - 1 if following is None else following[1] - len(following[0]) - 3
        value = text[start:end]
        if value != "null":
            found[_IDENTITY[name.lower()]] = _struct(value, depth + 1)
    return found


def _fields_of(text: str) -> Iterable[tuple[str, int]]:
    """Name, and place of the value, of each field of the outermost struct."""
    behind = 1
    for field in _STRUCT_FIELD.finditer(text):
        if field.start() < behind:
            continue
        yield field[1], field.end()
        behind = field.end()
        if text[behind : behind + 1] == "{":
            behind = _closing(text, behind)


def _closing(text: str, start: int) -> int:
    """The offset behind the brace that closes the one at ``start``."""
    depth = 0
    for brace in re.finditer(r"[{}]", text[start:]):
        depth += 1 if brace[0] == "{" else -1
        if not depth:
            return start + brace.end()
    return len(text)
