"""Fixes of trails and log groups: settings that lose evidence, some of which save money."""

from __future__ import annotations

from collections.abc import Iterator

from trailwarden.stack.lint.fixing.changes import Change
from trailwarden.stack.lint.fixing.registry import fixer
from trailwarden.stack.lint.fixing.site import Site


@fixer("TW501", safe=False)
def switch_on(site: Site) -> Iterator[Change]:
    """Somebody has switched it off; a second trail costs money."""
    yield from site.put("IsLogging", "true", quoted=False)


@fixer("TW503", safe=True)
def validate_log_files(site: Site) -> Iterator[Change]:
    """Digests cost nothing and change no record."""
    yield from site.put("EnableLogFileValidation", "true", quoted=False)


@fixer("TW504", safe=False)
def record_all_regions(site: Site) -> Iterator[Change]:
    """Other Regions may have trails of their own, whose records would come twice."""
    yield from site.put("IsMultiRegionTrail", "true", quoted=False)


@fixer("TW505", safe=False)
def record_global_services(site: Site) -> Iterator[Change]:
    """Another trail may record them already."""
    yield from site.put("IncludeGlobalServiceEvents", "true", quoted=False)


@fixer("TW508", safe=False)
def keep_for_a_year(site: Site) -> Iterator[Change]:
    """Storage is paid for, and the law may forbid to keep events for longer."""
    yield from site.put("RetentionInDays", "365", quoted=False)
