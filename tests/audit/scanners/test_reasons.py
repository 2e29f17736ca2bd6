"""Why a text fails, in words that say what to write."""

from __future__ import annotations

import pytest

from tests.audit.scanners.whole import GATEWAYS, verdict, with_text
from trailwarden.audit.verdict import Scanner, Verdict
from trailwarden.stack.controls import control

REFUSALS = control("unauthorized-api-calls")
LOGINS = control("console-signin-without-mfa")
ROOT = control("root-usage")
ROUTES = control("route-table-changes")
FAILURES = control("console-auth-failures")
POLICIES = control("iam-policy-changes")


def _said(key: str, scanner: Scanner, text: str) -> Verdict:
    one = control(key)
    found = verdict(with_text(text, one), scanner, one)
    assert found.filter_name == "watched"
    return found


def test_missing_event_names() -> None:
    text = GATEWAYS.wording("1.2.0").replace(" || ($.eventName=DetachInternetGateway)", "")
    found = _said(GATEWAYS.key, "prowler", text)
    assert found.passes is False
    assert found.reason == "the filter 'watched' lacks the event name DetachInternetGateway"
    assert found.cure == "add what is missing, each event name in full"


def test_a_longer_event_name_is_not_the_one_that_is_missing() -> None:
    text = ROUTES.wording("1.2.0").replace("($.eventName=CreateRoute) || ", "")
    found = _said(ROUTES.key, "powerpipe", text)
    assert found.reason == "the filter 'watched' lacks the event name CreateRoute"


def test_event_names_by_a_wildcard_do_not_count() -> None:
    text = '{($.eventName=CreateCustomerGateway) || ($.eventName="*InternetGateway")}'
    found = _said(GATEWAYS.key, "prowler", text)
    assert found.passes is False
    assert found.reason == (
        "the filter 'watched' lacks the event name DeleteCustomerGateway, and watches "
        "AttachInternetGateway, CreateInternetGateway, DeleteInternetGateway and "
        "DetachInternetGateway by a wildcard, which does not count"
    )
    assert found.cure == "add what is missing, each event name in full"


def test_a_filter_of_wildcards_is_near_and_a_catch_all_is_not() -> None:
    found = _said(GATEWAYS.key, "prowler", "{ $.eventName = %Gateway$% }")
    assert found.reason.startswith("the filter 'watched' watches CreateCustomerGateway, ")
    everything = verdict(with_text('{ $.eventName = "*" }'), "prowler")
    assert (everything.passes, everything.filter_name) == (False, None)


def test_another_value_of_a_telling_field_is_near() -> None:
    text = '{($.eventName=ConsoleLogin) && ($.errorMessage="No username found")}'
    found = _said(FAILURES.key, "prowler", text)
    assert found.reason == (
        "the filter 'watched' lacks the condition $.errorMessage = \"Failed authentication\""
    )


def test_many_event_names_are_counted() -> None:
    kept = POLICIES.wording("1.2.0").split(" || ")[:8]
    found = _said(POLICIES.key, "powerpipe", " || ".join(kept) + "}")
    assert found.reason.endswith("DetachUserPolicy, AttachGroupPolicy and DetachGroupPolicy")
    kept = [*kept[:7], "($.eventName=DetachGroupPolicy)"]
    assert _said(POLICIES.key, "powerpipe", " || ".join(kept) + "}").reason.count("Policy") == 8


def test_a_missing_event_source() -> None:
    found = _said(ROUTES.key, "prowler", ROUTES.wording("1.2.0"))
    assert found.reason == (
        "the filter 'watched' lacks the condition $.eventSource = ec2.amazonaws.com"
    )
    assert found.cure == "add what is missing"


def test_missing_conditions_of_powerpipe() -> None:
    found = _said(REFUSALS.key, "powerpipe", REFUSALS.wording("1.2.0"))
    assert found.reason == (
        "the filter 'watched' lacks the conditions "
        '$.sourceIPAddress != "delivery.logs.amazonaws.com" and $.eventName != "HeadBucket"'
    )
    assert found.cure == (
        "add what is missing, in the order of the benchmark, each exclusion with && and brackets "
        "around the rest"
    )


