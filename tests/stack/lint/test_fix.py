"""Fixes of templates: what changes, and that nothing else does."""

from __future__ import annotations

import json
from itertools import product

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.shared_data import TEMPLATES
from trailwarden.stack.builtin import NAMES, read
from trailwarden.stack.cloudformation import load_template
from trailwarden.stack.lint.fixing import FIXERS, Fixed, fix
from trailwarden.stack.model import Stack

TEMPLATE = """\
Resources:
  Stops:
    Type: AWS::Logs::MetricFilter
    Properties:
      FilterPattern: PATTERN
      LogGroupName: trail
      MetricTransformations:
        - MetricName: Stops # a comment
          MetricNamespace: Sec
          MetricValue: '1'
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmActions: [topic]
      ComparisonOperator: GreaterThanOrEqualToThreshold
      EvaluationPeriods: 1
      MetricName: Stops
      Namespace: Sec
      Period: 300
      Statistic: Sum
      Threshold: 1
      TreatMissingData: notBreaching
"""
PLAIN = TEMPLATE.replace("PATTERN", "'{ $.eventName = StopLogging }'").replace(
    "'1'\n", "'1'\n          DefaultValue: 0\n"
)


def _load(text: str) -> Stack:
    return load_template(text, "t.yaml", "t", {})


def fixed(text: str, *codes: str, unsafe: bool = False) -> Fixed:
    return fix(text, _load, lambda f: f.code in codes or not codes, unsafe=unsafe)


def changed_lines(text: str, *codes: str, unsafe: bool = False) -> tuple[list[str], list[str]]:
    """The lines that go and those that come."""
    before, after = text.splitlines(), fixed(text, *codes, unsafe=unsafe).text.splitlines()
    return [o.strip() for o in before if o not in after], [
        n.strip() for n in after if n not in before
    ]


def test_nothing_to_fix() -> None:
    assert fixed(PLAIN).text == PLAIN
    assert fixed(PLAIN) == Fixed(PLAIN, (), ())


@pytest.mark.parametrize(
    ("old", "new", "code", "gone", "come"),
    [
        ("Sum", "Maximum", "TW303", "Statistic: Maximum", "Statistic: Sum"),
        ("Sum", "'Maximum' # why", "TW303", "Statistic: 'Maximum' # why", "Statistic: 'Sum' # why"),
        ("          DefaultValue: 0\n", "", "TW311", "", "DefaultValue: 0"),
        ("Period: 300", "Period: 10", "TW312", "Period: 10", "Period: 60"),
        ("Period: 300", "Period: 300\n      Unit: Count", "TW003", "Unit: Count", ""),
    ],
)
def test_properties(old: str, new: str, code: str, gone: str, come: str) -> None:
    text = PLAIN.replace(old, new)
    assert text != PLAIN
    assert changed_lines(text) == ([gone] if gone else [], [come] if come else [])
    assert [finding.code for finding in fixed(text).fixed] == [code]


def test_silence_that_nobody_speaks_of() -> None:
    text = PLAIN.replace("          DefaultValue: 0\n", "")
    text = text.replace("      TreatMissingData: notBreaching\n", "")
    assert changed_lines(text, "TW309") == ([], ["TreatMissingData: notBreaching"])
    little = text.replace("GreaterThanOrEqualToThreshold", "LessThanThreshold")
    assert fixed(little, "TW309").text == little  # there silence may be the alarm
    told = text.replace("AlarmActions", "InsufficientDataActions: [topic]\n      AlarmActions")
    assert fixed(told, "TW309").text == told


def test_two_rules_with_one_fix() -> None:
    result = fixed(PLAIN.replace("Statistic: Sum", 'Statistic: "Average"'))
    assert result.text == PLAIN.replace("Statistic: Sum", 'Statistic: "Sum"')
    assert [finding.code for finding in result.fixed] == ["TW303", "TW304"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("notBreaching", "breaching", "TW307"),
        ("AlarmActions", "ActionsEnabled: false\n      AlarmActions", "TW402"),
        ("Period: 300", "OKActions: [topic]\n      Period: 300", "TW403"),
        ("Period: 300", "OKActions:\n        - topic\n      Period: 300", "TW403"),
        ("EvaluationPeriods: 1", "EvaluationPeriods: 3", "TW306"),
    ],
)
def test_choices_of_the_author_stay_unless_asked_for(old: str, new: str, code: str) -> None:
    text = PLAIN.replace(old, new)
    assert code in {finding.code for finding in fixed(text).findings}
    assert fixed(text, code).text == text
    result = fixed(text, code, unsafe=True)
    assert [finding.code for finding in result.fixed] == [code]
    assert code not in {finding.code for finding in result.findings}


