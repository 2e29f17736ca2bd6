// Pretty-printing a JSON text as it is spelled: it may be cut, broken or hostile, and its numbers
// keep their digits.

import { el, visible } from "./dom.js";

// A string, a mark, or anything else up to the next one; only JSON's white space is left out.
const TOKEN = /"(?:[^"\\]|\\.)*"?|[{}[\],:]|[^ \t\n\r"{}[\],:]+/gsu;
const DEEPEST_INDENT = 24;

export function jsonView(text) {
  const pre = el("pre", { class: "json", tabindex: "0", "aria-label": "The record as JSON" });
  const tokens = text.match(TOKEN) ?? [];
  let depth = 0;
  let plain = "";
  const flush = () => {
    if (plain) pre.append(document.createTextNode(plain));
    plain = "";
  };
  const lineBreak = () => {
    plain += `\n${"  ".repeat(Math.min(Math.max(0, depth), DEEPEST_INDENT))}`;
  };
  tokens.forEach((token, i) => {
    const [before, after] = [tokens[i - 1], tokens[i + 1]];
    if (token === "}" || token === "]") {
      depth -= 1;
      if (before !== "{" && before !== "[") lineBreak();
      plain += token;
    } else if (token === "{" || token === "[") {
      depth += 1;
      plain += token;
      if (after !== "}" && after !== "]") lineBreak();
    } else if (token === ",") {
      plain += token;
      lineBreak();
    } else if (token === ":") {
      plain += ": ";
    } else if (token.startsWith('"')) {
      flush();
      pre.append(el("span", { class: after === ":" ? "json-key" : "json-text" }, token));
    } else {
      plain += visible(token);
    }
  });
  flush();
  return pre;
}
