"""A stack in each format: whole, harmless, bounded."""

from __future__ import annotations

import io
import json
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import fields, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.report.hostile import HOSTILE
from tests.report.html_parsing import Page, _Parser
from tests.report.parts import TOPIC, metric_alarm, metric_filter
from tests.report.rendering import Terminal, plain_environment
from tests.report.test_stack_graph import whole_stack
from trailwarden.alarms.model import CompositeAlarm, MetricAlarm
from trailwarden.errors import Location, UsageError
from trailwarden.patterns import parse
from trailwarden.report.stack_graph import Kind
from trailwarden.report.stack_mermaid import MOST_CHARACTERS, MOST_EDGES, MOST_NODES, label
from trailwarden.report.stack_report import FORMATS, render_stack
from trailwarden.report.stack_view import view_of
from trailwarden.stack.model import (
    LogGroup,
    MetricFilter,
    MetricTransformation,
    Note,
    NotRun,
    Stack,
    Subscription,
    Topic,
    TopicPolicy,
    Trail,
)
from trailwarden.text import visible

DOCUMENT = Path(__file__).parents[2] / "docs" / "stack.md"
PATTERN = '{ $.eventName = "*" }'


def rendered(stack: Stack, name: str) -> str:
    stream = io.StringIO(newline="")
    render_stack(view_of(stack), name, stream)
    return stream.getvalue()


def hostile_stack() -> Stack:
    """Every text that somebody else may write is an attack on some output."""
    texts = list(HOSTILE.values())
    places = [Location(text, 1, 2, text) for text in texts]
    return Stack(
        name=HOSTILE["html"],
        source=HOSTILE["escape"],
        trails=tuple(Trail(text, text, text, text) for text in texts),
        log_groups=tuple(LogGroup(text) for text in texts),
        metric_filters=tuple(
            replace(
                metric_filter(text, PATTERN),
                log_group_name=text,
                filter_pattern=f"{PATTERN} {text}",
            )
            for text in texts
        ),
        alarms=tuple(replace(metric_alarm(text, text), alarm_actions=(text,)) for text in texts),
        composite_alarms=tuple(
            CompositeAlarm(f"composite {text}", f"ALARM({json.dumps(text)})")
            for text in texts
            if len(text) < 10_000  # the longest rule
        ),
        topics=tuple(Topic(text, text, text, text) for text in texts),
        topic_policies=(TopicPolicy(tuple(texts), {text: [text] for text in texts}),),
        subscriptions=tuple(Subscription(text, text, text) for text in texts),
        not_run=tuple(NotRun(at.source, at.source, at.source, at) for at in places),
        notes=tuple(Note(at.source, at.source, at) for at in places),
        region=HOSTILE["bidi"],
        account=HOSTILE["formula"],
        locations={("Alarm", at.source): at for at in places},
    )


def large_stack(size: int) -> Stack:
    names = [f"a-name-of-some-length-{number}" for number in range(size)]
    return Stack(
        "large",
        "large.yaml",
        metric_filters=tuple(metric_filter(name, PATTERN) for name in names),
        alarms=tuple(metric_alarm(name, name) for name in names),
        topics=(Topic("alerts", TOPIC),),
    )


# --- terminal ----------------------------------------------------------------------------
def test_the_terminal_shows_tables_and_a_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    lines = rendered(whole_stack(), "terminal").splitlines()
    for line in (
        "trailwarden · whole from whole.yaml",
        "  1 trail, 1 log group, 1 metric filter, 1 alarm, 1 topic, 1 subscription",
        "  trail main",
        "  └─ log group cloudtrail",
        "     └─ metric filter root-use",
        "        └─ metric SecurityMetrics/root-use",
        "           └─ alarm root-alarm",
        "              └─ topic alerts  ALARM",
        "                 └─ subscription email sec@example.com",
        "  main   cloudtrail  one region",
        "  cloudtrail  for ever",
        f"  root-use       cloudtrail  SecurityMetrics/root-use  {PATTERN}",
    ):
        assert line in lines, line
    assert "Sum of SecurityMetrics/root-use ≥ 1 in 5 min" in "\n".join(lines)
    assert "Loose ends" not in lines


