// A button that asks before it does: the first tap arms it, the second one does it. What was not meant for it does
// not: the other half of a double tap, a scanner's Enter, anything after a scan or after five seconds.

const DOUBLE_TAP = 500; // milliseconds
const READY = 5000;

let armed = null; // the button, what stood on it, its timers

// Whether this tap is the second one.
export function confirmed(button) {
  const again = armed?.button === button;
  disarm();
  if (!again) arm(button);
  return again;
}

export function disarm() {
  if (!armed) return;
  const { button, words, timers } = armed;
  armed = null;
  timers.forEach(clearTimeout);
  button.textContent = words;
  button.disabled = false;
  delete button.dataset.armed;
}

function arm(button) {
  const enabled = setTimeout(() => { button.disabled = false; }, DOUBLE_TAP);
  armed = { button, words: button.textContent, timers: [enabled, setTimeout(disarm, READY)] };
  button.dataset.armed = "";
  button.textContent = button.dataset.confirm;
  button.blur(); // Enter is for the scan field
  button.disabled = true;
}
