// What is shown: the data of the page, and the filters that the reader has set.

import { byId } from "./dom.js";

export const data = JSON.parse(byId("data").textContent);

export const view = {
  from: data.from,
  to: data.to,
  alarm: null, // a position in data.alarms
  principal: null, // a position in data.principals
  text: "", // in lower case
  fired: false,
};

const watchers = [];

// watcher(changed): changed is the set of names in `view` that are new.
export function watch(watcher) {
  watchers.push(watcher);
}

export function update(changes) {
  const changed = new Set(Object.keys(changes).filter((name) => view[name] !== changes[name]));
  if (changed.size === 0) return;
  Object.assign(view, changes);
  for (const watcher of watchers) watcher(changed);
}

export function isZoom(changed) {
  return changed.has("from") || changed.has("to");
}

export function isFilter(changed) {
  return ["alarm", "principal", "text", "fired"].some((name) => changed.has(name));
}

export const NO_FILTER = { alarm: null, principal: null, text: "", fired: false };

const NARROWEST = 60; // seconds

// Zooms to a range, kept inside the scanned span.
export function zoomTo(from, to) {
  const middle = (from + to) / 2;
  const half = Math.max(NARROWEST, to - from) / 2;
  update({ from: Math.max(data.from, middle - half), to: Math.min(data.to, middle + half) });
}

// Makes the shown range `factor` times as long around `centre` (a time; the middle if left out).
export function zoomBy(factor, centre = (view.from + view.to) / 2) {
  zoomTo(centre - (centre - view.from) * factor, centre + (view.to - centre) * factor);
}
