"""Patterns of terms."""

from __future__ import annotations

import pytest

from trailwarden.patterns import parse


@pytest.mark.parametrize(
    ("pattern", "message", "matches"),
    [
        ("ERROR", "xTERRORx", True),
        ("ERROR", "error", False),
        ("a b", "b\na", True),
        ("a -b", "a", True),
        ("a -b", "ab", False),
        ("-b", "", True),
        ("?a ?b", "b", True),
        ("?a ?b", "c", False),
        ("?a ?b c", "c", True),
        ("?a -c", "b", True),
        ("?a -c", "c", False),
        ('?"x y" ?z', "x  y", False),
        ("?%^x% ?z", "xy", True),
        ("%^x% -%y$%", "xa", True),
        ("%^x% -%y$%", "xy", False),
        ('"*"', "a*b", True),
        ('"*"', "ab", False),
        ('"\\"\\\\"', '"\\', True),
        ("us-east-1", "in us-east-1", True),
        ("", "", True),
        ("\t\n", "anything", True),
    ],
)
def test_terms(pattern: str, message: str, matches: bool) -> None:
    assert parse(pattern).matches(message) is matches
    assert parse(pattern).matches(message.encode()) is matches


def test_the_text_of_an_object_is_its_compact_json() -> None:
    message = {"eventName": "StopLogging", "n": [1, None], "é": True}
    assert parse('"\\"eventName\\":\\"StopLogging\\"" "[1,null]" "é"').matches(message)
    assert parse("[only]").extracted_values({"a": 1}) == {"$only": '{"a":1}'}


def test_bytes_that_are_not_utf8_become_replacement_characters() -> None:
    assert parse('"a\ufffdb"').matches(b"a\xffb")
    assert parse("[x, y]").extracted_values(b"\xff b") == {"$x": "\ufffd", "$y": "b"}
