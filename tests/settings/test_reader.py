"""Reading whole settings, and what is said about wrong ones."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from tests.settings.conftest import Mistakes, Read
from trailwarden.errors import DefinitionError, DefinitionErrors, UsageError
from trailwarden.notify.channels import OPTIONS
from trailwarden.settings import Mute, Secret, SourceSettings, read_settings

WHOLE = """
[watch]
stack = "cis"
account = "111122223333"
region = "eu-central-1"
lateness = "15m"
since = 2024-05-01
listen = "127.0.0.1:9464"
listen_token = "${TOKEN}"
[watch.parameters]
Threshold = 5
"AWS::StackName" = "sec"
Strict = true
Empty = ""

[[sources]]
type = "folder"
address = "/logs"
poll = 2.5

[[sources]]
type = "s3"
address = "s3://trail-bucket/prefix"
name = "main"
region = "eusc-de-east-1"

[channels.pager]
type = "webhook"
url = "https://${HOST}/hook"
headers = ["Authorization: Bearer ${TOKEN}"]
repeat = "4h"

[channels.mail]
type = "smtp"
host = "mail.example.com"
port = 2525
tls = "none"
from = "warden@example.com"
to = "soc@example.com"
password = {env = "PASSWORD"}
group_by = ["filter", "account"]
group_wait = "90s"

[topics]
"cis-alarms" = ["pager", "mail"]
"${Alerts.TopicArn}" = "mail"
"*" = []

[[mutes]]
reason = "the nightly rotation"
principal = "role/rotator*"
state = "ALARM"
days = ["sat", "Sunday"]
from = "22:00"
to = 06:30:00
"""


def test_a_whole_file(read: Read) -> None:
    settings = read(WHOLE, TOKEN="t0ken", HOST="pager.example.com", PASSWORD="pass word")
    assert (settings.stack, settings.account, settings.region) == (
        "cis",
        "111122223333",
        "eu-central-1",
    )
    assert (settings.lateness, settings.since, settings.listen) == (
        900.0,
        "2024-05-01",
        "127.0.0.1:9464",
    )
    assert settings.listen_token == Secret("t0ken")
    assert settings.parameters == {
        "Threshold": "5",
        "AWS::StackName": "sec",
        "Strict": "true",
        "Empty": "",
    }
    assert settings.sources == (
        SourceSettings("folder", "/logs", poll=2.5),
        SourceSettings("s3", "s3://trail-bucket/prefix", "main", None, "eusc-de-east-1"),
    )
    pager, mail = settings.channels
    assert (pager.name, pager.kind, pager.repeat, pager.group_wait) == (
        "pager",
        "webhook",
        14_400.0,
        0.0,
    )
    assert pager.options == {
        "url": "https://pager.example.com/hook",
        "headers": ("Authorization: Bearer t0ken",),
    }
    assert mail.options == {
        "host": "mail.example.com",
        "port": 2525,
        "tls": "none",
        "from": "warden@example.com",
        "to": ("soc@example.com",),
        "password": Secret("pass word"),
    }
    assert (mail.group_by, mail.group_wait, pager.group_by) == (
        ("filter", "account"),
        90.0,
        ("alarm",),
    )
    assert settings.topics == {
        "cis-alarms": ("pager", "mail"),
        "${Alerts.TopicArn}": ("mail",),
        "*": (),
    }
    assert settings.mutes == (
        Mute(
            reason="the nightly rotation",
            principal="role/rotator*",
            state="ALARM",
            days=frozenset({5, 6}),
            start=time(22),
            end=time(6, 30),
        ),
    )
    assert settings.notes == ()


def test_an_empty_file_has_the_defaults(read: Read) -> None:
    settings = read("")
    assert (settings.stack, settings.lateness, settings.sources) == (None, 900.0, ())


def test_no_secret_shows_when_settings_are_printed(read: Read) -> None:
    settings = read(WHOLE, TOKEN="t0ken", HOST="h", PASSWORD="pass word")
    assert "t0ken" not in repr(settings)
    assert "pass word" not in repr(settings)


def test_all_mistakes_are_told_at_once_where_they_are(mistakes: Mistakes) -> None:
    found = mistakes(
        """\
