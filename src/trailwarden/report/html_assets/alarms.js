// One section per alarm. Its body is built when it is first opened.

import { alarmPasses, isNarrowed, matchesOf, transitionPasses } from "./query.js";
import { firedText, matchesText } from "./query.js";
import { byId, el, replace } from "./dom.js";
import { chartOf } from "./chart.js";
import { count, minuteStamp, stateName } from "./words.js";
import { data, isFilter, isZoom, NO_FILTER, update, view, watch } from "./store.js";
import { principalList } from "./principal.js";
import { transitionsTable } from "./transitions.js";

const OPEN_AT_FIRST = 6; // so many alarms that fired are open when the page opens
const MOST_PRINTED = 40;
const MOST_PRINCIPALS = 12;

const sections = new Map(); // alarm -> {element, body, chart}

export function mountAlarms() {
  const root = byId("alarms");
  if (data.alarms.length === 0) {
    root.hidden = true;
    return;
  }
  for (const alarm of data.alarms) sections.set(alarm, sectionOf(alarm));
  replace(
    root,
    el("div", { class: "section-head" }, el("h2", {}, "Alarms")),
    el("div", { class: "alarm-list" }, [...sections.values()].map(({ element }) => element)),
    el("p", { class: "none", id: "alarms-none", hidden: true }, "No alarm passes the filters."),
  );
  for (const alarm of data.alarms.filter((a) => a.fired).slice(0, OPEN_AT_FIRST)) {
    sections.get(alarm).element.open = true;
  }
  watch((changed) => {
    if (isFilter(changed)) filter();
    if (isZoom(changed)) drawCharts();
  });
  new ResizeObserver(drawCharts).observe(root);
  window.addEventListener("beforeprint", openForPrint);
}

function sectionOf(alarm) {
  const body = el("div", { class: "alarm-body" });
  const element = el(
    "details",
    {
      class: alarm.fired ? "alarm fired" : "alarm",
      on: { toggle: () => element.open && build(alarm) },
    },
    summaryOf(alarm),
    body,
  );
  return { element, body, chart: null, built: false };
}

function summaryOf(alarm) {
  return el(
    "summary",
    {},
    el("h3", {}, alarm.name),
    el("span", { class: "tally fired-tally" }, firedText(alarm)),
    el("span", { class: "tally muted matches-tally" }, matchesText(alarm)),
    el("span", { class: `state ${alarm.state}` }, stateName(alarm.state)),
  );
}

function build(alarm, chosen = null) {
  const section = sections.get(alarm);
  if (section.built && chosen === null) return;
  section.built = true;
  section.chart = alarm.series.length > 0 ? chartOf(alarm) : null;
  replace(
    section.body,
    alarm.description && el("p", { class: "description" }, alarm.description),
    el("p", { class: "definition" }, alarm.definition),
    alarm.filters.map((i) => filterOf(data.filters[i])),
    section.chart?.element,
    transitionsTable(alarm, chosen),
  );
  section.chart?.draw();
}

function filterOf(filter) {
  const left = filter.principals.length - MOST_PRINCIPALS;
  const seen =
    filter.first !== null &&
    `, first ${minuteStamp(filter.first)}, last ${minuteStamp(filter.last)} UTC`;
  return el(
    "div",
    { class: "filter" },
    el(
      "p",
      {},
      el("span", { class: "muted" }, "Metric filter "),
      el("strong", {}, filter.name),
      el("span", { class: "muted" }, `: ${count(filter.matches, "match", "matches")}`, seen),
    ),
    el("code", { class: "pattern" }, filter.pattern),
    filter.principals.length > 0 &&
      el(
        "p",
        { class: "who" },
        principalList(filter.principals.slice(0, MOST_PRINCIPALS), Math.max(0, left) + filter.more),
      ),
  );
}

function filter() {
  let shown = 0;
  for (const [alarm, section] of sections) {
    const passes = alarmPasses(alarm);
    section.element.hidden = !passes;
    shown += Number(passes);
    section.built = false;
    if (!passes) continue;
    replace(section.element.querySelector(".fired-tally"), firedText(alarm));
    replace(section.element.querySelector(".matches-tally"), matchesText(alarm));
    if (view.alarm !== null || (isNarrowed() && shown <= OPEN_AT_FIRST && hasHit(alarm))) {
      section.element.open = true;
    }
    if (section.element.open) build(alarm);
  }
  byId("alarms-none").hidden = shown > 0;
}

function hasHit(alarm) {
  if (view.principal !== null && matchesOf(alarm, view.principal) > 0) return true;
  return alarm.transitions.some((transition) => transitionPasses(alarm, transition));
}

function drawCharts() {
  for (const { element, chart } of sections.values()) if (element.open) chart?.draw();
}

// Shows an alarm's section and moves the focus to it.
export function openAlarm(alarm) {
  const { element } = sections.get(alarm);
  if (element.hidden) update(NO_FILTER);
  element.open = true;
  build(alarm);
  const summary = element.querySelector("summary");
  element.scrollIntoView({ block: "start" });
  summary.focus({ preventScroll: true });
}

// Shows the incident of an alarm that began at a time.
export function openIncident(alarm, time) {
  const { element, body } = sections.get(alarm);
  if (element.hidden) update(NO_FILTER);
  build(alarm, time);
  element.open = true;
  const row = body.querySelector(`tr[data-time="${Number(time)}"]`);
  if (!row) {
    openAlarm(alarm);
    return;
  }
  row.classList.add("flash");
  row.scrollIntoView({ block: "center" });
  row.querySelector("button")?.focus({ preventScroll: true });
}

function openForPrint() {
  const fired = data.alarms.filter((alarm) => alarm.fired && !sections.get(alarm).element.hidden);
  for (const alarm of fired.slice(0, MOST_PRINTED)) {
    sections.get(alarm).element.open = true;
    build(alarm);
  }
}
