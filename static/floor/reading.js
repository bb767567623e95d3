// What htmx reads for the page (hits while somebody types): without a network that is said, and asked for again.

import { sentence } from "./words.js";

const AGAIN = 3000; // milliseconds

let unread = null; // the last request that got no answer

// `say` as in floor.js.
export function watch(say) {
  const missed = ({ detail }) => {
    const words = sentence("reads-later");
    if (!unread) say(words, "note");
    clearTimeout(unread?.timer);
    unread = { element: detail.elt, path: detail.requestConfig.path, timer: setTimeout(again, AGAIN) };
  };
  const read = () => {
    if (!unread) return;
    clearTimeout(unread.timer);
    unread = null;
    if (document.querySelector("#say [data-text]").textContent === sentence("reads-later")) say("", "");
  };
  document.addEventListener("htmx:beforeRequest", ask);
  document.addEventListener("input", emptied);
  document.addEventListener("htmx:sendError", missed);
  document.addEventListener("htmx:timeout", missed);
  document.addEventListener("htmx:afterOnLoad", read);
  window.addEventListener("online", again);
}

// Nothing is like an empty field: a code that was scanned into it is on its way already.
function ask(event) {
  if (isEmpty(event.detail.elt)) event.preventDefault();
}

// What was found for the letters that somebody took away again.
function emptied({ target }) {
  if (!isEmpty(target)) return;
  window.htmx.trigger(target, "htmx:abort");
  document.querySelector(target.getAttribute("hx-target"))?.replaceChildren();
}

function isEmpty(element) {
  return element.matches("input[hx-get]") && !element.value.trim();
}

function again() {
  if (unread?.element.isConnected && !isEmpty(unread.element)) window.htmx.ajax("GET", unread.path, { source: unread.element });
  else unread = null;
}
