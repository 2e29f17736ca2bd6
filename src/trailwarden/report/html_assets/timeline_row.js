// One row of the timeline: the alarm's state over time, and a mark for each incident.

import { barsPath, clusters, isAlarm, isUnknown, linesPath, px, stretches } from "./intervals.js";
import { view } from "./store.js";
import { gapShades, gridLines, tickLabels, ticksFor } from "./axis.js";
import { isNarrowed, transitionPasses } from "./query.js";
import { replace, svg } from "./dom.js";
import { timeScale } from "./scale.js";

const HEIGHT = 30;
const MIDDLE = HEIGHT / 2;
const APART = 16; // pixels between marks that stay apart
const MOST_MARKS = 24; // more would be noise: then the bars say it alone
const WIDTH_OF_DIGIT = 6.5;

export function axisOf(width) {
  const x = timeScale(view.from, view.to, width);
  return svg(
    "svg",
    { class: "axis", height: 24, width, "aria-hidden": "true" },
    tickLabels(ticksFor(width), x, width, 15),
  );
}

// The incidents of an alarm that pass the filters: [{alarm, from, to, transition}].
export function incidentsIn(alarm) {
  const byTime = new Map(
    alarm.transitions.filter((t) => t.to === "ALARM").map((t) => [t.time, t]),
  );
  const incidents = stretches(alarm)
    .filter((stretch) => isAlarm(stretch))
    .map(({ from, to }) => ({ alarm, from, to, transition: byTime.get(from) ?? null }));
  if (!isNarrowed()) return incidents;
  return incidents.filter((i) => i.transition && transitionPasses(alarm, i.transition));
}

// Draws the row and returns its marks.
export function drawRow(row, width) {
  const x = timeScale(view.from, view.to, width);
  const incidents = incidentsIn(row.alarm);
  const marks = clusters(incidents, x, width, APART);
  row.plot.setAttribute("height", HEIGHT);
  row.plot.setAttribute("width", width);
  replace(
    row.plot,
    gapShades(x, width, HEIGHT),
    gridLines(ticksFor(width), x, HEIGHT),
    states(row.alarm, incidents, x, width, marks.length > MOST_MARKS),
    marks.length <= MOST_MARKS && marks.map(drawMark),
  );
  return marks;
}

function states(alarm, incidents, x, width, isDense) {
  const list = stretches(alarm);
  const bars = (name, shown, half, thinnest) =>
    svg("path", {
      class: name,
      d: barsPath(shown, x, width, MIDDLE - half, MIDDLE + half, thinnest),
    });
  const alarms = list.filter(isAlarm);
  const [unknown, known] = [list.filter(isUnknown), list.filter((one) => !isUnknown(one))];
  return [
    svg("path", { class: "calm", d: linesPath(known, x, width, MIDDLE) }),
    svg("path", { class: "calm unknown", d: linesPath(unknown, x, width, MIDDLE) }),
    incidents.length < alarms.length && bars("alarm-bar faded", alarms, 3, 2),
    bars(isDense ? "alarm-bar dense" : "alarm-bar", incidents, 5, isDense ? 1 : 2),
  ];
}

function drawMark({ x, incidents }) {
  if (incidents.length === 1) return svg("circle", { class: "mark", cx: px(x), cy: MIDDLE, r: 5 });
  const label = String(incidents.length);
  const width = label.length * WIDTH_OF_DIGIT + 9;
  return [
    svg("rect", {
      class: "mark",
      x: px(x - width / 2),
      y: MIDDLE - 8,
      width: px(width),
      height: 16,
      rx: 8,
    }),
    svg("text", { class: "mark-count", x: px(x), y: MIDDLE + 4, "text-anchor": "middle" }, label),
  ];
}

// The alarm's stretch at a time.
export function stretchAt(alarm, time) {
  return stretches(alarm).find((stretch) => stretch.from <= time && time < stretch.to) ?? null;
}
