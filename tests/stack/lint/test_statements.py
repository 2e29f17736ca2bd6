"""Policy documents, whatever a template holds in their place."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailwarden.stack.lint.statements import statements_of
from trailwarden.stack.policies import covers

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["Statement", "Effect", "Principal", "Action", "Condition", "Resource"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_any_document_can_be_asked(document: Any) -> None:
    for one in statements_of(document) or ():
        assert one.does("kms:Decrypt") in (True, False)
        assert one.is_bound() in (True, False)
        assert not one.has("bool", "aws:securetransport", "perhaps")


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
def test_stars_and_question_marks(pattern: str, text: str) -> None:
    assert covers(pattern, text) == fnmatchcase(text, pattern)


def test_many_stars_take_no_time() -> None:
    assert not covers("*a" * 2_000 + "b", "a" * 2_000)


@pytest.mark.parametrize("document", ["${Policy}", None, 7, {"Statement": "${Statement}"}])
def test_what_only_the_deployment_knows(document: object) -> None:
    assert statements_of(document) is None


def test_not_action() -> None:
    [one] = statements_of({"Statement": {"Effect": "Allow", "NotAction": "kms:D*"}}) or ()
    assert not one.does("kms:Decrypt")
    assert one.does("kms:Encrypt")
