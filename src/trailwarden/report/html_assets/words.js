// Numbers and times in words. All times are UTC; seconds since the epoch go in.

const GROUPED = new Intl.NumberFormat("en-US");
const SHORT = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 4 });
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const SPANS = [
  [86400, "d"],
  [3600, "h"],
  [60, "min"],
  [1, "s"],
];
const STATES = { OK: "OK", ALARM: "ALARM", INSUFFICIENT_DATA: "Insufficient data" };

export const MINUTE = 60;
export const HOUR = 3600;
export const DAY = 86400;

export function count(number, noun, nouns = `${noun}s`) {
  return `${GROUPED.format(number)} ${number === 1 ? noun : nouns}`;
}

export function grouped(number) {
  return GROUPED.format(number);
}

// "once", "3 times"
export function times(number) {
  return number === 1 ? "once" : `${grouped(number)} times`;
}

export function short(value) {
  return Math.abs(value) >= 1e15 ? value.toExponential(2) : SHORT.format(value);
}

export function stateName(state) {
  return STATES[state] ?? state;
}

function date(seconds) {
  return new Date(seconds * 1000);
}

// 2023-07-10 12:00:00
export function stamp(seconds) {
  return date(seconds).toISOString().replace("T", " ").slice(0, -5);
}

// 2023-07-10 12:00
export function minuteStamp(seconds) {
  return stamp(seconds).slice(0, -3);
}

// The machine-readable form, for <time datetime>.
export function iso(seconds) {
  return date(seconds).toISOString();
}

// The two largest units: "3 d 4 h", "12 min".
export function span(seconds) {
  const parts = [];
  let rest = Math.max(0, Math.round(seconds));
  for (const [size, unit] of SPANS) {
    const number = Math.floor(rest / size);
    if (number > 0) parts.push(`${grouped(number)} ${unit}`);
    rest -= number * size;
  }
  return parts.slice(0, 2).join(" ") || "0 s";
}

// The label of a tick: as much as differs from its neighbours.
export function tickLabel(seconds, step) {
  const at = date(seconds);
  const [month, day] = [MONTHS[at.getUTCMonth()], at.getUTCDate()];
  if (step >= 365 * DAY) return String(at.getUTCFullYear());
  if (step >= 28 * DAY) return at.getUTCMonth() === 0 ? String(at.getUTCFullYear()) : month;
  if (seconds % DAY === 0) return `${day} ${month}`;
  const text = at.toISOString();
  return step < MINUTE ? text.slice(11, 19) : text.slice(11, 16);
}
