from __future__ import annotations

import pytest

from tests.stack.lint.stacks import codes_of, filter_of, pattern_codes, stack_of, the_finding


@pytest.mark.parametrize(
    ("code", "trap", "right"),
    [
        (
            "TW101",
            "{ $.eventName = A && $.eventName = B }",
            "{ $.eventName = A || $.eventName = B }",
        ),
        ("TW103", "{ $.x = 1 || ($.y = A && $.y = B) }", "{ $.x = 1 || ($.y = A && $.z = B) }"),
        (
            "TW104",
            "{ $.eventName = A && ($.awsRegion != a || $.awsRegion != b) }",
            "{ $.eventName = A && ($.awsRegion != a && $.awsRegion != b) }",
        ),
        (
            "TW105",
            '{ $.eventName = A || $.sourceIPAddress != "10.*" }',
            '{ $.eventName = A && $.sourceIPAddress != "10.*" }',
        ),
        (
            "TW106",
            "{ $.eventName = A || $.eventName = B && $.awsRegion != c }",
            "{ ($.eventName = A || $.eventName = B) && $.awsRegion != c }",
        ),
        (
            "TW106",
            "{ $.eventSource = ec2.amazonaws.com && $.eventName = A || $.eventName = B }",
            "{ $.eventSource = ec2.amazonaws.com && ($.eventName = A || $.eventName = B) }",
        ),
        ("TW107", '{ $.eventName = "Create*Gateway" }', '{ $.eventName = "*Gateway" }'),
        ("TW108", "{ $.readOnly = false }", "{ $.readOnly IS FALSE }"),
        (
            "TW108",
            "{ $.x = null* || $.x = true }",
            '{ $.userIdentity.sessionContext.attributes.mfaAuthenticated = "false" }',
        ),
        ("TW109", "{ $.i[*].a = 1 && $.i[*].b = 2 }", "{ $.i[0].a = 1 && $.i[0].b = 2 }"),
        ("TW110", "?ERROR ?WARN REQUEST", "?ERROR ?WARN"),
        ("TW111", '"ERR*"', "ERR"),
        ("TW112", "[level=ERROR]", "[level=ERROR, ...]"),
        ("TW113", "", "x"),
        (
            "TW121",
            '{ $.eventName = ConsoleLogin && $.additionalEventData.MFAUsed != "Yes" }',
            "{ $.eventName = ConsoleLogin && (($.additionalEventData.MFAUsed NOT EXISTS) || "
            '($.additionalEventData.MFAUsed != "Yes")) }',
        ),
        ("TW122", "{ $.EventName = StopLogging }", "{ $.eventName = StopLogging }"),
        ("TW123", "{ $.detail.eventName = StopLogging }", "{ $.detail.state = x }"),
        ("TW124", "{ $.eventName = A && $.eventVersion > 1 }", "{ $.eventVersion = 1 }"),
        ("TW125", "{ $.errorCode = AccessDenied }", '{ $.errorCode = "AccessDenied*" }'),
        (
            "TW125",
            '{ $.errorCode = "UnauthorizedOperation" }',
            '{ $.errorCode = "*UnauthorizedOperation" }',
        ),
        (
            "TW126",
            "{ $.eventName = CreatePolicy }",
            "{ $.eventSource = iam.amazonaws.com && $.eventName = CreatePolicy }",
        ),
        (
            "TW127",
            '{ $.eventName = ConsoleLogin && $.errorMessage = "Failed authentication" }',
            '{ $.eventName = ConsoleLogin && ($.errorMessage = "Failed authentication" || '
            "$.responseElements.ConsoleLogin = Failure) }",
        ),
        (
            "TW128",
            "{ $.userIdentity.type = Root && $.userIdentity.invokedBy NOT EXISTS }",
            "{ $.userIdentity.type = Root && ($.userIdentity.invokedBy NOT EXISTS || "
            "$.userIdentity.invokedBy = signin.amazonaws.com) }",
        ),
        (
            "TW131",
            "{ ($.eventName = StopLogging || $.eventName = DeleteTrail) "
            "|| $.eventName = UpdateTrail }",
            '{ $.eventName = StopLogging || $.eventName = "*Trail" || $.eventName = "*Selectors" }',
        ),
        (
            "TW130",
            "{ $.recipientAccountId = 012345678901 }",
            '{ $.x = "012345678901" || $.x = 0.5 }',
        ),
    ],
)
def test_a_trap_and_the_right_way(code: str, trap: str, right: str) -> None:
    assert code in pattern_codes(trap)
    assert code not in pattern_codes(right)


