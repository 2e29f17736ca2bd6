// A principal's name anywhere on the page: press it to see only what they did.

import { data, update, view } from "./store.js";
import { el } from "./dom.js";
import { grouped } from "./words.js";

export function principalButton(principal, number = null) {
  const name = data.principals[principal];
  return el(
    "button",
    {
      type: "button",
      class: view.principal === principal ? "principal chosen" : "principal",
      title: "Show only what they did",
      on: { click: () => choosePrincipal(principal) },
    },
    el("span", { class: "principal-name" }, name || "(no principal)"),
    number !== null && [" ", el("span", { class: "times" }, `×\u00a0${grouped(number)}`)],
  );
}

function choosePrincipal(principal) {
  update({ principal: view.principal === principal ? null : principal });
}

// Principals with counts; `more` are others that are not named.
export function principalList(principals, more) {
  if (principals.length === 0) return null;
  return el(
    "span",
    { class: "principals-inline" },
    principals.map(([principal, number]) => principalButton(principal, number)),
    more > 0 && el("span", { class: "muted" }, `and ${grouped(more)} more`),
  );
}
