"""Principals in mutes: what they may be written as, and what can match nobody."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.notify.announcements import announcement
from trailwarden.monitor.outcome import PrincipalCount
from trailwarden.notify.muting import muted_by
from trailwarden.notify.principals import can_match, near_form
from trailwarden.settings import Mute

NOW = datetime(2025, 5, 2, 12, tzinfo=UTC)
ROLE = "role/terraform-ci/run-17 (111122223333)"
SSO = "sso/Admin/ana@example.com (111122223333)"
USER = "user/ana (111122223333)"
ROOT = "Root (111122223333)"
STS = "arn:aws:sts::111122223333:assumed-role"
IAM = "arn:aws:iam::111122223333"


@pytest.mark.parametrize(
    ("pattern", "principal"),
    [
        ("role/terraform-ci/*", ROLE),
        ("assumed-role/terraform-ci/*", ROLE),
        (f"{STS}/terraform-ci/*", ROLE),
        (f"{STS}/terraform-ci/run-17", ROLE),
        ("arn:aws:sts::*:assumed-role/terraform-ci/*", ROLE),
        ("arn:aws-cn:iam::111122223333:role/path/terraform-ci", ROLE),
        (f"{STS}/AWSReservedSSO_Admin_0123456789abcdef/*", SSO),
        (f"{IAM}:user/team/ana", USER),
        (f"{IAM}:root", ROOT),
    ],
)
def test_arns_are_principals_too(pattern: str, principal: str) -> None:
    everybody = {ROLE, SSO, USER, ROOT}
    found = {
        name
        for name in everybody
        if muted_by(
            announcement(principals=(PrincipalCount(name, 1),), count=1),
            [Mute(principal=pattern)],
            now=NOW,
        )
    }
    assert found == {principal}
    assert can_match(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "arn:aws:sts::999988887777:assumed-role/terraform-ci/*",
        f"{STS}/terraform/*",
        f"{STS}/terraform-ci/run-1",
        f"{IAM}:role/terraform",
        f"{IAM}:user/terraform-ci",
    ],
)
def test_arns_of_others_mute_nobody(pattern: str) -> None:
    for name in (ROLE, SSO, USER, ROOT):
        told = announcement(principals=(PrincipalCount(name, 1),), count=1)
        assert muted_by(told, [Mute(principal=pattern)], now=NOW) is None


@pytest.mark.parametrize(
    "pattern",
    [
        "*", "role/*", "role/ci/*", "role/ci*", "user/ana (*)", "user/ana*", ROLE, USER, ROOT,
        "Root*", "R*", "*ana*", "*(111122223333)", "service/inspector2.amazonaws.com", "account/*",
        "[ru]*", "role/ci/? (*)", "unknown/*", "saml-user/bob (https://idp)",
    ],
)  # fmt: skip
def test_forms_that_names_have(pattern: str) -> None:
    assert can_match(pattern)


@pytest.mark.parametrize(
    ("pattern", "near"),
    [
        ("roles/ci/*", "role/ci/*"),
        ("Role/ci/*", "role/ci/*"),
        ("role/ci", "role/ci/*"),
        ("user/ana", "user/ana (*)"),
        ("root*", "Root*"),
        ("Root", "Root*"),
        ("ana", "role/ana/*, or user/ana (*)"),
        ("inspector2.amazonaws.com", "service/inspector2.amazonaws.com"),
        ("arn:aws:lambda:eu-west-1:111122223333:function:x", ""),
        ("role/ci/* (1111-2222)", "role/ci/* (1111-2222)"),
    ],
)
def test_forms_that_no_name_has(pattern: str, near: str) -> None:
    assert not can_match(pattern)
    assert near_form(pattern) in (near, "")
