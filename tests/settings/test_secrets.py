"""Secrets and variables: where they come from, and that no message shows them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.settings.conftest import Mistakes, Read
from trailwarden.settings import Secret
from trailwarden.settings.durations import parse_duration, spell_duration
from trailwarden.settings.expansion import expand, has_variable

MAIL = """\
[channels.mail]
type = "smtp"
host = "h"
from = "a@example.com"
to = "b@example.com"
password = """


def password(read: Read, value: str, **environment: str) -> object:
    [channel] = read(MAIL + value, **environment).channels
    return channel.options["password"]


def test_a_secret_comes_from_a_file_beside_the_settings(read: Read, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b" s3cret \r\n")
    assert password(read, '{file = "secret"}') == Secret(" s3cret ")
    assert password(read, '{file = "${DIR}/secret"}', DIR=str(tmp_path)) == Secret(" s3cret ")


def test_a_secret_comes_from_the_environment(read: Read) -> None:
    assert password(read, '{env = "NAME"}', NAME="${NOT}") == Secret("${NOT}")
    assert password(read, '"x-${NAME}"', NAME="s3cret") == Secret("x-s3cret")


def test_a_secret_in_clear_is_taken_with_a_note(read: Read) -> None:
    settings = read(MAIL + '"s3cret"')
    [note] = settings.notes
    assert settings.channels[0].options["password"] == Secret("s3cret")
    assert (note.code, note.location.line, note.location.key) == (
        "secret-in-clear",
        6,
        "channels.mail.password",
    )
    assert "s3cret" not in f"{note.message} {note.cure}"


def test_lists_of_secrets(read: Read, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("json://one")
    text = '[channels.a]\ntype = "apprise"\nurls = [{file = "secret"}, "json://${B}", "json://c"]'
    settings = read(text, B="two")
    assert settings.channels[0].options["urls"] == ("json://one", "json://two", "json://c")
    assert [note.location.key for note in settings.notes] == ["channels.a.urls[2]"]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ('"${NONE}"', "the environment has no variable 'NONE'"),
        ('{env = "NONE"}', "the environment has no variable 'NONE'"),
        ('{env = "NO SUCH"}', "is no variable of the environment"),
        ('{env = "EMPTY"}', "the secret is empty"),
        ('"${EMPTY}"', "the text is empty"),
        ('{file = "none"}', "cannot be read: No such file or directory"),
        ('{file = "a\\u0000"}', "cannot be read: not a path"),
        ('{file = "."}', "is no regular file"),
        ('{file = "pipe"}', "is no regular file"),
        ('{file = "large"}', "is larger than 64 KiB"),
        ('{file = "binary"}', "is not UTF-8 text"),
        ('{file = "blank"}', "the secret is empty"),
        ('{file = "binary", env = "X"}', "a secret comes from one place"),
        ("{}", "a secret comes from one place"),
        ("{env = 1}", "a secret comes from one place"),
        ('{flie = "x"}', "there is no key 'flie' here | did you mean 'file'?"),
        ("12345", "this is a number, not a secret"),
        ('["s3cret"]', "this is an array, not a secret"),
        ('"${s3cret"', "is no variable of the environment"),
    ],
)
def test_a_secret_that_cannot_be_had(
    mistakes: Mistakes, tmp_path: Path, value: str, message: str
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").write_text("s3cret" * 20_000)
    (tmp_path / "binary").write_bytes(b"s3cret\xff")
    (tmp_path / "blank").write_text("\n")
    [found] = mistakes(MAIL + value, EMPTY=" ")
    assert message in found
    assert "channels.mail.password" in found


@pytest.mark.parametrize(
    "line",
    [
        'watch.account = "${X}"',
        'watch.region = "${X}"',
        'watch.lateness = "${X}"',
        'watch.since = "${X}"',
        'watch.listen = "${X}"',
        'channels.a.type = "${X}"',
        'channels.a = {type = "stdout", group_by = ["${X}"]}',
        'channels.a = {type = "smtp", host="h", from="f", to="t", tls = "${X}"}',
        'channels.a = {type = "exec", command = "c", timeout = "${X}"}',
        'topics.t = ["${X}"]',
        'mutes = [{days = ["${X}"]}]',
        'mutes = [{from = "${X}", to = "${X}"}]',
        'mutes = [{state = "${X}"}]',
        'mutes = [{account = "${X}"}]',
        'sources = [{type = "${X}", address = "${X}"}]',
        'sources = [{type = "s3", address = "${X}"}]',
        'sources = [{type = "folder", address = "/", name = "${X}"}]',
    ],
)
def test_no_error_shows_what_a_variable_holds(mistakes: Mistakes, line: str) -> None:
    found = mistakes(line, X="s3cret value")
    assert found
    assert "s3cret" not in "".join(found)


def test_numbers_may_come_from_the_environment(read: Read) -> None:
    text = '[channels.a]\ntype = "exec"\ncommand = "x"\ntimeout = "${SECONDS}"\nrepeat = "${AGAIN}"'
    [channel] = read(text, SECONDS="12", AGAIN="2h").channels
    assert (channel.options["timeout"], channel.repeat) == (12, 7200.0)


@given(st.text(alphabet="${}A_x\n"), st.text())
def test_what_is_put_in_is_never_expanded_again(text: str, value: str) -> None:
    escaped = text.replace("${", "$${")
    assert expand(f"{escaped} ${{A}}", {"A": value}) == f"{text} {value}"
    assert not has_variable(escaped)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("15m", 900),
        ("36h", 129_600),
        ("7d", 604_800),
        ("1w", 604_800),
        ("2.5", 2.5),
        ("500ms", 0.5),
        (" 1.5 h ", 5400),
    ],
)
def test_durations(text: str, seconds: float) -> None:
    assert parse_duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "-1s", "1 fortnight", "1h30m", "1e3", "٣s", "9" * 10, "s"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="no duration"):
        parse_duration(text)


@given(st.integers(0, 10**7))
def test_a_duration_reads_as_it_is_spelled(seconds: int) -> None:
    assert parse_duration(spell_duration(seconds)) == seconds
