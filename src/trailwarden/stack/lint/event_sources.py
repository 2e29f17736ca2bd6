"""Hosts in ``eventSource``: what they are called, and what is often taken for one."""

from __future__ import annotations

from functools import cache

from trailwarden.stack.lint.operations import slip_of

SUFFIXES = (
    "amazonaws.com",
    "amazonaws.com.cn",
    "amazonaws.eu",
    "c2s.ic.gov",
    "sc2s.sgov.gov",
    "cloud.adc-e.uk",
    "csp.hci.ic.gov",
)
_SUFFIX = SUFFIXES[0]
# Sources that are not called as their service's API is, or that have none.
_OTHERS = frozenset(
    """
    access-analyzer account acm apigateway application-autoscaling appsync athena
    autoscaling aws-artifact backup batch bedrock billing billingconsole ce cloud9
    cloudformation cloudfront cloudhsm cloudtrail cloudtrail-data codeartifact codebuild
    codecommit codedeploy codepipeline cognito-identity cognito-idp config controltower dax
    detective directconnect dlm dms ds dynamodb ebs ec2 ec2-instance-connect ecr ecr-public
    ecs eks elasticache elasticbeanstalk elasticfilesystem elasticloadbalancing
    elasticmapreduce email es events firehose fms fsx glacier globalaccelerator glue
    guardduty health iam identitystore inspector inspector2 internetmonitor invoicing kafka
    kinesis kinesisanalytics kms lakeformation lambda license-manager lightsail logs macie
    macie2 malware-protection.guardduty marketplace monitoring mq network-firewall
    organizations payments pipes quicksight ram rds rds-data redshift redshift-data
    rekognition resource-groups rolesanywhere route53 route53domains route53resolver s3
    s3-outposts s3express sagemaker savingsplans scheduler schemas secretsmanager
    securityhub securitylake servicecatalog servicediscovery servicequotas ses shield signer
    signin sms sns sqs ssm ssm-guiconnect ssmmessages sso sso-directory sso-oauth states
    storagegateway sts support support-console swf tagging tax transfer trustedadvisor
    vpc-lattice waf waf-regional wafv2 wellarchitected workdocs workmail workspaces xray
    """.split()  # noqa: SIM905 - a list of words
)
# What a service is called elsewhere, and its source.
_ALIASES = {
    "accessanalyzer": "access-analyzer",
    "cloudwatch": "monitoring",
    "cloudwatchlogs": "logs",
    "console": "signin",
    "efs": "elasticfilesystem",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "emr": "elasticmapreduce",
    "eventbridge": "events",
    "stepfunctions": "states",
}
_LEAST = 3  # letters


def meant_source(host: str) -> str | None:
    """The source that ``host``, which is none, seems to mean; empty where that cannot be told.

    None for a host that may be one.
    """
    label, _, suffix = host.partition(".")
    if suffix in SUFFIXES and label == label.lower() and label:
        if label in _ALIASES:
            return f"{_ALIASES[label]}.{suffix}"
        near = _near(label)
        return f"{near}.{suffix}" if near else None
    if host.lower() == host and host.endswith(tuple(f".{one}" for one in SUFFIXES)):
        return None  # a name of several parts
    name = host.lower().removeprefix("aws.").removeprefix("www.").partition(".")[0]
    name = _ALIASES.get(name, name)
    right = name if name in _known() else _near(name)
    return f"{right}.{_SUFFIX}" if right else ""


def _near(label: str) -> str:
    known = _known()
    if len(label) < _LEAST or label in known:
        return ""
    near = sorted(one for one in _OTHERS if slip_of(label, one))
    return near[0] if len(near) == 1 or (near and len(label) > _LEAST) else ""


@cache
def _known() -> frozenset[str]:
    """The first labels of sources, and names of services that may be some."""
    try:
        from botocore.loaders import Loader  # noqa: PLC0415 - slow, and an extra
    except ImportError:
        return _OTHERS
    return _OTHERS | frozenset(Loader().list_available_services("service-2"))
