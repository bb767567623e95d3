// A floor page on the device: keeps the scan field ready, hands scans and taps to the queue, shows the answers.

import { ask, LATER } from "./floor/asking.js";
import { obstacle, scan as scanWithCamera, warmUp } from "./floor/camera.js";
import { confirmed, disarm } from "./floor/confirming.js";
import { Queue } from "./floor/queue.js";
import { watch } from "./floor/reading.js";
import { listen } from "./floor/scanner.js";
import { signal, wakeSound } from "./floor/signals.js";
import { sentence } from "./floor/words.js";

const PATIENCE = 8000; // milliseconds for the next page: what is scanned meanwhile waits for it
const AGAIN = 3000;
const root = document.documentElement;
const find = (selector) => document.querySelector(selector);
const whenIdle = window.requestIdleCallback || setTimeout;

const queue = new Queue({
  user: root.dataset.user || "",
  warehouse: root.dataset.warehouse || "",
  answered: show,
  gaveUp: (entry) => say(sentence("gave-up", { what: entry.label }), "refused"),
  changed: tell,
});

// --- What is said ---------------------------------------------------------------------------------------

function say(text, tone, { quiet = false } = {}) {
  const place = find("#say");
  place.dataset.tone = text ? tone : "";
  place.querySelector("[data-text]").textContent = text;
  place.hidden = false;
  if (text) place.scrollIntoView({ block: "nearest" });
  if (text && !quiet) signal(tone);
}

// The badge, and what needs a person: lost scans, a session that ended, scans of somebody else.
function tell() {
  const badge = find("#net");
  const kept = queue.mine().length;
  root.dataset.queue = queue.running ? "sending" : "idle";
  if (badge) {
    const words = {
      online: sentence("online"),
      offline: sentence("offline", { n: kept }),
      busy: sentence("busy", { n: kept }),
      "signed-out": sentence("signed-out", { n: kept }),
    };
    badge.dataset.state = queue.state;
    if (badge.textContent !== words[queue.state]) badge.textContent = words[queue.state];
  }
  release();
  const place = find("#exceptions");
  place.replaceChildren(...unsafe(), ...signedOut(kept), ...ofOthers(), ...failed());
  place.hidden = !place.childElementCount;
}

function unsafe() {
  return queue.isSafe() || !queue.user ? [] : [notice(sentence("keeps-nothing"))];
}

function signedOut(kept) {
  if (queue.state !== "signed-out") return [];
  const href = queue.signIn || "/floor/sign-in/";
  const link = element("a", { className: "button", href }, sentence("sign-in"));
  const words = kept ? sentence("sign-in-kept", { n: kept }) : sentence("sign-in-to-go-on");
  return [notice(words, link)];
}

function ofOthers() {
  const count = queue.ofOthers().length;
  if (!count || !queue.user) return [];
  return [notice(sentence("of-others", { n: count }))];
}

