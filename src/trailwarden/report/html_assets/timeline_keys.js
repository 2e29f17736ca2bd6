// The timeline under the keyboard: one tab stop, arrows inside.

import { announce } from "./dom.js";
import { hideTip, showTip } from "./tooltip.js";
import { data, zoomBy, zoomTo } from "./store.js";
import { linesOf } from "./incident_words.js";
import { openCluster } from "./timeline_pointer.js";

export function followKeys(rows, timeline) {
  let mark = -1; // the mark of the focused row that the arrows have reached

  const focused = () => timeline.rows.findIndex((row) => row.button === document.activeElement);

  const goToRow = (position) => {
    const from = timeline.rows[focused()];
    const to = timeline.rows[Math.max(0, Math.min(timeline.rows.length - 1, position))];
    from.button.tabIndex = -1;
    to.button.tabIndex = 0;
    to.button.focus();
    mark = -1;
    hideTip();
  };
  const goToMark = (row, position) => {
    if (row.clusters.length === 0) return;
    mark = Math.max(0, Math.min(row.clusters.length - 1, position));
    const box = row.plot.getBoundingClientRect();
    const cluster = row.clusters[mark];
    const lines = linesOf(row.alarm, cluster.incidents);
    showTip(lines, box.left + cluster.x, box.top + box.height / 2);
    announce(lines.join(". "));
  };

  const actions = {
    ArrowDown: (position) => goToRow(position + 1),
    ArrowUp: (position) => goToRow(position - 1),
    Home: () => goToRow(0),
    End: () => goToRow(timeline.rows.length - 1),
    ArrowRight: (position) => goToMark(timeline.rows[position], mark + 1),
    ArrowLeft: (position) => goToMark(timeline.rows[position], mark < 0 ? Infinity : mark - 1),
    "+": () => zoomBy(0.5),
    "=": () => zoomBy(0.5),
    "-": () => zoomBy(2),
    0: () => zoomTo(data.from, data.to),
  };

  rows.addEventListener("keydown", (event) => {
    const position = focused();
    if (position < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && mark >= 0) {
      event.preventDefault();
      openCluster(timeline.rows[position], timeline.rows[position].clusters[mark]);
      mark = -1;
    } else if (Object.hasOwn(actions, event.key)) {
      event.preventDefault();
      actions[event.key](position);
    }
  });
  rows.addEventListener("focusout", () => {
    mark = -1;
    hideTip();
  });
}
