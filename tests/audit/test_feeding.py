"""Whether a trail brings events to the log group."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.audit.stacks import GROUP, TRAIL, cis, codes, judged, whole
from trailwarden.audit.feeding import Feeds
from trailwarden.audit.scope import scope_of
from trailwarden.audit.selecting import records
from trailwarden.stack import Trail

KMS = "kms.amazonaws.com"
READ = {"eventSource": "ec2.amazonaws.com", "readOnly": True, "eventCategory": "Management"}
WRITE = READ | {"readOnly": False}


@pytest.mark.parametrize(
    ("trail", "code", "keys"),
    [
        ({"is_logging": False}, "not-logging", ("nacl-changes", "root-usage")),
        ({"is_multi_region_trail": False}, "one-region", ("nacl-changes", "root-usage")),
        ({"include_global_service_events": False}, "no-global-events", ("iam-policy-changes",)),
        ({"event_selectors": ({"ReadWriteType": "WriteOnly"},)}, "not-recorded",
         ("unauthorized-api-calls",)),
        ({"event_selectors": ({"ExcludeManagementEventSources": [KMS]},)}, "not-recorded",
         ("cmk-disable-or-delete",)),
    ],
)  # fmt: skip
def test_trails(trail: dict[str, Any], code: str, keys: tuple[str, ...]) -> None:
    for key in keys:
        one = judged(whole(**trail), key)
        assert (codes(one, "fail"), one.status, one.detection) == ({code}, "FAIL", "PASS")


def test_what_a_selector_leaves_out_does_no_harm_to_other_controls() -> None:
    stack = whole(event_selectors=({"ExcludeManagementEventSources": [KMS]},))
    assert judged(stack, "nacl-changes").status == "PASS"


def test_the_events_that_are_left_out_are_named() -> None:
    one = judged(whole(event_selectors=({"ReadWriteType": "WriteOnly"},)), "unauthorized-api-calls")
    messages = [finding.message for finding in one.findings if finding.severity == "fail"]
    assert any("leave out read events of ec2.amazonaws.com" in message for message in messages)
    assert any("Client.UnauthorizedOperation" in message for message in messages)


def test_another_trail_makes_up_for_one() -> None:
    stack = whole(is_logging=False)
    both = replace(stack, trails=(*stack.trails, TRAIL))
    assert judged(both, "nacl-changes").status == "PASS"


@pytest.mark.parametrize(("is_live", "severity"), [(True, "fail"), (False, "unknown")])
@pytest.mark.parametrize("group", [None, "arn:aws:logs:us-east-1:111122223333:log-group:other:*"])
def test_a_log_group_without_trail(group: str | None, is_live: bool, severity: str) -> None:
    trail = replace(TRAIL, cloud_watch_logs_log_group_arn=group)
    stack = replace(cis(), trails=(trail,))
    feeds = Feeds(stack, scope_of(stack, is_live=is_live))
    (finding,) = feeds.of(GROUP, WRITE)
    assert (finding.code, finding.severity, finding.part) == ("no-trail", severity, "trail")


@pytest.mark.parametrize(("account", "reached"), [("111122223333", 1), ("999988887777", 0)])
def test_a_log_group_of_the_same_name_in_another_account(account: str, reached: int) -> None:
    # Without policies: those of the template name an account that is not worked out.
    stack = replace(whole(), account=account, topic_policies=())
    one = judged(stack, "nacl-changes")
    assert codes(one) == (set() if reached else {"no-trail"})


def advanced(**fields: Any) -> dict[str, Any]:
    selectors = [{"Field": "eventCategory", "Equals": ["Management"]}]
    selectors += [{"Field": name, **value} for name, value in fields.items()]
    return {"FieldSelectors": selectors}


@pytest.mark.parametrize(
    ("basic", "more", "expected"),
    [
        ((), (), "rw"),
        (({"ReadWriteType": "All"},), (), "rw"),
        (({"ReadWriteType": "ReadOnly"},), (), "r"),
        (({"ReadWriteType": "WriteOnly"},), (), "w"),
        (({"ReadWriteType": "ReadOnly"}, {"ReadWriteType": "WriteOnly"}), (), "rw"),
        (({"IncludeManagementEvents": False},), (), ""),
        (({"IncludeManagementEvents": "false"},), (), ""),
        (({"ExcludeManagementEventSources": ["ec2.amazonaws.com"]},), (), ""),
        ((), (advanced(),), "rw"),
        ((), (advanced(readOnly={"Equals": ["true"]}),), "r"),
        ((), (advanced(readOnly={"Equals": ["false"]}),), "w"),
        ((), (advanced(eventSource={"NotEquals": ["ec2.amazonaws.com"]}),), ""),
        ((), (advanced(eventSource={"NotEquals": [KMS]}),), "rw"),
        ((), (advanced(eventSource={"StartsWith": ["ec2."]}),), "rw"),
        ((), (advanced(eventSource={"NotEndsWith": [".amazonaws.com"]}),), ""),
        ((), ({"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]}]},), ""),
        ((), ({"FieldSelectors": []},), ""),
        ((), ({},), ""),
    ],
)
def test_selectors(basic: Any, more: Any, expected: str) -> None:
    trail = Trail("t", event_selectors=basic, advanced_event_selectors=more)
    kinds = {"r": READ, "w": WRITE}
    assert "".join(kind for kind, record in kinds.items() if records(trail, record)) == expected


def test_other_kinds_of_events_are_not_asked_for() -> None:
    trail = Trail("t", event_selectors=({"IncludeManagementEvents": False},))
    assert records(trail, {"eventCategory": "NetworkActivity"})