SEVERAL = "EvaluationPeriods: 60\n      DatapointsToAlarm: 6"


@pytest.mark.parametrize(
    ("statistic", "operator", "threshold", "expected"),
    [
        ("Maximum", "GreaterThanOrEqualToThreshold", "1", "6"),
        ("Sum", "GreaterThanOrEqualToThreshold", "1", "6"),
        ("Sum", "GreaterThanOrEqualToThreshold", "3", "18"),
        ("Sum", "GreaterThanThreshold", "0", "5"),
        ("Sum", "GreaterThanThreshold", "2.5", "17"),
        ("Sum", "GreaterThanOrEqualToThreshold", "0", None),  # fires without any event
        ("SampleCount", "GreaterThanOrEqualToThreshold", "4", None),  # and so does this one
        ("Sum", "GreaterThanOrEqualToThreshold", "!Ref Limit", None),
    ],
)
def test_several_periods_become_one_as_a_whole(
    statistic: str, operator: str, threshold: str, expected: str | None
) -> None:
    """The statistic, all numbers and the threshold together, or nothing."""
    text = PLAIN.replace("EvaluationPeriods: 1", SEVERAL).replace("Period: 300", "Period: 60")
    text = text.replace("Statistic: Sum", f"Statistic: {statistic}")
    text = text.replace("GreaterThanOrEqualToThreshold", operator)
    text = text.replace("Threshold: 1\n", f"Threshold: {threshold}\n")
    if "Limit" in text:
        text = f"Parameters:\n  Limit: {{Type: Number, Default: 1}}\n{text}"
    before, result = fixed(text, "TW306"), fixed(text, "TW306", unsafe=True)
    assert before.text == text
    if expected is None:
        assert result.text == text
        return
    properties = yaml.safe_load(result.text)["Resources"]["Alarm"]["Properties"]
    made = {name: properties[name] for name in (
        "Statistic", "Period", "EvaluationPeriods", "DatapointsToAlarm", "Threshold"
    )}  # fmt: skip
    assert list(map(str, made.values())) == ["Sum", "300", "1", "1", expected]
    [told] = [finding for finding in before.findings if finding.code == "TW306"]
    assert f"Threshold: {expected}" in told.cure


def pattern_after(pattern: str, code: str, *, unsafe: bool = False) -> str:
    text = PLAIN.replace("'{ $.eventName = StopLogging }'", json.dumps(pattern))
    result = fixed(text, code, unsafe=unsafe)
    return str(yaml.safe_load(result.text)["Resources"]["Stops"]["Properties"]["FilterPattern"])


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("TW122", "{$.EventName=X&&$.Eventsource = y}", "{$.eventName=X&&$.eventSource = y}"),
        ("TW123", "{ $.detail.eventName = X }", "{ $.eventName = X }"),
        ("TW130", "{ $.userIdentity.accountId = 012 }", '{ $.userIdentity.accountId = "012" }'),
        ("TW125", '{ $.errorCode = "AccessDenied" }', '{ $.errorCode = "AccessDenied*" }'),
        (
            "TW132",
            '{ ($.eventSource = "iam.amazonaws.com")  && ($.eventName = PutUserPolcy) }',
            '{ ($.eventSource = "iam.amazonaws.com")  && ($.eventName = PutUserPolicy) }',
        ),
    ],
)
def test_patterns(code: str, before: str, after: str) -> None:
    if code == "TW132":
        pytest.importorskip("botocore")
    assert pattern_after(before, code) == after


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("TW108", "{ $.readOnly = false && $.a = b }", "{ $.readOnly IS FALSE && $.a = b }"),
        (
            "TW121",
            '{ $.eventName = A && $.b != "c" }',
            '{ $.eventName = A && ($.b NOT EXISTS || $.b != "c") }',
        ),
        (
            "TW128",
            "{ $.userIdentity.type = Root && ($.userIdentity.invokedBy NOT EXISTS) }",
            "{ $.userIdentity.type = Root && ($.userIdentity.invokedBy NOT EXISTS || "
            '$.userIdentity.invokedBy = "signin.amazonaws.com") }',
        ),
        (
            "TW131",
            "{ ($.eventName = PutBucketPolicy) || $.eventName = PutBucketAcl }",
            "{ ($.eventName = PutBucketPolicy || $.eventName = PutBucketPublicAccessBlock) || "
            "$.eventName = PutBucketAcl }",
        ),
        (
            "TW126",
            "{ ($.eventName = CreatePolicy) || ($.eventName = DeletePolicy) }",
            "{ ($.eventSource = iam.amazonaws.com) && ( ($.eventName = CreatePolicy) || "
            "($.eventName = DeletePolicy) ) }",
        ),
    ],
)
def test_patterns_of_the_benchmark(code: str, before: str, after: str) -> None:
    """Security Hub takes no others."""
    if code == "TW126":
        pytest.importorskip("botocore")
    assert pattern_after(before, code) == before
    assert pattern_after(before, code, unsafe=True) == after


