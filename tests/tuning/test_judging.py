"""Who may be left out, and who never."""

from __future__ import annotations

from typing import Any

import pytest

from tests.records import START, record
from trailwarden.times import epoch_seconds
from trailwarden.tuning.judging import objection
from trailwarden.tuning.noise import Noise
from trailwarden.tuning.target import Target
from trailwarden.tuning.traits import trait_of

DAY = 86_400
BEGIN = epoch_seconds(START)
END = BEGIN + 28 * DAY
ALICE = Target("user", "arn:aws:iam::111122223333:user/alice")


def judged(*records: tuple[int, dict[str, Any]], target: Target = ALICE, sign: int = -1) -> str:
    """The objection to ``target``, of records on these days."""
    noise = Noise(1)
    for day, fields in records:
        filters = (0, 1 + sign) if sign >= 0 else (0,)
        noise.add(filters, trait_of(fields), BEGIN + day * DAY)
    return objection(target, noise.filters[0].targets[target], noise.conducts, END)


def test_a_habit_may_be_left_out() -> None:
    assert judged(*((day, record()) for day in range(20))) == ""


def test_root_is_never_left_out() -> None:
    root = {"type": "Root", "arn": "arn:aws:iam::111122223333:root", "accountId": "111122223333"}
    address = Target("address", "192.0.2.7")
    days = [(day, record()) for day in range(20)]
    called = judged(*days, (3, record(userIdentity=root)), target=address)
    assert called == "the root user called from it, too"


def test_newcomers() -> None:
    assert "new" in judged(*((day, record()) for day in (26, 27)))
    assert judged(*((day, record()) for day in (24, 25, 26))) == ""


def test_a_new_address_at_the_end() -> None:
    days = [(day, record()) for day in range(20)]
    moved = record(sourceIPAddress="198.51.100.9")
    assert "new address" in judged(*days, (27, moved))
    assert judged(*days, (10, moved)) == ""


def test_addresses_that_always_change_say_nothing() -> None:
    days = [(day, record(sourceIPAddress=f"192.0.2.{day}")) for day in range(28)]
    assert judged(*days) == ""


def test_once_is_no_habit() -> None:
    assert "no habit" in judged((3, record()), (4, record()))


def test_many_refused_calls_look_like_somebody_who_looks_around() -> None:
    days = [(day, record(f"List{day}", errorCode="AccessDenied")) for day in range(8)]
    assert "8 different calls" in judged(*days)
    assert judged(*days[:-1]) == ""


@pytest.mark.parametrize("sign", [0, 1, 2])
def test_signs_of_intrusion(sign: int) -> None:
    assert judged(*((day, record()) for day in range(9)), sign=sign).startswith("it also")


def test_people_share_permission_sets() -> None:
    role = "AWSReservedSSO_Admin_0123456789abcdef"
    arn = f"arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/{role}"
    who = {
        "type": "AssumedRole",
        "arn": f"arn:aws:sts::111122223333:assumed-role/{role}/bob@example.com",
        "accountId": "111122223333",
        "sessionContext": {"sessionIssuer": {"arn": arn, "userName": role}},
    }
    days = [(day, record(userIdentity=who)) for day in range(9)]
    assert "people wear" in judged(*days, target=Target("role", arn))


def test_an_address_goes_with_everybody_behind_it() -> None:
    address = Target("address", "192.0.2.7")
    days = [(day, record(user=user)) for day in range(20) for user in ("alice", "bob")]
    assert judged(*days, target=address) == ""
    assert "user/eve, and it is new" in judged(*days, (27, record(user="eve")), target=address)
    nameless = record(userIdentity={"type": "AWSAccount", "accountId": "444455556666"})
    assert "nothing in their records" in judged(*days, (9, nameless), target=address)
