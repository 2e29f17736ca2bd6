// From time and value to pixels, and sensible places for ticks.

import { DAY, HOUR, MINUTE } from "./words.js";

const STEPS = [
  ...[1, 5, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14].map((n) => n * DAY),
];
const MONTH_STEPS = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200];
const MONTH = 30.44 * DAY;

export function timeScale(from, to, width) {
  const factor = width / Math.max(1, to - from);
  const x = (time) => (time - from) * factor;
  x.invert = (pixel) => from + pixel / factor;
  return x;
}

// {step, times}: at most `most` round times in [from, to]; `step` in seconds, roughly for months.
export function timeTicks(from, to, most) {
  const wanted = (to - from) / Math.max(1, most);
  const step = STEPS.find((candidate) => candidate >= wanted);
  return step ? evenTicks(from, to, step) : monthTicks(from, to, wanted);
}

function evenTicks(from, to, step) {
  const times = [];
  const offset = step % (7 * DAY) === 0 ? 4 * DAY : 0; // weeks start on Monday
  for (let at = Math.ceil((from - offset) / step) * step + offset; at <= to; at += step) {
    times.push(at);
  }
  return { step, times };
}

function monthTicks(from, to, wanted) {
  const months = MONTH_STEPS.find((n) => n * MONTH >= wanted) ?? MONTH_STEPS.at(-1);
  const start = new Date(from * 1000);
  const first = start.getUTCFullYear() * 12 + start.getUTCMonth();
  const times = [];
  for (let month = Math.ceil(first / months) * months; ; month += months) {
    const at = Date.UTC(Math.floor(month / 12), month % 12) / 1000;
    if (!(at <= to)) break; // also where the calendar ends
    if (at >= from) times.push(at);
  }
  return { step: months * MONTH, times };
}

// The smallest round number (1, 2, 5 times a power of ten) that is not below `value`.
export function roundUp(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((n) => n * power).find((n) => n >= value * 0.999999) ?? value;
}
