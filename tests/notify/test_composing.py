"""What a message says, in each of its forms."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.notify.announcements import (
    ACCOUNT,
    BOTH,
    DECIDED,
    HOSTILE,
    REGION,
    ROOT,
    TOPIC,
    announcement,
    composed,
    event,
    hostile,
)
from trailwarden.monitor.outcome import EventNameCount, PrincipalCount
from trailwarden.notify import Notice, compose, message_of
from trailwarden.notify.console import alarm_url, event_url
from trailwarden.stack.model import Stack

MOST_BYTES = 256 * 1024
CONSOLE = re.compile(r"https://[a-z0-9-]+\.console\.(aws\.amazon\.com|amazonaws[a-z.-]+)/")
MANY = tuple(event(number) for number in range(30))


def added(message: Any) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(message.body)["Trailwarden"]
    return value


# --- the body --------------------------------------------------------------------------------
def test_the_body_is_cloudwatchs_with_one_key_more_at_its_end() -> None:
    told = announcement()
    plain = message_of(Notice(ROOT, told.transition, region=REGION, account=ACCOUNT))
    body = composed(told).body
    assert body.startswith(plain[:-1] + ',"Trailwarden":{"id":"a-1","kind":"transition",')
    assert list(json.loads(body)) == [*json.loads(plain), "Trailwarden"]


def test_the_added_key() -> None:
    before = (PrincipalCount("Root", 14),)
    assert added(composed(announcement((event(0), event(62)), before=before))) == {
        "id": "a-1",
        "kind": "transition",
        "decided": "2025-05-02T10:06:00.250Z",
        "filters": ["RootUse"],
        "eventCount": 2,
        "principals": [{"principal": "Root", "count": 2, "before": 14}],
        "roles": [],
        "eventNames": [],
        "events": [
            {
                "time": "2025-05-02T10:00:00Z",
                "name": "ConsoleLogin",
                "source": "signin.amazonaws.com",
                "account": ACCOUNT,
                "region": REGION,
                "principal": "Root",
                "sourceIp": "203.0.113.7",
                "userAgent": "Mozilla/5.0",
                "errorCode": "",
                "eventId": "00000000-0000-4000-8000-000000000000",
                "consoleUrl": (
                    "https://us-east-1.console.aws.amazon.com/cloudtrailv2/home?region=us-east-1"
                    "#/events?EventId=00000000-0000-4000-8000-000000000000"
                ),
            },
            {**added(composed(announcement((event(62),))))["events"][0]},
        ],
        "first": "2025-05-02T10:00:00Z",
        "last": "2025-05-02T10:01:02Z",
    }


def test_a_principal_that_was_never_seen_has_zero_before() -> None:
    told = announcement(before=(PrincipalCount("alice", 3),))
    assert added(composed(told))["principals"] == [{"principal": "Root", "count": 3, "before": 0}]


def test_lists_are_bounded_and_say_so() -> None:
    principals = tuple(PrincipalCount(f"user{number}", 1) for number in range(130))
    value = added(composed(announcement(MANY, principals=principals)))
    assert (len(value["events"]), len(value["principals"]), value["cut"]) == (20, 100, True)
    assert "cut" not in added(composed(announcement(MANY[:20], principals=principals[:100])))


@pytest.mark.parametrize(
    ("filters", "description", "events", "principals"),
    [(1, 0, 10, 20), (20, 0, 5, 20), (20, 60_000, 0, 20), (20, 63_500, 0, 5), (20, 64_050, 0, 0)],
)
def test_the_body_fits_into_sns(
    filters: int, description: int, events: int, principals: int
) -> None:
    """Events are dropped first, then the ends of names, then principals."""
    bomb = "\U0001f4a3"
    text = bomb * 5000
    wide = event(**dict.fromkeys(("event_name", "user_agent", "principal", "source_ip"), text))
    wide = replace(wide, error_code=text, event_source=text, account=text, event_id=text)
    counts = tuple(PrincipalCount(f"{number}{text}", 1) for number in range(20))
    told = replace(announcement((wide,) * 10, principals=counts), filters=(text,) * filters)
    stack = Stack("s", "s", alarms=(replace(ROOT, alarm_description=bomb * description),))
    message = composed(told, stack=stack)
    value = added(message)
    assert len(message.body.encode()) <= MOST_BYTES
    assert (len(value["events"]), len(value["principals"])) == (events, principals)
    assert value.get("cut", False) is (events < 10)


@pytest.mark.parametrize("letter", ["x", "\u00e9", "\U0001f4a3"])
def test_long_names_push_nobody_out(letter: str) -> None:
    counts = tuple(PrincipalCount(f"u{number}/{letter * 600}", 1) for number in range(100))
    names = tuple(EventNameCount(f"E{number}{letter * 600}", 1, 0) for number in range(500))
    told = announcement(MANY, principals=counts)
    told = replace(told, transition=replace(told.transition, event_names=names))
    message = composed(told)
    assert len(message.body.encode()) <= MOST_BYTES
    shown = [one["principal"].split("/")[0] for one in added(message)["principals"]]
    assert shown == [f"u{number}" for number in range(100)]


def test_a_late_match_pretends_no_transition() -> None:
    """Rule W-13: even where its states differ."""
    message = composed(announcement(kind="late-match", states=("OK", "ALARM")))
    body = json.loads(message.body)
    assert (body["OldStateValue"], body["NewStateValue"]) == ("ALARM", "ALARM")
    assert body["Trailwarden"]["kind"] == "late-match"
    assert "OK to ALARM" not in message.text


def test_an_alarm_that_the_stack_no_longer_has() -> None:
    body = json.loads(composed(announcement(alarm="gone"), stack=Stack("s", "s")).body)
    assert (body["AlarmName"], body["NewStateValue"]) == ("gone", "ALARM")


@pytest.mark.parametrize("data", ["", "{}", "[]", "not JSON", '{"triggeringAlarms":3}'])
def test_a_composite_alarm_without_children(data: str) -> None:
    body = json.loads(composed(announcement((), alarm="both", reason_data=data)).body)
    assert (body["AlarmRule"], body["TriggeringChildren"]) == (BOTH.alarm_rule, [])


def test_a_composite_alarm_with_children() -> None:
    child = {"arn": "arn:x", "state": {"value": "ALARM", "timestamp": "t"}}
    data = json.dumps({"triggeringAlarms": [child]})
    body = json.loads(composed(announcement((), alarm="both", reason_data=data)).body)
    assert body["TriggeringChildren"] == [
        {"Arn": "arn:x", "State": {"Value": "ALARM", "Timestamp": "t"}}
    ]


# --- the subject -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("told", "subject"),
    [
        (announcement(), "ALARM root-activity: Root from 203.0.113.7, ConsoleLogin x3"),
        (
            announcement((event(0), event(1, event_name="GetUser", source_ip="192.0.2.1"))),
            "ALARM root-activity: Root from 203.0.113.7 +1, ConsoleLogin x1 +1",
        ),
        (
            announcement(count=57),
            "ALARM root-activity: Root from 203.0.113.7, 57 events such as ConsoleLogin",
        ),
        (announcement((), states=("ALARM", "OK")), "OK root-activity: was ALARM"),
        (announcement(states=("ALARM", "OK")), "OK root-activity: was ALARM"),
        (
            announcement((), states=("OK", "INSUFFICIENT_DATA")),
            "INSUFFICIENT_DATA root-activity: was OK",
        ),
        (
            announcement(kind="late-match", states=("OK", "OK")),
            "LATE root-activity: Root from 203.0.113.7, ConsoleLogin x3",
        ),
        (
            announcement(kind="repeat"),
            "STILL ALARM root-activity: Root from 203.0.113.7, ConsoleLogin x3",
        ),
        (
            announcement((), kind="test", states=("OK", "OK")),
            "TEST root-activity: a test, nothing happened",
        ),
        (
            announcement(principals=(PrincipalCount("al", 2), PrincipalCount("bo", 1))),
            "ALARM root-activity: al +1 from 203.0.113.7, ConsoleLogin x3",
        ),
    ],
)
def test_the_subject(told: Any, subject: str) -> None:
    assert composed(told).subject == subject


def test_of_a_long_principal_both_ends_stay() -> None:
    who = "arn:aws:sts::111122223333:assumed-role/Administrators/somebody-in-a-team (9999)"
    subject = composed(announcement((event(principal=who),))).subject
    assert "Root" not in subject
    assert re.search(r"arn:aws:sts::1\d+\.\.\.[\w -]+\(9999\) from", subject)


# --- text and HTML ---------------------------------------------------------------------------
def test_the_text_word_for_word() -> None:
    told = announcement((event(0), event(62, error_code="AccessDenied")))
    link = "https://us-east-1.console.aws.amazon.com/cloudtrailv2/home?region=us-east-1#/events"
    assert composed(told).text == (
        "ALARM root-activity\n"
        "The root user did something\n"
        "\n"
        "Who:       Root: 2 events, never seen before\n"
        "What:      ConsoleLogin (signin.amazonaws.com) x2, 1 refused: AccessDenied\n"
        "From:      203.0.113.7, Mozilla/5.0 x2\n"
        "Where:     account 111122223333, us-east-1 x2\n"
        "When:      2025-05-02 10:00:00 UTC to 2025-05-02 10:01:02 UTC\n"
        "How often: 2 events this time, 0 before by the same principals\n"
        "Why:       Threshold Crossed: 1 datapoint [3.0] was greater than the threshold (1.0).\n"
        "State:     OK to ALARM, at 2025-05-02 10:06:00 UTC\n"
        "Filters:   RootUse\n"
        "Alarm in:  account 111122223333, us-east-1\n"
        "\n"
        "Events (2 of 2):\n"
        "- 2025-05-02 10:00:00 UTC ConsoleLogin by Root from 203.0.113.7\n"
        f"  {link}?EventId=00000000-0000-4000-8000-000000000000\n"
        "- 2025-05-02 10:01:02 UTC ConsoleLogin by Root from 203.0.113.7 (AccessDenied)\n"
        f"  {link}?EventId=0000003e-0000-4000-8000-000000000000\n"
        "\n"
        "Alarm: https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1"
        "#alarmsV2:alarm/root-activity\n"
    )


def test_who_was_seen_before() -> None:
    text = composed(announcement(before=(PrincipalCount("Root", 1400),))).text
    assert "Root: 3 events, 1,400 before\n" in text


def test_the_html_tells_what_the_text_tells() -> None:
    message = composed(announcement(MANY, count=57))
    page = Page(message.html)
    shown = re.sub(r"\s+", "", page.text)
    for line in message.text.splitlines():
        if "https://" not in line:
            told = re.sub(r"^(- |\w[\w ]{2,8}: )", "", line)
            assert re.sub(r"\s+", "", told) in shown
    assert [url for url in page.links if "EventId" in url] == [
        event_url(one.event_id, REGION) for one in MANY[:10]
    ]
    assert not page.loads


class Page(HTMLParser):
    """The text of a document, its links, and whatever it would load or run."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.links, self.loads = "", [""][:0], [""][:0]
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        known = dict(attributes)
        if tag == "a":
            self.links.append(known["href"] or "")
        elif tag in ("script", "img", "link", "iframe", "object", "b") or "src" in known:
            self.loads.append(tag)
        self.loads += [name for name in known if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(
    ("states", "kind", "colour"),
    [
        (("OK", "ALARM"), "transition", "#b3261e"),
        (("ALARM", "OK"), "transition", "#1e7b34"),
        (("OK", "OK"), "late-match", "#a15c00"),
        (("ALARM", "ALARM"), "late-match", "#b3261e"),
        (("OK", "INSUFFICIENT_DATA"), "transition", "#a15c00"),
    ],
)
def test_only_good_news_are_green(states: Any, kind: Any, colour: str) -> None:
    html = composed(announcement(states=states, kind=kind)).html
    assert f"border-left:6px solid {colour}" in html


# --- groups ----------------------------------------------------------------------------------
def group() -> tuple[Any, ...]:
    return (
        announcement((), id="ok", alarm="calm", states=("ALARM", "OK")),
        announcement(id="late", kind="late-match"),
        announcement(id="bad"),
    )


def test_a_group_tells_all_and_its_body_is_the_most_severe_one() -> None:
    message = composed(*group())
    assert message.subject == "1 ALARM, 1 LATE, 1 OK: root-activity, calm"
    assert message.state == "ALARM"
    assert message.text.startswith(message.subject + "\n\nALARM root-activity\n")
    assert "\nLATE root-activity\n" in message.text
    assert "\nOK calm\n" in message.text
    value = added(message)
    assert (value["id"], value["grouped"]) == ("bad", ["bad", "late", "ok"])
    assert Page(message.html).text.count("root-activity") == 3  # once in the title


def test_the_id_of_a_group_follows_from_its_members_in_any_order() -> None:
    one, two, three = group()
    assert composed(one).id == one.id
    assert composed(one, two, three).id == composed(three, one, two).id
    assert composed(one, two).id != composed(one, three).id


def test_a_message_is_as_old_as_its_latest_news() -> None:
    one, two, _ = group()
    later = replace(two, decided=DECIDED + timedelta(minutes=1))
    assert composed(later, one).time == later.decided


def test_large_groups_stay_bounded() -> None:
    many = [announcement(id=f"id-{number}", alarm=f"alarm-{number}") for number in range(3000)]
    message = composed(*many)
    assert message.subject == "3000 ALARM: alarm-0, alarm-1 +2998"
    assert len(added(message)["grouped"]) == 1000
    assert added(message)["cut"] is True
    assert "ALARM alarm-109: " in message.text
    assert "and 2,890 more" in message.text
    assert len(message.body.encode()) < MOST_BYTES
    assert len(message.text) < 64_000


def test_no_announcements_are_no_message() -> None:
    with pytest.raises(ValueError, match="at least one"):
        compose((), Stack("s", "s"), TOPIC, region=REGION, account=ACCOUNT)


# --- links -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("eu-central-1", "eu-central-1.console.aws.amazon.com"),
        ("cn-north-1", "cn-north-1.console.amazonaws.cn"),
        ("us-gov-west-1", "us-gov-west-1.console.amazonaws-us-gov.com"),
        ("eusc-de-east-1", "eusc-de-east-1.console.amazonaws-eusc.eu"),
    ],
)
def test_consoles_of_partitions(region: str, host: str) -> None:
    assert event_url("e-1", region) == (
        f"https://{host}/cloudtrailv2/home?region={region}#/events?EventId=e-1"
    )
    assert alarm_url("a b/c", region) == (
        f"https://{host}/cloudwatch/home?region={region}#alarmsV2:alarm/a%20b%2Fc"
    )


