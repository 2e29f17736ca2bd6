"""Whole audits: the built-in stacks, stacks broken on purpose, the original template."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.audit.stacks import cis, codes, judged, of, whole, with_alarms, with_pattern
from tests.shared_data import TEMPLATES
from trailwarden.audit.model import Audit
from trailwarden.audit.run import audit
from trailwarden.stack import Stack, load
from trailwarden.stack.controls import VERSIONS, control, controls, witnesses

ORIGINAL = TEMPLATES / "original-cloudtrail.yaml"
IAM = "iam-policy-changes"


def test_the_built_in_stack_passes_every_version_where_trail_and_subscriber_are_known() -> None:
    found = audit(whole(), VERSIONS, is_live=True)
    assert len(found.controls) == sum(one.is_in(v) for one in controls() for v in VERSIONS)
    assert {(one.id, one.status) for one in found.controls if one.status != "PASS"} == set()
    assert all(one.named.caught == one.named.all > 0 for one in found.controls)
    assert all(not one.escapes and one.example is None and not one.noise for one in found.controls)


def test_of_the_bare_template_only_trail_and_subscriber_are_not_known() -> None:
    found = audit(cis())
    assert {one.status for one in found.controls} == {"UNKNOWN"}
    assert {one.detection for one in found.controls} == {"PASS"}
    unknown = {code for one in found.controls for code in codes(one, "unknown")}
    assert unknown == {"no-trail", "no-subscriber"}
    assert {one.part for c in found.controls for one in c.findings} == {"trail", "way", "alarm"}


def test_the_same_in_a_live_account_fails() -> None:
    found = audit(cis(), is_live=True)
    assert {one.status for one in found.controls} == {"FAIL"}
    assert codes(found.controls[0], "fail") == {"no-trail", "no-subscriber"}


def test_the_text_of_the_benchmark_is_weak() -> None:
    found = audit(whole(cis("cis-1.2.0")), ["1.2.0"], is_live=True)
    assert {one.status for one in found.controls} == {"PASS"}
    beyond = {one.control.key: one.beyond for one in found.controls}
    assert beyond.pop("nacl-changes") == "PASS"  # nothing was forgotten there
    assert set(beyond.values()) == {"WEAK"}
    for one in found.controls:
        assert one.named.caught == one.named.all
        assert all(not escape.is_named for escape in one.escapes)
    escaped = {escape.name for escape in of(found, IAM).escapes}
    assert {"SetDefaultPolicyVersion", "UpdateAssumeRolePolicy"} <= escaped
    example = of(found, IAM).example
    assert example is not None
    assert example["eventName"] == "SetDefaultPolicyVersion"


def test_a_version_without_a_control_has_none() -> None:
    found = audit(cis(), ["1.2.0", "1.3.0"])
    of_each = [[one.id for one in found.controls if one.version == v] for v in found.versions]
    assert of_each == [[f"3.{n}" for n in range(1, 15)], [f"4.{n}" for n in range(1, 16)]]


def test_a_control_without_filter_fails_and_says_what_escapes() -> None:
    stack = whole()
    filters = [one for one in stack.metric_filters if not one.filter_name.endswith(IAM)]
    one = judged(replace(stack, metric_filters=tuple(filters)), IAM)
    assert one.status == one.detection == "FAIL"
    assert one.named.caught == one.forgotten.caught == 0
    assert [escape.name for escape in one.escapes] == [w.name for w in _witnesses(IAM)]
    assert [finding.code for finding in one.findings] == ["no-filter"]
    assert (
        "any of the 16 events that the benchmark names: DeleteGroupPolicy"
        in one.findings[0].message
    )
    assert (one.filters, one.alarms) == ((), ())


def test_the_only_event_that_a_version_names() -> None:
    pattern = '{ $.eventName = "Other" }'
    one = judged(
        with_pattern(whole(), "console-signin-without-mfa", pattern), "console-signin-without-mfa"
    )
    assert one.findings[0].message == (
        "no filter matches the only event that the benchmark names: "
        "an IAM user signs in without MFA"
    )


def _witnesses(key: str) -> list[object]:
    return [*witnesses(control(key), VERSIONS[-1])]


def test_one_named_event_that_escapes_is_a_failure_one_that_was_forgotten_a_weakness() -> None:
    pattern = whole().metric_filters[3].filter_pattern
    named = judged(
        with_pattern(whole(), IAM, pattern.replace("$.eventName=CreatePolicy)", "$.x=1)")), IAM
    )
    assert (named.status, [e.name for e in named.escapes]) == ("FAIL", ["CreatePolicy"])
    forgotten = judged(
        with_pattern(whole(), IAM, pattern.replace("SetDefaultPolicyVersion", "X")), IAM
    )
    assert (forgotten.status, forgotten.beyond) == ("PASS", "WEAK")
    assert [e.name for e in forgotten.escapes] == ["SetDefaultPolicyVersion"]


def test_a_filter_without_alarm() -> None:
    stack = with_alarms(whole(), lambda a: None if a.alarm_name.endswith(IAM) else a)
    one = judged(stack, IAM)
    assert codes(one) == {"no-alarm"}
    assert (one.status, one.named.caught) == ("FAIL", 0)
    assert judged(stack, "vpc-changes").status == "PASS"


def test_an_alarm_on_the_metric_of_another_name_reads_nothing() -> None:
    stack = with_alarms(whole(), lambda a: replace(a, metric_name="Other"))
    assert codes(judged(stack, IAM)) == {"no-alarm"}


def test_a_second_whole_chain_makes_up_for_a_broken_one() -> None:
    stack = whole()
    broken = [replace(a, alarm_name=f"{a.alarm_name}-2", alarm_actions=()) for a in stack.alarms]
    both = replace(stack, alarms=(*broken, *stack.alarms))
    assert {one.status for one in audit(both, is_live=True).controls} == {"PASS"}


def test_thresholds_are_said_and_are_no_fault() -> None:
    one = judged(whole(), "unauthorized-api-calls")
    (note,) = one.findings
    assert (one.status, note.severity, note.code) == ("PASS", "note", "threshold")
    assert note.message.endswith("fires from 10 events within 5 minutes")


@pytest.mark.parametrize("version", ["1.4.0", "3.0.0"])
def test_the_text_that_matches_everything(version: str) -> None:
    """The benchmark's pattern with || before != (cis.md, section 1)."""
    key = "unauthorized-api-calls"
    wording = control(key).wordings["1.4.0"]
    stack = with_pattern(whole(), key, wording)
    stack = replace(
        stack,
        metric_filters=tuple(
            one for one in stack.metric_filters if not one.filter_name.endswith("vpc-changes")
        ),
    )
    found = audit(stack, [version], is_live=True)  # type: ignore[list-item]
    assert codes(of(found, key), "fail") == {"matches-everything"}
    assert "DescribeInstances" in of(found, key).findings[0].message
    assert (of(found, key).named.caught, of(found, key).filters) == (0, ())
    assert of(found, "vpc-changes").status == "FAIL"  # it does not stand in for others
    assert of(found, "vpc-changes").named.caught == 0
    assert of(found, IAM).status == "PASS"


