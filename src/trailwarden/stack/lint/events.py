"""Names of events that no service has."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from trailwarden.stack.lint.conditions import json_roots
from trailwarden.stack.lint.operations import (
    all_operations,
    common_operations,
    operations_of,
    slip_of,
    source_with,
    without_version,
)
from trailwarden.stack.lint.places import place_of_filter, quoted
from trailwarden.stack.lint.registry import Fault, rule
from trailwarden.stack.lint.sourced import sourced_names
from trailwarden.stack.model import MetricFilter, Stack

_MOST = 5_000  # names in a stack: hostile templates must not hold lint up
_LEAST = 6  # letters; shorter names are too much alike
_SIGNIN = "signin.amazonaws.com"
# Events that are no operations: those of sign-ins, and those that services make themselves.
CONSOLE_EVENTS = frozenset(
    """
    CheckMfa ConsoleLogin CredentialChallenge CredentialVerification EmailUpdated ExitRole
    GetSigninToken Logout PasswordRecoveryCompleted PasswordRecoveryRequested PasswordUpdated
    RenewRole SwitchRole UserAuthentication
    """.split()  # noqa: SIM905 - a list of words
)
OTHER_EVENTS = frozenset(
    """
    Authenticate BidEvictedEvent CancelSecretVersionDelete DeleteKey DeleteMultipleObjects
    EndSecretVersionDelete Federate InvokeExecution RotateKey RotationAbandoned RotationFailed
    RotationStarted RotationSucceeded SharedSnapshotCopyInitiated SharedSnapshotVolumeCreated
    StartSecretVersionDelete TestRotationStarted TestRotationSucceeded
    """.split()  # noqa: SIM905 - a list of words
)


@rule("TW132", "warning")
def misspelt_event(stack: Stack) -> Iterator[Fault]:
    """An event's name with a slip of the pen matches nothing, and AWS takes it. Events are not all
    named after operations, so that only what is one slip away from an operation of the service is
    found, or, without an event source, from one of a service that filters are mostly about and
    that is none of any other. Without botocore (the extra aws) only events of sign-ins are known.
    """
    for metric_filter, name, source in islice(_named(stack), _MOST):
        right = _meant(name, source) if source else _meant_anywhere(name)
        if right:
            has = f"{quoted(source)} does not have" if source else "no service has"
            yield Fault(
                f"the filter {quoted(metric_filter.filter_name)} looks for the event "
                f"{quoted(name)}, which {has}",
                f"did you mean {right}?",
                place_of_filter(stack, metric_filter),
            )


@rule("TW133", "warning")
def event_of_another_source(stack: Stack) -> Iterator[Fault]:
    """An event and an event source that do not go together never hold together, and AWS takes it.
    Only operations of one service beside the source of another are found; without botocore (the
    extra aws) nothing is.
    """
    for metric_filter, name, source in islice(_named(stack), _MOST):
        right = _right_source(name, source)
        if right:
            yield Fault(
                f"the filter {quoted(metric_filter.filter_name)} looks for the event "
                f"{quoted(name)} of {quoted(source)}, which does not have it",
                f"it is one of {right}",
                place_of_filter(stack, metric_filter),
            )


def _right_source(name: str, source: str) -> str:
    """The source of the operation, where this one is known and has none of the kind."""
    bare = without_version(name)
    known = operations_of(source)
    if not known or bare in known or _meant(name, source):
        return ""
    return source_with(bare)


def _named(stack: Stack) -> Iterator[tuple[MetricFilter, str, str]]:
    for metric_filter, root in json_roots(stack):
        for name, source in dict.fromkeys(sourced_names(root, unsourced=True)):
            yield metric_filter, name, source


def _meant(name: str, source: str) -> str:
    """The operation that ``name`` is a slip of; empty where it is one itself, or not known."""
    known = operations_of(source)
    if source == _SIGNIN:
        known = CONSOLE_EVENTS
    bare = without_version(name)
    if len(bare) < _LEAST or bare in known or bare in OTHER_EVENTS:
        return ""
    return _slip_among(bare, known)


def _meant_anywhere(name: str) -> str:
    """As _meant, of whatever service."""
    bare = without_version(name)
    if len(bare) < _LEAST or bare in CONSOLE_EVENTS or bare in OTHER_EVENTS:
        return ""
    right = _slip_among(bare, CONSOLE_EVENTS)
    if not right and bare not in common_operations():
        right = _slip_among(bare, common_operations())
    return "" if right and bare in all_operations() else right


def _slip_among(name: str, known: frozenset[str]) -> str:
    """A name in another case is meant before one with another letter."""
    wrong_case = (right for right in known if right.lower() == name.lower())
    return min(wrong_case, default="") or min(
        (right for right in known if slip_of(name, right)), default=""
    )
