"""The morning after."""

from __future__ import annotations

from functools import partial

from trailwarden.simulate.calls import audit, iam, keys, network, s3, signin
from trailwarden.simulate.script import Script
from trailwarden.simulate.story.roles import Roles
from trailwarden.simulate.values import instant


def undo(script: Script, roles: Roles) -> None:
    """The engineer on call locks the attacker out and restores what was switched off."""
    script.wait(6600)
    on_call = roles.on_call
    estate, account = roles.estate, roles.account.id
    act = partial(script.act, on_call, created=instant(int(script.now)))
    script.step(on_call, "the engineer on call locks the attacker out and restores what was off")
    act(signin.GET_CALLER_IDENTITY, audit.LOOKUP_EVENTS, pause=60)
    act(audit.LOOKUP_EVENTS, iam.LIST_USERS, pause=40)
    for name in (roles.backdoor_name, roles.victim_name):
        act(
            iam.DISABLE_ACCESS_KEY,
            iam.ATTACH_DENY_ALL,
            pause=12,
            user=name,
            old_key=estate.access_key(account, name),
        )
    act(iam.DETACH_ADMINISTRATOR_ACCESS, user=roles.backdoor_name)
    act(iam.DELETE_LOGIN_PROFILE, user=roles.weak_name)
    act(
        audit.START_LOGGING,
        audit.put_event_selectors(management=True),
        audit.ENABLE_ALARM_ACTIONS,
        audit.PUT_RECORDER,
        audit.START_RECORDER,
        pause=20,
        trail=roles.trail,
    )
    act(keys.CANCEL_KEY_DELETION, keys.ENABLE_KEY, pause=15, key=roles.key)
    act(
        s3.PUT_PUBLIC_ACCESS_BLOCK,
        s3.DELETE_BUCKET_POLICY,
        pause=15,
        bucket=roles.bucket,
    )
    act(
        network.revoke_ingress(22),
        network.revoke_ingress(3389),
        network.DELETE_NETWORK_ACL_ENTRY,
        network.DELETE_ROUTE,
        network.DETACH_INTERNET_GATEWAY,
        pause=20,
        group=roles.group,
        cidr="0.0.0.0/0",
        label="remote access",
        acl=roles.acl,
        vpc=roles.vpc,
        route_table=roles.route_table,
        gateway=roles.gateway,
    )
