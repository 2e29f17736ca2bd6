"""Tuning over archives, end to end: what is proposed, what is refused, what goes wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.records import alarm, log_file, metric_filter, record, stack
from tests.shared_data import INVICTUS, needs_shared_data
from tests.tuning.archives import (
    CLOUDTRAIL,
    DAY,
    PATTERN,
    ROLE,
    assert_as_scanned,
    noisy,
    only,
    write,
)
from trailwarden.errors import UsageError
from trailwarden.scan import ScanOptions
from trailwarden.scan.tuning import tune
from trailwarden.stack import load
from trailwarden.tuning.candidates import Chooser


def month() -> list[dict[str, Any]]:
    """A role's job every night, a person now and then, an attack, and much that matches nothing."""
    records = []
    for day in range(28):
        for name in ("UpdateTrail", "StopLogging", "DescribeTrails"):
            error = {"errorCode": "AccessDenied"} if day % 4 == 0 and name == "UpdateTrail" else {}
            job = record(name, day * DAY + 120, number=len(records), **CLOUDTRAIL, **error)
            if name != "StopLogging" or day % 2:
                records.append(ROLE.put_into(job))
    for day in (3, 9, 20):
        records.append(record("UpdateTrail", day * DAY + 700, number=len(records)))
    for minute in range(5):
        records.append(record("UpdateTrail", 27 * DAY + minute, user="eve", number=len(records)))
    return records


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return write(tmp_path, month())


def test_every_figure_is_that_of_a_scan(archive: Path) -> None:
    tuning = tune(noisy(), [str(archive)], ScanOptions(processes=1))
    assert tuning.input.problems == ()
    assert assert_as_scanned(noisy(), archive, tuning) > 5


def test_whoever_stops_a_trail_is_never_left_out(archive: Path) -> None:
    one = only(tune(noisy(), [str(archive)]))
    assert one.fired == 32
    assert one.shares["principal"][0].name == "role/deploy (111122223333)"
    assert ROLE not in {exclusion.target for exclusion in one.exclusions}
    reasons = {refusal.name: refusal.reason for refusal in one.refusals}
    assert "switched off" in reasons["role/deploy (111122223333)"]


def quieter() -> list[dict[str, Any]]:
    return [one for one in month() if one["eventName"] != "StopLogging"]


def test_proposals_come_with_their_costs(tmp_path: Path) -> None:
    one = only(tune(noisy(), [str(write(tmp_path, quieter()))]))
    best = one.exclusions[0]
    assert (best.target, best.events) == (ROLE, ("UpdateTrail",))
    assert (best.removed, best.silenced, best.failures) == (28, 28, 7)
    assert best.lost == ("UpdateTrail",)
    assert best.seen == 2
    assert best.habit.regular
    assert best.habit.hours == (14, 15)
    assert not best.new_filter
    # Leaving out all that the role may call would quiet no more, and is not proposed.
    assert [exclusion.target.kind for exclusion in one.exclusions] == ["role", "user"]
    assert not one.exclusions[1].habit.regular
    # One call that stops a trail is an incident, whatever a threshold would bring.
    assert one.thresholds.not_advised == "CloudTrail configuration changes"
    assert (one.thresholds.weekly, one.thresholds.lost) == (None, ())
    assert [row.threshold for row in one.thresholds.rows][:2] == [1, 2]
    reasons = {refusal.name: refusal.reason for refusal in one.refusals}
    assert "new" in reasons["user/eve (111122223333)"]
    assert "user/eve, and it is new" in reasons["address 192.0.2.7"]
    assert assert_as_scanned(noisy(), tmp_path, tune(noisy(), [str(tmp_path)])) > 3


def test_an_alarm_that_never_ends_is_quieted_too(tmp_path: Path) -> None:
    trail = [
        record("UpdateTrail", minute, number=minute, **CLOUDTRAIL)
        for minute in range(0, 4 * DAY, 3)
    ]
    trail = [ROLE.put_into(one) for one in trail]
    trail += [record("UpdateTrail", day * DAY, number=9000 + day, **CLOUDTRAIL) for day in range(3)]
    one = only(tune(noisy(), [str(write(tmp_path, trail, 500))]))
    assert one.fired == 1
    assert one.seconds == pytest.approx(4 * DAY * 60, rel=0.01)
    first = next(exclusion for exclusion in one.exclusions if exclusion.target == ROLE)
    assert (first.fired, first.removed, first.score) == (3, -2, 0)
    assert 0 < first.seconds <= 3 * 15 * 60


