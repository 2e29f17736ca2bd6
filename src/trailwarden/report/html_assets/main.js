// Starts the page: each part mounts itself into its place.

import { byId } from "./dom.js";
import { clearFilters, mountToolbar } from "./toolbar.js";
import { hideTip, tipIsShown } from "./tooltip.js";
import { mountAlarms } from "./alarms.js";
import { mountPrincipals } from "./principals.js";
import { mountTheme } from "./theme.js";
import { mountTimeline } from "./timeline.js";

mountTheme();
mountToolbar();
mountTimeline();
mountPrincipals();
mountAlarms();
byId("summary").hidden = true; // its alarms have their sections now
document.addEventListener("keydown", onKey);

function onKey(event) {
  const isTyping = event.target.matches("input[type=search], textarea");
  if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    byId("search")?.focus();
  } else if (event.key === "Escape") {
    escape();
  }
}

// Escape takes back one thing: the tooltip, or else the filters.
function escape() {
  if (tipIsShown()) hideTip();
  else if (byId("search")) clearFilters();
}
