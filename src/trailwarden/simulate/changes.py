"""Changes on ordinary days: what administrators and the infrastructure's pipeline do for good.

Most days have none or one. They trip the same filters as an attack does: noise to tune by.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from trailwarden.simulate import machines, people
from trailwarden.simulate.calls import audit, ec2, iam, keys, network, s3, signin
from trailwarden.simulate.cast import cast_of
from trailwarden.simulate.estate import Account, Estate
from trailwarden.simulate.identifiers import pick, resource_id
from trailwarden.simulate.people import BROWSERS, HOME, OFFICE
from trailwarden.simulate.script import Script
from trailwarden.simulate.values import instant

_NONE, _ONE = 0.35, 0.75  # of the working days have none; all but a quarter at most one
_MORNING, _SPAN = 9.5 * 3600, 6.5 * 3600  # seconds after midnight, UTC
_DENIED = iam.LIST_POLICY_VERSIONS.denied("policy arn:aws:iam::<account>:policy/<policy>")
_SATURDAY, _WEDNESDAY = 5, 2


def write_changes(script: Script, estate: Estate, day: date) -> None:
    """Write what is changed on ``day``, which begins at ``script.now``."""
    midnight = script.now
    if day.weekday() >= _SATURDAY:
        return
    draw = script.random.random()
    for _ in range(0 if draw < _NONE else 1 if draw < _ONE else 2):
        script.now = midnight + _MORNING + script.random.random() * _SPAN
        account = pick(script.random, (estate.workshop, estate.production))
        pick(script.random, _CHANGES)(script, estate, account)
    if day.weekday() == _WEDNESDAY and day.day <= 7:
        script.now = midnight + _MORNING + script.random.random() * _SPAN
        _pay_invoices(script, estate)


def _adjust_security_group(script: Script, estate: Estate, account: Account) -> None:
    terraform = machines.terraform(estate, account)
    group = pick(script.random, estate.things(account.id, estate.home)["group"])
    script.step(terraform, "moves a security group's rule to another network")
    script.act(terraform, signin.GET_CALLER_IDENTITY, ec2.DESCRIBE_SECURITY_GROUPS, pause=1)
    port = pick(script.random, (443, 5432, 6379))
    for call, network_range in (
        (network.authorize_ingress(port), "10.40.0.0/16"),
        (network.revoke_ingress(port), "10.20.0.0/16"),
    ):
        script.act(
            terraform, call, pause=1, group=group, cidr=network_range, label="from the clusters"
        )


def _build_environment(script: Script, estate: Estate, account: Account) -> None:
    terraform = machines.terraform(estate, account)
    rng = script.random
    made = {name: resource_id(rng, prefix) for name, prefix in (
        ("vpc", "vpc"), ("subnet", "subnet"), ("gateway", "igw"),
        ("route_table", "rtb"), ("group", "sg"),
    )}  # fmt: skip
    script.step(terraform, "builds the network of a new environment")
    script.act(
        terraform,
        network.CREATE_VPC,
        network.MODIFY_VPC_ATTRIBUTE,
        network.CREATE_INTERNET_GATEWAY,
        network.ATTACH_INTERNET_GATEWAY,
        network.CREATE_SUBNET,
        network.CREATE_ROUTE_TABLE,
        network.CREATE_ROUTE,
        network.ASSOCIATE_ROUTE_TABLE,
        network.CREATE_SECURITY_GROUP,
        network.authorize_ingress(443),
        pause=3,
        cidr="10.60.0.0/16",
        label=f"{pick(rng, estate.apps)}-preview",
        **made,
    )


def _update_policy(script: Script, estate: Estate, account: Account) -> None:
    terraform = machines.terraform(estate, account)
    policy = f"{pick(script.random, estate.apps)}-access"
    script.step(terraform, f"updates the policy {policy}")
    script.act(
        terraform,
        iam.GET_POLICY,
        iam.LIST_POLICY_VERSIONS,
        iam.DELETE_POLICY_VERSION,
        iam.CREATE_POLICY_VERSION,
        pause=1,
        policy=policy,
    )


def _expire_builds(script: Script, estate: Estate, account: Account) -> None:
    administrator = cast_of(estate, account).administrator.principal
    since = instant(int(script.now))
    script.step(administrator, "lets old builds expire in a bucket")
    script.act(
        administrator,
        signin.LOGIN_FEDERATED,
        s3.LIST_BUCKETS,
        s3.GET_BUCKET_LOCATION,
        s3.PUT_BUCKET_LIFECYCLE,
        pause=20,
        bucket=pick(script.random, estate.things(account.id, estate.home)["bucket"]),
        created=since,
    )


def _peer_networks(script: Script, estate: Estate, account: Account) -> None:
    terraform = machines.terraform(estate, account)
    things = estate.things(account.id, estate.home)
    script.step(terraform, "connects two networks")
    script.act(
        terraform,
        network.CREATE_VPC_PEERING,
        network.CREATE_PEERING_ROUTE,
        pause=4,
        vpc=things["vpc"][0],
        peer_vpc=things["vpc"][1],
        peer_account=account.id,
        peering=resource_id(script.random, "pcx"),
        route_table=pick(script.random, things["route_table"]),
        cidr="10.40.0.0/16",
    )


def _update_key_policy(script: Script, estate: Estate, account: Account) -> None:
    terraform = machines.terraform(estate, account)
    key = pick(script.random, estate.things(account.id, estate.home)["key"])
    script.step(terraform, "updates a key's policy")
    script.act(
        terraform, keys.DESCRIBE_KEY, keys.GET_KEY_POLICY, keys.PUT_KEY_POLICY, pause=1, key=key
    )


def _mistype_password(script: Script, estate: Estate, account: Account) -> None:
    operator = people.signing_in(estate, cast_of(estate, account).operator)
    user = operator.name.removeprefix("user/")
    script.step(operator, "mistypes a password, then gets it right")
    script.act(operator, signin.WRONG_PASSWORD, signin.WRONG_PASSWORD, pause=15)
    script.act(operator, signin.CHECK_MFA, signin.LOGIN_WITH_MFA, pause=4, user=user)


def _lack_permission(script: Script, estate: Estate, account: Account) -> None:
    terraform = machines.terraform(estate, account)
    script.step(terraform, "lacks a permission and tries again")
    policy = f"{pick(script.random, estate.apps)}-access"
    script.act(terraform, *[_DENIED] * 4, pause=3, policy=policy)


def _move_account(script: Script, estate: Estate, account: Account) -> None:
    administrator = cast_of(estate, estate.management).administrator.principal
    since = instant(int(script.now))
    script.step(administrator, "moves an account to another organizational unit")
    script.act(
        administrator,
        signin.LOGIN_FEDERATED,
        audit.LIST_ACCOUNTS,
        audit.MOVE_ACCOUNT,
        pause=30,
        moved_account=account.id,
        created=since,
    )


def _pay_invoices(script: Script, estate: Estate) -> None:
    address, browser = f"{pick(script.random, (OFFICE, HOME))}9", BROWSERS[0]
    door = people.owner(estate.management, source_ip=address, user_agent=browser, signing_in=True)
    root = people.owner(estate.management, source_ip=address, user_agent=browser)
    since = instant(int(script.now))
    script.step(door, "the owner signs in with MFA to look at the month's invoices")
    script.act(door, signin.LOGIN_WITH_MFA, pause=20, user="root-account-mfa-device")
    script.act(
        root,
        iam.GET_ACCOUNT_SUMMARY,
        audit.GET_COST_AND_USAGE,
        audit.DESCRIBE_EVENT_AGGREGATES,
        pause=25,
        created=since,
    )


_Change = Callable[[Script, Estate, Account], None]
_CHANGES: tuple[_Change, ...] = (
    _adjust_security_group,
    _adjust_security_group,
    _build_environment,
    _update_policy,
    _update_policy,
    _expire_builds,
    _peer_networks,
    _update_key_policy,
    _mistype_password,
    _lack_permission,
    _move_account,
)
