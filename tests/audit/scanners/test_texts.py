"""Whether a text passes Prowler and Powerpipe, held against their own regular expressions."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.audit.scanners.searching import KEYS, SCANNERS, demand, reference, search, texts
from trailwarden.audit.scanners.clauses import Clause, Demand, Pair
from trailwarden.audit.scanners.wanting import gap_of
from trailwarden.patterns import parse
from trailwarden.stack.controls import Control, control, controls
from trailwarden.stack.model import MetricFilter

_BLANKS = ("", " ", "  ", "\n", "\t", "\u00a0", " \n ")
_SIGNS = ("=", "!=", "==", "= =", ">", "NOT EXISTS", "IS NULL")
_EXTRAS = (
    '($.userIdentity.type="IAMUser")',
    "($.eventName=CreateRouteTables)",
    "($.eventName = *Route)",
    "($.sourceIPAddress = 10.0.0.1)",
    "",
)
_NAMES = tuple(
    dict.fromkeys(
        name
        for one in controls()
        for calls in (one.prowler_calls, one.named("7.0.0"))
        for name in (calls.names if calls else ())
    )
)


@pytest.mark.parametrize("scanner", SCANNERS)
@pytest.mark.parametrize("key", KEYS)
def test_every_printed_text(key: str, scanner: str) -> None:
    """Those of the other controls too, which pass nowhere by accident."""
    wanted = demand(control(key), scanner)
    for other in KEYS:
        for text in texts(other):
            assert wanted.is_met(text) == bool(search(key, scanner).search(text)), text


@pytest.mark.parametrize("key", KEYS)
def test_the_reference_says_which_texts_pass(key: str) -> None:
    entry = reference()[key]
    for scanner in SCANNERS:
        wanted, says = demand(control(key), scanner), entry["scanners"][scanner]
        assert wanted.is_met(entry["hardened_pattern"]) is says["hardened_passes"] is True
        if entry["seed"]:
            assert wanted.is_met(entry["seed"]["filterPattern"]) is says["seed_passes"]


@st.composite
def mutants(draw: st.DrawFn) -> tuple[str, str, str]:
    """A control's key, a scanner, and a text near to one that passes."""
    key = draw(st.sampled_from(KEYS))
    text = draw(st.sampled_from(texts(key)))
    pieces = text.strip("{} ").split(" || ")
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(pieces) - 1))
        piece = pieces[at]
        match draw(st.integers(0, 7)):
            case 0:
                pieces[at] = piece.replace("=", draw(_blank()) + "=" + draw(_blank()))
            case 1:
                pieces[at] = piece.replace('"', draw(st.sampled_from(("", "'", '""', '" '))))
            case 2:
                other = draw(st.integers(0, len(pieces) - 1))
                pieces[at], pieces[other] = pieces[other], pieces[at]
            case 3:
                pieces.insert(at, draw(st.sampled_from((*_EXTRAS, piece))))
            case 4:
                pieces[at] = piece.replace(")", draw(st.sampled_from(('")', "s)", "_)", "*)"))))
            case 5:
                pieces[at] = f'($.eventName{draw(_blank())}="{draw(st.sampled_from(_NAMES))}")'
            case 6:
                pieces[at] = piece.replace("=", draw(st.sampled_from(_SIGNS)), 1)
            case _:
                pieces[at] = _damaged(draw, piece)
    if len(pieces) > 1 and draw(st.booleans()):
        pieces.pop(draw(st.integers(0, len(pieces) - 1)))
    joined = draw(st.sampled_from((" || ", "||", "", " && ", ") || ("))).join(pieces)
    return key, draw(st.sampled_from(SCANNERS)), f"{{{joined}}}"


def _blank() -> st.SearchStrategy[str]:
    return st.sampled_from(_BLANKS)


def _damaged(draw: st.DrawFn, piece: str) -> str:
    """One character lost, doubled or another."""
    at = draw(st.integers(0, max(0, len(piece) - 1)))
    return (
        piece[:at]
        + draw(st.sampled_from(("", " ", "x", ".", piece[at : at + 1] * 2)))
        + (piece[at + 1 :])
    )


@given(mutants())
@settings(max_examples=400, deadline=None)
def test_mutants_are_judged_as_the_scanners_do(mutant: tuple[str, str, str]) -> None:
    key, scanner, text = mutant
    wanted = demand(control(key), scanner)
    met = wanted.is_met(text)
    assert met == bool(search(key, scanner).search(text))
    gap = gap_of(wanted, _filter(text))
    assert (gap is None) is met
    assert gap is None or (gap.fails and gap.message.isprintable() and gap.cure)


def _filter(text: str) -> MetricFilter:
    """A filter with a text that may be no pattern."""
    return MetricFilter("mutant", "trail", text, parse(""), ())


def test_a_name_has_to_end_for_prowler_only() -> None:
    one = control("nacl-changes")
    longer = one.wording("1.2.0").replace("NetworkAclAssociation)", "NetworkAclAssociations)")
    assert not demand(one, "prowler").is_met(longer)
    assert demand(one, "powerpipe").is_met(longer)


def test_a_dot_of_powerpipe_is_any_character() -> None:
    one = control("cmk-disable-or-delete")
    text = one.wording("1.2.0").replace("kms.amazonaws.com", "kms-amazonaws+com")
    assert demand(one, "powerpipe").is_met(text)
    assert not demand(one, "powerpipe").is_met(text.replace("kms-", "kms"))
    assert not demand(one, "prowler").is_met(text)


def test_one_character_may_stand_before_a_value_for_prowler() -> None:
    one = control("cloudtrail-config-changes")
    for before, met in (("", True), ('"', True), (" \n '", True), ("''", False)):
        text = one.wording("1.2.0").replace("=", f"={before}")
        assert demand(one, "prowler").is_met(text) is met


def test_between_the_conditions_of_an_order_something_must_stand() -> None:
    two = Demand((Clause("a", "=", "x"), Clause("b", "=", "y")), ordered=True)
    assert not two.is_met("$.a=x$.b=y")
    assert two.is_met("$.a=x $.b=y")


def test_how_a_clause_is_written() -> None:
    assert str(Clause("eventSource", "=", "ec2.amazonaws.com")) == (
        "$.eventSource = ec2.amazonaws.com"
    )
    assert str(Clause("errorCode", "=", "AccessDenied*")) == '$.errorCode = "AccessDenied*"'
    assert str(Clause("eventName", "=", "A", "must")) == '$.eventName = "A"'
    assert str(Clause("invokedBy", "NOT EXISTS")) == "$.invokedBy NOT EXISTS"
    pair = Pair(Clause("a", "=", "x"), Clause("b", "!=", "y"))
    assert str(pair) == "($.a = x) && ($.b != y)"


@pytest.mark.parametrize("one", controls(), ids=KEYS)
@pytest.mark.parametrize(
    "hostile",
    ["$.eventName =" * 20_000, "(" * 200_000, "$.eventName" + " " * 200_000, "( " * 100_000],
)
def test_hostile_texts_take_linear_time(one: Control, hostile: str) -> None:
    start = time.process_time()
    assert not demand(one, "prowler").is_met(hostile)
    assert not demand(one, "powerpipe").is_met(hostile)
    assert time.process_time() - start < 5
