// The consultant's page: presence, calls and sound over one WebSocket and one WebRTC connection.

import { Microphone } from "./microphone.js";
import { clock, element, fill, keypad, show, text, word } from "./page.js";
import { changeable, Phone } from "./phone.js";
import { Ring } from "./ring.js";
import { LiveSocket } from "./socket.js";

/**
 * @typedef {{state: string, since: number, until?: number | null, reason?: string | null}} State
 * @typedef {{offer: string, contact: string, caller: string | null, queue: string, hotline: string, language: string, tags: string[], waited: number, until: number}} Offer
 * @typedef {{contact: string, caller: string | null, queue: string, hotline: string, since: number, held: boolean, recording: boolean}} Call
 */

/** Survives a reload of this tab: then the microphone is opened again without asking. */
const wasOn = "phone-on";

/** @type {State} */
let state = { state: "offline", since: Date.now() };
/** @type {Offer | null} */
let offer = null;
let offerCame = 0;
/** @type {Call | null} */
let call = null;
let isMuted = false;
let wantsReady = false;

const ring = new Ring();
const ready = /** @type {HTMLButtonElement} */ (element("ready"));
const breakReason = /** @type {HTMLSelectElement} */ (element("break-reason"));
/** @type {Microphone} */
const microphone = new Microphone(() => soundOn(true));
const phone = new Phone(element("remote"), media);
const socket = new LiveSocket("/ws/consultant", { message, open, lost, closed });

// MARK: The line to the server

function open() {
  show(element("connection"), null);
  if (sessionStorage.getItem(wasOn)) soundOn(false);
}

/** @param {number} seconds */
function lost(seconds) {
  ring.stop();
  offer = null;
  show(element("connection"), text(call ? "js_line_lost_call" : "js_line_lost"));
  draw();
}

/** @param {number} code */
function closed(code) {
  ring.stop();
  phone.close();
  microphone.close();
  if (code === 4401) return location.assign("/login?next=/consultant");
  show(element("connection"), text(code === 4408 ? "js_taken_over" : "js_not_allowed"));
  offer = call = null;
  state = { state: "offline", since: Date.now() };
  draw();
}

/** @param {any} message */
function message(message) {
  switch (message.type) {
    case "welcome":
      state = { state: message.state, since: Date.now() };
      call = null;
      endOffer();
      chooseFrom(message.breaks);
      // A call waits for this page: its sound comes back without a click.
      if (["lost", "talking", "hold"].includes(message.state) && !sessionStorage.getItem(wasOn)) soundOn(false);
      break;
    case "media.answer": phone.answer(changeable(message.sdp)).catch(error => problem(text("js_media_failed", { error: String(error) }))); return;
    case "media.codec": phone.use(message.codec); return;
    case "media.state": return mediaText(message.connected ? "connected" : "failed");
    case "state": newState(message); break;
    case "offer": newOffer(message); break;
    case "offer.gone": goneOffer(message); break;
    case "call": newCall(message); break;
    case "call.ended": endCall(message.by); break;
    case "queues": return drawQueues(message.queues);
    case "error": problem(word("js_error", message.code) === message.code ? message.text : word("js_error", message.code)); return;
    default: return;
  }
  draw();
}

/** @param {string[]} reasons for a break, in the words of the organisation */
function chooseFrom(reasons) {
  breakReason.replaceChildren(...reasons.map(reason => new Option(reason)));
}

/** @param {State} next */
function newState(next) {
  state = next;
  problem(null);
  if (next.state !== "offered") endOffer();
  if (["ready", "break", "offline", "wrap-up"].includes(next.state)) call = null;
}

/** @param {Offer} next */
function newOffer(next) {
  offer = next;
  offerCame = Date.now();
  ring.start(callerName(next.caller), about(next));
  announce(text("js_announce_offer", { caller: callerName(next.caller), queue: next.queue }));
  draw();
  element("answer").focus();
}

/** @param {{offer: string, why: string}} gone */
function goneOffer(gone) {
  if (offer?.offer !== gone.offer) return;
  endOffer();
  announce(word("js_gone", gone.why));
}

function endOffer() {
  offer = null;
  ring.stop();
}

/** @param {Call} next */
function newCall(next) {
  endOffer();
  if (call?.contact !== next.contact) {
    announce(text("js_announce_call", { caller: callerName(next.caller) }));
    mute(false);
  }
  call = next;
}

/** @param {string} by */
function endCall(by) {
  call = null;
  mute(false);
  announce(word("js_ended", by));
}

