"""The page in a browser: what a reader can see and do."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.report.conftest import OpenReport
from tests.report.outcomes import busy_outcome, empty_outcome, example_outcome
from tests.report.parts import START
from tests.report.test_html_data import huge_outcome

pytestmark = pytest.mark.browser

WIDE = {"viewport": {"width": 1280, "height": 900}}
NARROW = {"viewport": {"width": 400, "height": 800}}
STATUS = "#status"


def shown_alarms(page) -> list[str]:
    return page.locator("details.alarm:visible h3").all_inner_texts()


def shown_rows(page) -> list[str]:
    return page.locator("#timeline-rows .row-name .name").all_inner_texts()


def wait_for_status(page, start: str) -> None:
    page.locator(STATUS, has_text=re.compile(f"^{start}")).wait_for()


def focused(page) -> str:
    return page.evaluate("document.activeElement.innerText || document.activeElement.id")


def test_every_alarm_has_a_row_and_a_section(open_report: OpenReport) -> None:
    outcome = example_outcome()
    page = open_report(outcome, **WIDE)
    assert sorted(shown_rows(page)) == sorted(alarm.name for alarm in outcome.alarms)
    assert shown_alarms(page) == shown_rows(page)
    assert shown_alarms(page)[0] == "root-usage"
    assert page.locator(STATUS).inner_text() == "12 of 12 alarms, 6 of 6 incidents"
    assert page.locator("#summary").is_hidden()


def test_a_section_tells_all_about_its_alarm(open_report: OpenReport) -> None:
    page = open_report(example_outcome(), **WIDE)
    section = page.locator("details.alarm", has_text="root-usage").first
    text = section.inner_text()
    for part in (
        "Somebody made root-usage rise.",
        "Sum of SecurityMetrics/root-usage ≥ 1 in 5 min; missing data do not breach",
        '{ $.userIdentity.type = "Root" }',
        "4 matches, first 2024-03-04 09:01, last 2024-03-05 09:01 UTC",
        "7 changes of state",
        "Threshold Crossed: 1 datapoint [1.0 (04/03/24 08:57:00)]",
    ):
        assert part in text
    assert section.locator("tr.incident").count() == 3
    columns = section.locator("svg.chart .column.breach").get_attribute("d")
    assert columns.count("M") == 2  # two of the three are neighbours
    label = section.locator("svg.chart").get_attribute("aria-label")
    assert label.endswith("3 buckets of 5 min with data, 3 beyond the threshold.")
    records = section.locator("table.records tbody tr:visible")
    assert records.all_inner_texts()[0].split("\t")[:2] == [
        "2024-03-04 09:01:00",
        "ConsoleLogin signin",
    ]


def test_incidents_unfold_to_their_records(open_report: OpenReport) -> None:
    page = open_report(example_outcome(), **WIDE)
    section = page.locator("details.alarm").first
    assert section.locator("table.records").count() == 1  # that of the first incident
    second = section.get_by_role("button", name="2024-03-04 09:04:00")
    second.click()
    assert second.get_attribute("aria-expanded") == "true"
    names = section.locator("table.records").nth(1).locator(".event-name").all_inner_texts()
    assert names == ["ConsoleLogin", "CreateAccessKey", "AttachUserPolicy"]
    second.click()
    assert not section.locator("table.records").nth(1).is_visible()


def test_the_json_of_a_record_comes_on_demand_and_pretty(open_report: OpenReport) -> None:
    page = open_report(example_outcome(), **WIDE)
    assert page.locator("pre.json").count() == 0
    page.get_by_role("button", name="JSON of ConsoleLogin at 2024-03-04 09:01:00").first.click()
    shown = page.locator("pre.json").inner_text()
    assert shown.startswith(
        '{\n  "eventVersion": "1.08",\n  "userIdentity": {\n    "type": "Root",'
    )
    assert (
        page.locator("dl.record-facts").inner_text().count("AWSLogs/111122223333/CloudTrail") == 1
    )


def test_filter_by_alarm(open_report: OpenReport) -> None:
    page = open_report(example_outcome(), **WIDE)
    page.get_by_label("Alarm", exact=True).select_option(label="failed-logins")
    assert shown_alarms(page) == shown_rows(page) == ["failed-logins"]
    page.get_by_role("button", name="Clear").click()
    assert len(shown_alarms(page)) == 12


def test_only_fired(open_report: OpenReport) -> None:
    page = open_report(example_outcome(), **WIDE)
    page.get_by_label("Only fired").check()
    fired = ["root-usage", "unauthorized-calls", "security-group-changes", "account-takeover"]
    assert shown_alarms(page) == shown_rows(page) == fired


def test_a_principal_anywhere_leads_to_only_what_they_did(open_report: OpenReport) -> None:
    page = open_report(example_outcome(), **WIDE)
    page.locator(".filter").get_by_role("button", name="user/deploy").first.click()
    assert shown_alarms(page) == ["unauthorized-calls", "account-takeover", "failed-logins"]
    assert page.locator(STATUS).inner_text() == "3 of 12 alarms, 2 of 6 incidents"
    records = page.locator("details.alarm:visible table.records tbody tr:visible")
    assert records.count() == 8
    assert all("user/deploy" in text for text in records.all_inner_texts())
    facts = page.locator("#principals").inner_text()
    for part in ("What one principal did", "unauthorized-calls ×\xa012", "failed-logins ×\xa02"):
        assert part in facts
    assert "14 matches, 4 records of theirs in this page" in facts
    assert "192.0.2.33 ×\xa04" in facts
    page.get_by_role("button", name="Principal user/deploy: remove this filter").click()
    assert len(shown_alarms(page)) == 12
    assert "who is behind the matches" in page.locator("#principals").inner_text()


def test_search_finds_alarms_and_events(open_report: OpenReport) -> None:
    page = open_report(example_outcome(), **WIDE)
    page.keyboard.press("/")
    assert focused(page) == "search"
    page.keyboard.type("GETPASSWORD")
    wait_for_status(page, "2 of 12 alarms")
    assert shown_alarms(page) == ["unauthorized-calls", "account-takeover"]
    events = page.locator("details.alarm:visible table.records .event-name").all_inner_texts()
    assert set(events) == {"GetPasswordData"}
    page.locator("#search").fill("stoplogging")  # stands in a pattern
    wait_for_status(page, "1 of 12 alarms")
    assert shown_alarms(page) == ["cloudtrail-changes"]
    page.keyboard.press("Escape")
    assert len(shown_alarms(page)) == 12
    assert page.locator("#search").input_value() == ""


def test_the_timeline_by_keyboard(open_report: OpenReport) -> None:
    page = open_report(example_outcome(), **WIDE)
    page.locator("#timeline-rows button").first.focus()
    page.keyboard.press("ArrowDown")
    assert focused(page).startswith("unauthorized-calls")
    page.keyboard.press("End")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Home")
    assert focused(page).startswith("root-usage")
    assert page.locator("#timeline-rows button[tabindex='0']").count() == 1

    page.keyboard.press("ArrowRight")
    assert "2 incidents in 1 h 8 min" in page.locator("#tip").inner_text()
    page.keyboard.press("ArrowRight")
    spoken = page.locator("#announcer").text_content()
    assert spoken == "root-usage. 2024-03-05 09:02:00 UTC, in ALARM for 5 min. 1 match. Root · 1"
    page.keyboard.press("Escape")
    assert page.locator("#tip").is_hidden()
    page.keyboard.press("Enter")
    row = page.locator("details.alarm tr.flash")
    assert row.get_attribute("data-time") == "1709629320"
    assert page.evaluate("document.activeElement.closest('tr') !== null")


def test_zoom_by_keyboard_buttons_and_dragging(open_report: OpenReport) -> None:
    page = open_report(example_outcome(), **WIDE)
    shown = page.locator("#timeline-range")
    whole = shown.inner_text()
    assert whole == "2024-03-04 08:00 to 2024-03-06 11:17 UTC · 2 d 3 h"
    page.locator("#timeline-rows button").first.focus()
    page.keyboard.press("+")
    assert shown.inner_text().endswith("1 d 1 h of 2 d 3 h")
    page.keyboard.press("0")
    assert shown.inner_text() == whole
    page.get_by_role("button", name="Zoom to the incidents").click()
    assert shown.inner_text().startswith("2024-03-04 08:")
    page.get_by_role("button", name="Show the whole span").click()

    box = page.locator("svg.plot").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 40, steps=4)
    assert page.locator("#timeline-brush").is_visible()
    page.mouse.up()
    assert page.locator("#timeline-brush").is_hidden()
    assert shown.inner_text().startswith("2024-03-04 20:49 to 2024-03-05 09:3")
    ticks = page.locator("#timeline-axis text").all_text_contents()
    assert "22:00" in ticks
    assert "5 Mar" in ticks


def test_the_timeline_under_the_pointer(open_report: OpenReport) -> None:
    page = open_report(example_outcome(), **WIDE)
    mark = page.locator("circle.mark").nth(1)  # of unauthorized-calls
    mark.hover()
    tip = page.locator("#tip").inner_text()
    assert tip.split("\n") == [
        *("unauthorized-calls", "2024-03-04 10:01:00 UTC, in ALARM for 7 min"),
        *("4 matches", "user/deploy · 4"),
    ]
    box = mark.bounding_box()
    page.mouse.click(box["x"] + 5, box["y"] + 5)
    assert page.locator("tr.flash").get_attribute("data-time") == "1709546460"


def test_tab_reaches_everything_in_reading_order_and_shows_where(open_report: OpenReport) -> None:
    page = open_report(example_outcome(), **WIDE)
    stops = []
    for _ in range(12):
        page.keyboard.press("Tab")
        stops.append(focused(page).split("\n")[0])
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", stops
    assert stops[:3] == ["Skip to the findings", "Dark theme", "4 inputs could not be used"]
    assert stops[3] == "search"
    assert stops[6:10] == ["−", "+", "Fit incidents", "Whole span"]
    assert stops[10].startswith("root-usage")
    assert stops[11] == "user/deploy"


ACCESSIBILITY = """() => {
  const faults = [];
  const named = (e) => e.getAttribute("aria-label") || e.innerText.trim() || e.title;
  for (const e of document.querySelectorAll("button, a, summary")) {
    if (e.checkVisibility() && !named(e)) faults.push("no name: " + e.outerHTML.slice(0, 80));
  }
  for (const e of document.querySelectorAll("input, select")) {
    if (!e.labels.length && !e.getAttribute("aria-label")) faults.push("no label: " + e.id);
  }
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  if (new Set(ids).size !== ids.length) faults.push("an id twice");
  let level = 0;
  for (const e of document.querySelectorAll("h1, h2, h3, h4")) {
    if (!e.checkVisibility()) continue;
    const next = Number(e.tagName[1]);
    if (next > level + 1) faults.push(`h${level}, then h${next}: ${e.innerText}`);
    level = next;
  }
  for (const e of document.querySelectorAll("th")) if (!e.scope) faults.push("a th lacks scope");
  for (const e of document.querySelectorAll("details details")) faults.push("details in details");
  return faults;
}"""


@pytest.mark.parametrize("build", [example_outcome, empty_outcome])
def test_names_labels_and_headings(open_report: OpenReport, build) -> None:
    page = open_report(build(), **WIDE)
    assert page.evaluate(ACCESSIBILITY) == []
    chosen = page.locator(".ranking .principal")
    if chosen.count():
        chosen.first.click()
        assert page.evaluate(ACCESSIBILITY) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_themes_follow_the_system_until_told_otherwise(
    open_report: OpenReport, scheme: str
) -> None:
    page = open_report(example_outcome(), color_scheme=scheme)
    background = "getComputedStyle(document.body).backgroundColor"
    light, dark = "rgb(246, 245, 242)", "rgb(16, 19, 24)"
    own, other = (light, dark) if scheme == "light" else (dark, light)
    assert page.evaluate(background) == own
    page.locator("#theme").click()
    assert page.evaluate(background) == other
    page.locator("#theme").click()
    assert page.evaluate(background) == own


@pytest.mark.parametrize("build", [example_outcome, empty_outcome, busy_outcome])
def test_a_narrow_window_never_scrolls_sideways(open_report: OpenReport, build) -> None:
    page = open_report(build(), **NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") == 400
    if page.locator(".ranking .principal").count():
        page.get_by_role("button", name="JSON of").first.click()
        page.locator(".ranking .principal").first.click()
        assert page.evaluate("document.documentElement.scrollWidth") == 400


def test_an_empty_outcome_is_calm(open_report: OpenReport) -> None:
    page = open_report(empty_outcome(), **WIDE)
    assert page.locator("h1").inner_text() == "There were no records to judge"
    assert page.locator("#timeline").is_hidden()
    assert page.locator("#principals").is_hidden()
    assert shown_alarms(page) == ["root-usage"]


def test_a_busy_outcome_pages_its_tables(open_report: OpenReport) -> None:
    page = open_report(busy_outcome(), **WIDE)
    section = page.locator("details.alarm").first
    assert "600 changes of state" in section.inner_text()
    assert section.locator("table.transitions > tbody > tr:not(.detail)").count() == 25
    section.get_by_role("button", name="Show more: 575 changes are left").click()
    assert section.locator("table.transitions > tbody > tr:not(.detail)").count() == 50
    sample = "5 of the 400 matching records are in this page."
    assert section.locator("tr.detail", has_text=sample).count() == 1
    # an incident far down the table is reached all the same
    page.locator("#timeline-rows button").first.focus()
    for _ in range(5):  # each Enter zooms into a cluster, until one incident is left
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Enter")
        if page.locator("tr.flash").count():
            break
    rows = section.locator("table.transitions > tbody > tr:not(.detail)")
    assert rows.count() == 600 - 1
    assert "flash" in rows.last.get_attribute("class")


def test_a_huge_outcome_opens_lazily_and_says_what_is_left_out(open_report: OpenReport) -> None:
    page = open_report(huge_outcome(alarms=120, incidents=200), **WIDE)
    assert page.evaluate("document.querySelectorAll('*').length") < 15_000
    assert len(shown_alarms(page)) == 120
    last = page.locator("details.alarm").last
    assert last.locator(".alarm-body *").count() == 0
    last.locator("summary").click()
    assert "400 changes of state; the first 166 are here" in last.inner_text()
    page.locator("#search").fill("user/77")
    wait_for_status(page, "120 of 120 alarms, 120 of 24,000 incidents, 9,960 of which")


def test_without_script_the_table_stands(open_report: OpenReport) -> None:
    page = open_report(example_outcome(), java_script_enabled=False, **WIDE)
    assert page.locator("table.summary tbody tr").count() == 12
    assert page.locator("#toolbar").is_hidden()
    for name in ("timeline", "principals"):
        assert page.locator(f"#{name}").is_hidden()


def test_printing_opens_what_fired_and_drops_the_controls(open_report: OpenReport) -> None:
    page = open_report(example_outcome(), **WIDE)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = false })")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details.alarm[open]").count() == 4
    assert page.locator("#toolbar").is_hidden()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"


def test_search_narrows_principals_and_counts(open_report: OpenReport) -> None:
    page = open_report(example_outcome(), **WIDE)
    everyone = page.locator("#principals .principal-name").all_inner_texts()
    assert len(everyone) > 2
    fired = page.locator("details.alarm:visible .fired-tally")
    assert fired.all_inner_texts()[:3] == ["fired 3 times", "fired once", "fired once"]
    page.locator("#search").fill("ConsoleLogin")
    wait_for_status(page, "2 of 12 alarms, 3 of 6 incidents")
    assert "who is behind what was found" in page.locator("#principals").inner_text()
    assert page.locator("#principals .principal-name").all_inner_texts() == ["Root"]
    rows = dict(zip(shown_rows(page), shown_counts(page), strict=True))
    assert rows["root-usage"] == "2"
    assert fired.all_inner_texts()[0] == "fired 2 of 3 times"
    found = page.locator("details.alarm:visible .matches-tally")
    assert found.all_inner_texts() == ["1 found", "composite"]
    page.locator("#search").fill("user/deploy")
    page.locator("#principals .principal-name", has_text="user/deploy").wait_for()
    page.locator("#search").fill("nobody-is-called-so")
    wait_for_status(page, "0 of 12 alarms")
    assert "Nobody here." in page.locator("#principals").inner_text()
    page.keyboard.press("Escape")
    assert page.locator("#principals .principal-name").all_inner_texts() == everyone
    assert fired.all_inner_texts()[0] == "fired 3 times"


def shown_counts(page) -> list[str]:
    return page.locator("#timeline-rows .row-count").all_inner_texts()


def test_an_alarm_leaves_only_its_principals(open_report: OpenReport) -> None:
    page = open_report(example_outcome(), **WIDE)
    page.get_by_label("Alarm", exact=True).select_option(label="failed-logins")
    names = page.locator("#principals .principal-name").all_inner_texts()
    assert names
    assert "Root" not in names


def test_screen_readers_hear_how_often_an_alarm_fired(open_report: OpenReport) -> None:
    page = open_report(example_outcome(), **WIDE)
    rows = page.locator("#timeline-rows .visually-hidden").all_text_contents()
    assert "unauthorized-calls, fired once" in rows
    assert "root-usage, fired 3 times" in rows
    assert "failed-logins, quiet" in rows


def test_rows_of_long_names_can_be_told_apart(open_report: OpenReport) -> None:
    outcome = example_outcome()
    beginning = "Warning-security-of-the-company-cloudtrail-"
    alarms = tuple(
        replace(one, alarm=replace(one.alarm, alarm_name=beginning + one.name))
        for one in outcome.alarms
    )
    page = open_report(replace(outcome, alarms=alarms), **WIDE)
    assert len(set(shown_rows(page))) == len(alarms)
    assert "…root-usage" in shown_rows(page)
    name = page.locator("#timeline-rows .row-name .name").first
    assert name.get_attribute("title") == beginning + "root-usage"
    cut = "e => e.scrollWidth > e.clientWidth"
    assert not any(
        page.locator("#timeline-rows .row-name .name").nth(at).evaluate(cut)
        for at in range(len(alarms))
    )


def test_the_timeline_opens_on_incidents_that_fill_little_of_the_span(
    open_report: OpenReport,
) -> None:
    outcome = example_outcome()
    read = replace(outcome.input, last_event=START + timedelta(days=90))
    page = open_report(replace(outcome, input=read), **WIDE)
    shown = page.locator("#timeline-range")
    assert shown.inner_text().startswith("2024-03-04 0")
    assert shown.inner_text().endswith(" of 90 d")
    page.get_by_role("button", name="Show the whole span").click()
    assert shown.inner_text().endswith("UTC · 90 d")
