"""What to simulate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from trailwarden.errors import UsageError

ACCOUNTS = (
    ("111122223333", "management"),
    ("444455556666", "production"),
    ("777788889999", "development"),
    ("123456789012", "staging"),
    ("210987654321", "data"),
    ("222233334444", "security"),
    ("333344445555", "network"),
    ("555566667777", "sandbox"),
    ("666677778888", "analytics"),
    ("888899990000", "media"),
    ("999900001111", "partners"),
    ("112233445566", "archive"),
)
REGIONS = (
    "us-east-1",
    "eu-west-1",
    "ap-northeast-1",
    "us-west-2",
    "eu-central-1",
    "ap-southeast-2",
    "ca-central-1",
    "sa-east-1",
)
LAST_DAY = date(2025, 3, 9)  # a Sunday: by default archives end with it, whenever they are made
DEFAULT_DAYS = 7
DEFAULT_EVENTS_PER_DAY = 9000


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything an archive depends on: equal plans give equal bytes.

    ``start`` is the first day (UTC); None lets the archive end with 2025-03-09. ``events_per_day``
    is about what a working day holds; weekends are quieter. ``attack`` says whether somebody
    breaks in. Raises UsageError for what cannot be simulated.
    """

    days: int = DEFAULT_DAYS
    accounts: int = 3
    regions: int = 3
    events_per_day: int = DEFAULT_EVENTS_PER_DAY
    seed: int = 1
    attack: bool = True
    start: date | None = None

    def __post_init__(self) -> None:
        for name, value, most in (
            ("days", self.days, 3660),
            ("accounts", self.accounts, len(ACCOUNTS)),
            ("regions", self.regions, len(REGIONS)),
            ("events_per_day", self.events_per_day, 1_000_000_000),
        ):
            if not 1 <= value <= most:
                raise UsageError(
                    f"cannot simulate {name}={value}", cure=f"choose from 1 to {most:,}"
                )
        if not date(2006, 1, 1) <= self.first_day <= date(2089, 1, 1):
            raise UsageError(
                f"cannot simulate days from {self.first_day} on",
                cure="begin between 2006-01-01 and 2089-01-01",
            )

    @property
    def first_day(self) -> date:
        """The first day, in UTC."""
        return self.start or LAST_DAY - timedelta(days=self.days - 1)

    @property
    def all_days(self) -> list[date]:
        """The days, in order."""
        return [self.first_day + timedelta(days=number) for number in range(self.days)]

    @property
    def attack_day(self) -> date | None:
        """The day of the break-in: rather late, so that there is a quiet time to compare with."""
        return self.first_day + timedelta(days=self.days * 2 // 3) if self.attack else None