def test_an_order_that_powerpipe_does_not_take() -> None:
    text = (
        "{($.eventName=DeleteCustomerGateway) || ($.eventName=CreateCustomerGateway) || "
        + (GATEWAYS.wording("1.2.0").partition("($.eventName=DeleteCustomerGateway) || ")[2])
    )
    assert _said(GATEWAYS.key, "prowler", text).passes is True
    found = _said(GATEWAYS.key, "powerpipe", text)
    assert found.passes is False
    assert found.reason == (
        "the filter 'watched' has $.eventName = DeleteCustomerGateway before "
        "$.eventName = CreateCustomerGateway, not in the order of the benchmark"
    )


def test_an_order_that_prowler_does_not_take() -> None:
    text = '{($.errorCode="AccessDenied*") || ($.errorCode="*UnauthorizedOperation")}'
    found = _said(REFUSALS.key, "prowler", text)
    assert found.reason == (
        "the filter 'watched' has $.errorCode = \"AccessDenied*\" before "
        '$.errorCode = "*UnauthorizedOperation", not in the order of the benchmark'
    )


@pytest.mark.parametrize(
    ("key", "old", "new", "wanted"),
    [
        (ROOT.key, '"Root"', "Root", '$.userIdentity.type = "Root"'),
        (FAILURES.key, "ConsoleLogin", '"ConsoleLogin"', "$.eventName = ConsoleLogin"),
        (GATEWAYS.key, "=AttachInternetGateway", '="AttachInternetGateway"', "Gateway"),
        (ROOT.key, "invokedBy NOT", "invokedBy  NOT", "$.userIdentity.invokedBy NOT EXISTS"),
        (
            LOGINS.key,
            ") && ",
            ")&&",
            '($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes")',
        ),
    ],
)
def test_a_spelling_that_powerpipe_does_not_take(key: str, old: str, new: str, wanted: str) -> None:
    text = control(key).wording("1.2.0")
    assert _said(key, "powerpipe", text).passes is True
    found = _said(key, "powerpipe", text.replace(old, new, 1))
    assert found.passes is False
    assert found.reason.startswith("the filter 'watched' does not spell $.") or "(" in found.reason
    assert found.reason.endswith("as it must")
    assert wanted in found.reason
    assert wanted in found.cure


# --- Security Hub --------------------------------------------------------------------------
def test_the_text_of_the_guide_passes() -> None:
    assert _said(GATEWAYS.key, "security-hub", GATEWAYS.wording("1.2.0")).passes is True


@pytest.mark.parametrize(
    "text",
    [
        GATEWAYS.wording("1.2.0").replace("=", " = "),
        GATEWAYS.wording("1.2.0").replace("{", "{ ").replace("}", " }"),
        GATEWAYS.wording("1.2.0") + " ",
    ],
)
def test_of_white_space_nothing_is_said(text: str) -> None:
    found = _said(GATEWAYS.key, "security-hub", text)
    assert found.passes is None
    assert "in white space only" in found.reason
    assert found.cure.endswith("the built-in stack cis-1.2.0 has it")


def test_white_space_between_quotation_marks_is_another_text() -> None:
    text = FAILURES.wording("1.2.0").replace("Failed auth", "Failed  auth")
    assert _said(FAILURES.key, "security-hub", text).passes is False


def test_of_the_text_of_earlier_years_nothing_is_said() -> None:
    found = _said(LOGINS.key, "security-hub", LOGINS.wording("1.2.0"))
    assert found.passes is None
    assert "first text" in found.reason
    assert LOGINS.security_hub_pattern is not None
    assert found.cure.endswith(LOGINS.security_hub_pattern)


def test_more_and_fewer_conditions() -> None:
    text = GATEWAYS.wording("1.2.0").replace("DetachInternetGateway", "DeleteNatGateway")
    found = _said(GATEWAYS.key, "security-hub", text)
    assert found.passes is False
    assert found.reason == (
        "the filter 'watched' lacks $.eventName = DetachInternetGateway and has 1 condition that "
        "the user guide has not: $.eventName = DeleteNatGateway"
    )


def test_the_same_conditions_in_another_form() -> None:
    text = ROOT.wording("1.2.0").replace('"Root"', "Root")
    found = _said(ROOT.key, "security-hub", text)
    assert found.passes is False
    assert "another order, or with other brackets or quotation marks" in found.reason


def test_a_pattern_of_words() -> None:
    assert GATEWAYS.calls is not None
    names = " ".join(f'"$.eventName = {name}"' for name in GATEWAYS.calls.names)
    found = _said(GATEWAYS.key, "security-hub", names)
    assert found.reason == "the filter 'watched' is not a JSON pattern"
