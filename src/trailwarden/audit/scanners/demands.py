"""What Prowler and Powerpipe look for in the text of a filter, per control."""

from __future__ import annotations

from trailwarden.audit.scanners.clauses import Clause, Demand, Pair, Quotes
from trailwarden.stack.controls import VERSIONS, Calls, Control

_MFA, _FAILED = "additionalEventData.MFAUsed", "Failed authentication"
_INVOKED_BY = Clause("userIdentity.invokedBy", "NOT EXISTS")


def prowler(control: Control) -> Demand:
    """Event names anywhere, in any order; two controls go by a fixed order."""
    login = Clause("eventName", "=", "ConsoleLogin", whole=True)
    match control.key:
        case "unauthorized-api-calls":
            return Demand(_refusals("any"), ordered=True)
        case "console-signin-without-mfa":
            return Demand((login, Clause(_MFA, "!=", "Yes")), ordered=False)
        case "root-usage":
            return Demand(_root("any"), ordered=True)
        case "console-auth-failures":
            return Demand((login, Clause("errorMessage", "=", _FAILED)), ordered=False)
    calls = _calls(control, control.prowler_calls)
    source = (Clause("eventSource", "=", calls.source),) if control.prowler_source else ()
    names = tuple(Clause("eventName", "=", name, whole=True) for name in calls.names)
    return Demand((*source, *names), ordered=False)


def powerpipe(control: Control) -> Demand:
    """Everything in the order of the benchmark; a name may go on after what is looked for.

    One query serves every version of the benchmark, and asks for what the latest names.
    """
    match control.key:
        case "unauthorized-api-calls":
            logs = Clause("sourceIPAddress", "!=", "delivery.logs.amazonaws.com", "must", dots=True)
            probe = Clause("eventName", "!=", "HeadBucket", "must")
            return Demand((*_refusals("must"), logs, probe), ordered=True)
        case "console-signin-without-mfa":
            login = Clause("eventName", "=", "ConsoleLogin", "must")
            return Demand((Pair(login, Clause(_MFA, "!=", "Yes", "must")),), ordered=True)
        case "root-usage":
            return Demand(_root("must"), ordered=True)
        case "console-auth-failures":
            login = Clause("eventName", "=", "ConsoleLogin", "none")
            return Demand((login, Clause("errorMessage", "=", _FAILED, "must")), ordered=True)
    calls = _calls(control, control.named(VERSIONS[-1]))
    quotes: Quotes = "may" if control.key == "organizations-changes" else "none"
    source = Clause("eventSource", "=", calls.source, "none", dots=True)
    names = tuple(Clause("eventName", "=", name, quotes) for name in calls.names)
    return Demand((source, *names) if control.names_source else names, ordered=True)


def _calls(control: Control, calls: Calls | None) -> Calls:
    if calls is None:
        raise KeyError(control.key)
    return calls


def _refusals(quotes: Quotes) -> tuple[Clause, ...]:
    return (
        Clause("errorCode", "=", "*UnauthorizedOperation", quotes),
        Clause("errorCode", "=", "AccessDenied*", quotes),
    )


def _root(quotes: Quotes) -> tuple[Clause, ...]:
    return (
        Clause("userIdentity.type", "=", "Root", quotes),
        _INVOKED_BY,
        Clause("eventType", "!=", "AwsServiceEvent", quotes),
    )
