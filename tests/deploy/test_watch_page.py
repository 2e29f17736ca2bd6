"""The page about watching names the metrics, fields and options that there are."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from trailwarden.times import parse_instant
from trailwarden.watch.observability import Health, Metrics, NoMetrics
from trailwarden.watch.observability.families import COUNTERS, GAUGES, HISTOGRAMS
from trailwarden.watch.observability.forms import human_line
from trailwarden.watch.observability.line import Line
from trailwarden.watch.observability.pages import Pages

PAGE = (Path(__file__).resolve().parents[2] / "docs/watch.md").read_text("utf-8")
LABELS = {
    **{f"{name}_total": set(about[1]) for name, about in COUNTERS.items()},
    **{name: set(about[1]) for name, about in {**GAUGES, **HISTOGRAMS}.items()},
    "build_info": {"version"},
}


def exposed() -> set[str]:
    """The names of all metrics, as Prometheus sees them."""
    text = Metrics().exposition().decode()
    return set(re.findall(r"^# TYPE (\S+)", text, re.MULTILINE))


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def rules() -> list[dict[str, Any]]:
    (groups,) = (block for block in map(yaml.safe_load, blocks("yaml")) if "groups" in block)
    return [rule for group in groups["groups"] for rule in group["rules"]]


def test_the_table_names_each_metric_with_its_labels() -> None:
    rows = re.findall(r"^\| `trailwarden_(\w+)` \| (.*?) ?\| ", PAGE, re.MULTILINE)
    assert {f"trailwarden_{name}" for name, _ in rows} == exposed()
    assert {name: set(re.findall(r"\w+", labels)) for name, labels in rows} == LABELS


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_rules_ask_for_what_there_is(rule: dict[str, Any]) -> None:
    assert rule.keys() <= {"alert", "expr", "for", "labels", "annotations"}
    assert re.fullmatch(r"\d+[smh]", rule.get("for", "0s"))
    assert rule["labels"]["severity"] in ("critical", "warning")
    names = re.findall(r"trailwarden_\w+", rule["expr"])
    assert set(names) <= exposed()
    assert rule["expr"].count("(") == rule["expr"].count(")")
    known = {"instance", "job"}.union(*(LABELS[name.partition("_")[2]] for name in names))
    grouped = re.findall(r"(?:by|on) \(([^)]*)\)", rule["expr"])
    used = {label.strip() for group in grouped for label in group.split(",")}
    used |= set(re.findall(r"(\w+)=", rule["expr"]))
    used |= set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
    assert used <= known


def test_there_are_rules_for_what_matters() -> None:
    asked = " ".join(rule["expr"] for rule in rules())
    for name in (
        "watermark",
        "source_drained",
        "records_total",
        "outbox_oldest",
        "deliveries",
        "problems",
    ):
        assert f"trailwarden_{name}" in asked


def test_health_is_told_as_shown() -> None:
    (shown,) = blocks("json")
    checks = json.loads(shown)["checks"]
    pages = Pages(NoMetrics(), lambda: Health(False, checks), None, is_loopback=True)
    assert pages.answer("GET", "/healthz", ["localhost"], None).body.decode() == shown


def test_a_line_of_the_log_looks_as_shown() -> None:
    fields = {"source": "trail", "code": "truncated-gzip", "records": 12}
    time = parse_instant("2025-03-07T01:14:03.201Z")
    line = Line(time, "warning", "input could not be used", dict(fields))
    assert f"```\n{human_line(line)}\n```" in PAGE