def test_loose_ends_are_marked_and_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    stack = replace(
        whole_stack(),
        subscriptions=(),
        notes=(Note("alarm-without-actions", "said twice"), Note("other", "said once")),
    )
    text = rendered(stack, "terminal")
    assert "topic alerts (loose end)  ALARM" in text
    assert "topic-without-subscriber  no subscription of the topic 'alerts' is known" in text
    assert "said once" in text
    assert "said twice" not in text


@pytest.mark.parametrize("width", ["60", "140"])
def test_the_terminal_is_harmless(monkeypatch: pytest.MonkeyPatch, width: str) -> None:
    monkeypatch.setenv("COLUMNS", width)
    text = rendered(hostile_stack(), "terminal")
    assert all(visible(line) == line for line in text.splitlines())
    assert "\\u202e" in text


def test_the_terminal_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    text = rendered(large_stack(1500), "terminal")
    assert "  1,400 more: --output json or --output html" in text.splitlines()
    assert text.count("\n") < 1500


@pytest.mark.parametrize("make", [whole_stack, hostile_stack])
def test_a_terminal_gets_colours_and_nothing_else_besides(
    monkeypatch: pytest.MonkeyPatch, make: Callable[[], Stack]
) -> None:
    plain_environment(monkeypatch)
    monkeypatch.setenv("COLUMNS", "100")
    plain = rendered(make(), "terminal")
    monkeypatch.setenv("TERM", "xterm-256color")
    stream = Terminal()
    render_stack(view_of(make()), "terminal", stream)
    coloured = stream.getvalue()
    assert coloured != plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_a_pattern_takes_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    pattern = '{ $.eventName = "' + "x" * 500 + '" }'
    stack = replace(whole_stack(), metric_filters=(metric_filter("root-use", pattern),))
    for width in ("60", "120"):
        monkeypatch.setenv("COLUMNS", width)
        lines = rendered(stack, "terminal").splitlines()
        assert max(map(len, lines)) <= int(width)
        assert sum("$.event" in line for line in lines) == 1
        assert not [line for line in lines if "xxx" in line and not line.endswith("…")]


def test_branches_are_spelled_where_the_encoding_lacks_them() -> None:
    buffer = io.BytesIO()
    stream = io.TextIOWrapper(buffer, encoding="ascii")
    render_stack(view_of(whole_stack()), "terminal", stream)
    stream.flush()
    assert b"  `- log group cloudtrail\n" in buffer.getvalue()


# --- json --------------------------------------------------------------------------------
def test_json_has_the_fields_of_the_dataclasses() -> None:
    found = json.loads(rendered(whole_stack(), "json"))
    assert found["schema"] == "trailwarden.stack/1"
    names = {one.name for one in fields(Stack)}
    assert names < set(found)
    assert set(found["metric_filters"][0]) == {one.name for one in fields(MetricFilter)} - {
        "pattern"
    }
    assert set(found["alarms"][0]) == {one.name for one in fields(MetricAlarm)} - {
        "evaluation_range"
    }
    assert found["metric_filters"][0]["metric_transformations"][0] == {
        "metric_namespace": "SecurityMetrics",
        "metric_name": "root-use",
        "metric_value": "1",
        "default_value": None,
        "dimensions": {},
        "unit": None,
    }
    assert found["nodes"][0] == {
        "id": 0,
        "kind": "trail",
        "name": "main",
        "detail": "",
        "is_defined": True,
    }
    assert found["edges"][0] == {"source": 0, "target": 1, "label": ""}
    assert found["loose_ends"] == []


def test_json_is_documented() -> None:
    section = DOCUMENT.read_text("utf-8").partition("\n## json\n")[2].partition("\n## ")[0]
    documented = {
        name
        for line in section.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`(\w+)`", line.split("|")[1])
    }
    assert documented == set(json.loads(rendered(whole_stack(), "json")))


def test_the_kinds_of_nodes_are_documented() -> None:
    [row] = [line for line in DOCUMENT.read_text("utf-8").splitlines() if "| `nodes` |" in line]
    assert {f"`{kind}`" for kind in get_args(Kind)} <= set(re.findall(r"`[a-z ]+`", row))


def test_json_bounds_depth_and_numbers() -> None:
    deep: Any = 1
    for _ in range(5000):
        deep = [deep]
    alarm = replace(metric_alarm("a", "a"), threshold=float("inf"), dimensions=(("d", "v"),))
    stack = replace(
        whole_stack(), alarms=(alarm,), topic_policies=(TopicPolicy((), {"deep": deep}),)
    )
    found = json.loads(rendered(stack, "json"))
    assert found["alarms"][0]["threshold"] is None
    assert found["alarms"][0]["dimensions"] == {"d": "v"}
    assert isinstance(found["topic_policies"][0]["policy_document"]["deep"], list)


