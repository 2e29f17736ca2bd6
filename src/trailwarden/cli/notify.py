"""``trailwarden notify``: see who is told what, and try it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from trailwarden.cli.options import home_option, parameter_option
from trailwarden.errors import DeliveryError, TrailwardenError, UsageError
from trailwarden.text import plural, visible

if TYPE_CHECKING:
    from trailwarden.alarms import State
    from trailwarden.settings import ChannelSettings, Settings
    from trailwarden.stack import Stack
    from trailwarden.watch import Waiting

BAD_SETTINGS, UNDELIVERED = 2, 3
_Command = Callable[..., Any]


@click.group()
def notify() -> None:
    """Check who is told what, send a test, confirm a webhook."""


def _settings_options(command: _Command) -> _Command:
    """The options that say which settings and which stack are meant."""
    for option in (
        parameter_option,
        click.option(
            "--stack",
            metavar="NAME|FILE|aws",
            help="The stack, instead of the one in the settings.",
        ),
        click.option(
            "--config",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="The settings. Default: ./trailwarden.toml, or the one in the home.",
        ),
    ):
        command = option(command)
    return home_option(command)


@notify.command()
@click.argument("topic")
@_settings_options
@click.option(
    "--state",
    type=click.Choice(["ALARM", "OK", "INSUFFICIENT_DATA"]),
    default="ALARM",
    show_default=True,
    help="The state that the test pretends; receivers that act on messages see it.",
)
def test(
    topic: str,
    config: Path | None,
    stack: str | None,
    parameters: tuple[tuple[str, str], ...],
    home: Path | None,
    state: str,
) -> int:
    """Send a test message to every channel of TOPIC, now.

    TOPIC is a topic's name, its ARN, or the name of its resource in the template. Neither mutes
    nor waiting for a group hold a test back.

    Exit status: 0 all channels have it; 2 bad usage, settings or definitions; 3 some channel could
    not deliver it.
    """
    from trailwarden.cli.home import home_folder
    from trailwarden.notify.routing import channels_for

    folder = home_folder(home)
    settings, loaded, _ = _loaded(config, folder, stack, parameters)
    arn = _topic(topic, settings, loaded)
    names = channels_for(arn, settings.topics, loaded)
    if not names:
        raise UsageError(
            f"no channel is told of {visible(topic, 200)!r}", cure="give it some under [topics]"
        )
    message = _test_message(arn, loaded, cast("State", state))
    channels = [one for one in settings.channels if one.name in names]
    return max(_send(one, message, settings, loaded, folder) for one in channels)


@notify.command()
@click.argument("token")
@home_option
def confirm(token: str, home: Path | None) -> int:
    """Confirm the webhook whose receiver was sent TOKEN.

    Exit status: 0 its messages go out from now on; 2 no webhook waits for this token.
    """
    from trailwarden.cli.home import home_folder
    from trailwarden.notify.channels.webhook import confirm as confirm_webhook

    folder = home_folder(home)
    if not confirm_webhook(folder, token):
        raise UsageError(
            f"no webhook of {visible(str(folder), 200)} waits for this token",
            cure="copy the whole token; it may be confirmed already, or belong to another --home",
        )
    click.echo("confirmed: its messages go out from now on")
    return 0


@notify.command()
@_settings_options
def check(
    config: Path | None,
    stack: str | None,
    parameters: tuple[tuple[str, str], ...],
    home: Path | None,
) -> int:
    """Check the settings, and show which channels each topic of the stack goes to.

    Nothing is sent or written. Exit status: 0 the settings can be used; 2 they cannot.
    """
    from trailwarden.cli.home import home_folder

    settings, loaded, path = _loaded(config, home_folder(home), stack, parameters)
    failures = list(_unusable(settings))
    for line in (
        *_overview(settings, path),
        *_routes(settings, loaded),
        *_remarks(settings, loaded),
    ):
        click.echo(line)
    for name, error in failures:
        click.echo(f"error: channel {name}: {_told(error)}", err=True)
    return BAD_SETTINGS if failures else 0


# --- the settings ----------------------------------------------------------------------------
def _loaded(
    config: Path | None,
    home: Path,
    stack: str | None,
    parameters: tuple[tuple[str, str], ...],
) -> tuple[Settings, Stack, Path]:
    """The settings, their stack, and the file. Raises UsageError, DefinitionError."""
    from trailwarden.cli.settings import merged, settings_file
    from trailwarden.stack import load

    path = settings_file(config, home)
    if path is None:
        raise UsageError(
            "there are no settings",
            cure=f"write trailwarden.toml, here or in {visible(str(home), 200)}, "
            "or name the file with --config",
        )
    settings = merged(
        path,
        home,
        stack=stack,
        parameters=dict(parameters),
        sources=(),
        lateness=None,
        since=None,
        listen=None,
    )
    return settings, load(settings.stack or "cis", dict(settings.parameters)), path


def _topic(text: str, settings: Settings, stack: Stack) -> str:
    """The ARN of the topic that ``text`` names. Raises UsageError for none."""
    from difflib import get_close_matches

    from trailwarden.notify.routing import topic_spellings, topics_of

    spellings = {name: arn for arn in topics_of(stack) for name in topic_spellings(arn, stack)}
    if text in spellings:
        return spellings[text]
    if text in settings.topics or text.startswith("arn:"):
        return text
    close = get_close_matches(text[:100], [*spellings, *settings.topics], n=1)
    known = ", ".join(name for name in spellings if not name.startswith("arn:"))
    raise UsageError(
        f"the stack has no topic {visible(text, 200)!r}",
        cure=f"did you mean {visible(close[0], 200)!r}?"
        if close
        else f"it has: {visible(known, 500) or 'none'}",
    )


# --- the test --------------------------------------------------------------------------------
def _test_message(topic: str, stack: Stack, state: State) -> Waiting:
    """Something to tell that is plainly a test, in the name of an alarm of the topic."""
    import uuid
    from datetime import UTC, datetime

    from trailwarden.monitor.announcement import Announcement
    from trailwarden.monitor.outcome import Transition
    from trailwarden.notify.routing import topics_of
    from trailwarden.watch import Waiting

    now = datetime.now(UTC)
    alarms = topics_of(stack).get(topic) or ("test",)
    told = Transition(
        time=now,
        from_state="ALARM" if state == "OK" else "OK",
        to_state=state,
        reason="This is a test of the notifications: nothing happened",
        reason_data="{}",
    )
    announcement = Announcement(
        f"test-{uuid.uuid4().hex}", "test", alarms[0], told, decided=now, topics=(topic,)
    )
    return Waiting(0, announcement, topic, created=now, attempts=0, due=now)


def _send(
    one: ChannelSettings, message: Waiting, settings: Settings, stack: Stack, home: Path
) -> int:
    """Send it by one channel and print what became of it; returns the exit status for that."""
    from trailwarden.cli.postman import ChannelPostman
    from trailwarden.notify.channels import open_channel

    try:
        postman = ChannelPostman(one, open_channel(one, home=home), stack, settings)
    except UsageError as error:
        click.echo(f"{one.name}: cannot be used: {_told(error)}")
        return BAD_SETTINGS
    try:
        postman.send([message])
    except DeliveryError as error:
        later = "" if not error.retryable else "\n  a watch would try again later"
        click.echo(f"{one.name}: failed: {_told(error)}{later}")
        return UNDELIVERED
    finally:
        postman.close()
    click.echo(f"{one.name}: delivered")
    return 0


# --- the check -------------------------------------------------------------------------------
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
    for note in settings.notes:
        yield f"note: {visible(str(note.location), 500)}: {note.message}\n  cure: {note.cure}"


def _told(error: TrailwardenError) -> str:
    """An error in the middle of a line, and its cure on the next."""
    place = f"{visible(str(error.location), 300)}: " if error.location else ""
    cure = f"\n  cure: {visible(error.cure, 2000)}" if error.cure else ""
    return f"{place}{visible(error.message, 2000)}{cure}"
