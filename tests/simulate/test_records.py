"""Records have the shape of real ones, and happen when they would."""

import ipaddress
import json
import re
from collections import Counter
from datetime import date, datetime
from statistics import mean
from uuid import UUID

import pytest

from trailwarden.simulate import Plan, events

PLAN = Plan(days=7, events_per_day=2000, seed=11)
ALWAYS = {
    "eventVersion": str,
    "userIdentity": dict,
    "eventTime": str,
    "eventSource": str,
    "eventName": str,
    "awsRegion": str,
    "sourceIPAddress": str,
    "userAgent": str,
    "requestParameters": dict | None,
    "responseElements": dict | None,
    "eventID": str,
    "readOnly": bool,
    "eventType": str,
    "managementEvent": bool,
    "recipientAccountId": str,
    "eventCategory": str,
}
SOMETIMES = {
    "errorCode": str,
    "errorMessage": str,
    "additionalEventData": dict,
    "requestID": str,
    "resources": list,
    "apiVersion": str,
    "sharedEventID": str,
    "serviceEventDetails": dict,
    "tlsDetails": dict,
    "sessionCredentialFromConsole": str,
}
DOCUMENTATION = [
    ipaddress.ip_network(text) for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")
]


@pytest.fixture(scope="module")
def made():
    return list(events(PLAN))


@pytest.fixture(scope="module")
def records(made):
    return [json.loads(event.data) for event in made]


def test_every_record_has_the_fields_of_real_ones(records):
    for record in records:
        assert record.keys() >= ALWAYS.keys(), record
        for name, value in record.items():
            assert isinstance(value, ALWAYS.get(name) or SOMETIMES[name]), (name, record)
        assert re.fullmatch(r"1\.(08|09|10|11)", record["eventVersion"])
        assert re.fullmatch(r"[a-z0-9-]+\.amazonaws\.com", record["eventSource"])
        assert re.fullmatch(r"[A-Z]\w+", record["eventName"])
        assert UUID(record["eventID"]).version == 4


def test_no_slot_is_left_unfilled(made):
    for event in made:
        assert not re.search(rb"<[a-z_]+[0-9]*>", event.data), event.data


def test_every_event_id_is_there_once(records):
    assert len({record["eventID"] for record in records}) == len(records)


def test_records_come_in_the_order_of_their_times(made, records):
    times = [event.time for event in made]
    assert times == sorted(times)
    for event, record in zip(made, records, strict=True):
        assert datetime.fromisoformat(record["eventTime"]).timestamp() == event.time
        assert record["recipientAccountId"] == event.account
        assert record["awsRegion"] == event.region


def test_records_are_as_large_as_real_ones(made):
    sizes = [len(event.data) for event in made]
    assert 1000 < mean(sizes) < 1900
    assert min(sizes) > 500
    assert max(sizes) < 6000


def test_every_kind_of_caller_appears(records):
    kinds = Counter(record["userIdentity"].get("type") for record in records)
    assert kinds.keys() == {
        "IAMUser",
        "AssumedRole",
        "AWSService",
        "AWSAccount",
        "SAMLUser",
        "WebIdentityUser",
        "Root",
        None,  # service events
    }
    assert kinds["Root"] < 20
    roles = {
        record["userIdentity"]["sessionContext"]["sessionIssuer"]["arn"].split(":role/")[1]
        for record in records
        if record["userIdentity"].get("type") == "AssumedRole"
    }
    for part in ("aws-reserved/sso", "aws-service-role/", "node-group", "github-actions", "-task"):
        assert any(role.startswith(part) or role.endswith(part) for role in roles), (part, roles)


def test_sessions_have_begun_before_they_are_used(records):
    for record in records:
        session = record["userIdentity"].get("sessionContext")
        if session is not None:
            assert session["attributes"]["creationDate"] <= record["eventTime"], record
            assert session["attributes"]["mfaAuthenticated"] in ("true", "false")


