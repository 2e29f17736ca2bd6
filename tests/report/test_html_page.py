"""The page as text: its policy, its escaping, and what it says without its script."""

from __future__ import annotations

import io
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

import pytest

from tests.report.html_parsing import Page, parsed_page
from tests.report.outcomes import (
    busy_outcome,
    empty_outcome,
    example_outcome,
    hostile_outcome,
)
from tests.report.parts import metric_alarm
from tests.report.rendering import rendered
from trailwarden import report
from trailwarden.monitor.outcome import PrincipalCount
from trailwarden.monitor.tally import OTHERS

OUTCOMES = [example_outcome, empty_outcome, busy_outcome, hostile_outcome]


@pytest.fixture(params=OUTCOMES, ids=lambda build: build.__name__)
def page(request: pytest.FixtureRequest) -> Page:
    return parsed_page(request.param())


def digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def test_the_policy_admits_exactly_the_pages_own_script_and_style(page: Page) -> None:
    policy = page.policy
    data, code = page.all("script")
    assert data.attributes["type"] == "application/json"
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == [digest(code.text)]
    assert policy["style-src"] == [digest(page.one("style").text)]
    assert policy["require-trusted-types-for"] == ["'script'"]
    assert set(policy) <= {
        *("default-src", "script-src", "style-src", "img-src", "base-uri", "form-action"),
        *("require-trusted-types-for", "trusted-types"),
    }


def test_the_policy_comes_before_all_it_speaks_of(page: Page) -> None:
    tags = [element.tag for element in page.elements]
    assert tags[:4] == ["html", "head", "meta", "meta"]
    assert page.elements[3].attributes["http-equiv"] == "Content-Security-Policy"


def test_the_page_loads_nothing(page: Page) -> None:
    for element in page.elements:
        for name in ("src", "href", "action", "srcset", "data", "poster", "xlink:href"):
            value = element.attributes.get(name, "#")
            assert value.startswith(("#", "data:image/svg+xml,")), element
    style = page.one("style").text
    assert "url(" not in style
    assert "@import" not in style
    addresses = re.findall(r"\w+://[^\s\"']+", page.all("script")[1].text)
    assert addresses == ["http://www.w3.org/2000/svg"]  # a namespace, not a place


def test_the_page_is_ascii_whatever_the_stream(page: Page) -> None:
    assert page.source.isascii()
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="cp1252", newline="")
    report.render(example_outcome(), "html", stream)
    stream.flush()
    assert raw.getvalue().decode("ascii") == rendered(example_outcome(), "html")


def test_hostile_strings_add_no_markup() -> None:
    page = parsed_page(hostile_outcome())
    known = {element.tag for build in OUTCOMES[:3] for element in parsed_page(build()).elements}
    assert {element.tag for element in page.elements} <= known
    names = {name for element in page.elements for name in element.attributes}
    assert not [name for name in names if name.startswith("on") or name == "style"]
    assert len(page.all("script")) == 2
    data = page.source.partition('id="data">')[2].partition("</script>")[0]
    assert not set(data) & set("<>&\u2028\u2029")
    assert "alert(1)" in page.one("table").text


def test_every_alarm_is_in_the_table_that_needs_no_script() -> None:
    outcome = example_outcome()
    page = parsed_page(outcome)
    rows = [row.text for row in page.all("tr")[1:]]
    assert len(rows) == len(outcome.alarms)
    assert rows[0].startswith("root-usageOK342024-03-04\xa009:022024-03-05\xa009:02Root")
    assert any(row.startswith("queue-ageInsufficient data00") for row in rows)


@pytest.mark.parametrize(
    ("build", "verdict", "lead"),
    [
        (
            example_outcome,
            "4 of 12 alarms fired",
            "6 incidents in all. 2 principals are behind 90\xa0% of the 20 matches. Matched "
            "without an alarm: failed-logins, bucket-policy-changes. 4 inputs could not be used.",
        ),
        (
            empty_outcome,
            "There were no records to judge",
            "Is it the right place, and the right time?",
        ),
        (
            lambda: replace(example_outcome(), alarms=()),
            "This stack has no alarms",
            "2 principals are behind 90\xa0% of the 20 matches. Matched without an alarm: "
            "root-usage, unauthorized-calls, security-group-changes and 2 more. "
            "4 inputs could not be used.",
        ),
    ],
)
def test_verdict(build, verdict: str, lead: str) -> None:
    page = parsed_page(build())
    assert page.one("h1").text == verdict
    assert page.one("p", **{"class": "lead"}).text == lead
    assert page.one("title").text.startswith(verdict)


def test_a_single_principal_behind_everything() -> None:
    outcome = example_outcome()
    root = outcome.filters[0]
    outcome = replace(outcome, filters=(root,), input=replace(outcome.input, problems=()))
    lead = parsed_page(outcome).one("p", **{"class": "lead"}).text
    assert lead == "6 incidents in all. 1 principal is behind all 4 matches."


def test_principals_that_were_not_counted_are_not_invented() -> None:
    outcome = example_outcome()
    root = replace(outcome.filters[0], matches=1000, principals_cut=True)
    outcome = replace(outcome, filters=(root,), input=replace(outcome.input, problems=()))
    assert "1,000 matches by many principals." in parsed_page(outcome).source
    rest = (PrincipalCount(OTHERS, 996), *root.principals)
    outcome = replace(outcome, filters=(replace(root, principals=rest),))
    assert "1,000 matches by many principals." in parsed_page(outcome).source


def test_what_was_scanned() -> None:
    facts = parsed_page(busy_outcome()).one("dl", **{"class": "facts"}).text
    for fact in (
        *("s3://bucket/prefix-0", "and 27 more", "since 2024-03-04\xa000:00", "184,392"),
        *("312 duplicates left out, counted at the delivery of their files", "1,204"),
        *("48.1 MiB, 584.5 MiB unpacked", "2024-03-04\xa008:00 to 2024-03-17\xa008:00"),
        *("200 gaps over an hour", "25 filters, 25 alarms", "busy.yaml"),
    ):
        assert fact in facts


def test_problems_and_remarks_are_told_and_bounded() -> None:
    page = parsed_page(example_outcome())
    problems = page.one("section", id="problems").text
    assert "logs/2024/03/04/0915.json.gz:1:88412 (Records[17]) (3 times)" in problems
    assert "To mend it: copy the file again from its bucket." in problems
    stack = page.one("section", id="stack").text
    assert "Not run: Responder (AWS::Lambda::Function," in stack
    assert "no alarm watches the metric" in stack

    busy = parsed_page(busy_outcome())
    assert len(busy.one("section", id="problems").text) < 20_000
    assert "and 16 more" in busy.one("section", id="problems").text


def test_a_harmless_scan_has_no_remarks() -> None:
    assert not parsed_page(empty_outcome()).all("section", **{"class": "panel remarks"})


def test_an_alarm_without_a_filter_or_threshold_renders() -> None:
    outcome = empty_outcome()
    alarm = replace(outcome.alarms[0], alarm=replace(metric_alarm("a", "b"), threshold=None))
    page = parsed_page(replace(outcome, alarms=(alarm,), filters=()))
    assert page.data["alarms"][0]["filters"] == []
