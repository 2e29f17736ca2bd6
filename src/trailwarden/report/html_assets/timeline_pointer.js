// The timeline under a pointer: details, drag to zoom, click to open.

import { byId } from "./dom.js";
import { hideTip, showTip } from "./tooltip.js";
import { linesOf, linesOfStretch } from "./incident_words.js";
import { data, view, zoomTo } from "./store.js";
import { openIncident } from "./alarms.js";
import { stretchAt } from "./timeline_row.js";
import { timeScale } from "./scale.js";

const REACH = 10; // pixels around a mark that still mean it
const DRAG = 5; // pixels that make a click a drag

export function followPointer(body, timeline) {
  let start = null;

  const offset = (event) => {
    const box = byId("timeline-axis").getBoundingClientRect();
    return Math.max(0, Math.min(box.width, event.clientX - box.left));
  };
  const rowUnder = (event) => timeline.rows.find((row) => row.plot.contains(event.target));
  const isOverPlot = (event) => Boolean(event.target.closest(".plot, .axis"));

  body.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !isOverPlot(event)) return;
    start = { x: offset(event), row: rowUnder(event) };
    body.setPointerCapture(event.pointerId);
    hideTip();
  });
  body.addEventListener("pointermove", (event) => {
    if (start) drawBrush(start.x, offset(event));
    else pointAt(rowUnder(event), offset(event), event, timeline.width);
  });
  body.addEventListener("pointerup", (event) => {
    if (!start) return;
    const [from, to] = [start.x, offset(event)];
    const { row } = start;
    start = null;
    byId("timeline-brush").hidden = true;
    if (Math.abs(to - from) > DRAG) zoomToPixels(from, to, timeline.width);
    else if (row) openAt(row, to);
  });
  body.addEventListener("pointercancel", () => {
    start = null;
    byId("timeline-brush").hidden = true;
  });
  body.addEventListener("pointerleave", hideTip);
  body.addEventListener("dblclick", (event) => {
    if (isOverPlot(event)) zoomTo(data.from, data.to);
  });
}

function drawBrush(from, to) {
  const brush = byId("timeline-brush");
  const left = byId("timeline-axis").offsetLeft;
  brush.hidden = Math.abs(to - from) <= DRAG;
  brush.style.left = `${left + Math.min(from, to)}px`;
  brush.style.width = `${Math.abs(to - from)}px`;
}

function zoomToPixels(from, to, width) {
  const x = timeScale(view.from, view.to, width);
  zoomTo(x.invert(Math.min(from, to)), x.invert(Math.max(from, to)));
}

function clusterNear(row, at) {
  const near = row.clusters.filter((cluster) => Math.abs(cluster.x - at) <= REACH);
  near.sort((one, other) => Math.abs(one.x - at) - Math.abs(other.x - at));
  return near[0] ?? null;
}

function pointAt(row, at, event, width) {
  if (!row) {
    hideTip();
    return;
  }
  const cluster = clusterNear(row, at);
  const time = timeScale(view.from, view.to, width).invert(at);
  const stretch = stretchAt(row.alarm, time);
  if (cluster) showTip(linesOf(row.alarm, cluster.incidents), event.clientX, event.clientY);
  else if (stretch) showTip(linesOfStretch(row.alarm, stretch), event.clientX, event.clientY);
  else hideTip();
}

function openAt(row, at) {
  const cluster = clusterNear(row, at);
  if (cluster) openCluster(row, cluster);
}

// One incident opens; several are zoomed into, as far as that takes them apart.
export function openCluster(row, { incidents }) {
  const [first, last] = [incidents[0], incidents.at(-1)];
  const length = last.from - first.from;
  const isClose = length < 120 || (view.to - view.from) / length < 1.5;
  if (incidents.length === 1 || isClose) {
    openIncident(row.alarm, first.from);
    return;
  }
  hideTip();
  zoomTo(first.from - length * 0.1 - 60, last.from + length * 0.1 + 60);
}
