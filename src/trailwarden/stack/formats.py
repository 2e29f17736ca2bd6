"""Telling what a file is that is no CloudFormation template, and how to get one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Set
from pathlib import PurePath
from typing import NamedTuple

_LOOKED_AT = 200_000  # characters from the beginning
_TEMPLATE = re.compile(
    r"^[ \t]{0,4}[\"']?(?:Resources|AWSTemplateFormatVersion)[\"']?[ \t]*:", re.MULTILINE
)
_TOP_KEY = re.compile(r"^[\"']?([\w$./@-]{1,80})[\"']?[ \t]*:(?:[ \t\r]|$)", re.MULTILINE)
_HCL = re.compile(
    r'^[ \t]*(?:(?:resource|data)[ \t]+"[^"\n]*"[ \t]+"[^"\n]*"|(?:variable|provider|module|output)'
    r'[ \t]+"[^"\n]*"|terraform|locals)[ \t]*\{',
    re.MULTILINE,
)
_LIVE = "give aws as the stack, which reads the live account, or the template itself"
_TO_CDK = "run cdk synth, and give the folder cdk.out"
_TO_CLOUDFORMATION = (
    "Terraform is not read: give the CloudFormation template, give aws as the stack to read the "
    "live account, or write the built-in stack with trailwarden stack synth"
)
_LOGS = "give it as the archive; the stack is a CloudFormation template"


class Format(NamedTuple):
    """``name`` is what the file is (``a Terraform plan``), ``cure`` how to get a template."""

    name: str
    cure: str


_SUFFIXES: Mapping[str, Format] = {
    ".tf": Format("a Terraform configuration", _TO_CLOUDFORMATION),
    ".tfvars": Format("a file of Terraform's variables", _TO_CLOUDFORMATION),
    ".hcl": Format("a file in HCL", _TO_CLOUDFORMATION),
    ".tfstate": Format("a Terraform state", _TO_CLOUDFORMATION),
    ".bicep": Format("a Bicep file of Azure", "give a CloudFormation template"),
    ".toml": Format("a TOML file", "give the CloudFormation template that it is about"),
    **{
        suffix: Format("a program, of CDK perhaps", _TO_CDK)
        for suffix in (".ts", ".js", ".py", ".java", ".cs", ".go", ".mjs")
    },
}


def _has(*names: str) -> Callable[[Set[str]], bool]:
    return lambda keys: keys >= set(names)


def _any_of(*names: str) -> Callable[[Set[str]], bool]:
    return lambda keys: not keys.isdisjoint(names)


# By their outermost keys; the first that fits.
_BY_KEYS: tuple[tuple[Callable[[Set[str]], bool], Format], ...] = (
    (_has("format_version", "planned_values"), Format("a Terraform plan", _TO_CLOUDFORMATION)),
    (_has("format_version", "resource_changes"), Format("a Terraform plan", _TO_CLOUDFORMATION)),
    (_has("format_version", "values"), Format("a Terraform state", _TO_CLOUDFORMATION)),
    (_has("terraform_version", "serial"), Format("a Terraform state", _TO_CLOUDFORMATION)),
    (_has("terraform_version"), Format("a Terraform plan or state", _TO_CLOUDFORMATION)),
    (
        lambda keys: (
            bool(keys & {"resource", "terraform", "module"})
            and keys
            <= {
                *("//", "resource", "terraform", "module", "provider", "data", "variable"),
                *("output", "locals", "check", "import", "moved", "removed"),
            }
        ),
        Format(
            "a Terraform configuration in JSON",
            "Terraform is not read: write the built-in stack as CloudFormation, with trailwarden "
            "stack synth without --format terraform, or give aws as the stack",
        ),
    ),
    (_any_of("metricFilters"), Format("what describe-metric-filters prints", _LIVE)),
    (_any_of("MetricAlarms", "CompositeAlarms"), Format("what describe-alarms prints", _LIVE)),
    (_any_of("trailList"), Format("what describe-trails prints", _LIVE)),
    (_any_of("logGroups"), Format("what describe-log-groups prints", _LIVE)),
    (_any_of("Subscriptions", "Topics"), Format("what aws sns list-… prints", _LIVE)),
    (
        _any_of(
            *("Stacks", "StackResources", "StackSummaries", "StackResourceSummaries"),
            *("StackResourceDetail", "Changes", "ResourceTypes", "StackEvents"),
        ),
        Format(
            "what aws cloudformation describe-… or list-… prints",
            "run aws cloudformation get-template --stack-name NAME, and give what it prints",
        ),
    ),
    (
        _has("service", "provider"),
        Format(
            "a configuration of the Serverless Framework",
            "run serverless package, and give cloudformation-template-update-stack.json, which is "
            "then in .serverless",
        ),
    ),
    (
        _has("apiVersion", "kind"),
        Format("a Kubernetes manifest", "give a CloudFormation template with metric filters"),
    ),
    (
        lambda keys: "services" in keys and "Resources" not in keys,
        Format("a file of Docker Compose", "give a CloudFormation template"),
    ),
    (_has("jobs", "on"), Format("a workflow of GitHub Actions", "give the template it deploys")),
    (_has("logsource", "detection"), Format("a Sigma rule", "give a CloudFormation template")),
    (_has("app", "context"), Format("a configuration of CDK", _TO_CDK)),
    (_has("app", "watch"), Format("a configuration of CDK", _TO_CDK)),
    (lambda keys: keys == {"app"}, Format("a configuration of CDK", _TO_CDK)),
    (_has("name", "runtime"), Format("a project of Pulumi", _LIVE)),
    (_has("version", "artifacts"), Format("a manifest of CDK", "give its folder, cdk.out")),
    (_has("$schema", "contentVersion"), Format("a template of Azure", _LIVE)),
    (
        _has("Statement"),
        Format("a policy of IAM", "give the CloudFormation template that it is part of"),
    ),
    (_any_of("Records"), Format("a log file of CloudTrail", _LOGS)),
    (_any_of("eventVersion", "userIdentity"), Format("a record of CloudTrail", _LOGS)),
    (_any_of("Events"), Format("what lookup-events prints", _LOGS)),
    (
        _has("ParameterKey", "ParameterValue"),
        Format(
            "a file of parameters",
            "give the template itself, and each value with --parameter NAME=VALUE",
        ),
    ),
    (
        lambda keys: "Parameters" in keys and keys <= {"Parameters", "Tags", "StackPolicy"},
        Format(
            "a file of a template's parameters",
            "give the template itself, and each value with --parameter NAME=VALUE",
        ),
    ),
    (_has("hosts", "tasks"), Format("a playbook of Ansible", "give a CloudFormation template")),
)


def foreign_format(text: str, source: str) -> Format | None:
    """What the text is, which is no CloudFormation template, as far as that is known."""
    head = text[:_LOOKED_AT]
    start = head.lstrip()
    if start.startswith("version https://git-lfs.github.com/spec/"):
        return Format("a pointer of Git LFS, not the file itself", "run git lfs pull")
    if start[:15].lower().startswith(("<!doctype html", "<html")):
        return Format("a page of the web", "download the file itself (on GitHub: Raw)")
    suffix = PurePath(source).suffix.lower()
    if suffix in _SUFFIXES:
        return _SUFFIXES[suffix]
    if _TEMPLATE.search(head):
        return None
    if _HCL.search(head):
        return _SUFFIXES[".tf"]
    keys = _outermost_keys(text, start)
    return next((found for fits, found in _BY_KEYS if keys and fits(keys)), None)


def _outermost_keys(text: str, start: str) -> Set[str]:
    if start[:1] not in ("{", "["):
        # YAML, of one or several documents; a list's first item counts.
        plain = re.sub(r"^- ", "", start, flags=re.MULTILINE) if start[:2] == "- " else start
        return set(_TOP_KEY.findall(plain))
    try:
        value = json.loads(text) if len(text) <= _LOOKED_AT * 20 else None
    except (ValueError, RecursionError):
        return set(re.findall(r"^[ \t]{0,4}\"([\w$./-]{1,80})\"[ \t]*:", start, re.MULTILINE))
    first = value[0] if isinstance(value, list) and value else value
    return set(first) if isinstance(first, dict) else set()
