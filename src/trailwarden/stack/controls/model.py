"""A monitoring control of the CIS AWS Foundations Benchmark as frozen data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Version = Literal[
    "1.2.0", "1.3.0", "1.4.0", "1.5.0", "2.0.0", "3.0.0", "4.0.1", "5.0.0", "6.0.0", "7.0.0"
]
VERSIONS: tuple[Version, ...] = (
    "1.2.0", "1.3.0", "1.4.0", "1.5.0", "2.0.0", "3.0.0", "4.0.1", "5.0.0", "6.0.0", "7.0.0",
)  # fmt: skip
_MONITORED = re.compile(r" (?:is|are) monitored$")


@dataclass(frozen=True, slots=True)
class Calls:
    """API calls of one service, by CloudTrail's ``eventSource`` and ``eventName``."""

    source: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Control:
    """One control. Its number within the section of alarms is the same in every version.

    ``calls`` are those the first version names (None where a control is about callers or errors),
    ``added`` those that later versions add; ``forgotten`` have the same effect, and no version
    names them. ``names_source`` says whether the benchmark's text asks for the event source.
    ``wordings`` are its filter patterns by the version that brought them, the oldest first;
    ``titles`` are the benchmark's own, likewise. ``gloss`` says in our words what it is about.

    ``security_hub`` is the control there, None where there is none, and ``security_hub_pattern``
    the one text that it accepts. ``prowler`` is the name of Prowler's check; ``prowler_calls`` are
    what that demands, and with ``prowler_source`` their event source as well.
    """

    key: str
    number: int
    titles: Mapping[Version, str]
    gloss: str
    prowler: str
    since: Version = "1.2.0"
    levels: Mapping[Version, int] = field(default_factory=dict)
    wordings: Mapping[Version, str] = field(default_factory=dict)
    calls: Calls | None = None
    added: Mapping[Version, tuple[str, ...]] = field(default_factory=dict)
    forgotten: tuple[Calls, ...] = ()
    names_source: bool = False
    security_hub: str | None = None
    security_hub_pattern: str | None = None
    prowler_calls: Calls | None = None
    prowler_source: bool = False

    def is_in(self, version: Version) -> bool:
        return _has(version, self.since)

    def id(self, version: Version) -> str | None:
        """``3.5``, ``4.5`` or ``5.5``; None where the version has no such control."""
        if not self.is_in(version):
            return None
        section = 3 + _has(version, "1.3.0") + _has(version, "6.0.0")
        return f"{section}.{self.number}"

    def level(self, version: Version) -> int:
        """The profile (1 or 2) that asks for the control. Raises KeyError before ``since``."""
        return self.levels[_latest(self.levels, version)]

    def title(self, version: Version) -> str:
        """The benchmark's title. Raises KeyError before ``since``."""
        return self.titles[_latest(self.titles, version)]

    @property
    def subject(self) -> str:
        """What the newest title is about, for the midst of a sentence: ``IAM policy changes``."""
        title = self.title(VERSIONS[-1])
        return _MONITORED.sub("", title.removeprefix("Ensure "))

    def wording(self, version: Version) -> str:
        """The pattern that this version prints. Raises KeyError before ``since``."""
        return self.wordings[_latest(self.wordings, version)]

    def named(self, version: Version) -> Calls | None:
        """The calls that this version names."""
        if self.calls is None:
            return None
        more = [
            name for since, names in self.added.items() if _has(version, since) for name in names
        ]
        return Calls(self.calls.source, (*self.calls.names, *more))


def _has(version: Version, since: Version) -> bool:
    return VERSIONS.index(version) >= VERSIONS.index(since)


def _latest(dated: Mapping[Version, object], version: Version) -> Version:
    """The last of the versions in ``dated`` that ``version`` follows or is."""
    found = [since for since in dated if _has(version, since)]
    if not found:
        raise KeyError(version)
    return max(found, key=VERSIONS.index)
