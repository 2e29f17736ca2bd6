// An alarm's changes of state; those into ALARM unfold to the records behind them.

import { append, el, replace } from "./dom.js";
import { count, grouped, iso, span, stamp, stateName } from "./words.js";
import { eventsShown, isNarrowed, transitionPasses } from "./query.js";
import { data } from "./store.js";
import { principalList } from "./principal.js";
import { recordsTable } from "./records.js";

const PAGE = 25;
const MOST_PRINCIPALS = 4;
const COLUMNS = ["Time (UTC)", "State", "For", "Matches", "Principals", "Reason"];

// chosen: the time of the transition to unfold, or null for the first incident.
export function transitionsTable(alarm, chosen) {
  const all = alarm.transitions;
  const passing = all.filter((transition) => transitionPasses(alarm, transition));
  const unfolded = passing.find((t) => t.time === chosen) ?? passing.find((t) => t.events.length);
  const body = el("tbody");
  const more = el("div", { class: "more" });
  let shown = 0;
  const showMore = (least = 0) => {
    const until = Math.max(shown + PAGE, least);
    for (const transition of passing.slice(shown, until)) {
      append(body, rowsOf(alarm, transition, transition === unfolded));
    }
    shown = Math.min(passing.length, until);
    const button = el(
      "button",
      { type: "button", class: "quiet", on: { click: () => showMore() } },
      `Show more: ${grouped(passing.length - shown)} changes are left`,
    );
    replace(more, shown < passing.length && button);
  };
  showMore(passing.indexOf(unfolded) + 1);
  return el(
    "div",
    {},
    el("h4", {}, heading(alarm, passing.length)),
    passing.length > 0 && el("table", { class: "transitions" }, head(), body),
    more,
  );
}

function head() {
  return el("thead", {}, el("tr", {}, COLUMNS.map((name) => el("th", { scope: "col" }, name))));
}

function heading(alarm, passing) {
  const embedded = alarm.transitions.length;
  const all = count(alarm.changes, "change of state", "changes of state");
  const text = isNarrowed() && passing < embedded ? `${grouped(passing)} of ${all}` : all;
  return embedded < alarm.changes ? `${text}; the first ${grouped(embedded)} are here` : text;
}

function rowsOf(alarm, transition, isUnfolded) {
  const detail = el("tr", { class: "detail", hidden: true });
  const hasMore = transition.events.length > 0;
  const unfold = (open) => {
    detail.hidden = !open;
    toggle.setAttribute("aria-expanded", String(open));
    if (open && !detail.hasChildNodes()) append(detail, [recordsOf(alarm, transition)]);
  };
  const time = el("time", { datetime: iso(transition.time) }, stamp(transition.time));
  const toggle = el(
    "button",
    {
      type: "button",
      class: "unfold",
      "aria-expanded": "false",
      "aria-label": unfoldLabel(transition),
    },
    time,
  );
  toggle.addEventListener("click", () => unfold(detail.hidden));
  const cell = (column, className, ...content) =>
    el("td", { "data-label": COLUMNS[column], class: className }, content);
  const principals = transition.principals.slice(0, MOST_PRINCIPALS);
  const left = transition.principals.length - principals.length + transition.more;
  const row = el(
    "tr",
    { class: transition.to === "ALARM" ? "incident" : "recovery", "data-time": transition.time },
    cell(0, "time", hasMore ? toggle : time),
    cell(1, null, el("span", { class: `state ${transition.to}` }, stateName(transition.to))),
    cell(2, "for", lasted(transition)),
    cell(3, "number", transition.count ? grouped(transition.count) : ""),
    cell(4, "who", principalList(principals, left)),
    cell(5, "reason", reason(transition)),
  );
  if (hasMore && isUnfolded) unfold(true);
  return [row, detail];
}

function lasted({ time, until }) {
  return until === null ? "until the end" : span(until - time);
}

function unfoldLabel(transition) {
  return `${stamp(transition.time)}: the records behind this change to ${stateName(transition.to)}`;
}

function reason(transition) {
  const text = transition.initial ? "Initial state. " : "";
  return `${text}${transition.reason}`;
}

function recordsOf(alarm, transition) {
  const events = eventsShown(alarm, transition);
  const isAll = transition.events.length >= transition.count;
  const [here, all] = [transition.events.length, transition.count].map(grouped);
  const sample = `${here} of the ${all} matching records are in this page.`;
  return el(
    "td",
    { colspan: String(COLUMNS.length) },
    recordsTable(events, `Records behind the change at ${stamp(transition.time)}`),
    el("p", { class: "none" }, countedApart(transition)),
    el("p", { class: "none" }, eventNames(transition)),
    !isAll && el("p", { class: "none" }, sample),
  );
}

// What fired the alarm, and what came until that ended.
function countedApart({ count: all, fired, until }) {
  const end = until === null ? "since" : "until its end";
  return `${grouped(fired)} to fire it, ${grouped(all - fired)} more ${end}.`;
}

function eventNames({ names, moreNames }) {
  const shown = names.map(
    ([name, number, refused]) =>
      `${name || "(no eventName)"} × ${grouped(number)}` +
      (refused ? ` (${refused === number ? "" : `${grouped(refused)} `}refused)` : ""),
  );
  return [...shown, ...(moreNames > 0 ? [`${grouped(moreNames)} others`] : [])].join(", ");
}

// Every record of the page by a principal, in order of time.
export function recordsOfPrincipal(principal) {
  return data.events
    .filter((event) => event.principal === principal)
    .sort((one, other) => one.time - other.time);
}