def test_json_is_ascii_whatever_it_holds() -> None:
    text = rendered(hostile_stack(), "json")
    assert text.isascii()
    assert json.loads(text)["trails"][3]["trail_name"] == HOSTILE["plus"]


def test_the_codes_of_loose_ends_are_documented() -> None:
    source = Path(__file__).parents[2] / "src/trailwarden/report/stack_loose.py"
    body = source.read_text("utf-8").partition("class Links")[2]
    codes = set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', body))
    section = DOCUMENT.read_text("utf-8").partition("\n## Graph\n")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `([a-z-]+)`", section, re.MULTILINE)) == codes


# --- mermaid -----------------------------------------------------------------------------
LABEL = r'"(?:[-./ 0-9A-Za-z]|#\d+;|<br/>)*"'
SHAPES = (r"\(\[", r"\]\)"), (r"\[\(", r"\)\]"), (r"\(", r"\)"), (r"\{\{", r"\}\}"), (r"\[", r"\]")
NODE = "|".join(f"{before}{LABEL}{after}" for before, after in SHAPES)
MERMAID = re.compile(
    rf"  (?:n\d+|rest)(?:{NODE})|  n\d+ -->(?:\|{LABEL}\|)? n\d+"
    r"|  classDef \w+ [-:,\w]+|  class n\d+(?:,n\d+)* \w+"
)


def test_mermaid_draws_the_chain() -> None:
    assert rendered(replace(whole_stack(), subscriptions=()), "mermaid").splitlines() == [
        "flowchart LR",
        '  n0(["trail<br/>main"])',
        '  n1[("log group<br/>cloudtrail")]',
        '  n2["metric filter<br/>root-use"]',
        '  n3("metric<br/>SecurityMetrics/root-use")',
        '  n4{{"alarm<br/>root-alarm"}}',
        '  n5(["topic<br/>alerts"])',
        "  n0 --> n1",
        "  n1 --> n2",
        "  n2 --> n3",
        "  n3 --> n4",
        '  n4 -->|"ALARM"| n5',
        "  classDef loose stroke:darkorange,stroke-width:3px",
        "  class n5 loose",
    ]


def test_no_name_leaves_its_label() -> None:
    first, *lines = rendered(hostile_stack(), "mermaid").splitlines()
    assert first == "flowchart LR"
    assert len(lines) > 100
    for line in lines:
        assert MERMAID.fullmatch(line), line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${Topic.Arn}", "#36;#123;Topic.Arn#125;"),
        ("1. a - b", "1#46; a #45; b"),
        ("-a.b-", "#45;a.b#45;"),
        ('"]; %%{init: {}}%%', "#34;#93;#59; #37;#37;#123;init#58; #123;#125;#125;#37;#37;"),
        ("é\n", "#233;#92; n"),
        ("$$x$$", "#36; #36;x#36; #36;"),
        ("fa:fa-bug", "fa#58; fa-bug"),
    ],
)
def test_labels(text: str, expected: str) -> None:
    assert label(text) == expected


@given(st.text(st.characters(), max_size=90))
def test_no_text_leaves_its_label(text: str) -> None:
    assert re.fullmatch(LABEL, f'"{label(text)}"')


def test_mermaid_stays_within_what_mermaid_takes() -> None:
    for stack in (large_stack(1500), hostile_stack(), composite_fan(90)):
        text = rendered(stack, "mermaid")
        assert len(text) <= MOST_CHARACTERS
        assert text.count("-->") <= MOST_EDGES
        assert text.count('"') // 2 <= MOST_NODES + MOST_EDGES
    left = re.search(
        r'rest\["([0-9,]+) more nodes left out"\]', rendered(large_stack(1500), "mermaid")
    )
    assert left is not None
    assert int(left[1].replace(",", "")) > 1500


def composite_fan(size: int) -> Stack:
    """Every composite alarm names every alarm."""
    names = [f"a{number}" for number in range(size)]
    rule = " OR ".join(f"ALARM({name})" for name in names)
    return Stack(
        "fan",
        "fan.yaml",
        alarms=tuple(metric_alarm(name, "m") for name in names),
        composite_alarms=tuple(CompositeAlarm(f"c{name}", rule) for name in names),
    )


