// An incident, or several, in a few lines for the tooltip and for screen readers.

import { count, span, stamp, stateName } from "./words.js";
import { data } from "./store.js";

const MOST_PRINCIPALS = 3;

export function linesOf(alarm, incidents) {
  if (incidents.length > 1) return linesOfMany(alarm, incidents);
  const { from, to, transition } = incidents[0];
  return [
    alarm.name,
    `${stamp(from)} UTC, in ALARM for ${to >= data.to ? "at least " : ""}${span(to - from)}`,
    transition && transition.count > 0 && count(transition.count, "match", "matches"),
    ...(transition ? principalLines(transition) : []),
  ].filter(Boolean);
}

function linesOfMany(alarm, incidents) {
  const [first, last] = [incidents[0], incidents.at(-1)];
  return [
    alarm.name,
    `${count(incidents.length, "incident")} in ${span(last.to - first.from)}`,
    `${stamp(first.from)} to ${stamp(last.to)} UTC`,
  ];
}

function principalLines({ principals, more }) {
  const lines = principals
    .slice(0, MOST_PRINCIPALS)
    .map(([principal, number]) => `${data.principals[principal]} · ${number}`);
  const left = principals.length - lines.length + more;
  return left > 0 ? [...lines, `and ${count(left, "other principal")}`] : lines;
}

export function linesOfStretch(alarm, stretch) {
  const state = ["OK", "ALARM", "INSUFFICIENT_DATA"][stretch.state];
  return [alarm.name, `${stateName(state)}, ${stamp(stretch.from)} to ${stamp(stretch.to)} UTC`];
}
