// Building the page. Strings only ever become text nodes, so nothing in the data can become markup.

const SVG = "http://www.w3.org/2000/svg";

// Control, direction and zero-width characters: shown as escapes, so that nothing is hidden.
const HIDDEN = new RegExp(
  [
    "[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202f",
    "\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}\\p{Surrogate}]",
  ].join(""),
  "gu",
);

export function visible(text) {
  return String(text).replace(HIDDEN, escaped);
}

const SHORT_ESCAPES = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escaped(character) {
  if (character in SHORT_ESCAPES) return SHORT_ESCAPES[character];
  const code = character.codePointAt(0);
  const digits = code.toString(16);
  if (code < 0x100) return `\\x${digits.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${digits.padStart(4, "0")}` : `\\u{${digits}}`;
}

// attributes: plain ones, and `on` with listeners. Null, undefined and false ones are left out.
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, { on = {}, ...attributes }, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : visible(value));
  }
  for (const [name, listener] of Object.entries(on)) element.addEventListener(name, listener);
  append(element, children);
  return element;
}

export function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(visible(child)));
  }
}

export function replace(element, ...children) {
  element.replaceChildren();
  append(element, children);
}

export function byId(id) {
  return document.getElementById(id);
}

// Says something to a screen reader, once.
export function announce(text) {
  byId("announcer").textContent = visible(text);
}
