// Entries kept in localStorage, one key each, so that two tabs never write over one another's. Where the browser
// keeps nothing (a private window, storage that is full or forbidden) they stay in memory, as long as the page does.

export class Kept {
  constructor(name) {
    this.prefix = `${name}.`;
    this.memory = new Map();
    this.lasting = this.store("probe", null);
    this.remove("probe");
  }

  // Whether all of it outlives the page.
  isSafe() {
    return this.lasting && !this.memory.size;
  }

  // In the order in which they were added, in whatever tab.
  all() {
    const entries = [...this.memory.values(), ...this.stored()];
    return entries.sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));
  }

  add(entry) {
    const last = Math.max(0, ...this.all().map((each) => each.order));
    this.put({ ...entry, order: Math.max(Date.now(), last + 1) });
  }

  change(id, changes) {
    const entry = this.all().find((each) => each.id === id);
    if (entry) this.put({ ...entry, ...changes });
  }

  remove(id) {
    this.memory.delete(id);
    try {
      localStorage.removeItem(this.prefix + id);
    } catch {
      // there is no storage
    }
  }

  put(entry) {
    this.memory.delete(entry.id);
    if (!this.store(entry.id, entry)) this.memory.set(entry.id, entry);
  }

  store(id, entry) {
    try {
      localStorage.setItem(this.prefix + id, JSON.stringify(entry));
      return true;
    } catch {
      return false;
    }
  }

  stored() {
    try {
      const keys = Object.keys(localStorage).filter((key) => key.startsWith(this.prefix));
      return keys.map((key) => readable(localStorage.getItem(key))).filter((entry) => entry?.id);
    } catch {
      return [];
    }
  }
}

// One entry that cannot be read hides none of the others.
function readable(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
