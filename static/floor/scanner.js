// A scanner types as a person does, only faster: by its speed it is told from a hand, whatever has the focus.

const GAP = 50; // milliseconds from key to key at most; no hand keeps that up to the Enter
const LEAST = 3; // characters
const REST = 1000; // after so long, what stands in the field is no part of the code
const ENDS = /^Enter$/;
const TAKES_SCANS = "[data-scan], [data-scannable]"; // a code stays in these fields, as if it had been typed

let burst = null; // keys without a pause: their text, the time of the last one, where they went, what stood there

// `heard()` is called with each code that a scanner ends, and after it `strayed(code)` where the code went into
// something that does not take scans: what stood there is there again.
export function listen({ heard, strayed }) {
  document.addEventListener("keydown", (event) => {
    if (ENDS.test(event.key)) ended(event, heard, strayed);
    else gather(event);
  }, true);
}

function gather(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) burst = null;
  else if (event.key?.length === 1) {
    if (!soonAfter(event)) burst = begun(event);
    burst.text += event.key;
    burst.at = event.timeStamp;
  }
}

function begun({ target, timeStamp }) {
  return { text: "", place: target, before: target.value, alone: !burst || timeStamp - burst.at > REST };
}

function ended(event, heard, strayed) {
  const scanned = soonAfter(event) && burst.text.length >= LEAST ? burst : null;
  burst = null;
  if (!scanned) return;
  heard();
  if (scanned.place.matches(TAKES_SCANS)) return instead(scanned);
  event.preventDefault(); // Enter would send the form of this field, or tap this button
  putBack(scanned);
  strayed(scanned.text);
}

function soonAfter(event) {
  return burst && event.timeStamp - burst.at <= GAP;
}

// What somebody began to type there is no part of the code.
function instead({ text, place, before, alone }) {
  if (before && alone) place.value = text;
}

function putBack({ place, before }) {
  if (!place.matches("input, select, textarea")) return;
  place.value = before;
  for (const kind of ["input", "change"]) place.dispatchEvent(new Event(kind, { bubbles: true }));
}
