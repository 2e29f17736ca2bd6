"""How long lint takes over many templates of the size of a security account's stack."""

from __future__ import annotations

import random
from pathlib import Path

from benchmarks.measuring import WORK, module, tell, wall
from benchmarks.tables import seconds, table

_EVENTS = 14  # in each filter
_NAMES = [
    f"{verb}{noun}"
    for verb in ("Create", "Delete", "Update", "Get")
    for noun in ("User", "Role", "Group", "AccessKey", "LoginProfile", "SAMLProvider")
]
_FILTER = """\
{comment}  Filter{n}:
    Type: AWS::Logs::MetricFilter
    Properties:
      FilterPattern: '{{ ($.eventSource = iam.amazonaws.com) && ({events}) }}'
      LogGroupName: !Ref Group
      MetricTransformations:
        - MetricName: Metric{n}
          MetricNamespace: !Sub Security/${{AWS::StackName}}
          MetricValue: '1'
  Alarm{n}:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmName: !Sub ${{AWS::StackName}}-{n}
      AlarmDescription: '{text}'
      AlarmActions: [!Ref Topic]
      OKActions: [!Ref Topic]
      MetricName: Metric{n}
      Namespace: !Sub Security/${{AWS::StackName}}
      Statistic: Maximum
      Period: 60
      EvaluationPeriods: 60
      DatapointsToAlarm: 6
      Threshold: 1
      ComparisonOperator: GreaterThanOrEqualToThreshold
      TreatMissingData: notBreaching
"""
_HEAD = """\
Resources:
  Group:
    Type: AWS::Logs::LogGroup
    Properties: {RetentionInDays: 365}
  Topic:
    Type: AWS::SNS::Topic
"""


def report(*, quick: bool) -> str:
    """The section on lint."""
    tell("linting")
    paths = _templates(20 if quick else 200)
    size = sum(path.stat().st_size for path in paths) / len(paths) / 1024
    command = module("trailwarden", "lint", "--fail-on", "error")  # there are none
    lint = [*command, "--output", "json", *map(str, paths)]
    fix = [*command, "--diff", "--unsafe-fixes", *map(str, paths)]
    rows = [
        (name, seconds(time), seconds(time / len(paths)))
        for name, time in (("lint", wall(lint)), ("lint --diff --unsafe-fixes", wall(fix)))
    ]
    made = (
        f"{len(paths)} templates of {size:.0f} KB with 14 filters and 14 alarms, one process.\n\n"
    )
    return f"## Lint\n\n{made}" + table(("command", "all", "a template"), rows)


def _templates(count: int) -> list[Path]:
    """Templates that have no pattern in common, so that none is worked out once for all."""
    folder = WORK / "templates"
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(count):
        path = folder / f"stack{number}.yaml"
        path.write_text(_HEAD + "".join(_pair(number, n) for n in range(14)))
        paths.append(path)
    return paths


def _pair(number: int, n: int) -> str:
    names = random.Random(f"{number} {n}").sample(_NAMES, _EVENTS)
    events = " || ".join(f"($.eventName = {name})" for name in names)
    text = " ".join(["Somebody changed what nobody should change without a ticket."] * 16)
    comment = (
        f"  # Pair {n}: why it is there, what it costs, and what to do when the alarm fires.\n" * 8
    )
    return _FILTER.format(n=n, events=events, text=text, comment=comment)