# --- html --------------------------------------------------------------------------------
def page_of(stack: Stack) -> Page:
    page = Page(rendered(stack, "html"))
    parser = _Parser(page)
    parser.feed(page.source)
    parser.close()
    assert parser.open == []
    return page


def test_the_page_holds_tables_and_the_graph() -> None:
    page = page_of(replace(whole_stack(), subscriptions=()))
    assert [heading.text for heading in page.all("h2")] == [
        *("Loose ends", "Graph", "Trails", "Log groups", "Metric filters", "Alarms", "Topics"),
    ]
    tree = page.one("ul", **{"class": "tree"})
    assert [part for part in tree.text.split("\n") if part][-1] == "topic alerts loose end ALARM"
    inside = [item.text.count("metric") for item in page.all("li")]
    assert inside == [2, 2, 2, 1, 0, 0]  # a filter and a metric; each item holds what follows
    assert page.one("a", href="#part-loose-ends").text == "1"
    assert page.one("section", id="part-loose-ends")


def test_the_page_runs_nothing_and_loads_nothing() -> None:
    page = page_of(hostile_stack())
    assert page.source.isascii()
    tags = {element.tag for element in page.elements}
    assert not tags & {"script", "img", "iframe", "object", "form", "base"}
    assert page.policy["default-src"] == ["'none'"]
    assert "script-src" not in page.policy
    attributes = {name for element in page.elements for name in element.attributes}
    assert not {name for name in attributes if name.startswith("on")}
    assert all(link.attributes["href"][0] == "#" for link in page.all("a"))
    assert "\u202e" not in page.one("body").text


def test_the_policy_lets_the_pages_own_style_in() -> None:
    page = page_of(whole_stack())
    digest = b64encode(sha256(page.one("style").text.encode()).digest()).decode()
    assert page.policy["style-src"] == [f"'sha256-{digest}'"]
    assert not [one for one in page.elements if "style" in one.attributes]


def test_the_page_is_bounded() -> None:
    source = rendered(large_stack(2600), "html")
    assert source.count("and 600 more") == 2  # filters and alarms
    assert source.count("<li>") == source.count("</li>") == 10_000
    assert "and 401 more" in source


def test_deep_lists_are_closed_in_order() -> None:
    rules = {f"c{number}": f"ALARM(c{number + 1})" for number in range(50)} | {"c50": "TRUE"}
    stack = Stack(
        "s", "s", composite_alarms=tuple(CompositeAlarm(name, rule) for name, rule in rules.items())
    )
    assert len(page_of(stack).all("li")) == 53


def test_formats() -> None:
    for name in FORMATS:
        assert rendered(Stack("empty", "empty.yaml"), name).endswith("\n")
    with pytest.raises(UsageError, match="no report format 'pdf'"):
        rendered(whole_stack(), "pdf")


@pytest.mark.parametrize("columns", [70, 80, 120, 140])
def test_no_part_of_a_name_is_dropped_at_the_edge(
    columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cells are folded; only patterns are cut, and say so."""
    monkeypatch.setenv("COLUMNS", str(columns))
    name = "MetricFilterOfTheSecurityDepartmentForUnauthorizedApiCalls"
    group = "/aws/cloudtrail/of-the-security-department-of-the-company"
    metric = "UnauthorizedApiCallsOfTheWholeCompany"
    pattern = "{ " + " || ".join(f"($.eventName = Stop{n})" for n in range(20)) + " }"
    one = MetricFilter(
        name,
        group,
        pattern,
        parse(pattern),
        (MetricTransformation("Security", metric, "1"),),
    )
    stream = io.StringIO()
    view = view_of(Stack("s", "s.yaml", metric_filters=(one,)))
    render_stack(view, "terminal", stream)
    part = stream.getvalue().partition("Metric filters\n")[2].partition("\n\n")[0]
    header, *lines = part.splitlines()
    assert max(map(len, part.splitlines())) <= columns
    starts = [
        header.index(title) for title in ("METRIC FILTER", "LOG GROUP", "METRIC  ", "PATTERN")
    ]
    ends = [*starts[1:], None]
    cells = [
        "".join(line[start:end].strip() for line in lines)
        for start, end in zip(starts, ends, strict=True)
    ]
    assert cells[:3] == [name, group, f"Security/{metric}"]
    assert cells[3].endswith("…")