@pytest.mark.parametrize(
    "written",
    [
        "'{ $.EventName = \"it''s\" }'",
        r'"{ $.EventName = \"it\x27s\" }"',
        '|\n        { $.EventName =\n          "it\'s" }',
        '>-\n        { $.EventName\n        = "it\'s" }',
        "'{\n        $.EventName = \"it''s\" }'",
    ],
)
def test_ways_to_write_a_text(written: str) -> None:
    text = TEMPLATE.replace("PATTERN", written)
    assert fixed(text, "TW122").text == text.replace("EventName", "eventName")


def test_what_a_function_or_an_alias_says_stays() -> None:
    text = PLAIN.replace("Statistic: Sum", "Statistic: !Join ['', [Maximum]]")
    assert fixed(text).text == text
    text = PLAIN.replace("Statistic: Sum", "Statistic: &s Maximum")
    assert fixed(text).text == text
    text = TEMPLATE.replace("PATTERN", "!Sub '{ $.EventName = A }'")
    assert fixed(text, "TW122").text == text


def test_other_statistics_than_a_sum_bear_no_zeros() -> None:
    text = PLAIN.replace("          DefaultValue: 0\n", "") + (
        PLAIN[PLAIN.index("  Alarm:") :].replace("Alarm:", "Other:", 1).replace("Sum", "Average")
    ).replace("TreatMissingData: notBreaching", "AlarmName: other")
    assert fixed(text, "TW311").text == text


def test_several_alarms_of_one_filter() -> None:
    text = PLAIN.replace("          DefaultValue: 0\n", "") + PLAIN[
        PLAIN.index("  Alarm:") :
    ].replace("Alarm:", "Other:", 1)
    result = fixed(text, "TW311")
    assert result.text.count("DefaultValue: 0") == 1
    assert [finding.code for finding in result.fixed] == ["TW311", "TW311"]


def test_json() -> None:
    data = yaml.safe_load(TEMPLATE.replace("PATTERN", "'{ $.EventName = \"A\" }'"))
    data["Resources"]["Alarm"]["Properties"] |= {"Statistic": "Maximum", "OKActions": ["topic"]}
    del data["Resources"]["Alarm"]["Properties"]["TreatMissingData"]
    for indent in (None, 2, "\t"):
        text = json.dumps(data, indent=indent)
        result = fixed(text, unsafe=True)
        after = json.loads(result.text)["Resources"]
        assert after["Stops"]["Properties"]["FilterPattern"] == '{ $.eventName = "A" }'
        assert after["Stops"]["Properties"]["MetricTransformations"][0]["DefaultValue"] == 0
        assert after["Alarm"]["Properties"]["Statistic"] == "Sum"
        assert after["Alarm"]["Properties"]["TreatMissingData"] == "notBreaching"
        assert "OKActions" not in after["Alarm"]["Properties"]
        # Written by json.dumps before, and as it would write it afterwards.
        assert result.text == json.dumps(json.loads(result.text), indent=indent)


def test_line_breaks_of_windows() -> None:
    text = PLAIN.replace("          DefaultValue: 0\n", "").replace("\n", "\r\n")
    result = fixed(text).text
    assert result.count("\r\n") == result.count("\n") == PLAIN.count("\n")


def test_comments_that_ignore() -> None:
    text = PLAIN.replace("Sum", "Maximum").replace(
        "  Alarm:", "  # trailwarden: ignore TW303\n  Alarm:"
    )
    assert fixed(text).text == text


