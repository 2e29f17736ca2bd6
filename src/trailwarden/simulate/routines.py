"""The habits of an account: everybody who works there, and everything that runs there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from trailwarden.simulate import habits, identity, machines, people
from trailwarden.simulate.call import Call
from trailwarden.simulate.calls import signin
from trailwarden.simulate.cast import Person, cast_of
from trailwarden.simulate.estate import Account, Estate
from trailwarden.simulate.identifiers import hexadecimal
from trailwarden.simulate.rhythm import NIGHTLY, PIPELINE, STEADY, TRAFFIC, Rhythm, office
from trailwarden.simulate.routine import Choice, Opening, Routine

_AGENT = "aws-sdk-go/1.55.5 (go1.23.4; linux; amd64) amazon-ssm-agent/3.3.1611.0"
_AUTOSCALER = "aws-sdk-go/1.54.6 (go1.22.10; linux; amd64) cluster-autoscaler/1.31.1"


def all_routines(estate: Estate) -> list[Routine]:
    """The habits of all accounts; their shares sum to 1."""
    routines = [
        replace(routine, share=routine.share * account.weight)
        for account in estate.accounts
        for routine in _Account(estate, account).routines()
    ]
    total = sum(routine.share for routine in routines)
    return [replace(routine, share=routine.share / total) for routine in routines]


class _Account:
    """Shares are given as percents of an account's calls, roughly."""

    def __init__(self, estate: Estate, account: Account) -> None:
        self._estate = estate
        self._account = account
        self._everywhere = Choice(estate.region_weights())
        self._home = Choice([(estate.home, 1.0)])

    def routines(self) -> Iterator[Routine]:
        yield from self._services()
        yield from self._workloads()
        yield from self._automation()
        yield from self._people()

    # --- AWS itself ----------------------------------------------------------------------
    def _services(self) -> Iterator[Routine]:
        apps = self._estate.apps
        handler = {"session_name": f"{apps[0]}-handler"}
        yield self._assumed_by("lambda.amazonaws.com", f"{apps[0]}-task", TRAFFIC, 4, handler)
        yield self._assumed_by("ec2.amazonaws.com", "node-group", STEADY, 3, {})
        yield self._assumed_by("ecs-tasks.amazonaws.com", f"{apps[1]}-task", TRAFFIC, 2, {})
        spot = machines.service_event(self._account, "ec2.amazonaws.com")
        yield Routine(spot, habits.INTERRUPTIONS, self._home, STEADY, 0.2)
        trail = machines.service(self._account, "cloudtrail.amazonaws.com")
        yield Routine(trail, habits.TRAIL_KEEPER, self._everywhere, STEADY, 4)
        for role, host, session, calls, share in (
            ("AWSServiceRoleForConfig", "config.amazonaws.com", "AWSConfig-Describe",
             habits.RECORDER, 6),
            ("AWSServiceRoleForAutoScaling", "autoscaling.amazonaws.com", "AutoScaling",
             habits.SCALING_SERVICE, 4),
        ):  # fmt: skip
            linked = machines.service_role(self._estate, self._account, role, host, session)
            yield Routine(linked, calls, self._everywhere, STEADY, share, burst=5, gap=0.8)

    def _assumed_by(
        self, host: str, role: str, rhythm: Rhythm, share: float, given: dict[str, str]
    ) -> Routine:
        role_id = self._estate.role_id(self._account.id, role)
        names = {"assumed_role": role, "assumed_role_id": role_id, **given}
        caller = machines.service(self._account, host)
        return Routine(caller, habits.ASSUME, self._everywhere, rhythm, share, given=names)

    # --- what runs -----------------------------------------------------------------------
    def _workloads(self) -> Iterator[Routine]:
        nodes = machines.instance_fleet(self._estate, self._account, "node-group", _AGENT)
        yield Routine(nodes, habits.AGENT, self._everywhere, STEADY, 14)
        scaler = machines.instance_fleet(
            self._estate, self._account, "cluster-autoscaler", _AUTOSCALER
        )
        yield Routine(scaler, habits.AUTOSCALER, self._home, STEADY, 10, burst=4, gap=0.5)
        for app in self._estate.apps[:4]:
            function = machines.function(self._estate, self._account, app)
            yield Routine(function, habits.FUNCTION, self._home, TRAFFIC, 3.5, burst=2)
            behalf = machines.function(
                self._estate, self._account, app, invoked_by="lambda.amazonaws.com"
            )
            yield Routine(behalf, habits.FUNCTION_KEYS, self._home, TRAFFIC, 3)

    # --- automation ----------------------------------------------------------------------
    def _automation(self) -> Iterator[Routine]:
        estate, account = self._estate, self._account
        partner = machines.partner(estate, account)
        enter = Opening(
            machines.partner_signing_in(estate, account),
            signin.ASSUME_ROLE_WITH_EXTERNAL_ID,
            machines.assumed(estate, account, "PartnerMonitoring", "metrics-crawler")
            | {"external_id": hexadecimal(estate.random("external id"), 32)},
        )
        yield Routine(
            partner, habits.PARTNER, self._everywhere, STEADY, 9, burst=12, gap=1.5,
            openings=(enter,),
        )  # fmt: skip
        auditor = machines.auditor(estate, account)
        yield Routine(auditor, habits.AUDITOR, self._everywhere, NIGHTLY, 4, burst=40, gap=0.7)
        backup = machines.role_session(
            estate, account, "NightlyBackup", "AWSBackup", invoked_by="backup.amazonaws.com"
        )
        yield Routine(backup, habits.BACKUP, self._home, NIGHTLY, 1.5, burst=10, gap=2)
        deploy = Opening(
            machines.pipeline_signing_in(estate, account),
            signin.ASSUME_ROLE_WITH_WEB_IDENTITY,
            machines.assumed(estate, account, "github-actions-deploy", "GitHubActions"),
        )
        yield Routine(
            machines.pipeline(estate, account), habits.PIPELINE, self._home, PIPELINE, 5,
            burst=14, gap=9, openings=(deploy,),
        )  # fmt: skip
        yield Routine(
            machines.terraform(estate, account), habits.TERRAFORM_PLAN, self._home, PIPELINE, 7,
            burst=90, gap=0.25,
        )  # fmt: skip

    # --- people --------------------------------------------------------------------------
    def _people(self) -> Iterator[Routine]:
        cast = cast_of(self._estate, self._account)
        for engineer in cast.engineers:
            yield self._person(engineer, habits.ENGINEER, 2.5)
        yield self._person(cast.administrator, habits.ADMINISTRATOR, 1.2)
        yield Routine(cast.script, habits.SCRIPT, self._home, PIPELINE, 1.5, burst=5, gap=2)
        at_door = people.signing_in(self._estate, cast.operator)
        user = {"user": cast.operator.name.removeprefix("user/")}
        yield Routine(
            cast.operator, habits.ENGINEER, self._home, office(1), 2, burst=8, gap=1.5,
            sign_in=(
                Opening(at_door, signin.CHECK_MFA, user),
                Opening(at_door, signin.LOGIN_WITH_MFA, user),
            ),
        )  # fmt: skip

    def _person(self, person: Person, calls: Choice[Call], share: float) -> Routine:
        principal = person.principal
        _, role, session = principal.arn.split("/")
        provider = self._estate.things(self._account.id, self._estate.home)["provider"][0]
        vouched = replace(
            principal,
            name=f"SAML {session}",
            identity=identity.saml_user(session, provider),
            from_console=False,
        )
        given = machines.assumed(self._estate, self._account, role, session)
        sign_in = [Opening(vouched, signin.ASSUME_ROLE_WITH_SAML, given)]
        if principal.from_console:
            sign_in.append(Opening(principal, signin.LOGIN_FEDERATED, {}))
        return Routine(
            principal, calls, self._everywhere, office(person.clock), share, burst=7, gap=1.2,
            sign_in=tuple(sign_in),
        )  # fmt: skip
