// Scans and taps on their way to the server: kept on the device until they are answered, sent one at a time in
// the order in which they were made. Each has a number of its own, so that one sent twice counts once.

import { ask, LATER } from "./asking.js";
import { Kept } from "./kept.js";
import { sentence } from "./words.js";

const QUEUE = "holdfast.floor.queue";
const EXCEPTIONS = "holdfast.floor.exceptions";
const TRIES = 4; // of what the server cannot carry out at all
const BUSY = new Set(["raced", "busy"]);
const BUSY_TRIES = 5; // of what others were in the way of each time
const LONGEST_WAIT = 15000;
const PATIENCE = 20000; // milliseconds for an answer

// A random UUID (version 4); randomUUID itself exists on HTTPS and localhost only.
export function newNumber() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export class Queue {
  // `answered(entry, text)` is called with each answer, `gaveUp(entry, problem)` where there will be none, and
  // `changed()` when anything to be shown has changed.
  constructor({ user, warehouse, answered, gaveUp, changed }) {
    Object.assign(this, { user, warehouse, answered, gaveUp, changed });
    this.kept = new Kept(QUEUE);
    this.exceptions = new Kept(EXCEPTIONS);
    this.state = navigator.onLine === false ? "offline" : "online"; // also: busy, signed-out
    this.signIn = "";
    this.waited = 0;
    this.running = false;
    this.timer = 0;
  }

  mine() {
    return this.kept.all().filter((entry) => entry.user === this.user);
  }

  ofOthers() {
    return this.kept.all().filter((entry) => entry.user !== this.user);
  }

  // Whether what is on its way outlives the page.
  isSafe() {
    return this.kept.isSafe() && this.exceptions.isSafe();
  }

  failed() {
    return this.exceptions.all().filter((entry) => entry.user === this.user);
  }

  add({ url, fields, label, page, once }) {
    const entry = {
      id: newNumber(), url, fields, label, page, once, user: this.user, warehouse: this.warehouse,
      at: new Date().toISOString(), kept: this.state !== "online", tries: 0,
    };
    this.kept.add(entry);
    this.changed();
    if (this.state !== "busy") this.run();
    return entry;
  }

  again(id) {
    const entry = this.failed().find((each) => each.id === id);
    if (!entry) return;
    this.exceptions.remove(id);
    this.kept.add({ ...entry, tries: 0, busy: 0, problem: undefined });
    this.changed();
    this.run();
  }

  forget(id) {
    this.exceptions.remove(id);
    this.changed();
  }

  // Send what is kept; one runner at a time, in all tabs where the browser has locks.
  async run() {
    if (this.running || !this.user || this.state === "signed-out") return;
    this.running = true;
    this.changed();
    clearTimeout(this.timer);
    try {
      if (navigator.locks) await navigator.locks.request(QUEUE, () => this.sendAll());
      else await this.sendAll();
    } finally {
      this.running = false;
    }
    this.changed();
    if (this.state === "online" && this.mine().length) this.run();
  }

  async sendAll() {
    let entry;
    while ((entry = this.mine()[0])) {
      const answer = await this.send(entry);
      if (answer === null) return;
      this.waited = 0;
      this.kept.remove(entry.id);
      const shown = this.answered(this.withHistory(entry), answer); // before its form takes taps again
      this.setState("online");
      await shown;
    }
    if (this.state === "busy") this.setState("online");
  }

  withHistory(entry) {
    return { ...entry, kept: entry.kept || entry.tries > 0 || Boolean(entry.waited) };
  }

  // The server's answer to an entry; null where it is to be sent again later.
  async send(entry) {
    let response;
    let text;
    try {
      response = await this.post(entry);
      text = await response.text();
    } catch {
      return this.later(entry, "offline");
    }
    if (response.headers.get("Floor-Answer") === entry.id) {
      if (response.status === 401) return this.stop(text);
      if (BUSY.has(response.headers.get("Floor-Refusal"))) return this.inTheWay(entry);
      if (LATER.has(response.status)) return this.later(entry, "busy");
      return { status: response.status, text };
    }
    return this.notOurs(entry, response);
  }

  post(entry) {
    return ask(entry.url, {
      patience: PATIENCE,
      method: "POST",
      body: new URLSearchParams(entry.fields),
      headers: {
        "X-CSRFToken": cookie("csrftoken"),
        "Floor-Action": entry.id,
        "Floor-User": entry.user,
        "Floor-Warehouse": entry.warehouse,
      },
      redirect: "manual",
    });
  }

  // Somebody else answered: a Wi-Fi's own sign-in page, a proxy, Django's guard against forged requests.
  async notOurs(entry, response) {
    if (response.status === 403 && !entry.renewed) {
      this.kept.change(entry.id, { renewed: true });
      await ask(location.pathname, { patience: PATIENCE }).catch(() => null);
      return this.later(entry, "busy");
    }
    if (response.status >= 400 && !LATER.has(response.status)) {
      if (entry.tries + 1 >= TRIES) return this.giveUp(entry, sentence("server-cannot"));
      this.kept.change(entry.id, { tries: entry.tries + 1 });
    }
    return this.later(entry, response.status >= 400 ? "busy" : "offline");
  }

  // Others changed the same goods at the same moment. That passes; but not for ever.
  inTheWay(entry) {
    const busy = (entry.busy || 0) + 1;
    if (busy >= BUSY_TRIES) return this.giveUp(entry, sentence("in-the-way"));
    this.kept.change(entry.id, { busy });
    return this.later(entry, "busy");
  }

  // What follows is sent a moment later, so that the person sees what did not work.
  giveUp(entry, problem) {
    this.kept.remove(entry.id);
    this.fail(entry, problem);
    this.gaveUp(entry, problem);
    this.waited = 0;
    return this.later(null, "busy");
  }

  // An exception stays in sight until somebody has dealt with it.
  fail(entry, problem) {
    this.exceptions.add({ ...entry, problem });
    this.changed();
  }

  later(entry, state) {
    if (entry && !entry.waited) this.kept.change(entry.id, { waited: true });
    this.setState(state);
    this.waited = Math.min(this.waited ? this.waited * 2 : 1000, LONGEST_WAIT);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.run(), this.waited);
    return null;
  }

  stop(text) {
    const page = new DOMParser().parseFromString(text, "text/html");
    this.signIn = page.querySelector("#say")?.dataset.signIn || "";
    this.setState("signed-out");
    return null;
  }

  setState(state) {
    if (this.state === state) return;
    this.state = state;
    this.changed();
  }

  // The network is back (or says so): do not wait for the timer.
  wake() {
    if (this.state === "signed-out") return;
    this.waited = 0;
    if (!this.mine().length) this.setState("online");
    this.run();
  }
}

function cookie(name) {
  const found = document.cookie.split("; ").find((each) => each.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}
