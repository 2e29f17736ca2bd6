// All alarms over the scanned span, one row each.

import { axisOf, drawRow, incidentsIn } from "./timeline_row.js";
import { byId, el, replace, svg } from "./dom.js";
import { data, isFilter, isZoom, view, watch, zoomBy, zoomTo } from "./store.js";
import { alarmPasses } from "./query.js";
import { followKeys } from "./timeline_keys.js";
import { followPointer } from "./timeline_pointer.js";
import { minuteStamp, span } from "./words.js";
import { openAlarm } from "./alarms.js";

const WIDEST_START = 0.02; // of a range, left free around what "Fit incidents" shows

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
    el("span", { class: "name" }, alarm.name),
    el("span", { class: "visually-hidden" }, `, fired ${alarm.fired} times`),
  );
  const fired = el("span", { class: "row-count", "aria-hidden": "true" }, alarm.fired || "");
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
    el("span", { class: "muted" }, ` · ${span(view.to - view.from)}`),
  );
}

function fitIncidents() {
  const incidents = timeline.rows.flatMap((row) => incidentsIn(row.alarm));
  if (incidents.length === 0) return;
  const from = incidents.reduce((least, i) => Math.min(least, i.from), Infinity);
  const to = incidents.reduce((most, i) => Math.max(most, i.to), -Infinity);
  const free = (to - from) * WIDEST_START + 60;
  zoomTo(from - free, to + free);
}
