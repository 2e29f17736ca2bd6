// Which alarms, transitions and records pass the reader's filters.

import { data, view } from "./store.js";
import { count, grouped, times } from "./words.js";

const haystacks = new WeakMap();

function contains(thing, text, ofThing) {
  let haystack = haystacks.get(thing);
  if (haystack === undefined) {
    haystack = ofThing(thing).join("\n").toLowerCase();
    haystacks.set(thing, haystack);
  }
  return haystack.includes(text);
}

const ofEvent = (event) => [
  event.name,
  event.service,
  data.principals[event.principal],
  event.ip,
  event.region,
  event.error,
  event.account,
  event.agent,
  event.id,
  event.file,
  event.raw,
];
const ofAlarm = (alarm) => [
  alarm.name,
  alarm.description,
  alarm.definition,
  ...alarm.filters.flatMap((i) => [data.filters[i].name, data.filters[i].pattern]),
];
const ofTransition = (transition) => [
  transition.reason,
  ...transition.principals.map(([principal]) => data.principals[principal]),
];

function alarmSays(alarm) {
  return view.text === "" || contains(alarm, view.text, ofAlarm);
}

function eventPasses(event) {
  if (view.principal !== null && event.principal !== view.principal) return false;
  return view.text === "" || contains(event, view.text, ofEvent);
}

export function transitionPasses(alarm, transition) {
  if (view.principal !== null && !hasPrincipal(transition)) return false;
  if (alarmSays(alarm) || contains(transition, view.text, ofTransition)) return true;
  return transition.events.some((i) => eventPasses(data.events[i]));
}

function hasPrincipal(transition) {
  return transition.principals.some(([principal]) => principal === view.principal);
}

// Of a transition's records: those that pass, or all where its alarm or reason was searched for.
export function eventsShown(alarm, transition) {
  const events = transition.events.map((i) => data.events[i]);
  const passing = events.filter(eventPasses);
  if (passing.length > 0 || view.principal !== null) return passing;
  return events;
}

export function alarmPasses(alarm) {
  if (view.alarm !== null && data.alarms[view.alarm] !== alarm) return false;
  if (view.fired && alarm.fired === 0) return false;
  if (view.principal === null && alarmSays(alarm)) return true;
  if (view.principal !== null && alarmSays(alarm) && matchesOf(alarm, view.principal) > 0) {
    return true;
  }
  return alarm.transitions.some((transition) => transitionPasses(alarm, transition));
}

// How often the principal matched the filters behind the alarm.
export function matchesOf(alarm, principal) {
  let number = 0;
  for (const i of alarm.filters) {
    number += data.filters[i].principals.find(([p]) => p === principal)?.[1] ?? 0;
  }
  return number;
}

// How many incidents of an alarm pass the reader's filters.
export function incidentsShown(alarm) {
  if (!isNarrowed()) return alarm.fired;
  return incidentsHere(alarm).filter((one) => transitionPasses(alarm, one)).length;
}

export function incidentsHere(alarm) {
  return alarm.transitions.filter((transition) => transition.to === "ALARM");
}

// "fired 4 times"; "fired 1 of 4 times" where the filters let only that one pass.
export function firedText(alarm) {
  if (alarm.fired === 0) return "quiet";
  const shown = incidentsShown(alarm);
  if (shown < alarm.fired) return `fired ${grouped(shown)} of ${times(alarm.fired)}`;
  return `fired ${times(alarm.fired)}`;
}

// "13 matches"; "3 found" where the filters let only so many of the records in this page pass.
export function matchesText(alarm) {
  if (alarm.isComposite) return "composite";
  const matches = alarm.filters.reduce((sum, i) => sum + data.filters[i].matches, 0);
  if (!isNarrowed()) return count(matches, "match", "matches");
  if (view.principal === null && alarmSays(alarm)) return count(matches, "match", "matches");
  if (view.text === "") return count(matchesOf(alarm, view.principal), "match", "matches");
  const found = new Set(alarm.transitions.flatMap((transition) => transition.events));
  return `${grouped([...found].filter((i) => eventPasses(data.events[i])).length)} found`;
}

// Who is behind what the filters let pass: [{principal, matches, alarms}], the most matches first.
// A filter's matches count once. Where the text is in the records only, these are counted.
export function principalsShown() {
  const found = new Map();
  const note = (principal, number, alarms) => {
    const one = found.get(principal) ?? { principal, matches: 0, alarms: new Set() };
    one.matches += number;
    for (const alarm of alarms) one.alarms.add(alarm);
    found.set(principal, one);
  };
  const whole = new Set(); // principals that are found by their own name: all they did counts
  data.filters.forEach((filter, i) => {
    const alarms = data.alarms.filter((alarm) => alarm.filters.includes(i) && isChosen(alarm));
    if (alarms.length === 0 && view.alarm !== null) return;
    const isFound = alarms.some(alarmSays);
    for (const [principal, number] of filter.principals) {
      const isNamed = data.principals[principal].toLowerCase().includes(view.text);
      if (view.text !== "" && !isFound && !isNamed) continue;
      whole.add(principal);
      note(principal, number, alarms);
    }
  });
  if (view.text !== "") noteRecords(note, whole);
  return [...found.values()].sort((one, other) => other.matches - one.matches);
}

function noteRecords(note, whole) {
  const seen = new Map(); // record -> alarms
  for (const alarm of data.alarms.filter(isChosen)) {
    for (const i of alarm.transitions.flatMap((transition) => transition.events)) {
      const event = data.events[i];
      if (whole.has(event.principal) || !contains(event, view.text, ofEvent)) continue;
      seen.set(event, [...(seen.get(event) ?? []), alarm]);
    }
  }
  for (const [event, alarms] of seen) note(event.principal, 1, alarms);
}

function isChosen(alarm) {
  return view.alarm === null || data.alarms[view.alarm] === alarm;
}

export function isNarrowed() {
  return view.principal !== null || view.text !== "";
}
