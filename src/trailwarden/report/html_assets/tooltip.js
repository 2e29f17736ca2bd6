// The one tooltip, near the pointer or near a mark.

import { byId, el, replace } from "./dom.js";

const MARGIN = 12;

// lines: the first is the title.
export function showTip(lines, left, top) {
  const tip = byId("tip");
  const [title, ...rest] = lines.filter(Boolean);
  replace(tip, el("strong", {}, title), rest.map((line) => el("div", {}, line)));
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  const below = top + MARGIN + height < window.innerHeight;
  tip.style.left = `${Math.max(4, Math.min(left + MARGIN, window.innerWidth - width - 4))}px`;
  tip.style.top = `${below ? top + MARGIN : Math.max(4, top - MARGIN - height)}px`;
}

export function hideTip() {
  byId("tip").hidden = true;
}

export function tipIsShown() {
  return !byId("tip").hidden;
}
