"""The pseudo parameters, as far as they are known without an account.

All but AWS::NoValue can be given like parameters. By default the region is us-east-1, where the
events of global services are; the account stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from trailwarden.errors import DefinitionError
from trailwarden.partitions import domain_of, partition_of
from trailwarden.stack.nodes import Items, Mark, Node, Scalar
from trailwarden.text import visible

DEFAULT_REGION = "us-east-1"
PSEUDO_NAMES = (
    "AWS::AccountId", "AWS::NotificationARNs", "AWS::Partition", "AWS::Region", "AWS::StackId",
    "AWS::StackName", "AWS::URLSuffix",
)  # fmt: skip
_NOWHERE = Mark(1, 1)
_FORMS = {
    "AWS::AccountId": (re.compile(r"[0-9]{12}", re.ASCII), "twelve digits"),
    "AWS::Region": (re.compile(r"[a-z]{2,4}(?:-[a-z]{2,12}){1,3}-[0-9]{1,2}"), "like eu-west-1"),
}


def pseudo_parameters(given: Mapping[str, str], stack_name: str) -> dict[str, Node | None]:
    """Their values by name.

    Raises :class:`~trailwarden.errors.DefinitionError` for an account or region that cannot be.
    """
    for name, (form, what) in _FORMS.items():
        if name in given and not form.fullmatch(given[name]):
            raise DefinitionError(
                f"{name} cannot be {visible(given[name], 60)!r}",
                cure=f"give --parameter {name}=VALUE with a value {what}",
            )
    region = given.get("AWS::Region", DEFAULT_REGION)
    partition = given.get("AWS::Partition") or partition_of(region)
    known = {
        "AWS::Region": region,
        "AWS::Partition": partition,
        "AWS::URLSuffix": domain_of(partition),
        "AWS::StackName": stack_name,
        **{name: given[name] for name in PSEUDO_NAMES if name in given},
    }
    values: dict[str, Node | None] = {
        name: Scalar(known[name], _NOWHERE)
        if name in known
        else Scalar(f"${{{name}}}", _NOWHERE, unknown=(name,))
        for name in PSEUDO_NAMES
    }
    if "AWS::NotificationARNs" in given:
        topics = given["AWS::NotificationARNs"].split(",")
        values["AWS::NotificationARNs"] = Items(
            tuple(Scalar(topic.strip(), _NOWHERE) for topic in topics), _NOWHERE
        )
    return {**values, "AWS::NoValue": None}