@pytest.mark.parametrize(
    "region", ["", "evil.example/#", "us-east-1@evil.example", "us-east-1\n", "us-iso-east-1"]
)
def test_a_region_whose_console_is_not_known_leads_nowhere(region: str) -> None:
    assert event_url("e-1", region) == ""
    assert alarm_url("a", region) == ""


# --- hostile strings -------------------------------------------------------------------------
def check(text: str) -> None:
    message = hostile(text)
    body = json.loads(message.body.encode())
    assert list(body)[-1] == "Trailwarden"
    assert len(message.body.encode()) <= MOST_BYTES
    assert re.fullmatch(r"[\x20-\x7e]{1,100}", message.subject)
    for form in (message.text, message.html):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", form)
        form.encode()
    page = Page(message.html)
    assert not page.loads
    assert all(CONSOLE.match(link) for link in page.links)
    assert not any("evil" in line for line in message.text.splitlines() if line.startswith("Bcc"))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_strings(name: str) -> None:
    check(HOSTILE[name])


@given(st.text(min_size=1, max_size=80))
def test_any_string(text: str) -> None:
    check(text)


def test_what_is_shown_of_markup_is_its_text() -> None:
    page = Page(hostile("<script>alert(1)</script>").html)
    assert "ALARM <script>alert(1)</script>" in page.text
