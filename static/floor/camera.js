// The camera as a scanner. The decoder is vendored (static/vendor) and works without a network.

import { sentence } from "./words.js";

const FORMATS = ["code_128", "ean_13", "ean_8", "upc_a", "upc_e", "code_39", "itf", "qr_code", "data_matrix"];
const EVERY = 120; // milliseconds between looks

const USED = "holdfast.floor.camera";

let detector = null;

// The decoder; `place` is the dialog that knows where its files are.
export async function decoder(place) {
  if (detector) return detector;
  await script(place.dataset.decoder);
  const { BarcodeDetector, prepareZXingModule } = window.BarcodeDetectionAPI;
  await prepareZXingModule({ overrides: { locateFile: () => place.dataset.wasm }, fireImmediately: true });
  detector = new BarcodeDetector({ formats: FORMATS });
  return detector;
}

// The decoder is in the browser's cache before it is asked for, and before the network goes; on a device that scans
// with its camera it runs already.
export function warmUp(place) {
  if (!place || obstacle()) return;
  if (used()) decoder(place).catch(() => null);
  else if (!metered()) [place.dataset.decoder, place.dataset.wasm].forEach(fetchAhead);
}

function used() {
  try {
    return Boolean(localStorage.getItem(USED));
  } catch {
    return false; // no storage: it is loaded when it is needed
  }
}

function metered() {
  const { saveData, type } = navigator.connection || {};
  return saveData || type === "cellular";
}

async function fetchAhead(source) {
  try {
    const response = await fetch(source, { priority: "low" });
    await response.blob(); // kept once it is read to its end
  } catch {
    // no network: the next page tries again
  }
}

function script(source) {
  return new Promise((loaded, failed) => {
    const element = document.createElement("script");
    element.src = source;
    element.onload = loaded;
    element.onerror = () => failed(new Error(sentence("decoder-missing")));
    document.head.append(element);
  });
}

// Why the camera cannot be used here, in words; empty where it can.
export function obstacle() {
  if (!window.isSecureContext) return sentence("camera-https");
  if (!navigator.mediaDevices?.getUserMedia) return sentence("camera-none-here");
  return "";
}

// Look until a code is seen: gives it, or null when the person closed the camera.
export async function scan(place) {
  const video = place.querySelector("video");
  const hint = place.querySelector("[data-hint]");
  let stream = null;
  let open = true;
  const closed = new Promise((resolve) => {
    place.addEventListener("close", () => { open = false; resolve(null); }, { once: true });
  });
  hint.textContent = sentence("camera-starting");
  place.showModal();
  try {
    const ready = decoder(place);
    stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false,
    });
    video.srcObject = stream;
    await video.play();
    const eye = await ready;
    remember();
    hint.textContent = sentence("camera-hold");
    return await Promise.race([closed, look(eye, video, () => open)]);
  } catch (error) {
    hint.textContent = reason(error);
    return await closed;
  } finally {
    stream?.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
    open = false;
    if (place.open) place.close();
  }
}

function remember() {
  try {
    localStorage.setItem(USED, "1");
  } catch {
    // no storage
  }
}

async function look(eye, video, wanted) {
  while (wanted()) {
    const [seen] = await eye.detect(video);
    if (seen?.rawValue) return seen.rawValue;
    await new Promise((next) => setTimeout(next, EVERY));
  }
  return null;
}

function reason(error) {
  if (error.name === "NotAllowedError") return sentence("camera-not-allowed");
  if (error.name === "NotFoundError") return sentence("camera-not-found");
  return sentence("camera-broken", { why: error.message });
}
