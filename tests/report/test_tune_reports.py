"""What tuning found, for people and for programs; every text may be hostile."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace

import pytest

from tests.records import alarm
from tests.report.hostile import HOSTILE
from tests.tuning.tunings import PATTERN, example, tuning_of
from trailwarden.alarms import MetricAlarm
from trailwarden.errors import UsageError
from trailwarden.patterns import parse
from trailwarden.report.tune_proposals import folded
from trailwarden.report.tune_report import FORMATS, render_tuning
from trailwarden.report.tune_words import per_time, percent
from trailwarden.tuning.model import Threshold, ThresholdAdvice, Tuning
from trailwarden.tuning.target import Target


def rendered(tuning: Tuning, name: str = "terminal", most: int = 5) -> str:
    stream = io.StringIO()
    render_tuning(tuning, most, name, stream)
    return stream.getvalue()


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")


def test_a_page_for_people() -> None:
    page = rendered(example())
    for wanted in (
        "stopped  32 incidents (1.1 a day), 2 h 40 min in ALARM, 1,300 matches",
        "95%    1,234  user/deploy (111122223333)",
        "          3          4           0  at most one a week",
        "With 3, one event alone no longer fires: StopLogging",
        "quiets  32 incidents → 4, in ALARM 2 h 40 min → 20 min",
        "hides   1,234 matches, 7 of them failed",
        "on 28 days, 2024-05-01 to 2024-05-29, mostly 02:00-04:00 UTC; regular",
        "costs   2 of the 9 events of the benchmark seen of this caller: StopLogging, UpdateTrail",
        "in place of the pattern of stops",
        "Not to be left out:",
        "1 input could not be used",
        "not looked at: calm",
    ):
        assert wanted in page
    assert max(map(len, page.splitlines())) <= 100


def test_a_threshold_that_silences_everything_says_so() -> None:
    (one,) = example().alarms
    rows = (Threshold(1, 32, 9600), Threshold(2, 0, 0))
    page = rendered(tuning_of([replace(one, thresholds=ThresholdAdvice(rows, 2, ()))]))
    assert "at most one a week: none at all here" in page


def test_a_threshold_that_is_not_advised_is_marked_wherever_it_is_shown() -> None:
    (one,) = example().alarms
    advice = ThresholdAdvice(one.thresholds.rows, None, (), not_advised="usage of root")
    guarded = replace(one, thresholds=advice)
    page = rendered(tuning_of([guarded, replace(guarded, fired=1)]))
    assert page.count("not advised") == 2 + 2 * (len(advice.rows) - 1 + 1)
    assert "at most one a week" not in page
    assert "one event is an incident (usage of root)" in page
    (first, _) = json.loads(rendered(tuning_of([guarded, guarded]), "json"))["alarms"]
    assert (first["thresholds"]["weekly"], first["thresholds"]["not_advised"]) == (
        None,
        "usage of root",
    )


def test_a_scanners_text_is_not_to_be_changed() -> None:
    page = re.sub(r"\s+", " ", rendered(example(new_filter=True)))
    assert "keep stops as it is" in page
    assert "add a second filter with this pattern" in page


def test_several_alarms_at_a_glance(monkeypatch: pytest.MonkeyPatch) -> None:
    (one,) = example().alarms
    assert "the noisiest first" not in rendered(tuning_of([one]))
    quiet = replace(one, alarm=alarm("quiet"), fired=1, exclusions=(), seconds=0.0)
    loud = replace(one, alarm=alarm("loud" * 20), fired=99)
    page = rendered(tuning_of([one, quiet, loud]))
    rows = page[page.index("ALARM  ") :].splitlines()[1:4]
    assert [row.split()[1] for row in rows] == ["99", "32", "1"]
    assert "4   4 with 3" in rows[1]
    assert max(map(len, page.splitlines())) <= 100
    monkeypatch.setenv("COLUMNS", "80")
    narrow = rendered(tuning_of([one, quiet, loud]))
    assert "4   4 with 3" in narrow
    assert max(map(len, narrow.splitlines())) <= 80


def test_columns_that_say_nothing_are_left_out() -> None:
    (one,) = example().alarms
    bare = replace(one, exclusions=())
    page = rendered(tuning_of([bare, bare]))
    assert "EXCLUSION 1" not in page
    assert "4 with 3" in page


@pytest.mark.parametrize(
    ("events", "alarms", "said"),
    [
        (0, [alarm("a")], "No events were read: check the archive's path, --since and --until."),
        (5, [], "The stack has no metric alarms."),
        (5, [alarm("a")], "No alarm fired, so there is no noise."),
    ],
)
def test_why_there_is_nothing_to_see(events: int, alarms: list[MetricAlarm], said: str) -> None:
    bare = tuning_of([])
    given = replace(bare.stack, alarms=tuple(alarms))
    page = rendered(replace(bare, stack=given, input=replace(bare.input, events=events)))
    assert said in page


def test_who_and_what_goes_with_an_address() -> None:
    (one,) = example().alarms
    target = Target("address", "192.0.2.7")
    wide = replace(one.exclusions[0], target=target, events=())
    page = rendered(tuning_of([replace(one, exclusions=(wide,))]))
    assert "Leave out everything by" in page
    assert "source address 192.0.2.7" in page
    assert "who     user/deploy (111122223333)" in page
    assert "calls   user/deploy (111122223333), UpdateTrail" in page


def test_without_thresholds_and_proposals() -> None:
    (one,) = example().alarms
    bare = replace(one, thresholds=ThresholdAdvice((), None, (), "no Sum"), exclusions=())
    page = rendered(tuning_of([bare]))
    assert "threshold: no Sum" in page
    assert "No exclusion is proposed." in page
    assert "Security Hub" not in page


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_do_nothing_to_a_terminal(text: str) -> None:
    page = rendered(example(text=text))
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\ud800-\udfff]", page
    )
    assert len(page) < 40_000


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_in_json(text: str) -> None:
    page = rendered(example(text=text), "json")
    assert page.isascii()
    report = json.loads(page)
    assert report["schema"] == "trailwarden.tune/1"
    if not re.search("[\ud800-\udfff]", text):
        assert report["alarms"][0]["exclusions"][0]["target"]["value"] == text


def test_json_holds_what_was_counted() -> None:
    report = json.loads(rendered(example(), "json", most=1))
    (one,) = report["alarms"]
    assert (one["fired"], one["matches"], one["thresholds"]["weekly"]) == (32, 1300, 3)
    assert one["fired_per_day"] == pytest.approx(32 / 28)
    assert one["shares"]["event"] == {
        "different": 3,
        "top": [{"name": "user/deploy (111122223333)", "count": 1234}],
    }
    (exclusion,) = one["exclusions"]
    assert exclusion["pattern"] == PATTERN
    assert exclusion["score"] == 14
    assert exclusion["habit"]["hours"] == [2, 4]
    assert report["input"]["problems"][0]["code"] == "truncated-gzip"


@pytest.mark.parametrize("width", [20, 30, 60, 100])
def test_a_folded_pattern_is_the_same_pattern(width: int) -> None:
    lines = list(folded(PATTERN, width))
    assert parse("\n".join(lines)).syntax == parse(PATTERN).syntax
    assert (len(lines) > 1) == (width < len(PATTERN))


def test_a_long_name_goes_on_a_line_of_its_own() -> None:
    pattern = f'{{ $.userIdentity.arn != "{"a" * 60} && b" }}'
    lines = list(folded(pattern, 70))
    assert lines == ["{ $.userIdentity.arn !=", f'"{"a" * 60} && b" }}']
    assert parse("\n".join(lines)).syntax == parse(pattern).syntax


def test_numbers_in_words() -> None:
    shown = [percent(1, 3), percent(1, 1000), percent(999, 1000), percent(3, 3), percent(0, 0)]
    assert shown == ["33%", "<1%", ">99%", "100%", "0%"]
    assert per_time(3, 0.5) == ""


def test_an_unknown_format() -> None:
    assert FORMATS == ("terminal", "json")
    with pytest.raises(UsageError):
        rendered(example(), "yaml")


def test_alarms_beyond_the_noisiest_are_counted() -> None:
    found = replace(tuning_of(example().alarms), left_out=68)
    assert "68 alarms more fired, none more often: name them by --alarm" in rendered(found)
    assert json.loads(rendered(found, "json"))["left_out"] == 68