def test_a_scanners_text_is_kept(tmp_path: Path) -> None:
    text = next(
        one.filter_pattern
        for one in load("cis-1.2.0").metric_filters
        if "StopLogging" in one.filter_pattern
    )
    source = stack([metric_filter(text)])
    one = only(tune(source, [str(write(tmp_path, quieter()))]))
    assert one.exclusions[0].new_filter
    assert one.controls == ("CloudTrail configuration changes",)


def test_processes_and_duplicates_change_nothing(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trailwarden.scan import passes

    expected = only(tune(noisy(), [str(archive)], ScanOptions(processes=1)))
    write(archive, month()[:40], 9)  # some of them again, in other files
    monkeypatch.setattr(passes, "_SMALL", 1)
    tuning = tune(noisy(), [str(archive)], ScanOptions(processes=2))
    assert tuning.input.duplicates > 0
    assert only(tuning) == expected


def test_filters_that_share_a_metric(archive: Path) -> None:
    both = stack(
        [
            metric_filter("{ $.eventName = StopLogging }", name="stops", default=0.0),
            metric_filter("{ $.eventName = UpdateTrail }", name="updates"),
        ],
        [alarm(), alarm("twice", threshold=2.0), alarm("deaf", "Nothing")],
    )
    names = ("stopped", "twice", "deaf")
    tuning = tune(both, [str(archive)], ScanOptions(processes=1), alarms=names)
    assert [one.alarm.alarm_name for one in tuning.alarms] == list(names)
    assert tuning.alarms[0].filters == ("stops", "updates")
    assert assert_as_scanned(both, archive, tuning) > 5


def test_values_and_dimensions_out_of_the_records(archive: Path) -> None:
    by_error = metric_filter(PATTERN, dimensions=(("Who", "$.userIdentity.type"),))
    dimensions = (("Who", "AssumedRole"),)
    source = stack([by_error], [alarm(dimensions=dimensions), alarm("any")])
    tuning = tune(source, [str(archive)], alarms=("stopped", "any"))
    assert [one.fired for one in tuning.alarms] == [28, 0]
    assert assert_as_scanned(source, archive, tuning) > 3


def test_one_file_that_cannot_be_used(archive: Path) -> None:
    (archive / "zzz.json.gz").write_bytes(b"\x1f\x8b broken")
    tuning = tune(noisy(), [str(archive)])
    assert [problem.code for problem in tuning.input.problems] != []
    assert only(tuning).fired == 32


def test_an_archive_that_grows_meanwhile(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    choose = Chooser.choose

    def slowly(self: Chooser, *given: Any) -> Any:
        late = log_file([record("UpdateTrail", 27 * DAY, number=9999)])
        (archive / "late.json").write_bytes(late)
        return choose(self, *given)

    monkeypatch.setattr(Chooser, "choose", slowly)
    (problem,) = tune(noisy(), [str(archive)]).input.problems
    assert problem.code == "archive-changed"


def test_what_cannot_be_asked(archive: Path) -> None:
    with pytest.raises(UsageError, match="read twice"):
        tune(noisy(), ["-"])
    with pytest.raises(UsageError, match="no alarm"):
        tune(noisy(), [str(archive)], alarms=["nobody"])
    with pytest.raises(UsageError):
        tune(noisy(), [str(archive / "missing")])


def test_an_archive_without_records(tmp_path: Path) -> None:
    (tmp_path / "empty.json").write_bytes(log_file([]))
    tuning = tune(noisy(), [str(tmp_path)], alarms=["stopped"])
    assert only(tuning).fired == 0
    assert only(tuning).exclusions == ()


@needs_shared_data
def test_no_attacker_is_left_out_of_real_logs() -> None:
    tuning = tune(load("cis"), [str(INVICTUS)])
    assert len(tuning.alarms) == 11
    assert not any(one.exclusions for one in tuning.alarms)
    assert all(one.refusals for one in tuning.alarms)


def test_the_noisiest_alarms_are_looked_at(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alarms = [alarm(f"a{number}", threshold=float(number)) for number in (3, 1, 2, 99)]
    given = stack([metric_filter(PATTERN)], alarms)
    monkeypatch.setattr("trailwarden.scan.tuning._AT_ONCE", 2)
    found = tune(given, [str(archive)], ScanOptions(processes=1))
    fired = {one.alarm.alarm_name: one.fired for one in found.alarms}
    assert fired["a1"] >= fired["a2"] > 0
    assert (found.left_out, found.quiet) == (1, ("a3", "a99"))
    assert tune(given, [str(archive)], alarms=["a3"]).left_out == 0
