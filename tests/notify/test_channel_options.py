"""The options of channels, and libraries that are not there."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, get_args

import pytest

from tests.notify.announcements import TOPIC, settings
from trailwarden.errors import UsageError
from trailwarden.notify.channels import OPTIONS, open_channel
from trailwarden.settings.model import ChannelKind, ChannelSettings, Secret

GOOD: dict[ChannelKind, dict[str, Any]] = {
    "sns": {"topic_arn": TOPIC},
    "webhook": {"url": "https://x.example/", "raw": True},
    "smtp": {"host": "x.example", "from": "a@x.example", "to": ("b@x.example",)},
    "apprise": {"urls": ("json://localhost/",)},
    "exec": {"command": ("true",)},
    "stdout": {},
}
KINDS: tuple[ChannelKind, ...] = get_args(ChannelKind)


def opened(kind: ChannelKind, options: dict[str, Any]) -> Any:
    return open_channel(ChannelSettings("pager", kind, options), home=None)


def test_every_kind_is_described() -> None:
    assert tuple(OPTIONS) == KINDS
    for options in OPTIONS.values():
        for name, option in options.items():
            assert name == option.name
            assert option.help.isprintable()
            assert not option.choices or option.default in option.choices
            assert not (option.required and option.default)


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # by Apprise
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_opened(kind: ChannelKind) -> None:
    channel = opened(kind, GOOD[kind])
    assert channel.name == "pager"
    channel.close()


@pytest.mark.parametrize("kind", KINDS)
def test_unknown_options_are_refused(kind: ChannelKind) -> None:
    with pytest.raises(UsageError, match=r"channels\.pager \(nonsense\): there is no such option"):
        opened(kind, {**GOOD[kind], "nonsense": "hunter2"})


REQUIRED = [(kind, o.name) for kind in KINDS for o in OPTIONS[kind].values() if o.required]
TYPED = [(kind, option.name) for kind in KINDS for option in OPTIONS[kind].values()]


@pytest.mark.parametrize(("kind", "name"), REQUIRED)
def test_required_options(kind: ChannelKind, name: str) -> None:
    options = {key: value for key, value in GOOD[kind].items() if key != name}
    with pytest.raises(UsageError, match=rf"channels\.pager \({name}\): this option is needed"):
        opened(kind, options)


@pytest.mark.parametrize(("kind", "name"), TYPED)
def test_options_of_a_wrong_type(kind: ChannelKind, name: str) -> None:
    wrong: Any = "hunter2" if OPTIONS[kind][name].type in ("integer", "boolean") else 17
    with pytest.raises(UsageError, match=rf"channels\.pager \({name}\)") as caught:
        opened(kind, {**GOOD[kind], name: wrong})
    assert "hunter2" not in str(caught.value)
    assert "17" not in str(caught.value)


@pytest.mark.parametrize("timeout", [0, -1, 301, True])
def test_integers_out_of_range(timeout: int) -> None:
    with pytest.raises(UsageError, match=r"channels\.pager \(timeout\)"):
        opened("webhook", {**GOOD["webhook"], "timeout": timeout})


def test_secrets_may_stand_where_texts_do() -> None:
    opened("webhook", {"url": Secret("https://x.example/"), "raw": True})
    with pytest.raises(UsageError) as caught:
        opened("webhook", {"url": Secret("hunter2"), "raw": True})
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "module", "extra"),
    [
        ("sns", "boto3", "aws"),
        ("webhook", "cryptography", "notify"),
        ("apprise", "apprise", "notify"),
    ],
)
def test_a_library_that_is_not_installed(
    kind: ChannelKind, module: str, extra: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    options = {**GOOD[kind], "raw": False} if kind == "webhook" else GOOD[kind]
    with pytest.raises(UsageError) as caught:
        open_channel(ChannelSettings("pager", kind, options), home=tmp_path)
    assert f"pip install 'trailwarden[{extra}]'" in caught.value.cure


def test_an_unknown_kind() -> None:
    with pytest.raises(UsageError, match="no such kind"):
        open_channel(settings("pigeon"), home=None)  # type: ignore[arg-type]
