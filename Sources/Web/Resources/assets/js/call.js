// "Call from this browser": a telephone for somebody who has none.

import { LevelMeter, Microphone } from "./microphone.js";
import { clock, element, keypad, show, text, word } from "./page.js";
import { Phone } from "./phone.js";
import { LiveSocket } from "./socket.js";

const problem = element("problem");
const hangup = /** @type {HTMLButtonElement} */ (element("hangup"));
const dialButton = /** @type {HTMLButtonElement} */ (element("dial-button"));
const number = /** @type {HTMLInputElement} */ (element("number"));
const heardMeter = new LevelMeter(element("heard"));

/** @type {LiveSocket | null} */
let socket = null;
let since = 0;
let isCalling = false;

const microphone = new Microphone(async () => {
  await microphone.open();
  if (microphone.track) await phone.replace(microphone.track);
});
const phone = new Phone(element("remote"), media, stream => heardMeter.watch(stream));

/** @param {string} key */
function state(key) {
  element("state").textContent = text(key);
}

/** @param {"off" | "connecting" | "connected" | "failed"} media */
function media(media) {
  if (!isCalling) return;
  if (media === "connected") {
    since ||= Date.now();
    state("js_call_talking");
  } else if (media === "failed") {
    end("network", "");
  }
}

/** @param {any} message */
function message(message) {
  switch (message.type) {
    case "answer":
      phone.answer(message.sdp).catch(error => { show(problem, text("js_call_failed", { error: String(error) })); end("system", ""); });
      break;
    case "ringing": state("js_call_ringing"); break;
    case "ended": end(message.by, message.reason); break;
    case "error":
      show(problem, word("js_error", message.code) === message.code ? message.text : word("js_error", message.code));
      if (!phone.isConnected) end("system", "");
      break;
  }
}

/** @param {string} wanted */
async function call(wanted) {
  if (isCalling || !wanted) return;
  show(problem, null);
  isCalling = true;
  buttons();
  state("js_call_microphone");
  try {
    await microphone.open();
    if (!microphone.stream) return;
    const sdp = await phone.offer(microphone.stream);
    state("js_call_dialling");
    socket = new LiveSocket("/ws/caller", {
      message,
      open: () => socket?.send({ type: "call", number: wanted, sdp }),
      // A call does not outlive its line here; the hotline would not know that it is the same caller.
      lost: () => { socket?.stop(); show(problem, text("js_call_line_lost")); end("network", ""); },
      closed: code => { if (isCalling) { show(problem, text(code === 4401 ? "js_logged_out" : "js_call_line_lost")); end("network", ""); } },
    });
  } catch (error) {
    show(problem, error instanceof Error ? error.message : String(error));
    end("system", "");
  }
}

/**
 * @param {string} by
 * @param {string} reason
 */
function end(by, reason) {
  if (!isCalling) return;
  isCalling = false;
  const lasted = since ? clock((Date.now() - since) / 1000) : "";
  since = 0;
  socket?.stop();
  socket = null;
  heardMeter.stop();
  phone.close();
  microphone.close();
  element("state").textContent = text(by === "caller" ? "js_call_ended_you" : "js_call_ended", { reason });
  element("call-time").textContent = lasted;
  buttons();
}

function buttons() {
  hangup.disabled = !isCalling;
  dialButton.disabled = isCalling;
  document.querySelectorAll("button.hotline").forEach(button => { /** @type {HTMLButtonElement} */ (button).disabled = isCalling; });
}

/** @param {string} digit */
function press(digit) {
  if (!isCalling) {
    number.value += digit;
  } else if (!phone.press(digit)) {
    socket?.send({ type: "digits", digits: digit });
  }
}

keypad(element("keypad"), press);
element("dial").addEventListener("submit", event => {
  event.preventDefault();
  call(number.value.trim());
});
document.querySelectorAll("button.hotline").forEach(button => button.addEventListener("click", () => {
  number.value = /** @type {HTMLElement} */ (button).dataset.number ?? "";
  call(number.value);
}));
hangup.addEventListener("click", () => {
  socket?.send({ type: "hangup" });
  end("caller", "");
});
addEventListener("keydown", event => {
  if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isCalling && /^[0-9*#]$/.test(event.key)) press(event.key);
});
setInterval(() => { if (since) element("call-time").textContent = clock((Date.now() - since) / 1000); }, 500);
