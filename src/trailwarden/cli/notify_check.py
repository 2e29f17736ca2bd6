"""``trailwarden notify check``: the settings, and which channels each topic goes to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trailwarden.cli.notify_settings import BAD_SETTINGS, load_settings, settings_options, told
from trailwarden.errors import TrailwardenError, UsageError
from trailwarden.text import plural, visible

if TYPE_CHECKING:
    from trailwarden.settings import Settings
    from trailwarden.stack import Stack


@click.command()
@settings_options
def check(
    config: Path | None,
    stack: tuple[str, ...],
    parameters: tuple[tuple[str, str], ...],
    home: Path | None,
) -> int:
    """Check the settings, and show who is told of what.

    The channels of each topic of the stack are shown, and what they are told.

    Nothing is sent or written. Exit status: 0 the settings can be used; 2 they cannot.
    """
    from trailwarden.cli.home import home_folder

    settings, loaded, path = load_settings(config, home_folder(home), stack, parameters)
    failures = list(_unusable(settings))
    for line in (
        *_overview(settings, path),
        *_routes(settings, loaded),
        *_remarks(settings, loaded),
    ):
        click.echo(line)
    for name, error in failures:
        click.echo(f"error: channel {name}: {told(error)}", err=True)
    return BAD_SETTINGS if failures else 0


def _unusable(settings: Settings) -> Iterator[tuple[str, TrailwardenError]]:
    """The channels that cannot be opened. The home stays as it is: keys are made elsewhere."""
    from tempfile import TemporaryDirectory

    from trailwarden.notify.channels import open_channel

    with TemporaryDirectory() as folder:
        for one in settings.channels:
            try:
                open_channel(one, home=Path(folder)).close()
            except UsageError as error:
                yield one.name, error


def _overview(settings: Settings, path: Path) -> Iterator[str]:
    counts = (
        plural(len(settings.sources), "source"),
        plural(len(settings.channels), "channel"),
        plural(len(settings.mutes), "mute"),
    )
    yield f"{visible(str(path), 500)}: {', '.join(counts)}"


def _routes(settings: Settings, stack: Stack) -> Iterator[str]:
    """Per topic of the stack, the channels."""
    from trailwarden.notify.routing import channels_for, topic_spellings, topics_of

    yield f"topics of the stack {visible(stack.name, 200)}:"
    topics = topics_of(stack)
    for arn, alarms in topics.items():
        name = (*topic_spellings(arn, stack)[1:], arn)[0]
        channels = ", ".join(channels_for(arn, settings.topics, stack))
        yield (
            f"  {visible(name, 200)} ({plural(len(alarms), 'alarm')}): "
            f"{channels or 'NO CHANNEL, nobody is told'}"
        )
    if not topics:
        yield "  none: its alarms have no topics among their actions, so nobody is told"


def _idle_mutes(settings: Settings, stack: Stack) -> Iterator[str]:
    """Matchers of mutes that can match nothing that is known."""
    from difflib import get_close_matches
    from fnmatch import fnmatchcase

    from trailwarden.notify.principals import can_match, near_form

    states = ("ALARM", "OK", "INSUFFICIENT_DATA")
    alarms = [one.alarm_name for one in stack.alarms]
    alarms += [one.alarm_name for one in stack.composite_alarms]
    for number, mute in enumerate(settings.mutes, 1):
        name = f"mute {number}" + (f" ({visible(mute.reason, 60)})" if mute.reason else "")
        if mute.alarm is not None and not any(fnmatchcase(one, mute.alarm) for one in alarms):
            close = get_close_matches(mute.alarm[:100], alarms, n=1, cutoff=0.7)
            yield _idle(name, "alarm", mute.alarm, "no alarm of the stack", *close)
        if mute.principal is not None and not can_match(mute.principal):
            near = near_form(mute.principal)
            yield _idle(name, "principal", mute.principal, "no principal's name", near)
        if mute.account is not None and not _can_be_account(mute.account):
            yield _idle(name, "account", mute.account, "no account: they have twelve digits")
        if mute.state is not None and not any(fnmatchcase(one, mute.state) for one in states):
            yield _idle(name, "state", mute.state, "no state", f"one of {', '.join(states)}")


def _can_be_account(pattern: str) -> bool:
    import re

    digits = re.sub(r"\[[^]]*\]|\?", "1", pattern)
    return "*" in digits or len(digits) == 12


def _idle(name: str, key: str, pattern: str, what: str, near: str = "") -> str:
    if near:
        cure = f"did you mean {visible(near, 200)}?"
    elif key == "principal":
        cure = "write it as reports do, such as role/NAME/* or user/NAME (*), or as an ARN"
    elif key == "alarm":
        cure = "trailwarden stack show lists the alarms"
    else:
        cure = "correct it, or remove the mute"
    return f"note: {name}: {key} = {visible(pattern, 200)!r} matches {what}\n  cure: {cure}"


def _remarks(settings: Settings, stack: Stack) -> Iterator[str]:
    """What is right, but may not be meant."""
    from trailwarden.notify.routing import other_actions, unused_topics

    used = {name for names in settings.topics.values() for name in names}
    for one in settings.channels:
        if one.name not in used:
            yield f"note: no topic goes to the channel {one.name}"
    for key in unused_topics(settings.topics, stack):
        yield f"note: the stack has no topic {visible(key, 200)!r}, which [topics] names"
    for action, alarms in other_actions(stack).items():
        yield (
            f"note: {visible(action, 200)} is no topic: this action of "
            f"{plural(len(alarms), 'alarm')} is AWS's alone to execute"
        )
    yield from _idle_mutes(settings, stack)
    for note in settings.notes:
        yield f"note: {visible(str(note.location), 500)}: {note.message}\n  cure: {note.cure}"