@pytest.mark.parametrize(
    "pattern",
    [
        "{ $.eventName = StopLogging }",
        '{ ($.x NOT EXISTS) || ($.x != "y") }',
        '{ ($.x NOT EXISTS) || ($.x.y != "z") }',
        '{ $.eventName = A && $.requestParameters.n = "a*" && $.requestParameters.n != "ab" }',
        "{ $.eventName = A || ($.eventName = B && $.requestParameters.days < 7) }",
        "{ $.eventName = A || $.eventName = B && $.requestParameters.days < 7 }",
        "{ $.requestId = A && $.errorCode > 499 && $.level != info }",  # of an application
    ],
)
def test_nothing_is_wrong(pattern: str) -> None:
    assert pattern_codes(pattern) == []


@pytest.mark.parametrize(
    ("pattern", "is_found"),
    [
        ('{ $.eventName = "*" }', True),
        ('{ $.eventName = "Stop*" || $.eventID = "*" }', True),
        ('{ $.eventName = "**" && $.awsRegion = "*" }', True),
        ('{ $.eventName = "Stop*" && $.eventID = "*" }', False),
        ('{ $.errorCode = "*" }', False),  # most events have none
        ('{ $.eventName = "?*" }', False),
        ("{ $.eventName = %.*% }", False),  # nothing is said of regular expressions
    ],
)
def test_a_star_on_a_field_of_every_event(pattern: str, is_found: bool) -> None:
    assert ("TW102" in pattern_codes(pattern)) is is_found


def test_a_pattern_that_matches_everything() -> None:
    pattern = (
        "{ $.a NOT EXISTS || $.a IS NULL || $.a IS TRUE || $.a IS FALSE || $.a = x || $.a != x }"
    )
    # Arrays and objects satisfy none of these.
    assert "TW102" not in pattern_codes(pattern)
    assert "TW104" in pattern_codes(pattern)


def test_the_text_of_the_benchmark_that_matches_everything() -> None:
    codes = pattern_codes(
        '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") || '
        '($.sourceIPAddress != "delivery.logs.amazonaws.com") || ($.eventName != "HeadBucket") }'
    )
    assert codes == ["TW105"]


def test_terms_on_the_log_group_of_records() -> None:
    stack = stack_of(filter_of(), filter_of("StopLogging", name="terms"))
    assert "terms" in the_finding(stack, "TW129").message
    other = stack_of(filter_of(), filter_of("StopLogging", name="terms", log_group_name="app"))
    assert "TW129" not in codes_of(other)


def test_a_finding_says_which_part() -> None:
    finding = the_finding(stack_of(filter_of("{ $.a = x && $.b = 1 && $.a = y }")), "TW101")
    assert finding.message == (
        "the pattern of the filter 'stops' matches no event: $.a = x && $.a = y never holds"
    )
    assert finding.severity == "error"


def test_names_cannot_move_the_cursor() -> None:
    stack = stack_of(filter_of("{ $.a = x && $.a = y }", name="\x1b[2J" + "n" * 500))
    finding = the_finding(stack, "TW101")
    assert "\x1b" not in finding.message
    assert len(finding.message) < 300


def test_cures_name_the_key() -> None:
    finding = the_finding(stack_of(filter_of("{ $.eventname = StopLogging }")), "TW122")
    assert finding.cure == "write $.eventName"


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        ("{ $.a = x || $.a = y }", '{($.a="y")||($.a="x")||($.a=x)}', True),
        ("{ $.a = x && ($.b = 1 || $.b = 2) }", "{ ($.b = 2 || $.b = 1) && $.a = x }", True),
        ("{ $.a = x || $.a = y }", "{ $.a = x && $.a != y }", False),
        ("ERROR", "ERROR", True),
    ],
)
def test_filters_that_are_alike(first: str, second: str, alike: bool) -> None:
    def found(group: str, metric: str) -> bool:
        other = filter_of(second, name="other", log_group_name=group, metric_name=metric)
        return "TW201" in codes_of(stack_of(filter_of(first), other))

    assert found("trail", "Stops") is alike
    assert found("trail", "Other") is alike
    assert not found("elsewhere", "Stops")


def test_a_filter_that_counts_what_another_counts() -> None:
    narrow = filter_of("{ $.eventName = A }", name="narrow")
    wide = filter_of("{ $.eventName = B || $.eventName = A }", name="wide")
    assert the_finding(stack_of(wide, narrow), "TW202").message == (
        "what the filter 'narrow' matches, the filter 'wide' adds to the same metric already"
    )
    elsewhere = filter_of("{ $.eventName = A }", name="narrow", metric_name="Other")
    assert "TW202" not in codes_of(stack_of(wide, elsewhere))
