"""From a matching event to a sample: values and dimensions."""

from __future__ import annotations

import pytest

from trailwarden.errors import RequestError
from trailwarden.patterns import Extracted, parse

JSON = parse("{ $.op = x }")
SPACE = parse("[ip, , status, size]")
MESSAGE = (
    '{"op":"x","i":7,"f":1.50,"e":1e3,"s":"11.5","plus":"+2","hex":"0x1","word":"banana","empty":"",'
    '"null":null,"yes":true,"list":[1,2],"a.b":{"c":-3},"half":"x\\ud800","blank":" \\t"}'
)


@pytest.mark.parametrize(
    ("selector", "value"),
    [
        ("$.i", 7.0),
        ("$.f", 1.5),
        ("$.e", 1000.0),
        ("$.s", 11.5),
        ("$.plus", 2.0),
        ("$.list[1]", 2.0),
        ("$.['a.b'].c", -3.0),
        ("$.hex", None),
        ("$.word", None),
        ("$.empty", None),
        ("$.null", None),
        ("$.yes", None),
        ("$.list", None),
        ("$.a.b.c", None),
        ("$.missing", None),
        ("0.25", 0.25),
        ("-1e2", -100.0),
    ],
)
def test_values_of_json_events(selector: str, value: float | None) -> None:
    found = JSON.extract(MESSAGE, selector)
    assert found == (None if value is None else Extracted(value, {}))
    assert JSON.extract(MESSAGE.encode(), selector) == found


@pytest.mark.parametrize(
    ("selector", "text"),
    [
        ("$.word", "banana"),
        ("$.i", "7"),
        ("$.f", "1.50"),
        ("$.e", "1e3"),
        ("$.half", "x\ufffd"),
        ("$.empty", None),
        ("$.blank", None),
        ("$.null", None),
        ("$.yes", None),
        ("$.list", None),
        ("$.missing", None),
    ],
)
def test_dimensions_of_json_events(selector: str, text: str | None) -> None:
    found = JSON.extract(MESSAGE, "1", {"Kind": "$.op", "D": selector})
    assert found == (None if text is None else Extracted(1.0, {"Kind": "x", "D": text}))


def test_a_decoded_event_has_canonical_spellings() -> None:
    found = JSON.extract({"op": "x", "f": 1.50, "n": 10}, "$.f", {"F": "$.f", "N": "$.n"})
    assert found == Extracted(1.5, {"F": "1.5", "N": "10"})


def test_a_dimension_longer_than_cloudwatch_can_hold_publishes_nothing() -> None:
    assert JSON.extract({"op": "x" * 1024}, "1", {"Op": "$.op"}) is not None
    assert JSON.extract({"op": "x" * 1025}, "1", {"Op": "$.op"}) is None


def test_values_of_space_delimited_events() -> None:
    message = '192.0.2.1 "a b" 404 12'
    found = SPACE.extract(message, "$size", {"Status": "$status", "Second": "$2", "Ip": "$1"})
    assert found == Extracted(12.0, {"Status": "404", "Second": "a b", "Ip": "192.0.2.1"})
    assert SPACE.extract(message, "$4") == Extracted(12.0, {})
    assert SPACE.extract(message, "$ip") is None
    assert SPACE.extract(message, "$5") is None
    assert SPACE.extract(message, "$0") is None
    assert SPACE.extract(message, "$nobody") is None
    assert SPACE.extract(message, "1", {"D": "$nobody"}) is None
    assert SPACE.extract("too few", "$size") is None


def test_other_patterns_have_constant_values() -> None:
    assert parse("ERROR").extract("ERROR", "5") == Extracted(5.0, {})
    assert parse("").extract("", "0.5") == Extracted(0.5, {})


@pytest.mark.parametrize(
    ("pattern", "value", "dimensions", "field"),
    [
        ("{ $.a = 1 }", "$.a[*]", {}, "metricValue"),
        ("{ $.a = 1 }", "$a", {}, "metricValue"),
        ("{ $.a = 1 }", "$.a x", {}, "metricValue"),
        ("{ $.a = 1 }", " 1", {}, "metricValue"),
        ("{ $.a = 1 }", "1_000", {}, "metricValue"),
        ("{ $.a = 1 }", "1e999", {}, "metricValue"),
        ("{ $.a = 1 }", "nan", {}, "metricValue"),
        ("[a, b]", "$.a", {}, "metricValue"),
        ("ERROR", "$.a", {}, "metricValue"),
        ("", "$a", {}, "metricValue"),
        ("{ $.a = 1 }", "1", {"D": "a"}, "dimensions"),
        ("{ $.a = 1 }", "1", {"D": "$.*"}, "dimensions"),
        ("[a, b]", "1", {"D": "$.a"}, "dimensions"),
        ("ERROR", "1", {"D": "$a"}, "dimensions"),
    ],
)
def test_what_the_service_refuses(
    pattern: str, value: str, dimensions: dict[str, str], field: str
) -> None:
    with pytest.raises(RequestError) as caught:
        parse(pattern).extract('{"a":1}', value, dimensions)
    assert caught.value.field == field
