"""What AWS asks for each thing: the dated list of prices, and files that override it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources
from math import isfinite
from pathlib import Path

from trailwarden.errors import DefinitionError, UsageError
from trailwarden.stack.nodes import Document, Entries, Mark, Node, Scalar
from trailwarden.stack.plain import plain
from trailwarden.text import nearest, visible

_MOST = 1e15  # of any number: sums stay finite


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for ``per`` units; ``free`` units a month cost nothing."""

    price: float
    per: float = 1
    free: float = 0


@dataclass(frozen=True, slots=True)
class PriceList:
    """Prices by key (those of ``prices.yaml``), valid on a day (``as_of``) in one AWS region."""

    as_of: str
    region: str
    prices: Mapping[str, Price]
    source: str


def list_prices() -> PriceList:
    """The prices that come with Trailwarden."""
    name = "prices.yaml"
    text = resources.files(__package__).joinpath(name).read_text("utf-8")
    return _overridden(PriceList("", "", {}, "list prices"), text, name, is_whole=True)


def prices_from(path: Path) -> PriceList:
    """The list prices, with what a file of the same form says instead.

    Raises :class:`~trailwarden.errors.UsageError` for a file that cannot be opened and
    :class:`~trailwarden.errors.DefinitionError`, with its place, for what cannot be used.
    """
    from trailwarden.stack.source import read_file  # noqa: PLC0415 - most runs need none

    base = replace(list_prices(), source=str(path))
    try:
        text = read_file(path)
    except (UsageError, DefinitionError) as error:
        message = error.message.replace("the template", "the price list", 1)
        raise type(error)(message, location=error.location, cure=error.cure) from None
    return _overridden(base, text, str(path))


def _overridden(base: PriceList, text: str, source: str, *, is_whole: bool = False) -> PriceList:
    reader = _Reader(_document(text, source))
    top = reader.entries(reader.document.root, "", ("as-of", "region", "prices"))
    listed = top.get("prices")
    given = {}
    if listed is not None:
        known = None if is_whole else tuple(base.prices)
        entries = reader.entries(listed, "prices", known)
        for key, entry in entries.entries.items():
            given[key] = reader.price(entry.value, f"prices.{key}", base.prices.get(key))
    return replace(
        base,
        as_of=reader.text(top.get("as-of"), "as-of", base.as_of),
        region=reader.text(top.get("region"), "region", base.region),
        prices={**base.prices, **given},
    )


def _document(text: str, source: str) -> Document:
    from trailwarden.stack.yaml_reader import read_yaml  # noqa: PLC0415 - start-up stays light

    try:
        return read_yaml(text, source)
    except DefinitionError as error:
        if error.location is None or error.location.line is None:  # it is empty: no template's cure
            raise DefinitionError(error.message, location=error.location, cure=_FORM) from None
        raise


@dataclass(frozen=True, slots=True)
class _Reader:
    document: Document

    def entries(self, node: Node, key: str, known: tuple[str, ...] | None) -> Entries:
        if not isinstance(node, Entries):
            raise self._error(node.mark, key, "an object is needed", _FORM)
        for name, entry in node.entries.items():
            if known is not None and name not in known:
                raise self._unknown(name, entry.key_mark, key, known)
        return node

    def price(self, node: Node, key: str, base: Price | None) -> Price:
        fields = self.entries(node, key, ("price", "per", "free"))
        values = {
            name: self._number(entry.value, f"{key}.{name}")
            for name, entry in fields.entries.items()
        }
        if base is None and "price" not in values:
            raise self._error(node.mark, key, "price is missing", _FORM)
        if values.get("per") == 0:
            raise self._error(node.mark, f"{key}.per", "per must not be 0", "give 1, say")
        return replace(base or Price(0), **values)

    def text(self, node: Node | None, key: str, default: str) -> str:
        if node is None:
            return default
        if not isinstance(node, Scalar) or not node.text or len(node.text) > 60:
            raise self._error(node.mark, key, "a short text is needed", 'write it in quotes: "…"')
        return node.text

    def _number(self, node: Node, key: str) -> float:
        value = plain(node)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._error(node.mark, key, "a number is needed", "write it as 0.5")
        # A whole number may have too many digits for any float: compare before converting.
        if not 0 <= value <= _MOST or not isfinite(value):
            raise self._error(node.mark, key, "the number is out of range", "give 0 to 1e15")
        return float(value)

    def _unknown(self, name: str, mark: Mark, key: str, known: tuple[str, ...]) -> DefinitionError:
        close = nearest(name, known)
        shown = visible(name, 60)
        cure = f"did you mean {close[0]}?" if close else f"known: {', '.join(known)}"
        return self._error(mark, key, f"there is no key {shown!r}", cure)

    def _error(self, mark: Mark, key: str, message: str, cure: str) -> DefinitionError:
        return self.document.error(mark, visible(key, 120), message, cure)


_FORM = "write it as prices: {log-storage: {price: 0.03, per: 1, free: 5}}"
