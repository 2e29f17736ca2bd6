"""``trailwarden notify test``: a message that is plainly a test, now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from trailwarden.cli.notify_settings import BAD_SETTINGS, load_settings, settings_options, told
from trailwarden.errors import DeliveryError, UsageError
from trailwarden.text import nearest, visible

if TYPE_CHECKING:
    from trailwarden.alarms import State
    from trailwarden.settings import ChannelSettings, Settings
    from trailwarden.stack import Stack
    from trailwarden.watch import Waiting

UNDELIVERED = 3


@click.command()
@click.argument("topic")
@settings_options
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
    stack: tuple[str, ...],
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
    settings, loaded, _ = load_settings(config, folder, stack, parameters)
    arn = _topic(topic, settings, loaded)
    names = channels_for(arn, settings.topics, loaded)
    if not names:
        raise UsageError(
            f"no channel is told of {visible(topic, 200)!r}", cure="give it some under [topics]"
        )
    message = _test_message(arn, loaded, cast("State", state))
    channels = [one for one in settings.channels if one.name in names]
    return max(_send(one, message, settings, loaded, folder) for one in channels)


def _topic(text: str, settings: Settings, stack: Stack) -> str:
    """The ARN of the topic that ``text`` names. Raises UsageError for none."""
    from trailwarden.notify.routing import topic_spellings, topics_of

    spellings = {name: arn for arn in topics_of(stack) for name in topic_spellings(arn, stack)}
    if text in spellings:
        return spellings[text]
    if text in settings.topics or text.startswith("arn:"):
        return text
    close = nearest(text, [*spellings, *settings.topics])
    known = ", ".join(name for name in spellings if not name.startswith("arn:"))
    raise UsageError(
        f"the stack has no topic {visible(text, 200)!r}",
        cure=f"did you mean {visible(close[0], 200)!r}?"
        if close
        else f"it has: {visible(known, 500) or 'none'}",
    )


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
    pretended = Transition(
        time=now,
        from_state="ALARM" if state == "OK" else "OK",
        to_state=state,
        reason="This is a test of the notifications: nothing happened",
        reason_data="{}",
    )
    announcement = Announcement(
        f"test-{uuid.uuid4().hex}", "test", alarms[0], pretended, decided=now, topics=(topic,)
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
        click.echo(f"{one.name}: cannot be used: {told(error)}")
        return BAD_SETTINGS
    try:
        postman.send([message])
    except DeliveryError as error:
        later = "" if not error.retryable else "\n  a watch would try again later"
        click.echo(f"{one.name}: failed: {told(error)}{later}")
        return UNDELIVERED
    finally:
        postman.close()
    click.echo(f"{one.name}: delivered")
    return 0
