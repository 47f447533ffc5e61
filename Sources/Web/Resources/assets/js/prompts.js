// The list of prompts: sends many recordings at once, each to the prompt that its file is named after.

import { element, show, text } from "./page.js";
import { problemOf, sendRecording } from "./takes.js";

const progress = element("progress");
const problem = element("problem");
const sent = element("sent");
const send = /** @type {HTMLButtonElement} */ (element("send"));
const use = /** @type {HTMLButtonElement} */ (element("use"));
const files = /** @type {HTMLInputElement} */ (element("files"));
const largest = Number(element("send-all").dataset.largest);

/** @type {string[]} what was taken and may be used */
let taken = [];

/**
 * One file's line: what became of it.
 * @param {File} file
 * @param {(Node | string)[]} content
 */
function line(file, ...content) {
  const item = document.createElement("li");
  const name = document.createElement("strong");
  name.textContent = file.name;
  item.append(name, " ", ...content);
  sent.append(item);
}

/** @param {File} file */
async function sendOne(file) {
  try {
    const made = await sendRecording(file, `file=${encodeURIComponent(file.name)}`, largest);
    taken.push(made.use);
    const player = document.createElement("audio");
    player.controls = true;
    player.preload = "none";
    player.src = made.sound;
    player.setAttribute("aria-label", file.name);
    const link = document.createElement("a");
    link.href = made.page;
    link.textContent = text("js_prompts_compare");
    line(file, player, " ", link);
  } catch (error) {
    const reason = document.createElement("span");
    reason.className = "warn";
    reason.textContent = error instanceof Error ? error.message : String(error);
    line(file, reason);
  }
}

element("upload").addEventListener("submit", async event => {
  event.preventDefault();
  const chosen = [...files.files ?? []];
  if (send.disabled || chosen.length === 0) return;
  send.disabled = true;
  taken = [];
  sent.replaceChildren();
  show(problem, null);
  use.hidden = true;
  for (const [index, file] of chosen.entries()) {
    progress.textContent = text("js_prompts_sending", { number: index + 1, all: chosen.length });
    await sendOne(file);
  }
  progress.textContent = text("js_prompts_sent", { taken: taken.length, all: chosen.length });
  use.hidden = taken.length === 0;
  send.disabled = false;
});

use.addEventListener("click", async () => {
  use.disabled = true;
  show(problem, null);
  try {
    const answer = await fetch("/api/prompts/use", {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(taken),
    });
    if (answer.ok) return location.assign("/prompts?show=recorded");
    show(problem, await problemOf(answer));
  } catch {
    show(problem, text("js_studio_lost"));
  }
  use.disabled = false;
});
