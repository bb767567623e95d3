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
  document.addEventListener("htmx:sendError", missed);
  document.addEventListener("htmx:timeout", missed);
  document.addEventListener("htmx:afterOnLoad", read);
  window.addEventListener("online", again);
}

function again() {
  if (unread?.element.isConnected) window.htmx.ajax("GET", unread.path, { source: unread.element });
  else unread = null;
}
