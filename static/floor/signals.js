// High beep, low buzz, vibration. Text says the same: nothing is told by sound or colour alone.

let audio = null;

// Browsers allow sound only after somebody has touched the page.
export function wakeSound() {
  const Context = window.AudioContext || window.webkitAudioContext;
  if (!Context) return;
  audio = audio || new Context();
  if (audio.state === "suspended") audio.resume().catch(() => null);
}

function tone(shape, from, to, seconds, volume) {
  if (!audio || audio.state !== "running") return;
  const start = audio.currentTime;
  const wave = audio.createOscillator();
  const gain = audio.createGain();
  wave.type = shape;
  wave.frequency.setValueAtTime(from, start);
  wave.frequency.linearRampToValueAtTime(to, start + seconds);
  gain.gain.setValueAtTime(volume, start);
  gain.gain.exponentialRampToValueAtTime(0.001, start + seconds);
  wave.connect(gain).connect(audio.destination);
  wave.start(start);
  wave.stop(start + seconds);
}

export function signal(kind) {
  if (kind === "ok") {
    tone("sine", 1320, 1760, 0.13, 0.5);
    vibrate(60);
  } else if (kind === "refused") {
    tone("square", 150, 110, 0.45, 0.4);
    vibrate([180, 80, 180]);
  } else if (kind === "note") {
    tone("sine", 660, 660, 0.1, 0.3);
    vibrate(30);
  }
}

function vibrate(pattern) {
  // Before the first touch a browser refuses, with an entry in its console.
  if (navigator.vibrate && navigator.userActivation?.hasBeenActive !== false) navigator.vibrate(pattern);
}
