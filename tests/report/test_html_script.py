"""The page's script and style, read as text."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from trailwarden.report.html_script import asset, script

MODULES = sorted(
    entry.name.removesuffix(".js")
    for entry in (files("trailwarden.report") / "html_assets").iterdir()
    if entry.name.endswith(".js")
)
IMPORT = re.compile(r'^import \{ ([^}]*) \} from "\./(\w+)\.js";$', re.MULTILINE)
# What could turn a string into markup, code or a request.
FORBIDDEN = (
    *("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "srcdoc"),
    *("createContextualFragment", "eval(", "new Function", "javascript:", "fetch(", "import("),
    *("XMLHttpRequest", "WebSocket", "EventSource", "sendBeacon", "new Image", "window.open"),
    *("location.href", 'setTimeout("', "setTimeout('"),
)
# Foreground and background pairs that carry text (4.5 to 1) or shapes (3 to 1).
TEXT = [
    *(("ink", "page"), ("ink", "panel"), ("ink", "sunken"), ("muted", "page"), ("muted", "panel")),
    *(("muted", "sunken"), ("accent", "page"), ("accent", "panel"), ("accent", "sunken")),
    *(("accent", "accent-soft"), ("muted", "accent-soft"), ("ink", "accent-soft")),
    *(("alarm-ink", "panel"), ("alarm-ink", "sunken"), ("on-alarm", "alarm"), ("page", "ink")),
]
SHAPES = [("alarm", "panel"), ("column", "panel"), ("control", "panel"), ("control", "page")]


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_used_and_imports_what_exists(name: str) -> None:
    assert f"modules.{name} = (() => {{" in script()
    for names, source in IMPORT.findall(asset(f"{name}.js")):
        exported = re.findall(r"^export (?:const|function) (\w+)", asset(f"{source}.js"), re.M)
        wanted = [one.strip() for one in names.split(",") if one.strip()]
        assert set(wanted) <= set(exported)
        for one in wanted:
            assert len(re.findall(rf"\b{one}\b", asset(f"{name}.js"))) > 1, f"{one} is unused"


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_short_and_has_no_way_from_text_to_markup(name: str) -> None:
    text = asset(f"{name}.js")
    assert text.count("\n") < 200
    assert max(map(len, text.splitlines())) <= 100
    assert [word for word in FORBIDDEN if word in text] == []


def test_the_script_has_no_module_syntax_left() -> None:
    assert not re.search(r"^(import|export)\b", script(), re.MULTILINE)
    assert "</script" not in script()
    assert "<!--" not in script()
    assert script().isascii()
    assert asset("report.css").isascii()


def colours() -> dict[str, tuple[str, str]]:
    found = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);", asset("report.css"))
    return {name: (light, dark) for name, light, dark in found}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("front", "back", "least"),
    [(*pair, 4.5) for pair in TEXT] + [(*pair, 3.0) for pair in SHAPES],
)
def test_contrast(front: str, back: str, least: float, theme: int) -> None:
    assert contrast(colours()[front][theme], colours()[back][theme]) >= least


def test_alarms_differ_from_other_shapes_for_every_eye() -> None:
    """Red against the accent and the columns: told apart by lightness or, if not, by blue."""
    for theme in (0, 1):
        red = colours()["alarm"][theme]
        for other in ("accent", "column"):
            blue = int(colours()[other][theme][5:], 16) - int(red[5:], 16)
            assert blue > 40