def _templates() -> st.SearchStrategy[str]:
    """Templates with everything that there are fixes for, in several layouts."""
    return st.builds(
        _template,
        st.sampled_from(["Sum", "Maximum", "'Average'", '"Minimum"', "SampleCount", "!Ref S"]),
        st.sampled_from([10, 60, 300]),
        st.sampled_from(["", "missing", "ignore", "breaching", "notBreaching"]),
        st.sampled_from(["", "DefaultValue: 0", "DefaultValue: 2"]),
        st.sampled_from(["GreaterThanThreshold", "LessThanThreshold"]),
        st.sampled_from(
            [
                "'{ $.EventName = CreatePolicy || $.EventName = \"DeletePolicy\" }'",
                '"{ ($.detail.eventName = X) && $.errorCode != \\"AccessDenied\\" }"',
                "{ $.userIdentity.type = Root }",
                "|\n        { $.readOnly = true\n          && $.vpcEndpointId NOT EXISTS }",
            ]
        ),
        st.lists(
            st.sampled_from(["ActionsEnabled: false", "OKActions: [topic] # x", "Unit: Count"]),
            unique=True,
        ),
        st.sampled_from(["yaml", "json", "flow", "crlf"]),
    )


def _template(
    statistic: str,
    period: int,
    missing: str,
    default: str,
    comparison: str,
    pattern: str,
    more: list[str],
    layout: str,
) -> str:
    text = TEMPLATE.replace("PATTERN", pattern if pattern[0] != "{" else f"'{pattern}'")
    text = text.replace("Statistic: Sum", f"Statistic: {statistic}")
    text = text.replace("Period: 300", "\n      ".join([f"Period: {period}", *more]))
    text = text.replace(
        "TreatMissingData: notBreaching", f"TreatMissingData: {missing}" if missing else "# none"
    )
    text = text.replace("'1'", f"'1'\n          {default}")
    text = text.replace("GreaterThanOrEqualToThreshold", comparison)
    text = "Parameters:\n  S: {Type: String, Default: Maximum}\n" + text
    if layout == "crlf":
        return text.replace("\n", "\r\n")
    if layout == "yaml":
        return text
    data = yaml.safe_load(text.replace("!Ref S", "{Ref: S}"))
    if layout == "json":
        return json.dumps(data, indent=2)
    return str(yaml.safe_dump(data, default_flow_style=True, width=60))


@settings(max_examples=60, deadline=None)
@given(_templates(), st.booleans())
@example(PLAIN, True)
def test_a_fixed_template_loads_and_stays_as_it_is(text: str, unsafe: bool) -> None:
    result = fixed(text, unsafe=unsafe)
    assert list(result.findings) == list(fix(result.text, _load, lambda f: False).findings)
    assert fixed(result.text, unsafe=unsafe) == Fixed(result.text, (), result.findings)
    before = {(f.code, f.location.key) for f in fixed(text, "none").findings}
    new = {(f.code, f.location.key) for f in result.findings if f.severity == "error"}
    assert new <= before


@pytest.mark.parametrize("name", NAMES)
def test_built_in_stacks_can_be_fixed(name: str) -> None:
    text = read(name).replace("# trailwarden: ignore-file", "# meant to be so:")
    result = fixed(text, unsafe=True)
    assert fixed(result.text, unsafe=True).text == result.text
    assert {f.code for f in result.fixed} == (set() if name == "cis" else {"TW121", "TW126"}) or (
        name != "cis" and len(result.fixed) > 5
    )


@pytest.mark.skipif(not TEMPLATES.exists(), reason=f"no templates in {TEMPLATES}")
@pytest.mark.parametrize(
    ("name", "unsafe"),
    list(product(["original-cloudtrail.yaml", "original-sns.yaml"], [False, True])),
)
def test_the_original_templates(name: str, unsafe: bool) -> None:
    text = (TEMPLATES / name).read_text("utf-8")
    result = fixed(text, unsafe=unsafe)
    assert fixed(result.text, unsafe=unsafe) == Fixed(result.text, (), result.findings)
    if "trail" in name:
        codes = {finding.code for finding in result.fixed}
        assert {"TW303", "TW311"} <= codes
        assert ("TW403" in codes) is unsafe
        kept = [line for line in text.splitlines() if line.lstrip().startswith("#")]
        assert kept == [line for line in result.text.splitlines() if line.lstrip().startswith("#")]


def test_every_fix_is_of_a_rule() -> None:
    from trailwarden.stack.lint import RULES

    assert set(FIXERS) <= set(RULES)
    assert all(fixer.make.__module__.startswith("trailwarden.") for fixer in FIXERS.values())