@pytest.fixture(scope="module")
def original() -> Audit:
    if not ORIGINAL.exists():
        pytest.skip(f"no template in {TEMPLATES}")
    return audit(load(str(ORIGINAL)), ["5.0.0"])


def test_row_1_a_burst_is_missed(original: Audit) -> None:
    one = of(original, "unauthorized-api-calls")
    (finding,) = (f for f in one.findings if f.code == "burst-missed")
    assert finding.severity == "weak"
    assert "events in 6 different periods of 1 minute, within 1 hour" in finding.message
    others = [c for c in original.controls if c is not one]
    assert not any("burst-missed" in codes(other) for other in others)


def test_row_4_sign_ins_without_mfa(original: Audit) -> None:
    one = of(original, "console-signin-without-mfa")
    assert set(one.noise) == {"a federated sign-in (SSO)", "a sign-in that failed"}
    assert [e.name for e in one.escapes] == ["an IAM user signs in, nothing said of MFA"]


def test_row_5_root_in_the_console(original: Audit) -> None:
    escapes = [e.name for e in of(original, "root-usage").escapes]
    assert "a call of the root user in the console" in escapes


def test_row_6_homonyms(original: Audit) -> None:
    noise = {one.control.key: one.noise for one in original.controls}
    assert noise[IAM] == ("CreatePolicy of iot", "CreatePolicy of verifiedpermissions")
    assert noise["route-table-changes"] == ("CreateRoute of apigateway", "CreateRoute of appmesh")
    assert noise["vpc-changes"] == ("CreateVpcPeeringConnection of gamelift",)
    assert noise["security-group-changes"] == ("CreateSecurityGroup of wickr",)


@pytest.mark.parametrize(
    ("key", "event"),
    [
        ("cloudtrail-config-changes", "PutEventSelectors"),
        ("config-changes", "DeleteConfigurationRecorder"),
        ("security-group-changes", "ModifySecurityGroupRules"),
        ("route-table-changes", "AssociateRouteTable"),
        (IAM, "SetDefaultPolicyVersion"),
        (IAM, "UpdateAssumeRolePolicy"),
        ("s3-bucket-policy-changes", "PutBucketPublicAccessBlock"),
        ("network-gateway-changes", "CreateNatGateway"),
        ("network-gateway-changes", "CreateVpnGateway"),
        ("network-gateway-changes", "CreateTransitGateway"),
    ],
)
def test_row_7_events_that_are_missing(original: Audit, key: str, event: str) -> None:
    (escape,) = (e for e in of(original, key).escapes if e.name == event)
    assert escape.is_named == (event == "ModifySecurityGroupRules")  # since 5.0.0


def test_row_8_one_message_of_failed_sign_ins(original: Audit) -> None:
    one = of(original, "console-auth-failures")
    (finding,) = (f for f in one.findings if f.code == "another-alarm")
    assert finding.message == (
        "only the filter 'CloudWatchLogsMetricFilterCloudTrailLoginWithoutMFA' leads to people, "
        "whose alarm tells of management console sign-in without MFA; so it is with 1 of 2 events "
        "that the benchmark forgot: an unknown user name"
    )
    assert [e.name for e in one.escapes] == ["a wrong password in Identity Center"]


def test_row_11_no_control_on_the_organization(original: Audit) -> None:
    one = of(original, "organizations-changes")
    assert (one.status, one.filters) == ("FAIL", ())
    assert sum(escape.is_named for escape in one.escapes) == 16
    # DeletePolicy and CreatePolicy match the filter of IAM, whose alarm is about something else.
    assert codes(one, "fail") == {"no-filter", "another-alarm"}


def test_an_empty_stack_fails_without_a_fault() -> None:
    found = audit(Stack("empty", "empty.yaml"), VERSIONS)
    assert {one.status for one in found.controls} == {"FAIL"}
    assert {finding.code for one in found.controls for finding in one.findings} == {"no-filter"}
