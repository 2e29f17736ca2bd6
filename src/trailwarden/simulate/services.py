"""What differs by service: the version of its records, its endpoint, where it is global."""

from __future__ import annotations

from dataclasses import dataclass

GLOBAL_REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class Service:
    """``version`` is eventVersion; a global service's records all arise in us-east-1."""

    version: str = "1.11"
    host: str = ""
    is_global: bool = False
    api_version: str = ""
    request_id: str = "request_id"  # the slot of requestID; empty where records have none


_REGIONAL = Service()
_SERVICES = {
    "ec2": Service("1.10"),
    "iam": Service("1.10", "iam.amazonaws.com", is_global=True),
    "organizations": Service("1.10", "organizations.us-east-1.amazonaws.com", is_global=True),
    "signin": Service("1.08", "signin.aws.amazon.com", request_id=""),
    "s3": Service("1.11", "<bucket>.s3.<region>.amazonaws.com", request_id="s_request_id"),
    "sts": Service("1.08"),
    "ssm": Service("1.11"),
    "logs": Service("1.11", api_version="20140328"),
    "lambda": Service("1.10"),
    "ce": Service("1.08", "ce.us-east-1.amazonaws.com", is_global=True),
    "cloudtrail": Service("1.11"),
    "rds": Service("1.11"),
    "ecr": Service("1.08", "api.ecr.<region>.amazonaws.com"),
    "elasticloadbalancing": Service("1.10", api_version="2015-12-01"),
    "sso": Service("1.08", "portal.sso.<region>.amazonaws.com"),
    "health": Service("1.08", is_global=True),
}


def service(name: str) -> Service:
    """The facts of the service whose eventSource begins with ``name``."""
    return _SERVICES.get(name, _REGIONAL)


def host(name: str) -> str:
    """The host clients name, with a slot for the region."""
    return service(name).host or f"{name}.<region>.amazonaws.com"
