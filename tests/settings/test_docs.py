"""The pages about settings and notifications say what is so."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest

from tests.notify.announcements import announcement, composed, settings
from tests.notify.receivers import receiving
from tests.settings.conftest import Mistakes, Read, settings_of
from trailwarden.monitor.announcement import Kind
from trailwarden.notify.channels import OPTIONS, open_channel
from trailwarden.notify.options import Option
from trailwarden.settings.durations import parse_duration

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = (ROOT / "docs" / "settings.md").read_text("utf-8")
NOTIFICATIONS = (ROOT / "docs" / "notifications.md").read_text("utf-8")
COMMON = ["type", "group_wait", "group_by", "repeat"]


def section(page: str, title: str) -> str:
    found = re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^#|\Z)", page, re.MULTILINE | re.DOTALL)
    assert found is not None, title
    return found[1]


def rows(page: str, title: str) -> list[list[str]]:
    """The cells of the section's table, without its head."""
    lines = [line for line in section(page, title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def keys(page: str, title: str) -> list[str]:
    return [key for row in rows(page, title) for key in re.findall(r"`(\w+)`", row[0])]


def block(page: str, language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", page, re.DOTALL)
    assert found is not None
    return found[1]


# --- settings --------------------------------------------------------------------------------
def test_the_example_is_right(read: Read, tmp_path: Path) -> None:
    (tmp_path / "smtp").write_text("s3cret\n")
    found = read(
        block(SETTINGS, "toml"), PAGER_ID="1", PAGER_TOKEN="t", CREDENTIALS_DIRECTORY=str(tmp_path)
    )
    assert (len(found.sources), len(found.channels), len(found.topics), len(found.mutes)) == (
        2,
        2,
        2,
        1,
    )
    assert found.notes == ()
    for one in found.channels:
        open_channel(one, home=tmp_path).close()


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("[watch]", "[watch]"),
        ("[[sources]]", '[[sources]]\ntype = "folder"\naddress = "/"'),
        ("[channels.NAME]", '[channels.a]\ntype = "stdout"'),
        ("[[mutes]]", '[[mutes]]\nalarm = "a"'),
    ],
)
def test_every_key_is_documented_and_no_other(mistakes: Mistakes, title: str, text: str) -> None:
    [found] = mistakes(f"{text}\nqqqqqq = 1\n")
    known = found.partition("| known: ")[2].split(", ")
    assert sorted(known) == sorted(keys(SETTINGS, title))


def test_defaults_are_those_of_an_empty_file(read: Read) -> None:
    lateness = next(row for row in rows(SETTINGS, "[watch]") if row[0] == "`lateness`")
    assert parse_duration(json.loads(lateness[2].strip("`"))) == read("").lateness
    [channel] = read('[channels.a]\ntype = "stdout"').channels
    wait, by, repeat = rows(SETTINGS, "[channels.NAME]")[1:]
    assert [wait[2], by[2], repeat[2]] == ["`0`", '`["alarm"]`', "`0`"]
    assert (channel.group_wait, channel.group_by, channel.repeat) == (0, ("alarm",), 0)


# --- channels --------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", OPTIONS)
def test_every_option_is_documented_and_no_other(kind: str) -> None:
    documented = {row[0].strip("`"): row for row in rows(NOTIFICATIONS, kind)}
    assert list(documented) == list(OPTIONS[kind])  # type: ignore[index]
    for name, option in OPTIONS[kind].items():  # type: ignore[index]
        _, shape, default, meaning = documented[name]
        assert shape == ("list of secrets" if option.secret else option.type), name
        assert (default == "needed") is option.required, name
        assert default.strip("`") == shown(option) or option.default is None, name
        for choice in option.choices:
            assert choice in f"{default} {meaning}", name


def shown(option: Option) -> str:
    """A default as TOML spells it."""
    if option.required:
        return "needed"
    value = list(option.default) if isinstance(option.default, tuple) else option.default
    return json.dumps(value)


def test_the_kinds_of_channels_are_all_there() -> None:
    titles = re.findall(r"^### (\w+)$", section_with_parts(NOTIFICATIONS, "Channels"), re.MULTILINE)
    assert titles == list(OPTIONS)
    assert all(f"`{kind}`" in rows(SETTINGS, "[channels.NAME]")[0][3] for kind in OPTIONS)


def section_with_parts(page: str, title: str) -> str:
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def test_the_kinds_of_news_are_all_there() -> None:
    names = [row[0].strip("`") for row in rows(NOTIFICATIONS, "What is told")]
    assert sorted(names) == sorted(get_args(Kind))


def test_the_added_key_holds_what_is_documented() -> None:
    table = {row[0]: row[1] for row in rows(NOTIFICATIONS, "The JSON")}
    many = [announcement(id=str(n), count=30) for n in range(2)]
    added: dict[str, Any] = json.loads(composed(*many).body)["Trailwarden"]
    documented = keys(NOTIFICATIONS, "The JSON")
    assert sorted(documented) == sorted({*added, "cut"})
    assert set(added["events"][0]) == set(re.findall(r"`(\w+)`", table["`events`"]))
    assert set(added["principals"][0]) == set(re.findall(r"`(\w+)`", table["`principals`"]))


# --- the signature ---------------------------------------------------------------------------
@pytest.fixture(scope="module")
def check() -> Callable[[dict[str, str], bytes], None]:
    names: dict[str, Any] = {}
    exec(block(NOTIFICATIONS, "python"), names)
    checked: Callable[[dict[str, str], bytes], None] = names["check"]
    return checked


@pytest.mark.parametrize("confirm", ["none", "token"])
def test_a_receiver_checks_signatures_as_documented(
    check: Callable[[dict[str, str], bytes], None], tmp_path: Path, confirm: str
) -> None:
    from cryptography.exceptions import InvalidSignature

    from trailwarden.errors import DeliveryError

    with receiving() as receiver:
        channel = open_channel(
            settings("webhook", url=receiver.url, confirm=confirm), home=tmp_path
        )
        if confirm == "token":
            with pytest.raises(DeliveryError):
                channel.send(composed())
        else:
            channel.send(composed())
    [request] = receiver.requests
    envelope = json.loads(request.body)
    certificate = (tmp_path / "webhook-cert.pem").read_bytes()
    check(envelope, certificate)
    with pytest.raises(InvalidSignature):
        check({**envelope, "Message": envelope["Message"] + " "}, certificate)
    other = tmp_path / "other"
    open_channel(settings("webhook", url=receiver.url), home=other)
    with pytest.raises(InvalidSignature):
        check(envelope, (other / "webhook-cert.pem").read_bytes())


# --- the example that is installed -----------------------------------------------------------
def test_the_example_of_the_service_is_right(tmp_path: Path) -> None:
    """Also with all that it comments out."""
    example = (ROOT / "deploy" / "trailwarden.example.toml").read_text("utf-8")
    environment = {
        "SMTP_PASSWORD": "x",
        "CHAT_URL": "json://x",
        "TRAILWARDEN_LISTEN_TOKEN": "t" * 16,
    }
    assert settings_of(example, tmp_path, environment).channels
    whole = re.sub(r"^#(?=[\[a-z\"])", "", example, flags=re.MULTILINE)
    found = settings_of(whole, tmp_path, environment)
    assert {one.kind for one in found.channels} == set(OPTIONS)
    assert {one.kind for one in found.sources} == {"folder", "s3", "sqs", "logs"}
    assert found.mutes
