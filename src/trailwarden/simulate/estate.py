"""The company whose cloud is simulated: its accounts, people and resources, drawn from the seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from trailwarden.simulate.identifiers import (
    base64_text,
    hexadecimal,
    pick,
    random_for,
    resource_id,
    shuffled,
    unique_id,
    uuid,
)
from trailwarden.simulate.plan import ACCOUNTS, REGIONS, Plan
from trailwarden.simulate.values import Things

_COMPANIES = ("harborlight", "tallpine", "copperleaf", "brightmeadow", "larkspur", "stonebridge")
_PEOPLE = (
    "amara.nwosu", "ben.fischer", "chiara.ricci", "daniel.kim", "elif.yilmaz", "freya.olsen",
    "giulia.conti", "hiro.tanaka", "ines.ferreira", "jonas.weber", "kavya.rao", "liam.byrne",
    "mei.chen", "noah.dubois", "olga.petrova", "priya.nair", "quentin.roy", "rosa.moreno",
    "sam.okafor", "tomas.novak", "uma.joshi", "viktor.lind", "wanda.kowalska", "yusuf.demir",
)  # fmt: skip
_APPS = (
    "billing", "catalog", "checkout", "fulfilment", "identity", "inventory", "invoices", "ledger",
    "loyalty", "mailer", "media", "orders", "payments", "pricing", "profiles", "ratings",
    "reports", "returns", "routing", "search", "shipping", "support", "tracking", "vouchers",
)  # fmt: skip
_QUIET, _HOME = 0.12, 1.0


@dataclass(frozen=True, slots=True)
class Account:
    """``weight`` says how busy it is compared with production."""

    id: str
    name: str
    weight: float


class Estate:
    """All that is there before the first record. It depends on the plan's seed and sizes only."""

    def __init__(self, plan: Plan) -> None:
        self._seed = plan.seed
        rng = self.random("estate")
        self.company = pick(rng, _COMPANIES)
        self.people = shuffled(rng, _PEOPLE)
        self.apps = shuffled(rng, _APPS)[:10]
        self.organization = "o-" + hexadecimal(rng, 10)
        self.regions = REGIONS[: plan.regions]
        weights = {"management": 0.25, "production": 1.0, "development": 0.6}
        self.accounts = [
            Account(number, name, weights.get(name, 0.3))
            for number, name in ACCOUNTS[: plan.accounts]
        ]
        self.management = self.accounts[0]
        self.production = self.accounts[min(1, len(self.accounts) - 1)]
        self.workshop = self.accounts[min(2, len(self.accounts) - 1)]
        self._things: dict[tuple[str, str], Things] = {}

    @property
    def home(self) -> str:
        """The region where most of the work is done."""
        return self.regions[0]

    def random(self, *names: object) -> Random:
        """A generator for what ``names`` describe, the same wherever it is asked for."""
        return random_for("trailwarden", self._seed, *names)

    def region_weights(self) -> list[tuple[str, float]]:
        """How the work is spread over the regions."""
        return [(region, _HOME if region == self.home else _QUIET) for region in self.regions]

    def user_id(self, account: str, name: str) -> str:
        """The unique id of an IAM user."""
        return unique_id(self.random("user", account, name), "AIDA")

    def access_key(self, account: str, name: str) -> str:
        """The long-lived access key of an IAM user."""
        return unique_id(self.random("access key", account, name), "AKIA")

    def role_id(self, account: str, role: str) -> str:
        """The unique id of a role."""
        return unique_id(self.random("role", account, role), "AROA")

    def email(self, person: str) -> str:
        """A person's address, in a domain reserved for documentation."""
        return f"{person}@{self.company}.example.com"

    def things(self, account: str, region: str) -> Things:
        """The resources of an account in a region, by kind; global ones are in every region."""
        key = (account, region)
        if key not in self._things:
            self._things[key] = {**self._global(account), **self._regional(account, region)}
        return self._things[key]

    def _global(self, account: str) -> dict[str, list[str]]:
        rng = self.random("global", account)
        return {
            "app": self.apps,
            "company": [self.company],
            "role": [f"{app}-{kind}" for app in self.apps for kind in ("task", "deploy")],
            "policy": [f"{app}-access" for app in self.apps],
            "user": [name.split(".")[0] for name in shuffled(rng, self.people)[:6]],
            "trail": [f"{self.company}-trail"],
            "log_bucket": [f"{self.company}-cloudtrail-logs"],
            "provider": ["AWSSSO_" + hexadecimal(rng, 16) + "_DO_NOT_DELETE"],
            "guardrail": ["p-" + hexadecimal(rng, 8)],
            "unit": [f"ou-{hexadecimal(rng, 4)}-{hexadecimal(rng, 8)}" for _ in range(3)],
        }

    def _regional(self, account: str, region: str) -> dict[str, list[str]]:
        rng = self.random("regional", account, region)

        def ids(prefix: str, count: int) -> list[str]:
            return [resource_id(rng, prefix) for _ in range(count)]

        def each(make: Callable[[str], str]) -> list[str]:
            return [make(app) for app in self.apps]

        instances = ids("i", 24)
        tail = f"{account[-4:]}-{region}"
        return {
            "instance": instances,
            "session_name": instances,  # EC2 names the sessions of a role after the instance
            "volume": ids("vol", 40),
            "vpc": ids("vpc", 3),
            "subnet": ids("subnet", 9),
            "group": ids("sg", 18),
            "acl": ids("acl", 3),
            "route_table": ids("rtb", 5),
            "gateway": ids("igw", 2),
            "image": ids("ami", 6),
            "launch_template": ids("lt", 5),
            "key": [uuid(rng) for _ in range(5)],
            "detector": [hexadecimal(rng, 32)],
            "target_group": [hexadecimal(rng, 16) for _ in range(8)],
            "bucket": each(lambda app: f"{self.company}-{app}-{tail}"),
            "function": each(lambda app: f"{app}-handler"),
            "secret": each(lambda app: f"{app}/database-{_suffix(rng)}"),
            "parameter": each(lambda app: f"/{app}/config/{pick(rng, ('url', 'flags', 'token'))}"),
            "table": each(lambda app: f"{app}-state"),
            "queue": each(lambda app: f"{app}-jobs"),
            "database": each(lambda app: f"{app}-db"),
            "fleet": each(lambda app: f"{app}-fleet"),
            "stack": each(lambda app: f"{app}-service"),
            "cluster": ["services", "batch"],
        }


def _suffix(rng: Random) -> str:
    return base64_text(rng, 6).replace("/", "x").replace("+", "y")
