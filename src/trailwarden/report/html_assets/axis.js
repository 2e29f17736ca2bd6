// The time axis and the background that all drawings over time share.

import { svg } from "./dom.js";
import { px } from "./intervals.js";
import { timeTicks } from "./scale.js";
import { data, view } from "./store.js";
import { tickLabel } from "./words.js";

const LABEL_WIDTH = 88;

export function ticksFor(width) {
  return timeTicks(view.from, view.to, Math.max(2, Math.floor(width / LABEL_WIDTH)));
}

export function gridLines(ticks, x, height) {
  const path = ticks.times.map((time) => `M${px(x(time))} 0V${height}`).join("");
  return svg("path", { d: path, class: "grid-line" });
}

export function tickLabels(ticks, x, width, baseline) {
  return ticks.times.map((time) => {
    const at = x(time);
    const anchor = at < 24 ? "start" : at > width - 24 ? "end" : "middle";
    const attributes = { x: px(at), y: baseline, class: "tick", "text-anchor": anchor };
    return svg("text", attributes, tickLabel(time, ticks.step));
  });
}

// Stretches without any record, shaded.
export function gapShades(x, width, height) {
  const path = data.gaps
    .map(([from, to]) => [Math.max(0, x(from)), Math.min(width, x(to))])
    .filter(([left, right]) => right - left >= 1)
    .map(([left, right]) => `M${px(left)} 0H${px(right)}V${height}H${px(left)}Z`)
    .join("");
  return path && svg("path", { d: path, class: "gap" });
}
