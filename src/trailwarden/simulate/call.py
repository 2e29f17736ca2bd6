"""An API call as CloudTrail records it, whoever makes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from trailwarden.simulate.services import host, service

Json = Mapping[str, object] | None
SERVICE_EVENT = "AwsServiceEvent"  # an eventType


def compact(value: object) -> str:
    """JSON without blanks, as in log files."""
    return json.dumps(value, separators=(",", ":"))


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """One API call. Texts may hold slots (see :mod:`trailwarden.simulate.template`).

    ``extra`` is additionalEventData, ``details`` serviceEventDetails. ``resource`` is the ARN and
    the type of the one entry of ``resources``.
    """

    service: str
    name: str
    request: Json = None
    response: Json = None
    read_only: bool = True
    extra: Json = None
    details: Json = None
    resource: tuple[str, str] | None = None
    error_code: str = ""
    error_message: str = ""
    event_type: str = "AwsApiCall"
    shared: bool = False  # another account's trail has a record of the same call

    def failing(self, code: str, message: str) -> Call:
        """The same call, refused."""
        return replace(self, error_code=code, error_message=message, response=None)

    def denied(self, resource: str = "*", *, why: str = "") -> Call:
        """The same call, not allowed to the caller. ``resource`` is an ARN."""
        action = f"{self.service}:{self.name}"
        because = why or f"because no identity-based policy allows the {action} action"
        message = (
            f"User: <arn> is not authorized to perform: {action} on resource: {resource} {because}"
        )
        if self.service != "ec2":
            return self.failing("AccessDenied", message)
        return self.failing(
            "Client.UnauthorizedOperation",
            f"You are not authorized to perform this operation. {message}. "
            "Encoded authorization failure message: <failure>",
        )

    def record(self, *, is_direct: bool, from_console: bool) -> str:
        """The record's text. Slots of the caller: identity, arn, source_ip, user_agent, account.

        Only a ``is_direct`` caller, one that came over the network, has tlsDetails.
        """
        facts = service(self.service)
        members: list[tuple[str, str]] = [
            ("eventVersion", compact(facts.version)),
            ("userIdentity", "<identity>"),
            ("eventTime", '"<event_time>"'),
            ("eventSource", compact(f"{self.service}.amazonaws.com")),
            ("eventName", compact(self.name)),
            ("awsRegion", '"<region>"'),
            ("sourceIPAddress", '"<source_ip>"'),
            ("userAgent", '"<user_agent>"'),
        ]
        if self.error_code:
            members.append(("errorCode", compact(self.error_code)))
        if self.error_message:
            members.append(("errorMessage", compact(self.error_message)))
        members += [
            ("requestParameters", compact(self.request)),
            ("responseElements", compact(self.response)),
        ]
        if self.extra is not None:
            members.append(("additionalEventData", compact(self.extra)))
        if facts.request_id and self.event_type != SERVICE_EVENT:
            members.append(("requestID", f'"<{facts.request_id}>"'))
        members += [("eventID", '"<event_id>"'), ("readOnly", compact(self.read_only))]
        if self.resource is not None:
            members.append(("resources", compact([_resource(*self.resource)])))
        members.append(("eventType", compact(self.event_type)))
        if facts.api_version:
            members.append(("apiVersion", compact(facts.api_version)))
        members += [("managementEvent", "true"), ("recipientAccountId", '"<account>"')]
        if self.shared:
            members.append(("sharedEventID", '"<uuid>"'))
        if self.details is not None:
            members.append(("serviceEventDetails", compact(self.details)))
        members.append(("eventCategory", '"Management"'))
        if is_direct:
            members.append(("tlsDetails", compact(self._tls())))
        if from_console and self.service != "signin":
            members.append(("sessionCredentialFromConsole", '"true"'))
        return "{" + ",".join(f'"{name}":{value}' for name, value in members) + "}"

    def _tls(self) -> dict[str, str]:
        return {
            "tlsVersion": "TLSv1.3",
            "cipherSuite": "TLS_AES_128_GCM_SHA256",
            "clientProvidedHostHeader": host(self.service),
        }


def _resource(arn: str, kind: str) -> dict[str, str]:
    return {"accountId": "<account>", "type": kind, "ARN": arn}
