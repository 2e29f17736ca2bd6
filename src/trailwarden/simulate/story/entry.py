"""Getting in, and making sure to get in again."""

from __future__ import annotations

from trailwarden.simulate.calls import audit, compute, ec2, iam, keys, s3, signin
from trailwarden.simulate.script import Script
from trailwarden.simulate.story.roles import OUTSIDE_ACCOUNT, Roles

_USER_ARN = "arn:aws:iam::<account>:user/<user>"
_PROBES = (
    iam.GET_USER.denied(_USER_ARN),
    iam.LIST_ATTACHED_USER_POLICIES.denied(_USER_ARN),
    iam.LIST_USER_POLICIES.denied(_USER_ARN),
    iam.LIST_GROUPS_FOR_USER.denied(_USER_ARN),
    iam.GET_ACCOUNT_AUTHORIZATION_DETAILS.denied(),
    iam.GET_ACCOUNT_SUMMARY.denied(),
    iam.LIST_USERS.denied("arn:aws:iam::<account>:user/"),
    iam.LIST_ROLES.denied("arn:aws:iam::<account>:role/"),
    iam.LIST_GROUPS.denied("arn:aws:iam::<account>:group/"),
    iam.LIST_POLICIES.denied("arn:aws:iam::<account>:policy/"),
    audit.DESCRIBE_ORGANIZATION.denied(),
    audit.LIST_ACCOUNTS.denied(),
)
_PROBES_BY_REGION = (
    ec2.DESCRIBE_INSTANCES,
    ec2.DESCRIBE_SNAPSHOTS,
    ec2.DESCRIBE_VPCS.denied(),
    ec2.DESCRIBE_VPC_GROUPS.denied(),
    ec2.DESCRIBE_IMAGES.denied(),
    keys.LIST_SECRETS.denied(),
    keys.DESCRIBE_PARAMETERS.denied("arn:aws:ssm:<region>:<account>:*"),
    keys.LIST_KEYS.denied(),
    compute.LIST_FUNCTIONS.denied(),
    compute.DESCRIBE_DB_INSTANCES.denied("arn:aws:rds:<region>:<account>:db:*"),
    audit.DESCRIBE_TRAILS.denied(),
    audit.LIST_DETECTORS.denied(),
)


def try_leaked_key(script: Script, roles: Roles) -> None:
    """Reads from an unusual address, most of them denied."""
    thief = roles.leaked
    script.step(thief, "a leaked access key is tried out from an unusual address; most is denied")
    script.act(thief, signin.GET_CALLER_IDENTITY, s3.LIST_BUCKETS, pause=4)
    script.act(thief, *_PROBES, pause=2.5, user=roles.victim_name)
    for region in roles.regions:
        script.act(thief, *_PROBES_BY_REGION, region=region, pause=2.5)
    script.wait(1100)


def guess_passwords(script: Script, roles: Roles) -> None:
    """Brute force on the sign-in page."""
    script.step(roles.stranger, "passwords are guessed on the console's sign-in page")
    for number in range(26):
        if number % 4 == 0:
            script.act(roles.stranger, signin.NO_SUCH_USER, pause=9)
        else:
            script.act(roles.weak_at_door, signin.WRONG_PASSWORD, pause=9)
    script.step(roles.weak_at_door, "a password fits: console sign-in without MFA")
    script.act(roles.weak_at_door, signin.LOGIN_WITHOUT_MFA, pause=25)


def make_a_user(script: Script, roles: Roles) -> None:
    """Persistence: an administrator of the attacker's own."""
    weak = roles.weak
    key = roles.estate.access_key(roles.account.id, roles.backdoor_name)
    user_id = roles.estate.user_id(roles.account.id, roles.backdoor_name)
    script.step(weak, f"creates the user {roles.backdoor_name}: administrator, password, key")
    script.act(
        weak, audit.DESCRIBE_EVENT_AGGREGATES, iam.GET_ACCOUNT_SUMMARY, iam.LIST_USERS, pause=5
    )
    script.act(weak, iam.LIST_ROLES, iam.LIST_POLICIES, pause=20)
    script.act(
        weak,
        iam.CREATE_USER,
        iam.CREATE_LOGIN_PROFILE,
        iam.ATTACH_ADMINISTRATOR_ACCESS,
        iam.PUT_USER_POLICY,
        iam.CREATE_ACCESS_KEY,
        pause=14,
        user=roles.backdoor_name,
        user_id=user_id,
        new_key=key,
    )
    script.act(
        weak,
        iam.UPDATE_ASSUME_ROLE_POLICY,
        pause=30,
        role=f"{roles.app}-deploy",
        outside_account=OUTSIDE_ACCOUNT,
    )
    script.wait(1500)