def test_identities_agree_with_themselves(records):
    for record in records:
        identity = record["userIdentity"]
        if identity.get("type") == "AssumedRole":
            issuer = identity["sessionContext"]["sessionIssuer"]
            role, session = identity["arn"].split(":assumed-role/")[1].split("/")
            assert identity["principalId"] == f"{issuer['principalId']}:{session}"
            assert issuer["userName"] == role
            assert identity["accountId"] == issuer["accountId"] == record["recipientAccountId"]
        if identity.get("type") in ("AWSService", "AWSAccount"):
            assert "arn" not in identity


def test_addresses_are_of_documentation_or_of_services(records):
    for record in records:
        source = record["sourceIPAddress"]
        if "tlsDetails" in record:
            assert any(ipaddress.ip_address(source) in network for network in DOCUMENTATION)
        else:
            assert source.endswith(".amazonaws.com")
            assert record["userIdentity"]["invokedBy"] == source == record["userAgent"]


def test_global_services_log_in_one_region(records):
    for record in records:
        if record["eventSource"] in ("iam.amazonaws.com", "organizations.amazonaws.com"):
            assert record["awsRegion"] == "us-east-1"


def test_reads_are_marked_as_reads(records):
    for record in records:
        if re.match("Describe|List|Lookup|Get", record["eventName"]):
            assert record["readOnly"], record["eventName"]
        if re.match("Create|Delete|Put|Update|Attach|Stop", record["eventName"]):
            assert not record["readOnly"], record["eventName"]


def test_calls_that_answer_with_their_request_id_repeat_it(records):
    answers = [r for r in records if "requestId" in (r["responseElements"] or {})]
    assert answers
    for record in answers:
        assert record["responseElements"]["requestId"] == record["requestID"]


def test_some_calls_fail_but_few_are_denied(records):
    errors = Counter(record["errorCode"] for record in records if "errorCode" in record)
    assert errors["NoSuchBucketPolicy"] > 0
    quiet = [
        record
        for record in records
        if "Denied" in record.get("errorCode", "")
        and not record["eventTime"].startswith(str(PLAN.attack_day))
    ]
    assert len(quiet) < len(records) / 500


def test_the_volume_is_about_what_was_asked_for(records):
    per_day = Counter(record["eventTime"][:10] for record in records)
    for day, count in per_day.items():
        if date.fromisoformat(day).weekday() < 5:
            assert 0.8 * PLAN.events_per_day < count < 1.25 * PLAN.events_per_day
        else:
            assert 0.5 * PLAN.events_per_day < count < 0.9 * PLAN.events_per_day


def test_people_sleep_and_machines_do_not(records):
    def is_person(record):
        issuer = record["userIdentity"].get("sessionContext", {}).get("sessionIssuer", {})
        return "aws-reserved/sso" in issuer.get("arn", "")

    people, machines = Counter(), Counter()
    for record in records:
        moment = datetime.fromisoformat(record["eventTime"])
        if moment.date() == PLAN.attack_day:
            continue
        (people if is_person(record) else machines)[moment.weekday() > 4, moment.hour] += 1
    assert sum(people.values()) > 300
    assert not any(weekend for weekend, _ in people)
    assert sum(people[False, hour] for hour in range(5)) == 0
    assert people[False, 10] > 10
    assert all(machines[weekend, hour] for weekend in (False, True) for hour in range(24))


def test_a_person_signs_in_before_working(records):
    first = {}
    for record in records:
        identity = record["userIdentity"]
        if "@" in identity.get("arn", ""):
            first.setdefault((identity["arn"], record["eventTime"][:10]), record)
    from_console = [r for r in first.values() if r["userAgent"].startswith("Mozilla")]
    assert from_console
    assert {record["eventName"] for record in from_console} <= {"ConsoleLogin"}


def test_sizes_of_the_company_are_honoured():
    one = list(events(Plan(days=1, accounts=1, regions=1, events_per_day=500)))
    assert {(event.account, event.region) for event in one} == {("111122223333", "us-east-1")}
    many = list(events(Plan(days=1, accounts=12, regions=8, events_per_day=3000)))
    assert len({event.account for event in many}) == 12
    assert len({event.region for event in many}) == 8
