"""What a call was about: the resources that a record names, wherever its service puts them.

CloudTrail has a field for that, ``resources``, which few services fill. For the others it is in
the request (``{"name": "audit-trail"}``, ``{"userName": "eve", "policyArn": "arn:…"}``), and for
what was made by the call, in the response. Refused calls often have neither, but a message.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from trailwarden.text import visible
from trailwarden.trail.record import Fields, error_message, object_field

MOST = 5  # of one record
LIMIT = 300  # characters of each
_STEPS = 400  # values that are looked at in one request or response
_NAMING = re.compile(
    r"(?:.*[a-z0-9_])?(?:Name|Arn|ARN|Id|ID)s?|(?:name|arn|id|bucket|queueUrl|keyName)s?"
)
_REFUSED = re.compile(r"\bon resource: ([^\s\"']+)")
_LONGEST_MESSAGE = 4000
_NO_RESOURCE = re.compile(
    r".*(?:Token|Session|Request|Owner|Requester|Product|Display)(?:Name|Arn|ARN|Id|ID)s?"
    r"|(?:owner|request|requester|display|product|domain|external)(?:Name|Id|ID)",
)


def targets_of(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """The resources that a decoded record names, at most ``MOST``, each a line of its own.

    ARNs of its ``resources`` come first, then names, ARNs and ids of the request, of the response,
    and what a refusal speaks of. Never raises, whatever the record holds.
    """
    found: list[str] = []
    for text in _candidates(fields):
        shown = visible(text, LIMIT)
        if shown and not any(shown in known for known in found):
            found.append(shown)
            if len(found) == MOST:
                break
    return tuple(found)


def _candidates(fields: Fields) -> Iterator[str]:
    resources = fields.get("resources")
    if isinstance(resources, list):
        for one in resources[: 4 * MOST]:
            arn = one.get("ARN") or one.get("arn") if isinstance(one, dict) else None
            if isinstance(arn, str):
                yield arn
    yield from _named_in(object_field(fields, "requestParameters"))
    yield from _named_in(object_field(fields, "responseElements"))
    refused = _REFUSED.search(error_message(fields)[:_LONGEST_MESSAGE])
    if refused:
        yield refused[1]


def _named_in(parameters: Fields) -> Iterator[str]:
    """Values of keys that name something, the outermost first."""
    waiting: deque[tuple[str, Any]] = deque(parameters.items())
    steps = 0
    while waiting and steps < _STEPS:
        key, value = waiting.popleft()
        steps += 1
        if isinstance(value, str):
            if _names_a_resource(key):
                yield value
        elif isinstance(value, dict):
            waiting.extend(list(value.items())[:_STEPS])
        elif isinstance(value, list):
            waiting.extend((key, item) for item in value[:_STEPS])


def _names_a_resource(key: str) -> bool:
    return bool(_NAMING.fullmatch(key)) and not _NO_RESOURCE.fullmatch(key)
