// Requests to the server. One that hangs is given up: nothing waits behind it for ever.

// What is answered so is worth another try: it has nothing to do with what was asked.
export const LATER = new Set([408, 425, 429, 502, 503, 504]);

// The response; refused (AbortError, TimeoutError) after `patience` milliseconds, and without a network.
export function ask(address, { patience, ...more }) {
  const signal = AbortSignal.timeout?.(patience);
  return fetch(address, { credentials: "same-origin", cache: "no-store", signal, ...more });
}
