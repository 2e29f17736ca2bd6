// Which alarms, transitions and records pass the reader's filters.

import { data, view } from "./store.js";

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

export function isNarrowed() {
  return view.principal !== null || view.text !== "";
}
