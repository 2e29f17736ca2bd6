"""Why resources of a template are not run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from trailwarden.stack.companions import KEPT
from trailwarden.stack.template import MODULE

_BY_TYPE: Mapping[str, str] = {
    "AWS::CloudFormation::Stack": "nested stacks are not loaded: give the nested template itself",
    "AWS::CloudFormation::StackSet": "stack sets are not loaded: give their template itself",
    "AWS::CloudTrail::Channel": "only trails are run",
    "AWS::CloudTrail::EventDataStore": "only trails are run",
    "AWS::CloudWatch::AlarmMuteRule": "mute rules are not evaluated",
    "AWS::CloudWatch::AnomalyDetector": "anomaly detection is not evaluated",
    "AWS::CloudWatch::InsightRule": "Contributor Insights rules are not evaluated",
    "AWS::Config::ConfigRule": "Config rules are not evaluated",
    "AWS::Events::Rule": "event rules are not run",
    "AWS::Logs::AccountPolicy": "account policies are not evaluated",
    "AWS::Logs::SubscriptionFilter": "subscription filters are not run",
    "AWS::Logs::Transformer": "log transformers are not run",
}
_BY_PREFIX: Mapping[str, str] = {
    "AWS::Serverless::": "the AWS::Serverless transform is not run: give the processed template",
    "Custom::": "custom resources are not run",
    "AWS::CloudFormation::": "it helps the deployment only",
}
_JUDGED = "nothing of it is run; lint judges it"
_LIKE = 0.95  # no other type of AWS comes as near to one that is run


def reason_for(resource_type: str) -> str:
    """Why a resource of this type, which Trailwarden does not know, is not run."""
    if resource_type in _BY_TYPE:
        return _BY_TYPE[resource_type]
    if resource_type in KEPT:
        return _JUDGED
    if resource_type.endswith(MODULE):
        return "modules are not expanded: give the processed template"
    prefixes = (reason for prefix, reason in _BY_PREFIX.items() if resource_type.startswith(prefix))
    return next(prefixes, "not part of the monitoring chain")


def slip_for(resource_type: str, known: Iterable[str]) -> str:
    """The type that is meant by one that does not exist: a letter too many, another case."""
    return next(iter(get_close_matches(resource_type[:100], known, n=1, cutoff=_LIKE)), "")
