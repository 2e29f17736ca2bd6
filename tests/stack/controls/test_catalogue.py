"""The catalogue of controls, held against the reference and the built-in stacks."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.shared_data import REFERENCE
from trailwarden.patterns import parse
from trailwarden.stack import load
from trailwarden.stack.controls import VERSIONS, Control, Version, control, controls, witnesses

KEYS = [one.key for one in controls()]


def reference(key: str) -> dict[str, Any]:
    path = REFERENCE / "cis-controls.json"
    if not path.exists():
        pytest.skip(f"no reference in {REFERENCE}")
    found = json.loads(path.read_text("utf-8"))["controls"]
    return next(entry for entry in found if entry["key"] == key)


def squeezed(pattern: str) -> str:
    return re.sub(r'[\s"]', "", pattern)


@pytest.mark.parametrize("key", KEYS)
def test_numbers_and_levels_are_those_of_the_benchmark(key: str) -> None:
    one, entry = control(key), reference(key)
    for version in VERSIONS:
        assert one.id(version) == entry["ids"].get(f"cis-{version}")
        if one.is_in(version):
            assert one.level(version) == entry["level"][version]
    assert one.security_hub == entry["ids"].get("security-hub")
    assert one.prowler == entry["ids"]["prowler"]


@pytest.mark.parametrize("key", KEYS)
def test_wordings_are_those_of_the_benchmark(key: str) -> None:
    one = control(key)
    printed: dict[str, list[str]] = {}
    for entry in reference(key)["cis_pattern"]:
        for version in entry["versions"]:
            printed.setdefault(version, []).append(squeezed(entry["pattern"]))
    for version, patterns in printed.items():
        assert squeezed(one.wording(_version(version))) in patterns


@pytest.mark.parametrize("key", KEYS)
def test_the_text_for_security_hub(key: str) -> None:
    expected = reference(key)["security_hub_pattern"]
    text = control(key).security_hub_pattern
    assert (text and re.sub(r"\s", "", text)) == (expected and re.sub(r"\s", "", expected))


@pytest.mark.parametrize("one", controls(), ids=KEYS)
def test_the_built_in_stack_sees_every_witness(one: Control) -> None:
    stack = load("cis")
    pattern = next(f.pattern for f in stack.metric_filters if f.filter_name == f"cis-{one.key}")
    for version in VERSIONS:
        for witness in witnesses(one, version):
            assert pattern.matches(dict(witness.record)), witness.name


@pytest.mark.parametrize("one", controls(), ids=KEYS)
def test_the_benchmark_sees_what_it_names(one: Control) -> None:
    for version in VERSIONS:
        if not one.is_in(version):
            assert witnesses(one, version) == ()
            continue
        pattern = parse(one.wording(version))
        for witness in witnesses(one, version):
            if witness.is_named:
                assert pattern.matches(dict(witness.record)), (version, witness.name)


def test_the_benchmark_misses_what_it_forgot() -> None:
    escaped = {
        (one.key, witness.name)
        for one in controls()
        for witness in witnesses(one, "3.0.0")
        if not witness.is_named and not parse(one.wording("3.0.0")).matches(dict(witness.record))
    }
    assert ("cloudtrail-config-changes", "PutEventSelectors") in escaped
    assert ("security-group-changes", "ModifySecurityGroupRules") in escaped
    assert ("root-usage", "AssumeRoot") in escaped
    named = {w.name for w in witnesses(control("security-group-changes"), "5.0.0") if w.is_named}
    assert "ModifySecurityGroupRules" in named


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(KeyError):
        control("root")
    with pytest.raises(KeyError):
        control("organizations-changes").wording("1.2.0")


def _version(text: str) -> Version:
    return next(version for version in VERSIONS if version == text)
