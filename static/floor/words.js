// What the scripts say, in the language of the page, which brings it: orders/templatetags/floor_words.py.

const WORDS = JSON.parse(document.getElementById("words")?.textContent || "{}");
const counts = new Intl.PluralRules(document.documentElement.lang || "en");

// The sentence of this key with its values filled in, in the form for `n` where one is counted. A key that the
// page does not know is said itself.
export function sentence(key, values = {}) {
  const told = WORDS[key] ?? key;
  const words = typeof told === "string" ? told : formFor(told, values.n);
  return words.replace(/%\((\w+)\)s/g, (gap, name) => values[name] ?? gap);
}

// That of a number which is counted alike, as 22 is like 2 in Polish; forms are there for some numbers only.
function formFor(forms, n) {
  const alike = Object.keys(forms).find((number) => counts.select(Number(number)) === counts.select(n));
  return forms[n] ?? forms[alike] ?? Object.values(forms).at(-1);
}
