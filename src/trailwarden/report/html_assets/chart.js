// The metric of one alarm over the shown range: columns, threshold, breaches, changes of state.

import { barsPath, isAlarm, px, stretches } from "./intervals.js";
import { count, short, span, stamp } from "./words.js";
import { gapShades, gridLines, tickLabels, ticksFor } from "./axis.js";
import { hideTip, showTip } from "./tooltip.js";
import { roundUp, timeScale } from "./scale.js";
import { el, replace, svg } from "./dom.js";
import { view } from "./store.js";

const HEIGHT = 150;
const TOP = 14;
const FLOOR = HEIGHT - 26; // where the axis lies
const LEFT = 52;
const BREACHES = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

export function chartOf(alarm) {
  const breaching = (value) => BREACHES[alarm.comparison]?.(value, alarm.threshold) ?? false;
  const high = alarm.series.filter(([, value]) => breaching(value)).length;
  const label =
    `Metric over time: ${count(alarm.series.length, "bucket")} of ${span(alarm.period)} with ` +
    `data, ${high} beyond the threshold.`;
  const drawing = svg("svg", { class: "chart", height: HEIGHT, role: "img", "aria-label": label });
  const chart = { alarm, breaching, drawing, columns: [] };
  drawing.addEventListener("pointermove", (event) => pointAt(chart, event));
  drawing.addEventListener("pointerleave", hideTip);
  chart.element = el("figure", {}, drawing, caption(alarm));
  chart.draw = () => draw(chart);
  return chart;
}

function caption(alarm) {
  const key = (name, text) => el("span", { class: `key ${name}` }, text);
  return el(
    "figcaption",
    {},
    key("column", `per ${span(alarm.period)}${alarm.thinned ? `, ${alarm.thinned} of each` : ""}`),
    key("breach", "beyond the threshold"),
    key("limit", `threshold ${short(alarm.threshold)}`),
    key("to-alarm", "into ALARM"),
    key("from-alarm", "out of it"),
  );
}

function draw(chart) {
  const width = chart.element.clientWidth;
  if (width < LEFT + 40) return;
  const inner = width - LEFT;
  const x = timeScale(view.from, view.to, inner);
  const { alarm } = chart;
  const shown = alarm.series.filter(([t]) => t + alarm.period > view.from && t < view.to);
  const [low, high] = bounds(shown, alarm.threshold);
  const y = (value) => FLOOR - ((value - low) / (high - low)) * (FLOOR - TOP);
  chart.columns = columns(shown, chart, x, y, inner);
  chart.drawing.setAttribute("width", width);
  const ticks = ticksFor(inner);
  replace(
    chart.drawing,
    svg("g", {}, values([low, (low + high) / 2, high], y, width)),
    svg(
      "svg",
      { x: LEFT, width: inner, height: HEIGHT },
      gapShades(x, inner, FLOOR),
      gridLines(ticks, x, FLOOR),
      tickLabels(ticks, x, inner, FLOOR + 20),
      svg("path", { class: "alarm-shade", d: alarmPath(alarm, x, inner) }),
      columnPath("column", chart.columns, (column) => !column.breach, y(Math.max(low, 0))),
      columnPath("column breach", chart.columns, (column) => column.breach, y(Math.max(low, 0))),
      svg("path", { class: "limit", d: `M0 ${px(y(alarm.threshold))}H${inner}` }),
      changeMarks(alarm, x, inner),
    ),
  );
}

function bounds(points, threshold) {
  let [low, high] = [Math.min(0, threshold), Math.max(0, threshold)];
  for (const [, value] of points) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low < 0 ? -roundUp(-low) : 0, high > 0 || low === 0 ? roundUp(high * 1.1) : 0];
}

// One column for each pixel at most; of several buckets the one that says most about a breach.
function columns(points, { alarm, breaching }, x, y, width) {
  const isLow = alarm.comparison?.startsWith("Less");
  const found = [];
  for (const [time, value] of points) {
    const left = Math.max(0, x(time));
    const right = Math.min(width, Math.max(x(time + alarm.period), x(time) + 2));
    const last = found.at(-1);
    const column = { time, value, left, right, top: y(value), breach: breaching(value) };
    if (last && left - last.left < 1) {
      if (isLow ? value < last.value : value > last.value) found[found.length - 1] = column;
    } else {
      found.push(column);
    }
  }
  return found;
}

function columnPath(name, list, wanted, base) {
  const path = list
    .filter(wanted)
    .map(({ left, right, top }) => {
      const free = right - left > 4 ? 1 : 0;
      const end = Math.abs(top - base) < 1 ? base - 1 : top;
      return `M${px(left)} ${px(base)}V${px(end)}H${px(right - free)}V${px(base)}Z`;
    })
    .join("");
  return svg("path", { class: name, d: path });
}

function alarmPath(alarm, x, width) {
  return barsPath(stretches(alarm).filter(isAlarm), x, width, TOP - 6, FLOOR, 1);
}

function values(list, y, width) {
  return list.map((value) => {
    const at = px(y(value));
    return [
      svg("path", { class: "grid-line", d: `M${LEFT} ${at}H${width}` }),
      svg("text", { class: "tick", x: LEFT - 8, y: at + 4, "text-anchor": "end" }, short(value)),
    ];
  });
}

// Triangles under the axis: filled into ALARM, hollow out of it.
function changeMarks(alarm, x, width) {
  const path = (list) =>
    list
      .map(x)
      .filter((at) => at >= 0 && at <= width)
      .map((at) => `M${px(at)} ${FLOOR}l4 7h-8Z`)
      .join("");
  const alarms = stretches(alarm).filter(isAlarm);
  const ends = alarms.map(({ to }) => to);
  return [
    svg("path", { class: "from-alarm", d: path(ends) }),
    svg("path", { class: "to-alarm", d: path(alarms.map(({ from }) => from)) }),
  ];
}

function pointAt({ alarm, columns: list, drawing }, event) {
  const at = event.clientX - drawing.getBoundingClientRect().left - LEFT;
  const column = list.find(({ left, right }) => left - 3 <= at && at <= right + 3);
  if (!column) {
    hideTip();
    return;
  }
  const state = column.breach ? "beyond the threshold" : "within the threshold";
  const lines = [short(column.value), `${stamp(column.time)} UTC, ${span(alarm.period)}`, state];
  showTip(lines, event.clientX, event.clientY);
}
