"""The page's script: its modules, which are plain ES modules, as one text without imports.

A page that is one file has nothing to import from. Each module becomes a function of its own, so
that its private names stay private, and hands out what it exports.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./(\w+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|function) (\w+))", re.MULTILINE)


def asset(name: str) -> str:
    """The text of a file in html_assets/."""
    return (files("trailwarden.report") / "html_assets" / name).read_text("utf-8")


@cache
def script() -> str:
    """The script that starts the page. It is ASCII."""
    parts = ["const modules = {};"]
    _add("main", parts, set())
    return "\n".join(parts).encode("ascii", "backslashreplace").decode("ascii")


def _add(name: str, parts: list[str], added: set[str]) -> None:
    """Add a module to ``parts``, behind those that it imports."""
    if name in added:
        return
    added.add(name)
    text = asset(f"{name}.js")
    for imported in _IMPORT.finditer(text):
        _add(imported[2], parts, added)
    exports = ", ".join(found[1] for found in _EXPORT.finditer(text))
    body = _EXPORT.sub("", _IMPORT.sub(r"const \1 = modules.\2;", text))
    parts.append(f"modules.{name} = (() => {{\n{body}return {{ {exports} }};\n}})();")
