"""Machines: roles of instances, functions, pipelines and partners, and AWS services themselves."""

from __future__ import annotations

from trailwarden.simulate import identity
from trailwarden.simulate.estate import Account, Estate
from trailwarden.simulate.identifiers import hexadecimal, unique_id
from trailwarden.simulate.principal import Principal

_PARTNER_ACCOUNT = "555555555555"  # of the monitoring partner: outside the organization
_PARTNER_ADDRESS = "198.51.100.77"
_PARTNER_SESSION = "metrics-crawler"
_PARTNER_AGENT = (
    "Boto3/1.35.99 md/Botocore#1.35.99 ua/2.0 os/linux#6.1.124 md/arch#x86_64 "
    "lang/python#3.11.11 md/pyimpl#CPython cfg/retry-mode#adaptive"
)
_PIPELINE_HOST = "token.actions.githubusercontent.com"
_PIPELINE_ADDRESS = "198.51.100.24"
_TERRAFORM = (
    "APN/1.0 HashiCorp/1.0 Terraform/1.10.5 (+https://www.terraform.io) "
    "terraform-provider-aws/5.89.0 (+https://registry.terraform.io/providers/hashicorp/aws) "
    "aws-sdk-go-v2/1.36.3 ua/2.1 os/linux lang/go#1.23.6 md/GOOS#linux md/GOARCH#amd64"
)


def role_session(
    estate: Estate,
    account: Account,
    role: str,
    session: str,
    *,
    source_ip: str = "",
    user_agent: str = "",
    members: int = 1,
    member: str = "",
    session_hours: int = 1,
    context: dict[str, object] | None = None,
    path: str = "/",
    invoked_by: str = "",
) -> Principal:
    """A session of a role. With ``invoked_by``, a service makes the call on the role's behalf."""
    return Principal(
        name=f"role/{role}/{session}",
        account=account.id,
        arn=f"arn:aws:sts::{account.id}:assumed-role/{role}/{session}",
        identity=identity.assumed_role(
            account.id,
            role,
            estate.role_id(account.id, role),
            session,
            path=path,
            context=context,
            invoked_by=invoked_by,
        ),
        source_ip=invoked_by or source_ip,
        user_agent=invoked_by or user_agent,
        session_hours=session_hours,
        members=members,
        member=member,
        is_direct=not invoked_by,
    )


def assumed(estate: Estate, account: Account, role: str, session: str) -> dict[str, str]:
    """Values for the slots of a call that opens a session of a role."""
    return {
        "assumed_role": role,
        "assumed_role_id": estate.role_id(account.id, role),
        "session_name": session,
    }


def instance_fleet(estate: Estate, account: Account, role: str, user_agent: str) -> Principal:
    """The instances that share an instance profile."""
    return role_session(
        estate,
        account,
        role,
        "<instance>",
        user_agent=user_agent,
        members=12,
        member="instance",
        session_hours=6,
        context={"ec2RoleDelivery": "2.0"},
    )


def function(estate: Estate, account: Account, app: str, *, invoked_by: str = "") -> Principal:
    """A Lambda function by its execution role."""
    name = f"{app}-handler"
    arn = f"arn:aws:lambda:{estate.home}:{account.id}:function:{name}"
    return role_session(
        estate,
        account,
        f"{app}-task",
        name,
        user_agent="Boto3/1.36.26 md/Botocore#1.36.26 ua/2.0 os/linux#5.10.233-244.887.amzn2 "
        "md/arch#x86_64 lang/python#3.12.8 md/pyimpl#CPython exec-env/AWS_Lambda_python3.12 "
        "cfg/retry-mode#legacy",
        members=4,
        session_hours=12,
        invoked_by=invoked_by,
        context={"inScopeOf": {"issuerType": "AWS::Lambda::Function", "credentialsIssuedTo": arn}},
    )


def service_role(estate: Estate, account: Account, role: str, host: str, session: str) -> Principal:
    """A session of a service-linked role."""
    path = f"/aws-service-role/{host}/"
    return role_session(estate, account, role, session, path=path, invoked_by=host)


def service(account: Account, host: str) -> Principal:
    """An AWS service on its own account."""
    return Principal(
        name=host,
        account=account.id,
        arn="",
        identity=identity.service(host),
        source_ip=host,
        user_agent=host,
        is_direct=False,
    )


def service_event(account: Account, host: str) -> Principal:
    """An AWS service telling what it did, asked by nobody."""
    return Principal(
        name=f"{host} event",
        account=account.id,
        arn="",
        identity=identity.service_event(account.id, host),
        source_ip=host,
        user_agent=host,
        is_direct=False,
    )


def pipeline(estate: Estate, account: Account) -> Principal:
    """The deployment role of the build pipeline."""
    return role_session(
        estate,
        account,
        "github-actions-deploy",
        "GitHubActions",
        source_ip=_PIPELINE_ADDRESS,
        user_agent=_pipeline_agent("ecs"),
    )


def pipeline_signing_in(estate: Estate, account: Account) -> Principal:
    """The build pipeline on its way into the deployment role."""
    provider = f"arn:aws:iam::{account.id}:oidc-provider/{_PIPELINE_HOST}"
    subject = f"repo:{estate.company}/{estate.apps[0]}:ref:refs/heads/main"
    return Principal(
        name="GitHub Actions",
        account=account.id,
        arn="",
        identity=identity.web_identity(provider, subject),
        source_ip=_PIPELINE_ADDRESS,
        user_agent=_pipeline_agent("sts"),
    )


def _pipeline_agent(service: str) -> str:
    return (
        "aws-sdk-js/3.750.0 ua/2.1 os/linux#6.8.0-1021-azure lang/js "
        f"md/nodejs#20.18.3 api/{service}#3.750.0 configure-aws-credentials-for-github-actions"
    )


def terraform(estate: Estate, account: Account) -> Principal:
    """The role that applies the infrastructure's code."""
    run = hexadecimal(estate.random("terraform", account.id), 12)
    return role_session(
        estate,
        account,
        "terraform-ci",
        f"terraform-run-{run}",
        source_ip="198.51.100.31",
        user_agent=_TERRAFORM,
    )


def partner(estate: Estate, account: Account) -> Principal:
    """The monitoring partner's session: a role that another company's account may assume."""
    return role_session(
        estate,
        account,
        "PartnerMonitoring",
        _PARTNER_SESSION,
        source_ip=_PARTNER_ADDRESS,
        user_agent=_PARTNER_AGENT,
    )


def partner_signing_in(estate: Estate, account: Account) -> Principal:
    """The monitoring partner on its way into the role."""
    caller = unique_id(estate.random("partner"), "AROA")
    return Principal(
        name="monitoring partner",
        account=account.id,
        arn="",
        identity=identity.other_account(_PARTNER_ACCOUNT, f"{caller}:{_PARTNER_SESSION}"),
        source_ip=_PARTNER_ADDRESS,
        user_agent=_PARTNER_AGENT,
    )


def auditor(estate: Estate, account: Account) -> Principal:
    """The organization's nightly scanner, from the management account."""
    return role_session(
        estate,
        account,
        "SecurityAudit",
        "nightly-scan",
        source_ip="192.0.2.200",
        user_agent="Boto3/1.36.26 md/Botocore#1.36.26 ua/2.0 os/linux#6.1.124 md/arch#aarch64 "
        "lang/python#3.12.8 md/pyimpl#CPython cfg/retry-mode#standard Botocore/1.36.26",
    )
