// One prompt's page: records from the microphone or sends a file; the server makes a take of it and shows it.

import { Microphone } from "./microphone.js";
import { clock, element, show, text } from "./page.js";
import { Recording } from "./recording.js";
import { sendRecording } from "./takes.js";

/** Seconds; the server takes no more. */
const longest = 180;

const studio = element("studio");
const problem = element("problem");
const progress = element("progress");
const button = /** @type {HTMLButtonElement} */ (element("record"));
const send = /** @type {HTMLButtonElement} */ (element("send"));
const file = /** @type {HTMLInputElement} */ (element("file"));

/** @type {Recording | null} */
let recording = null;
let isBusy = false;

const microphone = new Microphone(() => {});
// What helps in a conversation spoils a recording.
/** @type {HTMLInputElement} */ (element("raw")).checked = true;

/** @param {string} key */
function say(key) {
  progress.textContent = text(key);
}

function draw() {
  button.disabled = isBusy;
  send.disabled = isBusy || recording !== null;
  button.setAttribute("aria-pressed", String(recording !== null));
  element("record-text").textContent = text(recording ? "js_studio_stop" : "js_studio_start");
}

/** @param {() => Promise<void>} work */
async function busily(work) {
  if (isBusy) return;
  isBusy = true;
  draw();
  show(problem, null);
  try {
    await work();
  } catch (error) {
    progress.textContent = "";
    show(problem, error instanceof Error ? error.message : String(error));
  }
  isBusy = false;
  draw();
}

async function start() {
  say("js_studio_microphone");
  await microphone.open();
  if (!microphone.stream) return;
  const begun = new Recording(microphone.stream, longest, () => busily(stop));
  await begun.start();
  recording = begun;
  say("js_studio_recording");
}

async function stop() {
  const done = recording;
  if (!done) return;
  recording = null;
  const wav = await done.stop();
  microphone.close();
  element("record-time").textContent = "";
  await upload(wav);
}

/** @param {Blob} wav */
async function upload(wav) {
  say("js_studio_sending");
  const made = await sendRecording(wav, studio.dataset.query ?? "", Number(studio.dataset.largest));
  location.assign(made.page);
}

const toggle = () => busily(recording ? stop : start);
button.addEventListener("click", toggle);
element("upload").addEventListener("submit", event => {
  event.preventDefault();
  const chosen = file.files?.[0];
  if (chosen) busily(() => upload(chosen));
});
addEventListener("keydown", event => {
  if (event.key !== "F2" || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  toggle();
});
setInterval(() => { if (recording) element("record-time").textContent = clock(recording.seconds); }, 250);
draw();
