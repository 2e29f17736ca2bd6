"""What Ref and GetAtt give for a resource.

Names and ARNs are made as AWS would make them, so that a text that spells an ARN by hand equals a
reference. Where the deployment chooses the name, a token such as ``${Alerts.TopicArn}`` stands for
it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailwarden.stack.nodes import Entries, Mark, Scalar
from trailwarden.stack.template import did_you_mean

if TYPE_CHECKING:
    from trailwarden.stack.intrinsics import Resolver

_PARTS = ("AWS::Partition", "AWS::Region", "AWS::AccountId")


@dataclass(frozen=True, slots=True)
class Identity:
    """How resources of one type are named. ``arn`` is what follows ``arn:PARTITION:``."""

    name_property: str
    arn: str = ""
    arn_attribute: str = "Arn"
    ref_is_arn: bool = False
    # Without a name these are called by their logical id: the deployment only adds to that.
    has_own_name: bool = False
    name_attribute: str | None = None
    opaque_attributes: tuple[str, ...] = ()  # which only the deployment knows

    @property
    def attributes(self) -> tuple[str, ...]:
        """What GetAtt can ask for."""
        arn = self.arn_attribute if self.arn else None
        return tuple(filter(None, (self.name_attribute, *self.opaque_attributes, arn)))


_IDENTITIES: Mapping[str, Identity] = {
    "AWS::CloudTrail::Trail": Identity(
        "TrailName",
        "cloudtrail:{region}:{account}:trail/{name}",
        opaque_attributes=("SnsTopicArn",),
    ),
    "AWS::CloudWatch::Alarm": Identity(
        "AlarmName", "cloudwatch:{region}:{account}:alarm:{name}", has_own_name=True
    ),
    "AWS::CloudWatch::CompositeAlarm": Identity(
        "AlarmName", "cloudwatch:{region}:{account}:alarm:{name}", has_own_name=True
    ),
    "AWS::Logs::LogGroup": Identity("LogGroupName", "logs:{region}:{account}:log-group:{name}:*"),
    "AWS::Logs::MetricFilter": Identity("FilterName", has_own_name=True),
    "AWS::SNS::Topic": Identity(
        "TopicName",
        "sns:{region}:{account}:{name}",
        arn_attribute="TopicArn",
        ref_is_arn=True,
        name_attribute="TopicName",
    ),
}
# Resources that stand outside the chain and have a name that it uses.
_NAMED = {"AWS::S3::Bucket": "BucketName", "AWS::KMS::Alias": "AliasName"}


class References:
    """Looks up names and ARNs of resources, each of them once."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._names: dict[str, Scalar | None] = {}
        self._in_work: list[str] = []

    def ref(self, logical_id: str, mark: Mark) -> Scalar:
        """``Ref`` of a resource that exists."""
        identity = _IDENTITIES.get(self._type(logical_id))
        if identity is not None and identity.ref_is_arn:
            return self._arn(logical_id, identity, mark)
        return self._name_or_token(logical_id, self._id(logical_id), mark)

    def attribute(self, logical_id: str, attribute: str, mark: Mark, path: str) -> Scalar:
        """``Fn::GetAtt`` of a resource that exists."""
        identity = _IDENTITIES.get(self._type(logical_id))
        if identity is None:
            return _token(f"{self._id(logical_id)}.{attribute}", mark)
        if identity.arn and attribute == identity.arn_attribute:
            return self._arn(logical_id, identity, mark)
        known = identity.attributes
        if attribute not in known:
            raise self._resolver.document.error(
                mark,
                path,
                f"{logical_id} has no attribute {attribute!r}",
                did_you_mean(attribute, known) or f"it has: {', '.join(known) or 'none'}",
            )
        token = f"{self._id(logical_id)}.{attribute}"
        if attribute == identity.name_attribute:
            return self._name_or_token(logical_id, token, mark)
        return _token(token, mark)

    def identity(self, logical_id: str, mark: Mark) -> tuple[str, str]:
        """What the resource is called, and its ARN; empty for one that has none."""
        identity = _IDENTITIES.get(self._type(logical_id))
        if identity is None:
            return logical_id, ""
        arn = self._arn(logical_id, identity, mark).text if identity.arn else ""
        name = self._name(logical_id, mark)
        if name is None:
            parts = filter(None, (self._id(logical_id), identity.name_attribute))
            return f"${{{'.'.join(parts)}}}", arn
        return name.text, arn

    def _name_or_token(self, logical_id: str, token: str, mark: Mark) -> Scalar:
        name = self._name(logical_id, mark)
        if name is None:
            return _token(token, mark)
        return Scalar(name.text, mark, unknown=name.unknown)

    def _arn(self, logical_id: str, identity: Identity, mark: Mark) -> Scalar:
        name = self._name(logical_id, mark)
        if name is None:
            return _token(f"{self._id(logical_id)}.{identity.arn_attribute}", mark)
        parts = [self._resolver.parameters.text(part) for part in _PARTS]
        partition, region, account = (part.text for part in parts)
        text = identity.arn.format(region=region, account=account, name=name.text)
        unknown = dict.fromkeys(name for part in (*parts, name) for name in part.unknown)
        return Scalar(f"arn:{partition}:{text}", mark, unknown=tuple(unknown))

    def _id(self, logical_id: str) -> str:
        return self._resolver.scoped(logical_id)

    def _type(self, logical_id: str) -> str:
        body = self._resolver.resources[logical_id].value
        node = body.get("Type") if isinstance(body, Entries) else None
        return node.text if isinstance(node, Scalar) else ""

    def _name(self, logical_id: str, mark: Mark) -> Scalar | None:
        """The name it is given, or that it is called by here; None if the deployment chooses it."""
        if logical_id not in self._names:
            if logical_id in self._in_work:
                cycle = [*self._in_work[self._in_work.index(logical_id) :], logical_id]
                raise self._resolver.document.error(
                    mark,
                    f"Resources.{logical_id}",
                    f"names depend on each other in a cycle: {' -> '.join(cycle)}",
                    "change one of them",
                )
            self._in_work.append(logical_id)
            try:
                self._names[logical_id] = self._find_name(logical_id, mark)
            finally:
                self._in_work.pop()
        return self._names[logical_id]

    def _find_name(self, logical_id: str, mark: Mark) -> Scalar | None:
        resource_type = self._type(logical_id)
        identity = _IDENTITIES.get(resource_type)
        key = identity.name_property if identity else _NAMED.get(resource_type, "")
        body = self._resolver.resources[logical_id].value
        properties = body.get("Properties") if isinstance(body, Entries) else None
        node = properties.get(key) if isinstance(properties, Entries) else None
        if node is not None:
            path = f"Resources.{logical_id}.Properties.{key}"
            with self._resolver.nested(mark, path):
                found = self._resolver.resolve(node, path)
            # An empty text is what a default says for none: the deployment chooses, then.
            if isinstance(found, Scalar) and found.text:
                return found
        if identity is not None and identity.has_own_name:
            return Scalar(self._id(logical_id), mark)
        return None


def _token(name: str, mark: Mark) -> Scalar:
    return Scalar(f"${{{name}}}", mark, unknown=(name,))