[watch]
lateness = "soon"
accounts = "1"
account = 111122223333
region = "Frankfurt"
since = "yesterday"
listen = "nowhere"
[[sources]]
type = "s3"
address = "my-bucket"
[[sources]]
type = "fold"
[channels.mail]
type = "smtp"
host = "h"
to = [1]
prot = 25
tls = "ssl"
group_by = ["alarms"]
repeat = 5
[topics]
x = ["mial"]
[[mutes]]
reason = "?"
[[mutes]]
days = ["caturday"]
from = "25:00"
to = "06:00"
state = "alarm"
[chanels]
"""
    )
    assert found == [
        "2:1 (watch.lateness): 'soon' is no duration | write a number of seconds or such as 90s, "
        "15m, 36h, 7d, from 0s to 1w",
        "3:1 (watch.accounts): there is no key 'accounts' here | did you mean 'account'?",
        "4:1 (watch.account): this is a number, not a text | write it in quotes",
        "5:1 (watch.region): 'Frankfurt' is no region | write such as \"eu-central-1\"",
        "6:1 (watch.since): 'yesterday' is no time | write such as 2024-05-01, "
        "2024-05-01T12:00:00Z, or a span before now: 36h, 7d",
        "7:1 (watch.listen): 'nowhere' is no address | write HOST:PORT, such as "
        '"127.0.0.1:9464" or "[::1]:9464"',
        "10:1 (sources[0].address): 'my-bucket' is no address of s3 | write s3://BUCKET/PREFIX",
        "11:1 (sources[1].address): 'address' is missing | add a line: address = …",
        "12:1 (sources[1].type): 'fold' is not possible here | did you mean 'folder'?",
        "13:1 (channels.mail.from): 'from' is missing | add a line: from = …",
        "16:7 (channels.mail.to[0]): this is a number, not a text | write it in quotes",
        "17:1 (channels.mail.prot): there is no key 'prot' here | did you mean 'port'?",
        "18:1 (channels.mail.tls): 'ssl' is not possible here | known: starttls, implicit, none",
        "19:13 (channels.mail.group_by[0]): there is no thing to group by 'alarms' | "
        "did you mean 'alarm'?",
        "20:1 (channels.mail.repeat): an alarm would be told too often | "
        "write 1m or more, or 0 for never",
        "22:6 (topics.x[0]): there is no channel 'mial' | did you mean 'mail'?",
        "23:1 (mutes[0]): this would mute everything, for ever | say what it mutes: alarm, "
        'principal, account, state, days, or from and to; alarm = "*" means all',
        "26:9 (mutes[1].days[0]): there is no day 'caturday' | did you mean 'saturday'?",
        "27:1 (mutes[1].from): '25:00' is no time of day | write HH:MM in UTC, such as \"22:00\"",
        "29:1 (mutes[1].state): 'alarm' is no state | did you mean 'ALARM'?",
        "30:1 (chanels): there is no key 'chanels' here | did you mean 'channels'?",
    ]


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ('[sources]\ntype = "folder"', "this is a table, not an array of tables"),
        ("sources = [1]", "this is a number, not a table"),
        ("watch = 1", "this is a number, not a table"),
        ("channels.a = 1", "this is a number, not a table"),
        ('[channels."a b"]\ntype = "stdout"', "'a b' is no name for a channel"),
        ("[channels.a]", "'type' is missing"),
        ('[topics]\n"" = []', "a topic without a name"),
        ('[topics]\nx = ["a"]', "there is no channel 'a'"),
        ('[channels.a]\ntype="stdout"\n[topics]\nx = ["a", "a"]', "'a' stands twice"),
        ("[watch]\nlateness = -1", "the duration is out of range"),
        ("[watch]\nlateness = nan", "the duration is out of range"),
        ("[watch]\nlateness = inf", "the duration is out of range"),
        ("[watch]\nlateness = true", "this is true or false, not a duration"),
        ("[watch]\nlateness = 0x" + "f" * 5000, "the duration is out of range"),
        ("[watch]\nparameters.x = 1.5", "this is a number, not a text"),
        ('[watch]\nstack = " "', "the text is empty"),
        ('[watch]\naccount = "12"', "'12' is no account"),
        ('[watch]\nlisten = "h:70000"', "'h:70000' is no address"),
        ('[channels.a]\ntype="exec"\ncommand=[]', "the array is empty"),
        ('[channels.a]\ntype="exec"\ncommand="x"\ntimeout=0', "the number is out of range"),
        ('[channels.a]\ntype="exec"\ncommand="x"\ntimeout="x"', "this is a text, not a whole"),
        ('[channels.a]\ntype="webhook"\nurl="x"\nraw="yes"', "this is a text, not true or false"),
        ('[[mutes]]\nfrom = "22:00"', "'to' is missing"),
        ('[[mutes]]\nfrom = "22:00"\nto = "22:00"', "from and to are the same time"),
        ('[[mutes]]\nfrom = "22"\nto = "23:00"', "'22' is no time of day"),
        ('[[mutes]]\naccount = "prod"', "'prod' is no account"),
        ("[[mutes]]\ndays = []", "no day is named"),
        ("[[mutes]]\ndays = [1]", "this is a number, not a day"),
        ('[[sources]]\ntype="sqs"\naddress="queue"', "'queue' is no address of sqs"),
        ('[[sources]]\ntype="logs"\naddress="a b"', "'a b' is no address of logs"),
        ('[[sources]]\ntype="folder"\naddress="a\\u0000"', "is no address of folder"),
        ('[[sources]]\ntype="folder"\naddress="a"\npoll="1ms"', "the duration is out of range"),
    ],
)
def test_a_mistake(mistakes: Mistakes, text: str, mistake: str) -> None:
    [found] = mistakes(text)
    assert mistake in found


def test_sources_are_told_apart(mistakes: Mistakes) -> None:
    source = '[[sources]]\ntype = "folder"\naddress = "/logs"\n'
    assert "this source stands twice" in mistakes(source * 2)[0]
    named = [f'[[sources]]\ntype = "folder"\naddress = "/{n}"\nname = "same"\n' for n in "ab"]
    assert "another source is called 'same'" in mistakes("".join(named))[0]


def test_a_wrong_channel_does_not_make_its_topics_wrong(mistakes: Mistakes) -> None:
    [found] = mistakes('[channels.a]\ntype = "fax"\nnumber = 1\n[topics]\nx = ["a"]')
    assert "'fax' is not possible here" in found


def test_midnight_may_be_written_as_the_end_of_a_day(read: Read) -> None:
    [mute] = read('[[mutes]]\nfrom = "22:00"\nto = "24:00"').mutes
    assert (mute.start, mute.end) == (time(22), time(0))


# --- the file itself -------------------------------------------------------------------------
def refusal(path: Path) -> str:
    with pytest.raises((UsageError, DefinitionError)) as caught:
        read_settings(path, options=OPTIONS, environment={})
    assert not isinstance(caught.value, DefinitionErrors)
    assert caught.value.cure
    return f"{str(caught.value.location).partition('.toml')[2]} {caught.value.message}"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a = 1\nb = = 2\n", ":2:5 not TOML: Invalid value"),
        (b"a = 1\na = 2\n", ":2:6 not TOML: Cannot overwrite a value"),
        (b"a = 1\nb = [1,\n", ":3:1 not TOML: "),
        (b"a = 1\nb = '\xff'\n", ":2 the settings are not UTF-8 text"),
        (b"a = " + b"[" * 20_000 + b"]" * 20_000, " arrays and tables nest too deep"),
        (b"a = " + b"9" * 5000, " not TOML: a value that cannot be read"),
        (b"#" * (1024 * 1024 + 1), " the settings are larger than 1 MiB"),
    ],
)
def test_a_file_that_cannot_be_used(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(content)
    assert refusal(path).startswith(message)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.toml") == (
        " the settings cannot be read: No such file or directory"
    )
    assert "Is a directory" in refusal(tmp_path)


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(b'\xef\xbb\xbf[watch]\nstack = "cis"\n')
    assert read_settings(path, options=OPTIONS, environment={}).stack == "cis"
