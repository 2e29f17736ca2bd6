// Light or dark: as the system says, until the reader says otherwise.

import { byId, el, replace } from "./dom.js";

const KEY = "trailwarden-theme";
const dark = window.matchMedia("(prefers-color-scheme: dark)");

export function mountTheme() {
  const attributes = { type: "button", class: "quiet", id: "theme", on: { click: toggle } };
  replace(byId("tools"), el("button", attributes));
  const kept = remembered();
  if (kept === "light" || kept === "dark") document.documentElement.dataset.theme = kept;
  dark.addEventListener("change", label);
  label();
}

function isDark() {
  const { theme } = document.documentElement.dataset;
  return theme ? theme === "dark" : dark.matches;
}

function toggle() {
  const theme = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  remember(theme);
  label();
}

function label() {
  replace(byId("theme"), isDark() ? "Light theme" : "Dark theme");
}

// Storage may be forbidden for local files; then the choice lasts as long as the page.
function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function remember(theme) {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // it lasts as long as the page
  }
}
