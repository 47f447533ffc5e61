// Sending recordings to the server.

import { text } from "./page.js";

/**
 * @typedef {object} Made where a new take can be heard
 * @property {string} page
 * @property {string} sound
 * @property {string} use
 */

/**
 * Sends a WAV file. Throws an Error whose message can be shown.
 * @param {Blob} wav
 * @param {string} query which prompt it is for
 * @param {number} largest bytes
 * @returns {Promise<Made>}
 */
export async function sendRecording(wav, query, largest) {
  if (wav.size > largest) throw new Error(text("js_studio_too_large"));
  let answer;
  try {
    answer = await fetch(`/api/prompts/takes?${query}`, {
      method: "POST", headers: { "Content-Type": "audio/wav" }, body: wav,
    });
  } catch {
    throw new Error(text("js_studio_lost"));
  }
  if (answer.status !== 201) throw new Error(await problemOf(answer));
  return answer.json();
}

/**
 * Why the server did not do it.
 * @param {Response} answer
 * @returns {Promise<string>}
 */
export async function problemOf(answer) {
  const { problem } = await answer.json().catch(() => ({}));
  if (problem) return problem;
  switch (answer.status) {
    case 401: return text("js_studio_logged_out");
    case 413: return text("js_studio_too_large");
    default: return text("js_studio_lost");
  }
}
