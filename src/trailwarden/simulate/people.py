"""People: engineers through IAM Identity Center, IAM users of old, the account's owner."""

from __future__ import annotations

from dataclasses import replace

from trailwarden.simulate import identity
from trailwarden.simulate.estate import Account, Estate
from trailwarden.simulate.identifiers import hexadecimal, pick, uuid
from trailwarden.simulate.principal import Principal

OFFICE, HOME = "192.0.2.", "203.0.113."
BROWSERS = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/133.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/133.0.0.0 Safari/537.36 Edg/133.0.0.0",
    "Mozilla/5.0 (X11; Linux x86_64; rv:135.0) Gecko/20100101 Firefox/135.0",
)
COMMAND_LINES = (
    "aws-cli/2.24.10 md/awscrt#0.23.8 ua/2.0 os/macos#24.3.0 md/arch#arm64 lang/python#3.12.9 "
    "md/pyimpl#CPython cfg/retry-mode#standard md/installer#exe md/prompt#off "
    "md/command#ec2.describe-instances",
    "aws-cli/2.22.35 md/awscrt#0.23.4 ua/2.0 os/linux#6.8.0-55-generic md/arch#x86_64 "
    "lang/python#3.12.6 md/pyimpl#CPython cfg/retry-mode#standard md/installer#exe md/prompt#off",
)


def sso_session(
    estate: Estate, account: Account, person: str, permission_set: str, *, from_console: bool
) -> Principal:
    """A person's session of a permission set, in a browser or on the command line."""
    role_rng = estate.random("permission set", account.id, permission_set)
    role = f"AWSReservedSSO_{permission_set}_{hexadecimal(role_rng, 16)}"
    rng = estate.random("person", person)
    session = estate.email(person)
    store = estate.random("identity store")
    on_behalf_of = {
        "userId": uuid(rng),
        "identityStoreArn": f"arn:aws:identitystore::{estate.management.id}:identitystore/"
        f"d-{hexadecimal(store, 10)}",
    }
    return Principal(
        name=f"sso/{permission_set}/{session}",
        account=account.id,
        arn=f"arn:aws:sts::{account.id}:assumed-role/{role}/{session}",
        identity=identity.assumed_role(
            account.id,
            role,
            estate.role_id(account.id, role),
            session,
            path="/aws-reserved/sso.amazonaws.com/",
            more={"onBehalfOf": on_behalf_of},
        ),
        source_ip=f"{pick(rng, (OFFICE, OFFICE, HOME))}{int(rng.random() * 120) + 4}",
        user_agent=pick(rng, BROWSERS if from_console else COMMAND_LINES),
        session_hours=24,
        from_console=from_console,
    )


def key_user(
    estate: Estate, account: Account, name: str, *, source_ip: str, user_agent: str
) -> Principal:
    """An IAM user by access key."""
    return Principal(
        name=f"user/{name}",
        account=account.id,
        arn=f"arn:aws:iam::{account.id}:user/{name}",
        identity=identity.iam_user(
            account.id,
            name,
            estate.user_id(account.id, name),
            estate.access_key(account.id, name),
        ),
        source_ip=source_ip,
        user_agent=user_agent,
    )


def console_user(
    estate: Estate,
    account: Account,
    name: str,
    *,
    source_ip: str,
    user_agent: str,
    mfa: bool = True,
) -> Principal:
    """An IAM user signed in to the console."""
    return Principal(
        name=f"user/{name}",
        account=account.id,
        arn=f"arn:aws:iam::{account.id}:user/{name}",
        identity=identity.iam_user_at_console(
            account.id, name, estate.user_id(account.id, name), mfa=mfa
        ),
        source_ip=source_ip,
        user_agent=user_agent,
        session_hours=24,
        from_console=True,
    )


def signing_in(estate: Estate, user: Principal) -> Principal:
    """The same IAM user on the sign-in page."""
    name = user.name.removeprefix("user/")
    at_door = identity.iam_user_signing_in(user.account, name, estate.user_id(user.account, name))
    return replace(user, identity=at_door, from_console=False)


def stranger(account: Account, *, source_ip: str, user_agent: str) -> Principal:
    """Somebody who guesses user names on the sign-in page."""
    return Principal(
        name="unknown user",
        account=account.id,
        arn="",
        identity=identity.unknown_user(account.id),
        source_ip=source_ip,
        user_agent=user_agent,
    )


def owner(
    account: Account, *, source_ip: str, user_agent: str, signing_in: bool = False
) -> Principal:
    """The root user."""
    make = identity.root_signing_in if signing_in else identity.root
    return Principal(
        name="Root",
        account=account.id,
        arn=f"arn:aws:iam::{account.id}:root",
        identity=make(account.id),
        source_ip=source_ip,
        user_agent=user_agent,
        session_hours=24,
        from_console=not signing_in,
    )