// MARK: Sound

/**
 * Opens the microphone and offers a connection to the server.
 * @param {boolean} again another microphone was chosen: keep the connection
 * @returns {Promise<void>}
 */
async function soundOn(again) {
  problem(null);
  try {
    await microphone.open();
    if (!microphone.stream || !microphone.track) return;
    microphone.track.enabled = !isMuted;
    sessionStorage.setItem(wasOn, "1");
    if (again && phone.isConnected) return await phone.replace(microphone.track);
    const sdp = await phone.offer(microphone.stream);
    socket.send({ type: "media.offer", sdp });
  } catch (error) {
    wantsReady = false;
    problem(error instanceof Error ? error.message : String(error));
    draw();
  }
}

/** @param {"off" | "connecting" | "connected" | "failed"} now */
function media(now) {
  mediaText(now);
  if (now === "connected" && wantsReady) {
    wantsReady = false;
    socket.send({ type: "ready" });
  }
  if (now === "failed") {
    problem(text("js_media_lost"));
    if (socket.isOpen) setTimeout(() => soundOn(false), 1000);
  }
}

/** @param {"off" | "connecting" | "connected" | "failed"} shown */
function mediaText(shown) {
  element("media-state").textContent = text(shown === "failed" ? "js_media_failed_state" : `js_media_${shown}`);
  element("media-dot").dataset.state = shown;
}

/** Records three seconds and plays them: the consultant hears what callers would. */
async function check() {
  const result = element("check-result");
  const button = /** @type {HTMLButtonElement} */ (element("check"));
  button.disabled = true;
  try {
    if (!microphone.stream) await microphone.open();
    if (!microphone.stream) return;
    result.textContent = text("js_check_speak");
    const recorder = new MediaRecorder(microphone.stream);
    /** @type {Blob[]} */
    const parts = [];
    recorder.ondataavailable = event => parts.push(event.data);
    const done = new Promise(resolve => { recorder.onstop = resolve; });
    let loudest = 0;
    const watch = setInterval(() => {
      loudest = Math.max(loudest, /** @type {HTMLMeterElement} */ (element("level")).value);
    }, 100);
    recorder.start();
    await new Promise(resolve => setTimeout(resolve, 3000));
    clearInterval(watch);
    recorder.stop();
    await done;
    result.textContent = text(loudest < 15 ? "js_check_silent" : loudest > 97 ? "js_check_loud" : "js_check_listen");
    const playing = new Audio(URL.createObjectURL(new Blob(parts)));
    playing.onended = () => URL.revokeObjectURL(playing.src);
    await playing.play();
  } catch (error) {
    result.textContent = error instanceof Error ? error.message : String(error);
  } finally {
    button.disabled = false;
  }
}

// MARK: What the consultant does

function pressReady() {
  if (phone.isConnected) {
    socket.send({ type: "ready" });
  } else {
    wantsReady = true;
    soundOn(false);
  }
  draw();
}

function pressAnswer() {
  if (offer) socket.send({ type: "answer", offer: offer.offer });
  ring.stop();
}

function pressReject() {
  if (offer) socket.send({ type: "reject", offer: offer.offer });
  endOffer();
  draw();
}

function pressHold() {
  if (call) socket.send({ type: state.state === "hold" || call.held ? "resume" : "hold" });
}

/** @param {boolean} on */
function mute(on) {
  isMuted = on;
  if (microphone.track) microphone.track.enabled = !on;
  draw();
}

function showKeys() {
  const pad = element("keypad");
  pad.hidden = !pad.hidden;
  element("keys").setAttribute("aria-expanded", String(!pad.hidden));
}

