"""Whether CloudWatch may publish an alarm to a topic, by the topic's policies.

What the deployment alone knows stays unknown: a text with a token (``${AWS::AccountId}``) equals
itself and perhaps others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from trailwarden.partitions import partition_of
from trailwarden.stack.model import Stack
from trailwarden.stack.policies import covers, listed

CLOUDWATCH = "cloudwatch.amazonaws.com"
DEFAULT_REGION = "us-east-1"  # of a template for which none is given
_PUBLISH = "sns:publish"
_PLACES = ("${AWS::AccountId}", "${AWS::Partition}", "${AWS::Region}")
_TOKEN = re.compile(r"\$\{[^}]*\}")
_ARN_PARTS = 6
_ROLE_OR_USER = re.compile(r"arn:[^:]+:(?:iam|sts)::[^:]*:(?:role|user|assumed-role)/")


@dataclass(frozen=True, slots=True)
class Publication:
    """What CloudWatch asks for: an alarm's ARN and account, and the topic's ARN, tokens in them."""

    topic: str
    alarm: str
    account: str


@dataclass(frozen=True, slots=True)
class Answer:
    """``allowed`` is None where it cannot be told; ``why`` says what keeps the alarm out."""

    allowed: bool | None
    why: str = ""


def publication_of(stack: Stack, topic: str, alarm_name: str) -> Publication:
    """What CloudWatch asks for. A Region that nobody has given may be another one."""
    account = stack.account or "${AWS::AccountId}"
    if stack.region in (None, DEFAULT_REGION):
        partition, region = "${AWS::Partition}", "${AWS::Region}"
    else:
        region = stack.region or ""
        partition = partition_of(region)
    return Publication(
        topic, f"arn:{partition}:cloudwatch:{region}:{account}:alarm:{alarm_name}", account
    )


def may_publish(documents: Iterable[Mapping[str, Any]], asked: Publication) -> Answer:
    """Without any statement SNS has a policy of its own, which lets CloudWatch publish."""
    statements = [
        one
        for document in documents
        for one in listed(document.get("Statement"))
        if isinstance(one, Mapping)
    ]
    if not statements:
        return Answer(True)
    denials = [(_holds(one, asked), one) for one in statements if one.get("Effect") == "Deny"]
    if any(held[0] is True for held, _ in denials):
        return Answer(False, "a statement denies it")
    answers = [_holds(one, asked) for one in statements if one.get("Effect") == "Allow"]
    if any(held is True for held, _ in answers):
        doubtful = any(held[0] is None for held, _ in denials)
        return Answer(None if doubtful else True)
    if any(held is None for held, _ in answers):
        return Answer(None)
    # The statement that comes nearest says best what is wrong.
    reasons = sorted((why for _, why in answers if why), key=_ORDER.index, reverse=True)
    return Answer(False, reasons[0] if reasons else _ORDER[0])


_ORDER = [
    "no statement allows sns:Publish",
    "what is allowed is another topic",
    "it lets others publish, and not cloudwatch.amazonaws.com",
    "its conditions do not hold for the alarm",
]


def _holds(statement: Mapping[str, Any], asked: Publication) -> tuple[bool | None, str]:
    """Whether the statement speaks of the publication, and what it does not fit."""
    found: bool | None = True
    for holds, why in zip(
        (_does(statement), _on(statement, asked), _for(statement), _under(statement, asked)),
        _ORDER,
        strict=True,
    ):
        if holds is False:
            return False, why
        found = found and holds if holds is not None else None
    return found, ""


def _does(statement: Mapping[str, Any]) -> bool:
    but = "NotAction" in statement
    actions = listed(statement.get("NotAction" if but else "Action"))
    return any(covers(str(one).lower(), _PUBLISH) for one in actions) is not but


def _on(statement: Mapping[str, Any], asked: Publication) -> bool | None:
    but = "NotResource" in statement
    resources = listed(statement.get("NotResource" if but else "Resource"))
    if not resources:
        return True
    found = _any(like(str(one), asked.topic) for one in resources)
    return found if found is None else found is not but


def _for(statement: Mapping[str, Any]) -> bool | None:
    but = "NotPrincipal" in statement
    principal = statement.get("NotPrincipal" if but else "Principal")
    found = _any(_is_cloudwatch(kind, str(one)) for kind, one in _principals(principal))
    return found if found is None else found is not but


def _principals(principal: object) -> list[tuple[str, object]]:
    if isinstance(principal, Mapping):
        return [(str(kind), one) for kind, who in principal.items() for one in listed(who)]
    return [("AWS", one) for one in listed(principal)]


def _is_cloudwatch(kind: str, who: str) -> bool | None:
    if who == "*":
        return kind in ("AWS", "Service")
    if kind == "Service":
        return True if who == CLOUDWATCH else None if _TOKEN.search(who) else False
    # An account as principal does not speak of services; a role or a user is somebody else.
    return False if kind != "AWS" or _ROLE_OR_USER.match(who) else None


def _under(statement: Mapping[str, Any], asked: Publication) -> bool | None:
    condition = statement.get("Condition")
    if not isinstance(condition, Mapping):
        return True
    tests = [
        _test(str(operator).lower(), str(key).lower(), [str(one) for one in listed(value)], asked)
        for operator, keys in condition.items()
        if isinstance(keys, Mapping)
        for key, value in keys.items()
    ]
    return False if False in tests else None if None in tests else True


def _test(operator: str, key: str, wanted: list[str], asked: Publication) -> bool | None:
    """One key of a condition, for a call that CloudWatch makes for an alarm."""
    operator = operator.removeprefix("foranyvalue:").removeprefix("forallvalues:")
    lenient = operator.endswith("ifexists")
    operator = operator.removesuffix("ifexists")
    known = {
        "aws:sourcearn": asked.alarm,
        "aws:sourceaccount": asked.account,
        "aws:sourceowner": asked.account,
        "aws:principalisawsservice": "true",
        "aws:principalservicename": CLOUDWATCH,
        "aws:securetransport": "true",
        "aws:viaawsservice": "false",
    }
    absent = key.startswith(("aws:principalorg", "sns:")) or key in (
        "aws:principalaccount",
        "aws:principalarn",
        "aws:sourcevpc",
        "aws:sourcevpce",
    )
    if operator == "null":
        has = True if key in known else False if absent else None
        return None if has is None else has is (wanted[:1] == ["false"])
    negated = "not" in operator
    if absent:
        return lenient or negated
    if key not in known:
        return None
    value = known[key]
    fold = operator == "bool" or "ignorecase" in operator
    if fold:
        wanted, value = [one.lower() for one in wanted], value.lower()
    if not operator.startswith(("string", "arn", "bool")):
        return None
    exact = operator.startswith("string") and "like" not in operator
    found = _any(_same(one, value) if exact else like(one, value) for one in wanted)
    return None if found is None else found is not negated


def _same(one: str, other: str) -> bool | None:
    """As like, where stars are no wildcards."""
    if one == other or other in _PLACES:
        return True
    if not (_TOKEN.search(one) or _TOKEN.search(other)):
        return False
    return None if like(one.replace("*", "\0"), other) is not False else False


def _any(found: Iterable[bool | None]) -> bool | None:
    all_of_it = list(found)
    return True if True in all_of_it else None if None in all_of_it else False


def like(pattern: str, text: str) -> bool | None:
    """Whether a name with wildcards stands for ``text``; None where tokens decide."""
    if covers(pattern, text):
        return True
    ours, theirs = _parts(pattern), _parts(text)
    if len(ours) == len(theirs) == _ARN_PARTS:
        found = [_part_like(one, other) for one, other in zip(ours, theirs, strict=True)]
        return False if False in found else None if None in found else True
    return _part_like(pattern, text)


def _parts(text: str) -> list[str]:
    """The parts of an ARN; the colons inside tokens divide nothing."""
    held = _TOKEN.sub(lambda found: found[0].replace(":", "\1"), text)
    return [one.replace("\1", ":") for one in held.split(":", _ARN_PARTS - 1)]


def _part_like(pattern: str, text: str) -> bool | None:
    # A policy that names an account or a Region means that of its deployment.
    if covers(pattern, text) or text in _PLACES:
        return True
    if not (_TOKEN.search(pattern) or _TOKEN.search(text)):
        return False
    return None if _may_meet(_TOKEN.sub("*", pattern), _TOKEN.sub("*", text)) else False


def _may_meet(one: str, other: str) -> bool:
    """Whether some text fits two names with stars: their plain beginnings and ends agree."""
    starts = one.partition("*")[0], other.partition("*")[0]
    ends = one.rpartition("*")[2], other.rpartition("*")[2]
    return (starts[0].startswith(starts[1]) or starts[1].startswith(starts[0])) and (
        ends[0].endswith(ends[1]) or ends[1].endswith(ends[0])
    )
