// Questions of the editor to the server.

import { text } from "./page.js";

/**
 * Asks under one address. Of a kind of question that typing makes old only the newest is answered.
 * @param {string} api
 * @param {(sentence: string) => void} failed told what went wrong
 */
export function asking(api, failed) {
  /** @type {Record<string, AbortController>} */
  const underWay = {};

  /**
   * One request; an answer that says no is an `Error` with the sentence to be shown. 409 and 422 are answers.
   * @param {string} question
   * @param {object} [body]
   * @param {AbortSignal} [signal]
   */
  const ask = async (question, body, signal) => {
    /** @type {RequestInit} */
    const request = body
      ? { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) } : {};
    const answer = await fetch(api + question, { ...request, signal: signal ?? null, cache: "no-store" })
      .catch(() => { throw new Error(text("js_editor_offline")); });
    if (answer.status === 401) throw new Error(text("js_editor_logged_out"));
    if (answer.status === 413) throw new Error(text("js_editor_too_long"));
    const content = await answer.json();
    if (content?.reason) throw new Error(text("js_editor_not_written", { reason: content.reason }));
    if (!answer.ok && ![409, 422].includes(answer.status)) {
      throw new Error(text("js_editor_failed", { status: answer.status }));
    }
    return { status: answer.status, content };
  };

  return {
    /**
     * Null: it failed, and that was said.
     * @param {string} question
     * @param {object} [body]
     */
    async ask(question, body) {
      try {
        return await ask(question, body);
      } catch (error) {
        failed(error instanceof Error ? error.message : String(error));
        return null;
      }
    },

    /**
     * What the answer holds. Null too when the same was asked again meanwhile.
     * @param {string} question
     * @param {object} body
     */
    async askNewest(question, body) {
      underWay[question]?.abort();
      const controller = underWay[question] = new AbortController();
      try {
        return (await ask(question, body, controller.signal)).content;
      } catch (error) {
        if (!controller.signal.aborted) failed(error instanceof Error ? error.message : String(error));
        return null;
      }
    },
  };
}
