// The live board: asks each second, says when the figures are old.

import { clock, element, fill, show, text, word } from "./page.js";

/**
 * @typedef {{name: string, hotline: string, waiting: number, longestWaitSeconds: number, ready: number}} Queue
 * @typedef {{name: string, state: string, reason?: string, sinceUnixMs: number}} Consultant
 * @typedef {{queues: Queue[], consultants: Consultant[], activeCalls: number}} Board
 */

const stale = element("stale");
let heard = Date.now();

/** @param {Board} board */
function draw(board) {
  element("calls").textContent = String(board.activeCalls);
  element("waiting").textContent = String(board.queues.reduce((sum, queue) => sum + queue.waiting, 0));
  element("longest").textContent = clock(Math.max(0, ...board.queues.map(queue => queue.longestWaitSeconds)));
  element("ready").textContent = String(board.consultants.filter(consultant => consultant.state === "ready").length);
  fill(element("queues"), board.queues.map(queue => [
    queue.name, queue.hotline, queue.waiting, queue.waiting ? clock(queue.longestWaitSeconds) : "–", queue.ready,
  ]), [2, 3, 4]);
  const now = Date.now();
  fill(element("consultants"), board.consultants.map(consultant => [
    consultant.name, consultantState(consultant), clock((now - consultant.sinceUnixMs) / 1000),
  ]), [2]);
}

/** @param {Consultant} consultant */
function consultantState(consultant) {
  const reason = consultant.reason ? ` – ${word("js_reason", consultant.reason)}` : "";
  return word("state", consultant.state) + reason;
}

/** @param {number} milliseconds */
function deadline(milliseconds) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), milliseconds);
  return controller.signal;
}

async function ask() {
  try {
    const answer = await fetch("/api/board", { signal: deadline(4000), cache: "no-store" });
    if (answer.status === 401 || answer.status === 403) return location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    draw(await answer.json());
    heard = Date.now();
    show(stale, null);
  } catch {
    if (Date.now() - heard > 3000) show(stale, text("js_board_stale", { seconds: Math.round((Date.now() - heard) / 1000) }));
  }
  setTimeout(ask, 1000);
}

ask();
