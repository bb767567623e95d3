// A scanner types as a person does, only faster: by its speed it is told from a hand, whatever has the focus.

const GAP = 100; // milliseconds from key to key at most; a scanner may pause for so long
const PACE = 50; // milliseconds for a character on average; no hand keeps that up to the Enter
const LEAST = 3; // characters
const REST = 1000; // after so long, what stands in the field is no part of the code
const ENDS = /^Enter$/;
const TAKES_SCANS = "[data-scan], [data-scannable]"; // a code stays in these fields, as if it had been typed

let burst = null; // characters without a pause: their text, when they began and where, what stood there
let last = -Infinity; // the time of the last key of any kind: one that types nothing is no pause
let alone = true; // whether the keys without a pause came after a rest
let swallowed = -Infinity; // the time of the last Enter that was kept from its field

// `heard()` is called with each code that a scanner ends, and after it `strayed(code)` where the code went into
// something that does not take scans, or that is no longer there: what stood there is there again.
export function listen({ heard, strayed }) {
  document.addEventListener("keydown", (event) => {
    follow(event);
    if (ENDS.test(event.key)) ended(event, heard, strayed);
    else gather(event);
  }, true);
}

function follow({ timeStamp, repeat }) {
  const pause = timeStamp - last;
  last = timeStamp;
  if (pause > GAP) alone = pause > REST;
  if (pause > GAP || repeat) burst = null;
}

// Shift, and what a scanner sends for a separator inside a code (Ctrl with a key), belong to the burst, but not to
// its text: they type nothing.
function gather({ key, repeat, ctrlKey, metaKey, altKey, target, timeStamp }) {
  if (repeat || key?.length !== 1 || ctrlKey || metaKey || altKey) return;
  burst ??= { text: "", since: timeStamp, place: target, before: target.value };
  burst.text += key;
}

function ended(event, heard, strayed) {
  const scanned = isOfScanner(event) ? burst : null;
  burst = null;
  if (!scanned) return again(event);
  heard();
  const { place } = scanned;
  if (place.isConnected && place.matches(TAKES_SCANS)) return stays(scanned, event);
  swallow(event); // it would send the form of this field, or tap this button
  putBack(scanned);
  strayed(scanned.text);
}

function isOfScanner({ timeStamp }) {
  return burst?.text.length >= LEAST && timeStamp - burst.since <= PACE * burst.text.length;
}

// Some scanners end with two of them.
function again(event) {
  if (event.timeStamp - swallowed <= GAP) event.preventDefault();
}

function swallow(event) {
  swallowed = event.timeStamp;
  event.preventDefault();
}

// What somebody began to type there is no part of the code. It sends the form of the scan field only: what else
// takes a code waits for its own button.
function stays({ text, place, before }, event) {
  if (before && alone) place.value = text;
  if (place.matches("[data-action] [data-scannable]")) swallow(event);
}

function putBack({ place, before }) {
  if (!place.matches("input, select, textarea")) return;
  place.value = before;
  for (const kind of ["input", "change"]) place.dispatchEvent(new Event(kind, { bubbles: true }));
}
