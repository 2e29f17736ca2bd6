// Who is behind the matches: a ranking, and everything about the one that is chosen.

import { byId, el, replace } from "./dom.js";
import { count, grouped, minuteStamp, short } from "./words.js";
import { data, isFilter, update, view, watch } from "./store.js";
import { principalsShown } from "./query.js";
import { principalButton } from "./principal.js";
import { recordsOfPrincipal } from "./transitions.js";
import { recordsTable } from "./records.js";

const AT_FIRST = 8;
const PAGE = 50;

export function mountPrincipals() {
  const root = byId("principals");
  if (principalsShown().length === 0) {
    root.hidden = true;
    return;
  }
  let shown = AT_FIRST;
  const draw = () => {
    if (view.principal !== null) drawChosen(root, view.principal);
    else drawRanking(root, principalsShown(), shown, () => draw((shown += PAGE)));
  };
  draw();
  watch((changed) => isFilter(changed) && draw());
}

function drawRanking(root, ranking, shown, showMore) {
  const most = ranking[0]?.matches ?? 1;
  const left = Math.min(ranking.length - shown, PAGE);
  replace(
    root,
    el(
      "div",
      { class: "section-head" },
      el("h2", {}, "Principals"),
      el("p", { class: "range" }, remark()),
    ),
    ranking.length === 0 && el("p", { class: "none" }, "Nobody here."),
    el(
      "ol",
      { class: "ranking" },
      ranking.slice(0, shown).map((one) => rankOf(one, most)),
    ),
    left > 0 &&
      el(
        "button",
        { type: "button", class: "quiet", on: { click: showMore } },
        `Show ${grouped(left)} more of ${count(ranking.length, "principal")}`,
      ),
  );
}

function remark() {
  return view.text === "" ? "who is behind the matches" : "who is behind what was found";
}

function rankOf({ principal, matches, alarms }, most) {
  const bar = el("span", { class: "bar", "aria-hidden": "true" });
  bar.style.setProperty("--share", matches / most);
  return el(
    "li",
    {},
    principalButton(principal),
    el("span", { class: "bar-box" }, bar),
    el("span", { class: "number" }, count(matches, "match", "matches")),
    el("span", { class: "number muted" }, count(alarms.size, "alarm")),
  );
}

function drawChosen(root, principal) {
  const records = recordsOfPrincipal(principal);
  replace(
    root,
    el(
      "div",
      { class: "section-head" },
      el("h2", { tabindex: "-1" }, "What one principal did"),
      el(
        "button",
        { type: "button", class: "quiet", on: { click: () => update({ principal: null }) } },
        "Show everyone",
      ),
    ),
    el("p", { class: "chosen-name" }, data.principals[principal] || "(no principal)"),
    el("p", { class: "chosen-extent" }, extentOf(principal, records)),
    el("dl", { class: "chosen-facts" }, factsOf(principal, records).map(fact)),
    records.length > 0 && recordsTable(records, "Records of the chosen principal"),
  );
}

// [[filter's name, number]]
function matchesPerFilter(principal) {
  return data.filters.flatMap((filter) =>
    filter.principals.filter(([p]) => p === principal).map(([, number]) => [filter.name, number]),
  );
}

function extentOf(principal, records) {
  const matches = matchesPerFilter(principal).reduce((sum, [, number]) => sum + number, 0);
  const here = `${count(records.length, "record")} of theirs in this page`;
  return matches > 0 ? `${count(matches, "match", "matches")}, ${here}` : here;
}

function factsOf(principal, records) {
  const matches = matchesPerFilter(principal);
  const [first, last] = [records[0], records.at(-1)];
  const seen = first ? [minuteStamp(first.time), `to ${minuteStamp(last.time)}`] : [];
  return [
    ["Seen (UTC)", seen],
    ["Metric filters matched", matches.map(([name, number]) => `${name} ×\u00a0${short(number)}`)],
    ["Events", tally(records, (record) => record.name)],
    ["Source addresses", tally(records, (record) => record.ip)],
    ["Regions", tally(records, (record) => record.region)],
    ["User agents", tally(records, (record) => record.agent)],
    ["Errors", tally(records, (record) => record.error)],
  ];
}

const MOST_VALUES = 8;

function tally(records, key) {
  const counts = new Map();
  for (const record of records) {
    const value = key(record);
    if (value) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const ranked = [...counts].sort(([, one], [, other]) => other - one);
  const left = ranked.length - MOST_VALUES;
  const lines = ranked.slice(0, MOST_VALUES).map(([value, n]) => `${value} ×\u00a0${grouped(n)}`);
  return left > 0 ? [...lines, `and ${grouped(left)} more`] : lines;
}

function fact([name, lines]) {
  if (lines.length === 0) return null;
  return el("div", {}, el("dt", {}, name), lines.map((line) => el("dd", {}, line)));
}

