"""The log: its two forms, its repeats, and what tries to harm it."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailwarden.errors import Location, UsageError
from trailwarden.settings import ChannelSettings, Secret
from trailwarden.watch.observability import Log, open_log
from trailwarden.watch.observability.line import OWN


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def log(stream: io.StringIO, clock: Clock) -> Iterator[Log]:
    with open_log("json", "info", stream, clock=clock) as opened:
        yield opened


@pytest.fixture
def human(stream: io.StringIO, clock: Clock) -> Iterator[Log]:
    with open_log("human", "debug", stream, clock=clock) as opened:
        yield opened


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def messages(stream: io.StringIO) -> list[str]:
    return [line["message"] for line in lines(stream)]


def test_json_lines_hold_the_fields(log: Log, stream: io.StringIO) -> None:
    before = datetime.now(UTC)
    log.info("a source is read", source="logs", records=12, quick=True, nothing=None, share=0.5)
    (line,) = lines(stream)
    time = datetime.fromisoformat(line.pop("time"))
    assert time.tzinfo is not None
    assert abs((time - before).total_seconds()) < 3600
    assert list(line.items()) == [
        ("level", "info"),
        ("message", "a source is read"),
        ("source", "logs"),
        ("records", 12),
        ("quick", True),
        ("nothing", None),
        ("share", 0.5),
    ]
    assert '"time": "' in stream.getvalue()
    assert stream.getvalue().split('"')[3].endswith("Z")


def test_a_person_reads_a_plain_line(human: Log, stream: io.StringIO) -> None:
    human.warning("a file is damaged", file="/logs/a b.gz", code="truncated-gzip", records=1)
    time, _, rest = stream.getvalue().partition(" ")
    assert time.endswith("Z")
    assert rest == (
        'WARNING a file is damaged  file="/logs/a b.gz" code=truncated-gzip records=1\n'
    )


def test_without_fields_the_line_ends_after_the_message(human: Log, stream: io.StringIO) -> None:
    human.debug("quiet")
    assert stream.getvalue().endswith(" DEBUG   quiet\n")


def test_a_field_cannot_pose_as_another(human: Log, stream: io.StringIO) -> None:
    human.info("m", a='x" b="y', c='\\" d="z', e="", f="g=h", g="\x1b[2J\nTIME ERROR all is lost")
    assert stream.getvalue().partition("m  ")[2] == (
        r'a="x\" b=\"y" c="\\\" d=\"z" e="" f="g=h" g="\x1b[2J\nTIME ERROR all is lost"' + "\n"
    )


def test_own_keys_are_never_replaced(log: Log, stream: io.StringIO) -> None:
    log.error("real", time="x", level="y", message="z")
    (line,) = lines(stream)
    assert (line["level"], line["message"]) == ("error", "real")
    assert (line["time_"], line["level_"], line["message_"]) == ("x", "y", "z")


@given(st.text(st.characters()), st.text(st.characters(), min_size=1))
def test_any_string_is_one_harmless_line(text: str, name: str) -> None:
    for style in ("json", "human"):
        stream = io.StringIO()
        with open_log(style, "info", stream) as log:  # type: ignore[arg-type]
            log.info(text, **{name: text})
        written = stream.getvalue()
        assert written.endswith("\n")
        assert written[:-1].isprintable() or style == "human"
        assert not {*written[:-1]} & {*map(chr, range(32)), "\x7f", "\x9b", "\u202e", "\u2028"}
        if style == "json":
            assert json.loads(written)["message"] == text


def test_values_are_bounded(log: Log, human: Log, stream: io.StringIO) -> None:
    deep: list[Any] = []
    for _ in range(100):
        deep = [deep]
    log.info("m" * 99_999, text="x" * 99_999, many=list(range(9_999)), deep=deep)
    assert all(len(line) < 6_000 for line in stream.getvalue().splitlines())


def test_values_of_many_kinds(log: Log, stream: io.StringIO) -> None:
    log.info(
        "m",
        path=Path("/logs"),
        at=datetime(2025, 3, 7, 1, 2, 3, tzinfo=UTC),
        names=("a", "b"),
        more={"k": {1: [Path("x")]}},
        odd=float("nan"),
        error=UsageError("wrong", location=Location("f", 1), cure="mend it"),
    )
    (line,) = lines(stream)
    del line["time"], line["level"], line["message"]
    assert line == {
        "path": "/logs",
        "at": "2025-03-07T01:02:03Z",
        "names": ["a", "b"],
        "more": {"k": {"1": ["x"]}},
        "odd": "nan",
        "error": "f:1: wrong (cure: mend it)",
    }


def test_secrets_are_never_written(log: Log, human: Log, stream: io.StringIO) -> None:
    secret = Secret("hunter2")
    channel = ChannelSettings("mail", "smtp", {"password": secret})
    for one in (log, human):
        one.error("m", s=secret, many=[secret], named={"password": secret}, channel=channel)
    assert "hunter2" not in stream.getvalue()
    assert '"s": "***"' in stream.getvalue()


@pytest.mark.parametrize(
    ("level", "written"),
    [("debug", "diwe"), ("info", "iwe"), ("warning", "we"), ("error", "e")],
)
def test_levels(stream: io.StringIO, level: Any, written: str) -> None:
    with open_log("json", level, stream) as log:
        log.debug("d")
        log.info("i")
        log.warning("w")
        log.error("e")
    assert "".join(messages(stream)) == written


@pytest.mark.parametrize(("style", "level"), [("xml", "info"), ("json", "loud\x1b")])
def test_unknown_styles_and_levels_are_refused(style: Any, level: Any) -> None:
    with pytest.raises(UsageError, match=r"is no log .*\n  cure: choose one of: "):
        open_log(style, level, io.StringIO())


@pytest.mark.parametrize(
    ("environment", "has_colours"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False), ({"NO_COLOR": ""}, True)],
)
def test_colours_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], has_colours: bool
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    terminal = Terminal()
    with open_log("auto", "info", terminal) as log:
        log.error("m", key="value")
    assert ("\x1b[1;31m" in terminal.getvalue()) is has_colours
    assert "key" in terminal.getvalue()


def test_auto_means_json_elsewhere(stream: io.StringIO) -> None:
    with open_log("auto", "info", stream) as log:
        log.info("m")
    assert messages(stream) == ["m"]
    closed = io.StringIO()
    closed.close()
    with open_log("auto", "info", closed) as log:
        log.info("nobody reads this")


def test_repeats_are_counted(log: Log, stream: io.StringIO, clock: Clock) -> None:
    for attempt in range(58):
        log.warning("cannot read", source="logs", attempt=attempt)
    log.warning("cannot read", source="other", attempt=1)
    assert messages(stream) == ["cannot read", "cannot read"]
    clock.now += 60
    log.info("something else")
    assert messages(stream)[2:] == ["cannot read … 57 more", "something else"]
    told = lines(stream)[2]
    assert (told["level"], told["source"], told["repeats"]) == ("warning", "logs", 57)
    assert told["attempt"] == 57  # the last of them
    log.warning("cannot read", source="logs", attempt=99)
    assert messages(stream)[4:] == ["cannot read"]


def test_counts_are_told_when_nothing_else_happens(
    log: Log, stream: io.StringIO, clock: Clock
) -> None:
    log.info("m")
    log.info("m")
    clock.now += 59
    log.flush()
    assert messages(stream) == ["m"]
    clock.now += 1
    log.flush()
    log.flush()
    assert messages(stream) == ["m", "m … 1 more"]


def test_counts_are_told_at_the_end(log: Log, stream: io.StringIO) -> None:
    log.info("m")
    log.info("m")
    log.close()
    assert messages(stream) == ["m", "m … 1 more"]


def test_different_levels_texts_and_times_are_no_repeats(log: Log, stream: io.StringIO) -> None:
    log.info("m", to="ALARM")
    log.info("m", to="OK")
    log.warning("m", to="OK")
    log.info("m", to="OK", at=datetime(2025, 3, 7, tzinfo=UTC))
    log.info("m", to="OK", late=True)
    log.info("m", to="OK", late=False)
    assert len(messages(stream)) == 6


def test_remembering_is_bounded_and_loses_no_count(
    log: Log, stream: io.StringIO, clock: Clock
) -> None:
    for _ in range(3):
        log.info("first")
    for number in range(1_500):
        log.info("other", name=str(number))
    said = messages(stream)
    assert said.count("first … 2 more") == 1
    assert said.count("other") == 1_500


def test_threads_do_not_mix_lines(log: Log, stream: io.StringIO) -> None:
    def work(name: str) -> None:
        for number in range(200):
            log.info("m", name=f"{name}-{number}")

    threads = [Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({line["name"] for line in lines(stream)}) == 800


def test_a_bug_comes_with_its_traceback(log: Log, human: Log, stream: io.StringIO) -> None:
    try:
        raise ValueError("evil\x1b[2J\nline")
    except ValueError as mistake:
        error = mistake
    log.bug("a mistake of ours", error, source="logs")
    log.close()
    rows = stream.getvalue().splitlines()
    objects = [json.loads(row) for row in rows if row.startswith("{")]
    assert objects[0]["trace"].startswith("Traceback")
    assert "\x1b" not in stream.getvalue()
    assert r"  ValueError: evil\x1b[2J" in rows


def test_warnings_of_libraries_are_taken_in(log: Log, stream: io.StringIO) -> None:
    logging.getLogger("botocore.retries").debug("signed with %s", "hunter2")
    logging.getLogger("botocore.retries").warning("again: %s", "https://u:p@host.example/T/secret")
    logging.getLogger("apprise").error("cannot load mailto://u:hunter2@x")
    (line,) = lines(stream)
    assert line["message"] == "again: https://host.example/…"
    assert (line["level"], line["logger"]) == ("warning", "botocore.retries")


def test_closing_leaves_the_logging_module_as_it_was() -> None:
    names = (OWN, "botocore", "urllib3")

    def state() -> list[Any]:
        loggers = map(logging.getLogger, names)
        return [(one.level, one.propagate, list(one.handlers)) for one in loggers]

    before = state()
    with open_log("json", "debug", io.StringIO()):
        assert state() != before
    assert state() == before


def test_what_a_stream_cannot_say_is_escaped() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", errors="strict")
    with open_log("human", "info", stream) as log:
        log.info("größer …")
    assert rb"gr\xf6\xdfer \u2026" in raw.getvalue()


class Broken(io.StringIO):
    """A disk that is full for a while."""

    is_full = True

    def write(self, text: str) -> int:
        if self.is_full:
            raise OSError(28, "No space left on device")
        return super().write(text)


def test_what_was_lost_is_told_later() -> None:
    stream = Broken()
    with open_log("json", "info", stream) as log:
        log.info("one")
        log.info("two")
        stream.is_full = False
        log.info("three")
        log.info("four")
    told = lines(stream)
    assert [line["message"] for line in told] == ["three", "four"]
    assert told[0]["lost_before"] == 2
    assert "lost_before" not in told[1]


@pytest.mark.parametrize("close", [os.close, lambda number: None])
def test_a_closed_standard_error_ends_nothing(close: Callable[[int], None]) -> None:
    """A real process whose standard error is closed, or a pipe that nobody reads any more."""
    program = (
        "import os, sys\n"
        "from trailwarden.watch.observability import open_log\n"
        "sys.stdin.read()\n"
        f"{'os.close(2)' if close is os.close else ''}\n"
        "with open_log() as log:\n"
        "    log.error('one')\n"
        "    log.error('two')\n"
        "print('went on', flush=True)\n"
        "os._exit(0)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    process.stderr.close()
    process.stdin.close()
    assert process.stdout.read() == b"went on\n"
    process.stdout.close()
    assert process.wait(30) == 0
