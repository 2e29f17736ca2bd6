"""Hostile strings in a browser: they stay text, wherever a reader goes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.report.conftest import OpenReport
from tests.report.outcomes import HOSTILE, Outcome, hostile_outcome
from tests.report.parts import alarm_outcome, change, event, metric_alarm
from tests.report.rendering import rendered

pytestmark = pytest.mark.browser

ATTACKS = [
    "</script><script>window.__pwned = 1; alert(1)</script>",
    "<img src=x onerror='window.__pwned=1'><svg onload=alert(1)>",
    '"><iframe srcdoc="<script>parent.__pwned=1</script>">',
    "' onmouseover='window.__pwned=1' onfocus=alert(1) autofocus x='",
    '"}]};window.__pwned=1;//',
    "--></style></title></textarea><script>window.__pwned=1</script><!--",
    "javascript:window.__pwned=1//",
    "\u2028window.__pwned=1\u2029",
    "${window.__pwned=1}{{constructor.constructor('window.__pwned=1')()}}",
    "&lt;script&gt;window.__pwned=1&lt;/script&gt;&#60;img&#62;",
    "</script \n><!--<script>",
    "__proto__",
]
# What the page's own script never builds.
ODD = "iframe, img, object, embed, base, form, link[rel=stylesheet], [onload], [onerror]"


def attacked(text: str) -> Outcome:
    """An outcome whose every string is ``text``."""
    one = replace(
        event(5, text, text, kind=text, source=text, ip=text, error=text),
        event_id=text,
        account=text,
        region=text,
        user_agent=text,
        source=text,
        raw=f'{{"{text}": "{text}"}}{text}',
    )
    alarm = replace(metric_alarm(text, text), alarm_description=text)
    outcome = hostile_outcome()
    first = outcome.filters[0]
    named = replace(first.filter, filter_name=text, filter_pattern=text)
    principals = tuple(replace(p, principal=text) for p in first.principals[:1])
    problem = replace(outcome.input.problems[0], code=text, message=text, cure=text, source=text)
    return replace(
        outcome,
        stack=replace(outcome.stack, name=text, source=text),
        input=replace(outcome.input, sources=(text,), problems=(problem,), skipped={text: 1}),
        filters=(replace(first, filter=named, principals=principals),),
        alarms=(alarm_outcome(alarm, (change(6, "OK", "ALARM", [one], reason=text),), [text]),),
    )


def go_everywhere(page) -> None:
    """Opens all that opens and points at all that answers."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    page.locator("details.alarm table.records").last.wait_for()
    click = "(buttons) => buttons.slice(0, 40).forEach((button) => button.click())"
    page.locator(".unfold[aria-expanded=false]").evaluate_all(click)
    page.locator("table.records .act button").evaluate_all(click)
    page.locator(".plot .mark").first.hover()
    page.locator("#timeline-rows button").first.focus()
    page.keyboard.press("ArrowRight")
    page.locator(".ranking .principal").first.click()
    page.locator("#principals table.records .act button").first.click()


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_in_every_string(open_report: OpenReport, attack: str) -> None:
    page = open_report(attacked(attack))
    scripts = page.locator("script").count()
    go_everywhere(page)
    assert page.evaluate("window.__pwned") is None
    assert page.evaluate("({}).polluted") is None
    assert page.locator("script").count() == scripts == 2
    assert page.locator(ODD).count() == 0
    visible = attack.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\n", "\\n")
    assert page.locator("#alarms h3").first.text_content() == visible
    raw = page.locator("#principals pre.json").text_content()
    tail = visible.replace("\\n", "")  # outside a string it is white space
    assert squeezed(f'{{"{visible}": "{visible}"}}{tail}') == squeezed(raw)


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_every_known_attack_at_once(open_report: OpenReport) -> None:
    page = open_report(hostile_outcome(), viewport={"width": 400, "height": 800})
    go_everywhere(page)
    assert page.evaluate("window.__pwned") is None
    assert page.locator("script").count() == 2
    assert page.locator(ODD).count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") == 400
    text = page.locator("body").inner_text()
    assert "user/\\u202egnp.exe\\u2066\\u200b\\ufeff" in text
    assert not [c for c in HOSTILE["bidi"] + "\x1b\x00\x07" if not c.isprintable() and c in text]


def test_the_policy_stops_markup_that_got_in(open_report: OpenReport, tmp_path) -> None:
    """A second wall: were a string to become markup, the browser would not run it."""
    page = open_report(attacked("harmless"))
    source = rendered(attacked("harmless"), "html")
    broken = source.replace(
        "<footer>",
        "<script>window.__pwned=1</script><img src=x onerror='window.__pwned=1'>"
        "<style>body{display:none}</style><footer>",
    )
    path = tmp_path / "broken.html"
    path.write_text(broken, encoding="ascii")
    other = page.context.new_page()  # whose complaints are expected
    other.goto(path.as_uri())
    assert other.evaluate("window.__pwned") is None
    assert other.locator("h1").is_visible()
    with pytest.raises(Exception, match="TrustedHTML"):
        other.evaluate("document.body.innerHTML = '<b>x</b>'")


def test_numbers_keep_their_digits_and_broken_json_its_text(open_report: OpenReport) -> None:
    outcome = attacked("x")
    alarm = outcome.alarms[0]
    raws = [
        '{"big":12345678901234567890,"e":1e999,"list":[1,[],{}],"cut":"ab',
        "not json at all",
        "[" * 5000,
        '{"escape":"\\" \\\\","ctrl":"\u202e\x1b"}',
    ]
    events = [
        replace(alarm.transitions[0].events[0], event_id=str(i), raw=raw)
        for i, raw in enumerate(raws)
    ]
    run = alarm_outcome(alarm.alarm, (change(6, "OK", "ALARM", events),), ["x"])
    page = open_report(replace(outcome, alarms=(run,)))
    for button in page.locator("details.alarm table.records .act button").all():
        button.click()
    shown = page.locator("details.alarm pre.json").all_inner_texts()
    assert shown[0].split("\n") == [
        *("{", '  "big": 12345678901234567890,', '  "e": 1e999,', '  "list": [', "    1,"),
        *("    [],", "    {}", "  ],", '  "cut": "ab'),
    ]
    assert shown[1].split() == ["notjsonatall"]
    assert len(shown[2]) < 400_000
    assert '"\\" \\\\"' in shown[3]
    assert "\\u202e\\x1b" in shown[3]
