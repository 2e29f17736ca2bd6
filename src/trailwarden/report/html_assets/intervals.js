// Stretches of states, and their shapes at the scale of the screen.

import { data } from "./store.js";

const ALARM = 1; // codes in alarm.states: 0 OK, 1 ALARM, 2 INSUFFICIENT_DATA
const UNKNOWN = 2;
const APART = 0.5; // pixels between two bars

// [{from, to, state}]: the whole scanned span, cut where the alarm's state changed.
export function stretches(alarm) {
  const found = [];
  let from = data.from;
  let state = alarm.first;
  for (let i = 0; i < alarm.states.length; i += 2) {
    found.push({ from, to: alarm.states[i], state });
    [from, state] = [alarm.states[i], alarm.states[i + 1]];
  }
  found.push({ from, to: data.to, state });
  return found;
}

export const isAlarm = (stretch) => stretch.state === ALARM;
export const isUnknown = (stretch) => stretch.state === UNKNOWN;

// A path of bars between `top` and `bottom`. What is too close to tell apart becomes one bar.
export function barsPath(list, x, width, top, bottom, thinnest) {
  const bars = [];
  for (const { from, to } of list) {
    const left = Math.max(-2, x(from));
    const right = Math.min(width + 2, Math.max(x(to), x(from) + thinnest));
    if (right < 0 || left > width) continue;
    const last = bars.at(-1);
    if (last && left - last[1] < APART) last[1] = Math.max(last[1], right);
    else bars.push([left, right]);
  }
  return bars
    .map(([left, right]) => `M${px(left)} ${top}H${px(right)}V${bottom}H${px(left)}Z`)
    .join("");
}

// A path of level lines.
export function linesPath(list, x, width, at) {
  return list
    .map(({ from, to }) => [Math.max(0, x(from)), Math.min(width, x(to))])
    .filter(([left, right]) => right - left >= 0.5)
    .map(([left, right]) => `M${px(left)} ${at}H${px(right)}`)
    .join("");
}

export function px(value) {
  return Math.round(value * 10) / 10;
}

// Incidents that would overlap on the screen, as one: [{x, incidents}].
export function clusters(incidents, x, width, apart) {
  const found = [];
  for (const incident of incidents) {
    const at = x(incident.from);
    if (at < 0 || at > width) continue;
    const last = found.at(-1);
    if (last && at - last.left < apart) {
      last.incidents.push(incident);
      last.x = (last.left + at) / 2;
    } else {
      found.push({ x: at, left: at, incidents: [incident] });
    }
  }
  return found;
}
