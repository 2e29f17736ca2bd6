// Tables of records, with each record's JSON on demand.

import { append, el, replace } from "./dom.js";
import { count, iso, stamp } from "./words.js";
import { jsonView } from "./json_view.js";
import { principalButton } from "./principal.js";

const PAGE = 10;
const COLUMNS = ["Time (UTC)", "Event", "Principal", "Source", "Region", "Error", "Record"];

export function recordsTable(events, label) {
  const body = el("tbody");
  const more = el("div", { class: "more" });
  let shown = 0;
  const showMore = () => {
    for (const event of events.slice(shown, shown + PAGE)) append(body, recordRows(event));
    shown = Math.min(events.length, shown + PAGE);
    const left = Math.min(PAGE, events.length - shown);
    const button = el("button", { type: "button", class: "quiet", on: { click: showMore } });
    append(button, [`Show ${left} more of ${count(events.length, "record")}`]);
    replace(more, left > 0 && button);
  };
  showMore();
  const table = el(
    "table",
    { class: "records", "aria-label": label },
    el("thead", {}, el("tr", {}, COLUMNS.map((name) => el("th", { scope: "col" }, name)))),
    body,
  );
  return el("div", {}, table, more);
}

function recordRows(event) {
  const detail = el("tr", { class: "detail", hidden: true });
  const label = `JSON of ${event.name || "the record"} at ${stamp(event.time)}`;
  const toggle = el(
    "button",
    { type: "button", class: "quiet", "aria-expanded": "false", "aria-label": label },
    "JSON",
  );
  toggle.addEventListener("click", () => {
    detail.hidden = !detail.hidden;
    toggle.setAttribute("aria-expanded", String(!detail.hidden));
    if (!detail.hasChildNodes()) append(detail, [recordDetail(event)]);
  });
  const cell = (column, className, ...content) =>
    el("td", { "data-label": COLUMNS[column], class: className }, content);
  const service = event.service.replace(/\.amazonaws\.com$/u, "");
  const row = el(
    "tr",
    {},
    cell(0, "time", el("time", { datetime: iso(event.time) }, stamp(event.time))),
    cell(1, "event", el("span", { class: "event-name" }, event.name), " ", muted(service)),
    cell(2, "who", principalButton(event.principal)),
    cell(3, "mono", event.ip),
    cell(4, null, event.region),
    cell(5, "error", event.error),
    cell(6, "act", toggle),
  );
  return [row, detail];
}

function muted(text) {
  return el("span", { class: "muted" }, text);
}

function recordDetail(event) {
  const facts = [
    ["Event ID", event.id],
    ["Account", event.account],
    ["Kind of principal", event.kind],
    ["User agent", event.agent],
    ["File", event.file],
  ];
  return el(
    "td",
    { colspan: String(COLUMNS.length) },
    el(
      "dl",
      { class: "record-facts" },
      facts
        .filter(([, value]) => value)
        .map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))),
    ),
    event.raw ? jsonView(event.raw) : el("p", { class: "none" }, "Its JSON is not in this page."),
    event.cut && el("p", { class: "none" }, "Cut: the record is longer than what is kept of it."),
  );
}
