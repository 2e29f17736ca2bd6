"""What the attacker does with the power."""

from __future__ import annotations

from trailwarden.simulate.calls import audit, ec2, iam, keys, network, s3, signin
from trailwarden.simulate.identifiers import uuid
from trailwarden.simulate.machines import assumed
from trailwarden.simulate.script import Script
from trailwarden.simulate.story.roles import OUTSIDE_ACCOUNT, Roles

_BY_POLICY = "with an explicit deny in a service control policy"
_NO_CAPACITY = ec2.RUN_INSTANCES.failing(
    "Client.VcpuLimitExceeded",
    "You have requested more vCPU capacity than your current vCPU limit of 0 allows for the "
    "instance bucket that the specified instance type belongs to.",
)
_ANYWHERE = "0.0.0.0/0"


def use_privileges(script: Script, roles: Roles) -> None:
    """Secrets are read; large instances are asked for."""
    thief = roles.backdoor
    script.step(thief, "reads secrets and tries to start GPU instances")
    script.act(thief, signin.GET_CALLER_IDENTITY, s3.LIST_BUCKETS, keys.LIST_SECRETS)
    script.act(thief, *[keys.GET_SECRET_VALUE] * 12, pause=2)
    for region in roles.regions:
        script.act(thief, ec2.DESCRIBE_IMAGES, _NO_CAPACITY, region=region, pause=5)
    script.wait(1300)


def become_root(script: Script, roles: Roles) -> None:
    """The owner's mailbox has been read, too."""
    door, root = roles.root_at_door, roles.root
    script.step(door, "the root user's password is reset; root signs in without MFA")
    script.act(
        door,
        signin.PASSWORD_RECOVERY_REQUESTED,
        signin.PASSWORD_RECOVERY_COMPLETED,
        signin.LOGIN_WITHOUT_MFA,
        pause=90,
    )
    script.act(
        root,
        iam.GET_ACCOUNT_SUMMARY,
        iam.LIST_ACCOUNT_ALIASES,
        audit.GET_COST_AND_USAGE,
        audit.DESCRIBE_EVENT_AGGREGATES,
        pause=20,
    )
    script.wait(900)


def switch_off_watching(script: Script, roles: Roles) -> None:
    """Defence evasion."""
    thief = roles.backdoor
    script.step(
        thief, "switches off a trail, alarms, the configuration recorder, flow logs; deletes a key"
    )
    script.act(thief, audit.DESCRIBE_TRAILS, audit.LIST_DETECTORS)
    script.act(
        thief,
        audit.STOP_LOGGING.denied(audit.TRAIL_ARN, why=_BY_POLICY),
        audit.put_event_selectors(management=False).denied(audit.TRAIL_ARN, why=_BY_POLICY),
        audit.DELETE_DETECTOR.denied(
            "arn:aws:guardduty:<region>:<account>:detector/<detector>", why=_BY_POLICY
        ),
        pause=15,
    )
    script.act(
        thief,
        audit.put_event_selectors(management=False),
        audit.STOP_LOGGING,
        audit.DISABLE_ALARM_ACTIONS,
        audit.DELETE_METRIC_FILTER,
        pause=25,
        trail=roles.trail,
    )
    script.act(thief, audit.STOP_RECORDER, audit.DELETE_RECORDER, ec2.DELETE_FLOW_LOGS, pause=20)
    script.act(
        thief,
        keys.DESCRIBE_KEY,
        keys.DISABLE_KEY,
        keys.SCHEDULE_KEY_DELETION,
        pause=20,
        key=roles.key,
    )
    script.wait(1200)


def open_the_network(script: Script, roles: Roles) -> None:
    """Exposure to the whole internet."""
    thief = roles.backdoor
    script.step(thief, "opens the network: security group, ACL, gateway, route, peering")
    script.act(thief, ec2.DESCRIBE_VPC_GROUPS, ec2.DESCRIBE_NETWORK_ACLS, vpc=roles.vpc)
    script.act(
        thief,
        network.authorize_ingress(22),
        network.authorize_ingress(3389),
        pause=15,
        group=roles.group,
        cidr=_ANYWHERE,
        label="remote access",
    )
    script.act(
        thief,
        network.CREATE_NETWORK_ACL_ENTRY,
        network.CREATE_INTERNET_GATEWAY,
        network.ATTACH_INTERNET_GATEWAY,
        network.CREATE_ROUTE,
        network.MODIFY_VPC_ATTRIBUTE,
        network.CREATE_VPC_PEERING,
        pause=25,
        acl=roles.acl,
        vpc=roles.vpc,
        gateway=roles.gateway,
        route_table=roles.route_table,
        peering=roles.peering,
        peer_vpc=roles.peer_vpc,
        peer_account=OUTSIDE_ACCOUNT,
        label="tmp",
    )
    script.wait(700)


def open_a_bucket(script: Script, roles: Roles) -> None:
    """Exfiltration made easy."""
    script.step(roles.backdoor, f"makes the bucket {roles.bucket} public")
    script.act(
        roles.backdoor,
        s3.GET_BUCKET_PUBLIC_ACCESS_BLOCK,
        s3.DELETE_PUBLIC_ACCESS_BLOCK,
        s3.PUT_PUBLIC_POLICY,
        s3.GET_BUCKET_POLICY_STATUS,
        pause=18,
        bucket=roles.bucket,
    )
    script.wait(800)


def attack_the_organization(script: Script, roles: Roles) -> None:
    """The guardrail goes; leaving the organization is still denied."""
    management = roles.estate.management
    role = {
        **assumed(roles.estate, management, roles.management_role, roles.session_name),
        "uuid": uuid(script.random),  # of both accounts' records: sharedEventID
    }
    script.step(roles.backdoor, "assumes a role of the management account")
    if management.id != roles.account.id:
        script.act(
            roles.backdoor, signin.ASSUME_ROLE_ELSEWHERE, pause=0, **role, elsewhere=management.id
        )
    script.act(roles.outsider, signin.ASSUME_ROLE, pause=10, **role)
    script.step(roles.management, "detaches the service control policy that protected the account")
    script.act(
        roles.management,
        audit.LIST_ACCOUNTS,
        audit.DETACH_POLICY,
        pause=20,
        unit=roles.unit,
        guardrail=roles.guardrail,
    )
    script.step(roles.backdoor, "tries to take the account out of the organization: denied")
    script.act(roles.backdoor, audit.LEAVE_ORGANIZATION.denied(), pause=20)
