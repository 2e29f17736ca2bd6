// All alarms over the scanned span, one row each.

import { axisOf, drawRow, incidentsIn } from "./timeline_row.js";
import { byId, el, replace, svg } from "./dom.js";
import { data, isFilter, isZoom, view, watch, zoomBy, zoomTo } from "./store.js";
import { alarmPasses, firedText, incidentsShown } from "./query.js";
import { followKeys } from "./timeline_keys.js";
import { followPointer } from "./timeline_pointer.js";
import { minuteStamp, span } from "./words.js";
import { openAlarm } from "./alarms.js";

const SMALL_PART = 0.1; // of the span: incidents that fill less are what the page opens on
const WIDEST_START = 0.02; // of a range, left free around what "Fit incidents" shows
const LEAST_FREE = 600; // seconds

// What keyboard and pointer share: the rows on the screen, in order.
export const timeline = { rows: [], width: 0 };

export function mountTimeline() {
  const root = byId("timeline");
  if (data.alarms.length === 0 || data.to <= data.from) {
    root.hidden = true;
    return;
  }
  replace(root, heading(), body());
  draw();
  followPointer(byId("timeline-body"), timeline);
  followKeys(byId("timeline-rows"), timeline);
  watch((changed) => {
    if (isFilter(changed)) draw();
    else if (isZoom(changed)) redraw();
  });
  new ResizeObserver(() => {
    if (byId("timeline-axis").clientWidth !== timeline.width) redraw();
  }).observe(byId("timeline-axis"));
  openOnIncidents();
}

function heading() {
  const button = (label, name, act) =>
    el("button", { type: "button", class: "quiet", "aria-label": name, on: { click: act } }, label);
  return el(
    "div",
    { class: "section-head" },
    el("h2", { id: "timeline-title" }, "Timeline"),
    el("p", { class: "range", id: "timeline-range" }),
    el(
      "div",
      { class: "zoom", role: "group", "aria-label": "Zoom" },
      button("−", "Zoom out", () => zoomBy(2)),
      button("+", "Zoom in", () => zoomBy(0.5)),
      button("Fit incidents", "Zoom to the incidents", fitIncidents),
      button("Whole span", "Show the whole span", () => zoomTo(data.from, data.to)),
    ),
  );
}

function body() {
  return el(
    "div",
    { class: "timeline-body", id: "timeline-body" },
    el("div", { class: "timeline-axis", id: "timeline-axis" }),
    el("div", {
      id: "timeline-rows",
      role: "group",
      "aria-label":
        "Alarms over time. Up and down move between alarms, left and right between incidents, " +
        "Enter opens, plus and minus zoom.",
    }),
    el("div", { class: "brush", id: "timeline-brush", hidden: true }),
  );
}

function draw() {
  const alarms = data.alarms.filter(alarmPasses);
  timeline.rows = alarms.map((alarm, position) => rowOf(alarm, position === 0));
  const rows = timeline.rows.map((row) => row.element);
  replace(byId("timeline-rows"), rows.length ? rows : el("p", { class: "none" }, "No alarm here."));
  redraw();
}

function rowOf(alarm, isFirst) {
  const plot = svg("svg", { class: "plot", "aria-hidden": "true", focusable: "false" });
  const button = el(
    "button",
    {
      type: "button",
      class: alarm.fired ? "row-name fired" : "row-name",
      tabindex: isFirst ? "0" : "-1",
      on: { click: () => openAlarm(alarm) },
    },
    el("span", { class: "name", "aria-hidden": "true", title: alarm.name }, alarm.short),
    el("span", { class: "visually-hidden" }, `${alarm.name}, ${firedText(alarm)}`),
  );
  const shown = incidentsShown(alarm);
  const fired = el("span", { class: "row-count", "aria-hidden": "true" }, shown || "");
  const element = el("div", { class: "row" }, button, plot, fired);
  return { alarm, element, button, plot, clusters: [] };
}

function redraw() {
  const axis = byId("timeline-axis");
  timeline.width = axis.clientWidth;
  replace(axis, axisOf(timeline.width));
  for (const row of timeline.rows) row.clusters = drawRow(row, timeline.width);
  replace(
    byId("timeline-range"),
    `${minuteStamp(view.from)} to ${minuteStamp(view.to)} UTC`,
    el("span", { class: "muted" }, ` · ${span(view.to - view.from)}${partOfSpan()}`),
  );
}

function partOfSpan() {
  const whole = data.to - data.from;
  return view.to - view.from < whole ? ` of ${span(whole)}` : "";
}

function fitIncidents() {
  const extent = extentOfIncidents();
  if (!extent) return;
  const free = Math.max((extent.to - extent.from) * WIDEST_START, LEAST_FREE);
  zoomTo(extent.from - free, extent.to + free);
}

// From the first incident to the end of the last one, or null. One that lasts to the end of the
// span counts as its beginning: nothing is known of where it would end.
function extentOfIncidents() {
  const incidents = timeline.rows.flatMap((row) => incidentsIn(row.alarm));
  if (incidents.length === 0) return null;
  const from = incidents.reduce((least, i) => Math.min(least, i.from), Infinity);
  const ends = incidents.map((i) => (i.to >= data.to ? i.from : i.to));
  const to = ends.reduce((most, end) => Math.max(most, end), -Infinity);
  return { from, to };
}

// In a long archive the incidents of an evening would lie on one spot.
function openOnIncidents() {
  const extent = extentOfIncidents();
  const whole = data.to - data.from;
  if (extent && extent.to - extent.from < whole * SMALL_PART) fitIncidents();
}