/** @param {KeyboardEvent} event */
function shortcut(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.repeat) return;
  const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
  switch (event.key) {
    case "F2": offer ? pressAnswer() : state.state === "wrap-up" ? socket.send({ type: "wrapup.done" }) : call || pressReady(); break;
    case "F4": pressHold(); break;
    case "F8": if (call) mute(!isMuted); break;
    case "F9": offer ? pressReject() : call && socket.send({ type: "hangup" }); break;
    default:
      if (call && !isTyping && /^[0-9*#]$/.test(event.key)) { socket.send({ type: "digits", digits: event.key }); break; }
      return;
  }
  event.preventDefault();
}

// MARK: What is shown

/** @param {string | null} caller */
function callerName(caller) {
  return caller ?? text("js_withheld");
}

/** @param {Offer} offer */
function about(offer) {
  const waited = clock(offer.waited + (Date.now() - offerCame) / 1000);
  return text("js_offer_about", { queue: offer.queue, hotline: offer.hotline, waited, language: word("js_language", offer.language) });
}

/** @param {string} sentence */
function announce(sentence) {
  element("announce").textContent = sentence;
}

/** @param {string | null} sentence */
function problem(sentence) {
  show(element("problem"), sentence);
}

/** @param {{name: string, waiting: number, longest: number}[]} queues */
function drawQueues(queues) {
  fill(element("queues"), queues.map(queue => [queue.name, queue.waiting, queue.waiting ? clock(queue.longest) : "–"]), [1, 2]);
}

function draw() {
  const name = state.state;
  element("state-card").dataset.state = name;
  const reason = state.reason ? ` – ${word("js_reason", state.reason)}` : "";
  const shown = wantsReady && name !== "ready" ? text("js_connecting") : word("state", name) + reason;
  if (element("state").textContent !== shown) element("state").textContent = shown;
  const isFree = ["offline", "break", "wrap-up"].includes(name);
  ready.hidden = !["offline", "break"].includes(name);
  ready.disabled = wantsReady || !socket.isOpen;
  element("break").hidden = name !== "ready" && name !== "wrap-up";
  breakReason.hidden = element("break").hidden || breakReason.options.length === 0;
  element("offer").hidden = offer === null;
  element("call").hidden = call === null;
  element("wrapup").hidden = name !== "wrap-up" || call !== null;
  element("idle").hidden = offer !== null || call !== null || name === "wrap-up";
  element("idle-text").textContent = text(name === "ready" ? "js_idle_ready" : isFree ? "js_idle_text" : "js_idle_wait");
  if (offer) drawOffer(offer);
  if (call) drawCall(call);
  tick();
}

/** @param {Offer} offer */
function drawOffer(offer) {
  element("offer-caller").textContent = callerName(offer.caller);
  element("offer-tags").replaceChildren(...offer.tags.map(tag => {
    const badge = document.createElement("span");
    badge.className = "tag";
    badge.textContent = tag;
    return badge;
  }));
}

/** @param {Call} call */
function drawCall(call) {
  const isHeld = call.held || state.state === "hold";
  element("call").dataset.held = String(isHeld);
  element("call-kind").textContent = text(state.state === "lost" ? "js_call_lost" : isHeld ? "js_call_held" : "js_call_talk");
  element("call-caller").textContent = callerName(call.caller);
  element("call-about").textContent = `${call.queue} · ${call.hotline}`;
  element("recording").hidden = !call.recording;
  element("hold").setAttribute("aria-pressed", String(isHeld));
  element("hold-text").textContent = text(isHeld ? "js_resume" : "js_hold");
  element("mute").setAttribute("aria-pressed", String(isMuted));
  element("mute-text").textContent = text(isMuted ? "js_unmute" : "js_mute");
}

/** What changes by itself with time. */
function tick() {
  const now = Date.now();
  element("state-time").textContent = state.state === "offline" ? "" : clock((now - state.since) / 1000);
  if (offer) {
    element("offer-about").textContent = about(offer);
    const whole = Math.max(1, offer.until - offerCame);
    /** @type {HTMLProgressElement} */ (element("offer-left")).value = Math.max(0, (offer.until - now) / whole * 100);
  }
  if (call) element("call-time").textContent = clock((now - call.since) / 1000);
  if (state.state === "wrap-up") {
    element("wrapup-left").textContent = state.until ? clock(Math.ceil((state.until - now) / 1000)) : "";
  }
}

// MARK: Start

ready.addEventListener("click", pressReady);
element("break").addEventListener("click", () => socket.send({ type: "break", reason: breakReason.value || undefined }));
element("answer").addEventListener("click", pressAnswer);
element("reject").addEventListener("click", pressReject);
element("hold").addEventListener("click", pressHold);
element("mute").addEventListener("click", () => mute(!isMuted));
element("keys").addEventListener("click", showKeys);
element("hangup").addEventListener("click", () => socket.send({ type: "hangup" }));
element("finish").addEventListener("click", () => socket.send({ type: "wrapup.done" }));
element("check").addEventListener("click", check);
keypad(element("keypad"), digit => socket.send({ type: "digits", digits: digit }));

const notify = element("notify");
notify.hidden = !("Notification" in window) || Notification.permission !== "default";
notify.addEventListener("click", async () => { notify.hidden = await Notification.requestPermission() !== "default"; });

addEventListener("keydown", shortcut);
setInterval(tick, 250);
draw();
