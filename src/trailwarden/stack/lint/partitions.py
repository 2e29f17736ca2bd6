"""ARNs of another partition or Region than the one that the template is for."""

from __future__ import annotations

from collections.abc import Iterator

from trailwarden.partitions import partition_of
from trailwarden.stack.links import actions_of
from trailwarden.stack.lint.places import place_of_alarm, quoted
from trailwarden.stack.lint.registry import Fault, rule
from trailwarden.stack.model import Stack
from trailwarden.stack.topic_access import DEFAULT_REGION

_PARTS = 6  # of an ARN
_ANYWHERE = ("", "*")


@rule("TW413", "error")
def action_of_another_partition(stack: Stack) -> Iterator[Fault]:
    """CloudWatch takes actions of an alarm's own partition and Region only: in GovCloud an ARN that
    begins with arn:aws: is refused (Invalid partition aws specified), and the stack does not
    deploy. Found where --parameter AWS::Region gives the Region.
    """
    region = stack.region
    if not region or region == DEFAULT_REGION or "${" in region or "," in region:
        return
    partition = partition_of(region)
    for alarm in stack.all_alarms:
        for action in actions_of(alarm):
            parts = action.split(":", _PARTS - 1)
            if len(parts) < _PARTS or parts[0] != "arn":
                continue
            found = ""
            if "${" not in parts[1] and parts[1] != partition:
                found, right = f"the partition {parts[1]}", "arn:${AWS::Partition}:"
                only = partition
            elif "${" not in parts[3] and parts[3] not in (region, *_ANYWHERE):
                found, right, only = f"the Region {parts[3]}", "${AWS::Region}", region
            if found:
                yield Fault(
                    f"the alarm {quoted(alarm.alarm_name)} names an action in {found}, "
                    f"{quoted(action)}: CloudWatch takes {only} only",
                    f"write {right} with Fn::Sub, or Ref the topic",
                    place_of_alarm(stack, alarm),
                )
                break
