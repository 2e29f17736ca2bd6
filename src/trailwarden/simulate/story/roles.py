"""Who appears in the story, and what it is done to."""

from __future__ import annotations

from dataclasses import replace

from trailwarden.simulate import identity, machines, people
from trailwarden.simulate.cast import cast_of
from trailwarden.simulate.estate import Estate
from trailwarden.simulate.identifiers import pick, resource_id

_BACKDOORS = ("svc-backup-sync", "cloudwatch-exporter", "terraform-state", "support-readonly")
_KALI = (
    "aws-cli/2.15.30 Python/3.11.8 Linux/6.6.15-amd64 exe/x86_64.kali.2024 prompt/off "
    "command/iam.list-users"
)
_TOOL = (
    "Boto3/1.34.60 md/Botocore#1.34.60 ua/2.0 os/linux#6.6.15-amd64 md/arch#x86_64 "
    "lang/python#3.11.8 md/pyimpl#CPython cfg/retry-mode#legacy"
)
_BROWSER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/121.0.0.0 Safari/537.36"
)
OUTSIDE_ACCOUNT = "666655554444"  # the attacker's own


class Roles:
    """The attacker's masks, one principal each, and the things that are attacked."""

    def __init__(self, estate: Estate) -> None:
        rng = estate.random("story")
        self.estate = estate
        self.account = estate.production
        first = f"198.51.100.{int(rng.random() * 60) + 180}"
        second = f"203.0.113.{int(rng.random() * 60) + 40}"
        things = estate.things(self.account.id, estate.home)
        self.app = estate.apps[0]
        self.regions = estate.regions

        cast = cast_of(estate, self.account)
        script = cast.script
        self.leaked = replace(script, source_ip=first, user_agent=_KALI)
        self.stranger = people.stranger(self.account, source_ip=first, user_agent=_BROWSER)
        weak_name = things["user"][2]
        self.weak = people.console_user(
            estate, self.account, weak_name, source_ip=first, user_agent=_BROWSER, mfa=False
        )
        self.weak_at_door = people.signing_in(estate, self.weak)
        self.backdoor_name = pick(rng, _BACKDOORS)
        self.backdoor = people.key_user(
            estate, self.account, self.backdoor_name, source_ip=second, user_agent=_TOOL
        )
        self.root = people.owner(self.account, source_ip=second, user_agent=_BROWSER)
        self.root_at_door = people.owner(
            self.account, source_ip=second, user_agent=_BROWSER, signing_in=True
        )

        self.management_role = "org-billing-admin"
        self.session_name = "billing-review"
        self.outsider = replace(
            self.backdoor,
            account=estate.management.id,
            identity=identity.other_account(
                self.account.id, estate.user_id(self.account.id, self.backdoor_name)
            ),
        )
        self.management = machines.role_session(
            estate,
            estate.management,
            self.management_role,
            self.session_name,
            source_ip=second,
            user_agent=_TOOL,
        )

        self.on_call = people.sso_session(
            estate,
            self.account,
            cast.engineers[0].name,
            "IncidentResponse",
            from_console=False,
        )

        self.victim_name = script.name.removeprefix("user/")
        self.weak_name = weak_name
        self.trail = f"{self.app}-audit"
        self.key = pick(rng, things["key"])
        self.group = pick(rng, things["group"])
        self.acl = pick(rng, things["acl"])
        self.vpc = pick(rng, things["vpc"])
        self.route_table = pick(rng, things["route_table"])
        self.bucket = pick(rng, things["bucket"])
        self.gateway = resource_id(rng, "igw")
        self.peering = resource_id(rng, "pcx")
        self.peer_vpc = resource_id(rng, "vpc")
        self.unit = things["unit"][0]
        self.guardrail = things["guardrail"][0]
