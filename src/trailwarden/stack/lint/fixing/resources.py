"""Fixes of what a resource is apart from its service: its lifetime; and of the trail's bucket."""

from __future__ import annotations

from collections.abc import Iterator

from trailwarden.stack.lint.fixing.changes import Change, Put
from trailwarden.stack.lint.fixing.checking import node_at
from trailwarden.stack.lint.fixing.registry import fixer
from trailwarden.stack.lint.fixing.site import Site
from trailwarden.stack.nodes import Scalar

_LIFETIMES = ("DeletionPolicy", "UpdateReplacePolicy")
_KEEP = "Retain"
_BLOCKS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")


@fixer("TW541", safe=False)
def keep(site: Site) -> Iterator[Change]:
    """What is kept must be deleted by hand, and its name is taken until then."""
    for name in _LIFETIMES:
        if _attribute(site, name) in (None, "Delete"):
            yield Put((*site.key.split("."), name), _KEEP)


@fixer("TW542", safe=True)
def keep_both_ways(site: Site) -> Iterator[Change]:
    """Only where nobody has said otherwise: the author wants it kept."""
    for name in _LIFETIMES:
        if _attribute(site, name) is None:
            yield Put((*site.key.split("."), name), _KEEP)


def _attribute(site: Site, name: str) -> str | None:
    """None where it is absent; a text that says nothing where it is no single value."""
    node = node_at(site.root, (*site.key.split("."), name))
    if node is None:
        return None
    return node.text if isinstance(node, Scalar) else ""


@fixer("TW512", safe=False)
def block_public_access(site: Site) -> Iterator[Change]:
    """Where there is a configuration already; a bucket may be public on purpose."""
    block = "PublicAccessBlockConfiguration"
    if site.has(block):
        for name in _BLOCKS:
            if not site.has(block, name) or site.literal(block, name) is not None:
                yield Put(site.path(block, name), "true", quoted=False)


@fixer("TW511", safe=False)
def keep_versions(site: Site) -> Iterator[Change]:
    """Versions are paid for."""
    if site.literal("VersioningConfiguration", "Status") is not None:
        yield Put(site.path("VersioningConfiguration", "Status"), "Enabled")
