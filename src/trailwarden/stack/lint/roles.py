"""The role with which CloudTrail writes to a log group: who may take it, and what it may do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from trailwarden.stack.lint.places import quoted
from trailwarden.stack.lint.registry import Fault, rule
from trailwarden.stack.lint.standing import CLOUDTRAIL, POLICY, ROLE, names_in, of_type, own_names
from trailwarden.stack.lint.statements import Statement, statements_of
from trailwarden.stack.model import Companion, Stack
from trailwarden.stack.policies import listed
from trailwarden.text import some_of, visible

_NEEDED = frozenset({"logs:createlogstream", "logs:putlogevents"})
_SHOWN = 3  # actions in one finding


@rule("TW521", "note")
def role_for_any_trail(stack: Stack) -> Iterator[Fault]:
    """CloudTrail takes the role without saying for whose trail (TW524), so that the trust policy
    cannot tell. The names of log streams can: they begin with the account, or the organization,
    whose events they hold.
    """
    given = _given(stack)
    for role, trust in _roles(stack):
        is_open = any(one.effect == "Allow" and not one.is_bound() for one in trust)
        resources = [text for one in _permissions(role, given) for text in one.resources]
        if is_open and any(map(_is_every_stream, resources)):
            yield Fault(
                f"the role {quoted(role.logical_id)} trusts CloudTrail whoever's trail it is, and "
                "may write to every log stream of the group",
                "allow it LOG_GROUP:log-stream:ACCOUNT_CloudTrail_* only",
                role.location,
            )


@rule("TW522", "warning")
def role_may_do_more(stack: Stack) -> Iterator[Fault]:
    """CloudTrail needs CreateLogStream and PutLogEvents on one log group. What the role may do
    beyond that, whoever gets hold of it may do.
    """
    given = _given(stack)
    for role, _ in _roles(stack):
        wide = [text for one in _permissions(role, given) for text in _excess(one)]
        wide += [
            visible(str(one).rsplit("/", 1)[-1], 40)
            for one in listed(role.properties.get("ManagedPolicyArns"))
        ]
        if wide:
            yield Fault(
                f"the role {quoted(role.logical_id)}, with which CloudTrail writes, may do more "
                f"than that: {some_of(wide, _SHOWN)}",
                "allow logs:CreateLogStream and logs:PutLogEvents on the log group only",
                role.location,
            )


@rule("TW523", "note")
def role_with_a_name(stack: Stack) -> Iterator[Fault]:
    """A role with a name of its own needs CAPABILITY_NAMED_IAM to be deployed, and stands in the
    way of a second stack.
    """
    for role, _ in _roles(stack):
        if "RoleName" in role.properties:
            yield Fault(
                f"the role {quoted(role.logical_id)} has a RoleName: the deployment needs "
                "CAPABILITY_NAMED_IAM",
                "remove RoleName",
                role.location,
            )


@rule("TW524", "warning")
def role_that_asks_for_the_trail(stack: Stack) -> Iterator[Fault]:
    """CloudTrail does not support aws:SourceArn and aws:SourceAccount for the role of its log
    group: with such a condition the trail is refused, or delivers nothing to the log group.
    """
    for role, trust in _roles(stack):
        if any(one.effect == "Allow" and one.names(CLOUDTRAIL) and one.is_bound() for one in trust):
            yield Fault(
                f"the trust policy of the role {quoted(role.logical_id)} asks for aws:SourceArn or "
                "aws:SourceAccount, which CloudTrail does not send there: it cannot take the role",
                "remove the condition, and allow the role the log streams of the account only",
                role.location,
            )


def _roles(stack: Stack) -> Iterator[tuple[Companion, tuple[Statement, ...]]]:
    """The roles that CloudTrail takes, and their trust policies."""
    for role in of_type(stack, ROLE):
        trust = statements_of(role.properties.get("AssumeRolePolicyDocument")) or ()
        if any(one.names(CLOUDTRAIL) for one in trust):
            yield role, trust


def _given(stack: Stack) -> dict[str, list[object]]:
    """The documents of the stack's policies, by the names of the roles that they are given to."""
    found: defaultdict[str, list[object]] = defaultdict(list)
    for policy in of_type(stack, POLICY):
        roles = {name for one in listed(policy.properties.get("Roles")) for name in names_in(one)}
        for name in roles:
            found[name].append(policy.properties.get("PolicyDocument"))
    return found


def _permissions(role: Companion, given: Mapping[str, list[object]]) -> Iterator[Statement]:
    """What the role's own policies allow, and those that are given to it."""
    inline = [
        one.get("PolicyDocument")
        for one in listed(role.properties.get("Policies"))
        if isinstance(one, dict)
    ]
    names = own_names(role) | set(names_in(role.properties.get("RoleName")))
    for document in (*inline, *(one for name in sorted(names) for one in given.get(name, ()))):
        for statement in statements_of(document) or ():
            if statement.effect == "Allow":
                yield statement


def _excess(statement: Statement) -> Iterator[str]:
    """What the statement allows beyond what is needed, in words."""
    if statement.but_actions:
        yield "NotAction"
        return
    for action in statement.actions:
        if action not in _NEEDED:
            yield visible(action, 40)
    for resource in statement.resources:
        if resource == "*" or resource.endswith((":log-group:*", ":log-group:*:*", ":*:*:*:*")):
            yield f"on {visible(resource, 60)}"


def _is_every_stream(resource: str) -> bool:
    """True for a log group as a whole; False for some of its streams, or what is not known."""
    if "log-stream:" in resource:
        return resource.endswith("log-stream:*")
    return resource == "*" or ":log-group:" in resource or resource.endswith(".Arn}")