function failed() {
  return queue.failed().map((entry) => {
    const again = element("button", { type: "button", className: "button" }, sentence("try-again"));
    const gone = element("button", { type: "button", className: "button" }, sentence("seen"));
    again.addEventListener("click", () => queue.again(entry.id));
    gone.addEventListener("click", () => queue.forget(entry.id));
    const time = new Date(entry.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    return notice(sentence("not-booked", { what: entry.label, time, why: entry.problem }), again, gone);
  });
}

function notice(words, ...buttons) {
  const box = element("div", { className: "notice" }, element("p", {}, words));
  if (buttons.length) box.append(element("div", { className: "row" }, ...buttons));
  return box;
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// --- Answers ----------------------------------------------------------------------------------------------

const opening = new Set(); // the taps that are answered, but whose next page is still to come: their forms stay busy

async function show(entry, { status, text }) {
  const page = parsed(text);
  const told = page.querySelector("#say");
  const words = told?.querySelector("[data-text]")?.textContent.trim() || "";
  const tone = told?.dataset.tone || (status < 400 ? "ok" : "refused");
  const here = isHere(entry.page);
  const next = here && told?.dataset.next;
  if (next) opening.add(entry.id);
  release();
  if (tone === "refused" && entry.kept) queue.fail(entry, words);
  if (next) {
    say(words, tone);
    return go(next, { text: words, tone });
  }
  if (here && status < 400 && isHere(page.documentElement.dataset.page)) swap(page);
  say(entry.kept && tone === "ok" ? `${entry.label}: ${words}` : words, tone);
}

// Whether a path leads to this page: one and the same is written in several ways, as with a space or an umlaut.
function isHere(path) {
  return decodeURIComponent(path || "") === decodeURIComponent(location.pathname);
}

// Put another state of this page, or another page, in place of this one. What is being scanned meanwhile stays.
function swap(page) {
  const before = find("[data-scan]");
  const typed = before?.value || "";
  const typing = before?.inputMode === "text" && typed !== "";
  for (const part of ["#bar", "#stage"]) find(part).replaceWith(page.querySelector(part));
  const camera = page.querySelector("#camera");
  if (camera && !find("#camera")) {
    find("#stage").after(camera);
    whenIdle(() => warmUp(camera));
  }
  document.title = page.title;
  root.dataset.page = page.documentElement.dataset.page;
  window.htmx?.process(find("#stage"));
  opening.clear();
  turn += 1;
  tell();
  const field = find("[data-scan]");
  if (field && typed) field.value = typed;
  if (field && typing) field.inputMode = "text";
  ready();
}

let turn = 0; // counts what this page was to become, so that a page that comes late does not overtake the next one

// To the next page without losing a scan that falls between the two. One that does not come holds nothing up.
async function go(address, said, { again = false } = {}) {
  const mine = ++turn;
  const next = await pageAt(address);
  if (mine !== turn) return;
  if (!next) {
    setTimeout(() => mine === turn && go(address, said, { again: true }), AGAIN);
    return again || say(sentence("next-later", { said: said.text }), "note");
  }
  const { page, user, warehouse } = next.documentElement.dataset;
  if (!page || user !== queue.user || warehouse !== queue.warehouse) return location.assign(address);
  const asked = new URL(address, location.href);
  const same = decodeURIComponent(asked.pathname) === decodeURIComponent(page);
  history.pushState(null, "", same ? asked.href : page);
  swap(next);
  scrollTo(0, 0);
  say(said.text, said.tone, { quiet: true });
}

// The page of this address; null where there is none to be had now.
async function pageAt(address) {
  try {
    const response = await ask(address, { patience: PATIENCE });
    return LATER.has(response.status) ? null : parsed(await response.text());
  } catch {
    return null;
  }
}

function parsed(text) {
  return new DOMParser().parseFromString(text, "text/html");
}

// --- Scans and taps ---------------------------------------------------------------------------------------

function submitted(event) {
  const form = event.target;
  if (!form.matches("[data-action]")) return;
  event.preventDefault();
  const field = form.querySelector("[data-scan]");
  const code = field?.value.trim();
  if (field) disarm();
  if (field && !inOrder(form)) return (field.value = "");
  if (field && !code) return field.focus({ preventScroll: true });
  if (field && form.matches("[data-once]") && isOnItsWay(form)) return refuseSecond(field);
  if (!field && form.dataset.busy) return; // a double tap
  if (event.submitter?.dataset.confirm && !confirmed(event.submitter)) return;
  const fields = [...new FormData(form, event.submitter)].filter(
    ([name]) => name !== "csrfmiddlewaretoken" && name !== "action_id",
  );
  const named = event.submitter?.dataset.label || form.dataset.label || event.submitter?.textContent.trim();
  const label = code || named || sentence("tap");
  const entry = queue.add({
    url: new URL(form.getAttribute("action") || location.pathname, location.href).pathname,
    fields, label, page: location.pathname, once: form.matches("[data-once]"),
  });
  if (field) {
    field.value = "";
    field.inputMode = "none";
  }
  if (!field || entry.once) form.dataset.busy = entry.id;
  if (queue.state !== "online") say(kept(label), "note");
  ready();
}

// The browser would keep a form back without a sound: what is wrong beside the scan field is said here.
function inOrder(form) {
  const off = [...form.elements].find((each) => each.willValidate && !each.validity.valid);
  if (!off) return true;
  off.closest("details")?.setAttribute("open", "");
  say(wanted(off), "refused");
  return false;
}

function wanted({ min, max }) {
  const least = min || 0;
  return max ? sentence("number-between", { least, most: max }) : sentence("number-least", { least });
}

// Whether a scan that ends the step of this page waits for its answer; it may have been made before the page was
// loaded anew.
function isOnItsWay(form) {
  const waiting = queue.mine().some((entry) => entry.once && isHere(entry.page));
  return waiting || Boolean(form.dataset.busy);
}

// What stands beside the scan field belongs to the scan before: with a second one it would be booked again.
function refuseSecond(field) {
  say(sentence("once", { what: field.value.trim() }), "refused");
  field.value = "";
}

// A code that did not come into the scan field by itself: from the camera, or scanned while something else had
// the focus.
function scanned(code) {
  const field = find("[data-scan]");
  if (!field) return say(sentence("takes-no-scans", { what: code }), "refused");
  field.value = code;
  field.form.requestSubmit();
}

function kept(what) {
  if (queue.state === "signed-out") return sentence("kept-signed-out", { what });
  return sentence("kept-offline", { what });
}

// A form takes taps again once its last one is on its way no more: answered, given up, or sent by another tab. One
// whose answer leads to another page does not: what it asks for is done.
function release() {
  const kept = new Set([...queue.mine().map((entry) => entry.id), ...opening]);
  document.querySelectorAll("[data-busy]").forEach((form) => {
    if (!kept.has(form.dataset.busy)) delete form.dataset.busy;
  });
}

// --- The scan field: always ready, without a keyboard over the page until somebody asks for it -------------

function ready() {
  const field = find("[data-scan]");
  const active = document.activeElement;
  if (field && !field.disabled && (!active || active === document.body)) field.focus({ preventScroll: true });
}

function pressed(event) {
  wakeSound();
  const field = find("[data-scan]");
  if (!field || event.ctrlKey || event.metaKey || event.altKey) return;
  const elsewhere = event.target.closest?.("input, textarea, select, dialog");
  if (event.key.length === 1 && event.key !== " " && !elsewhere) field.focus({ preventScroll: true });
}

function clicked(event) {
  wakeSound();
  const link = event.target.closest("a[href]");
  if (link && queue.state === "offline" && link.origin === location.origin) {
    event.preventDefault();
    say(sentence("page-stays"), "note");
  }
  if (event.target.closest("[data-type-code]")) return typeCode();
  if (event.target.closest("[data-camera-button]")) return useCamera();
  if (event.target.closest("[data-close]")) return find("#camera").close();
  const step = event.target.closest("[data-step], [data-set]");
  if (step) count(step);
  if (!event.target.closest("a, button, input, select, textarea, label, summary, dialog")) ready();
}

function typeCode() {
  const field = find("[data-scan]");
  field.inputMode = field.inputMode === "text" ? "none" : "text";
  field.blur();
  field.focus();
}

async function useCamera() {
  const reason = obstacle();
  if (reason) return say(reason, "note");
  const code = await scanWithCamera(find("#camera"));
  if (code) scanned(code);
  else ready();
}

// Big + and − beside a number. Afterwards the scanner has its field again.
function count(button) {
  const field = (button.closest(".stepper") || button.closest("form")).querySelector("input[type=number]");
  const { step, set } = button.dataset;
  const value = set ? Number(set) : Number(field.value || 0) + Number(step);
  field.value = Math.min(Math.max(value, Number(field.min || 0)), Number(field.max || 1e6));
  button.blur();
}

watch(say);
listen({ heard: disarm, strayed: scanned });
document.addEventListener("submit", submitted);
document.addEventListener("keydown", pressed);
document.addEventListener("click", clicked);
document.addEventListener("focusout", () => setTimeout(ready, 0));
document.addEventListener("visibilitychange", () => document.hidden || queue.wake());
window.addEventListener("online", () => queue.wake());
window.addEventListener("offline", () => queue.setState("offline"));
window.addEventListener("popstate", () => location.reload());
window.addEventListener("storage", tell);
window.addEventListener("beforeunload", (event) => queue.mine().length && !queue.isSafe() && event.preventDefault());

const told = find("#say");
if (told.dataset.tone) signal(told.dataset.tone);
tell();
ready();
queue.run();
whenIdle(() => warmUp(find("#camera")));
