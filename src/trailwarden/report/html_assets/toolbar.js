// The filters of the page.

import { alarmPasses, incidentsHere, incidentsShown, isNarrowed } from "./query.js";
import { byId, el, replace } from "./dom.js";
import { data, isFilter, NO_FILTER, update, view, watch } from "./store.js";
import { grouped } from "./words.js";

const PAUSE = 120; // milliseconds without a key before the text counts

export function mountToolbar() {
  const root = byId("toolbar");
  if (data.alarms.length === 0) {
    root.hidden = true;
    return;
  }
  replace(root, searchBox(), alarmBox(), firedBox(), el("div", { id: "chips" }), status());
  root.hidden = false;
  draw();
  watch((changed) => isFilter(changed) && draw());
}

function searchBox() {
  let timer = 0;
  const search = (event) => {
    clearTimeout(timer);
    const text = event.target.value.trim().toLowerCase();
    timer = setTimeout(() => update({ text }), PAUSE);
  };
  return el(
    "label",
    { class: "search" },
    el("span", { class: "visually-hidden" }, "Search alarms, events, principals, addresses"),
    el("input", {
      type: "search",
      id: "search",
      placeholder: "Search events, principals, addresses…",
      autocomplete: "off",
      spellcheck: "false",
      on: { input: search },
    }),
    el("kbd", { "aria-hidden": "true" }, "/"),
  );
}

function alarmBox() {
  const choose = (event) => {
    update({ alarm: event.target.value === "" ? null : Number(event.target.value) });
  };
  const options = data.alarms.map((alarm, i) =>
    el("option", { value: String(i) }, alarm.fired ? `${alarm.name} (${alarm.fired})` : alarm.name),
  );
  return el(
    "div",
    { class: "choice" },
    el(
      "select",
      { id: "alarm-filter", "aria-label": "Alarm", on: { change: choose } },
      el("option", { value: "" }, "All alarms"),
      options,
    ),
  );
}

function firedBox() {
  const choose = (event) => update({ fired: event.target.checked });
  return el(
    "label",
    { class: "check" },
    el("input", { type: "checkbox", id: "fired-filter", on: { change: choose } }),
    "Only fired",
  );
}

function status() {
  return el("p", { id: "status", role: "status" });
}

function draw() {
  byId("alarm-filter").value = view.alarm === null ? "" : String(view.alarm);
  byId("fired-filter").checked = view.fired;
  if (view.text === "" && document.activeElement !== byId("search")) byId("search").value = "";
  const isFiltered = Object.keys(NO_FILTER).some((name) => view[name] !== NO_FILTER[name]);
  replace(
    byId("chips"),
    view.principal !== null && chip(),
    isFiltered &&
      el(
        "button",
        { type: "button", class: "quiet", id: "clear", on: { click: clearFilters } },
        "Clear",
      ),
  );
  replace(byId("status"), statusText());
}

function chip() {
  const name = data.principals[view.principal] || "(no principal)";
  return el(
    "button",
    {
      type: "button",
      class: "chip",
      "aria-label": `Principal ${name}: remove this filter`,
      on: { click: () => update({ principal: null }) },
    },
    el("span", { class: "chip-name" }, name),
    el("span", { "aria-hidden": "true" }, "×"),
  );
}

export function clearFilters() {
  byId("search").value = "";
  update(NO_FILTER);
}

function statusText() {
  const alarms = data.alarms.filter(alarmPasses);
  const text = `${grouped(alarms.length)} of ${grouped(data.alarms.length)} alarms`;
  const all = data.alarms.reduce((sum, alarm) => sum + alarm.fired, 0);
  const incidents = alarms.reduce((sum, alarm) => sum + incidentsShown(alarm), 0);
  const searched = isNarrowed() ? data.alarms.flatMap(incidentsHere).length : all;
  const limit = searched < all ? `, ${grouped(searched)} of which are in this page` : "";
  return `${text}, ${grouped(incidents)} of ${grouped(all)} incidents${limit}`;
}
