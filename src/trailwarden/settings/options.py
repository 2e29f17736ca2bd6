"""The options of a channel, checked against what its kind declares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from trailwarden.settings.expansion import ExpansionError, expand, has_variable
from trailwarden.settings.findings import did_you_mean, shown
from trailwarden.settings.model import OptionValue, Secret
from trailwarden.settings.places import KeyPath
from trailwarden.settings.secrets import read_secret_file
from trailwarden.settings.tables import Table

_CLEAR_CURE = (
    'write {file = "/run/secrets/…"} or {env = "NAME"}, or put ${NAME} into the text; '
    "or see that only Trailwarden can read the settings"
)


class Option(Protocol):
    """What a kind of channel says of one of its options (see :mod:`trailwarden.notify.options`)."""

    @property
    def type(self) -> str: ...
    @property
    def required(self) -> bool: ...
    @property
    def secret(self) -> bool: ...
    @property
    def choices(self) -> tuple[str, ...]: ...
    @property
    def least(self) -> int: ...
    @property
    def most(self) -> int: ...


def read_options(table: Table, options: Mapping[str, Option]) -> dict[str, OptionValue]:
    """The options that are given. Those that are not have no entry: defaults are the channel's."""
    table.require(*(name for name, option in options.items() if option.required))
    found: dict[str, OptionValue] = {}
    for name, option in options.items():
        value = _read(table, name, option)
        if value is not None:
            found[name] = value
    return found


def _read(table: Table, name: str, option: Option) -> OptionValue | None:
    if option.type == "integer":
        return table.integer(name, option.least, option.most)
    if option.type == "boolean":
        return table.flag(name)
    if option.type == "list":
        return _list(table, name, option)
    if option.type == "secret" or option.secret:
        return read_secret(table, name)
    return table.choice(name, option.choices) if option.choices else table.text(name)


def _list(table: Table, name: str, option: Option) -> tuple[str, ...] | None:
    found = _secrets(table, name) if option.secret else table.texts(name)
    if found is not None and not found and option.required and table.values[name] == []:
        table.error(name, "the array is empty", f'name at least one: {name} = ["…"]')
    return found


def _secrets(table: Table, name: str) -> tuple[str, ...] | None:
    items = table.items(name)
    if items is None:
        return None
    what = "what may be a secret"  # headers of webhooks, say, need not be
    found = [secret_at(table, path, value, what) for path, value in items]
    return tuple(secret.value for secret in found if secret is not None)


def read_secret(table: Table, key: str) -> Secret | None:
    """A secret: a text, ``{file = "…"}`` or ``{env = "NAME"}``."""
    value = table.get(key)
    return None if value is None else secret_at(table, (*table.path, key), value)


def secret_at(table: Table, path: KeyPath, value: object, what: str = "a secret") -> Secret | None:
    """The secret that ``value`` at ``path`` stands for; errors never quote it."""
    if isinstance(value, dict):
        text = _elsewhere(table, path, value)
    elif isinstance(value, str):
        if not has_variable(value):
            table.findings.note(
                path, "secret-in-clear", f"{what} stands here in clear", _CLEAR_CURE
            )
        text = table.expanded(path, value)
    else:
        table.wrong_type(path[-1], value, "a secret", "write it in quotes", path=path)
        return None
    return None if text is None else Secret(text)


def _elsewhere(table: Table, path: KeyPath, value: Mapping[str, object]) -> str | None:
    """What a file or a variable holds."""
    findings, surroundings = table.findings, table.surroundings
    unknown = [key for key in value if key not in ("file", "env")]
    for key in unknown:
        findings.error(
            (*path, key), f"there is no key {shown(key)} here", did_you_mean(key, ("file", "env"))
        )
    if unknown:
        return None
    [(key, where)] = value.items() if len(value) == 1 else [("", None)]
    if not isinstance(where, str) or not where:
        findings.error(
            path, "a secret comes from one place", 'write {file = "…"} or {env = "NAME"}'
        )
        return None
    try:
        if key == "env":
            text = expand(f"${{{where}}}", surroundings.environment)
        else:
            name = expand(where, surroundings.environment)
            text = read_secret_file(surroundings.folder / name)
    except ExpansionError as error:
        findings.error((*path, key), error.message, error.cure)
        return None
    if not text.strip():
        findings.error((*path, key), "the secret is empty", "put it there")
        return None
    return text
