// Lines that differ, as a person looks through them.

import { text } from "./page.js";

/**
 * @typedef {{kind: "same" | "removed" | "added" | "gap", old?: number, new?: number, text: string}} Line
 * @typedef {{sentences?: string[], lines: Line[]}} Difference
 */

const signs = { same: " ", removed: "−", added: "+", gap: "⋯" };

/**
 * @param {HTMLElement} place
 * @param {Line[]} lines
 */
export function showLines(place, lines) {
  place.hidden = lines.length === 0;
  place.replaceChildren(...lines.map(line => {
    const row = document.createElement("div");
    row.className = `line line-${line.kind}`;
    const spoken = line.kind === "removed" || line.kind === "added" ? text(`js_editor_${line.kind}`) : "";
    row.append(
      cell("line-number", String(line.old ?? "")), cell("line-number", String(line.new ?? "")),
      cell("line-sign", signs[line.kind]), cell("visually-hidden", spoken), cell("line-text", line.text));
    return row;
  }));
}

/**
 * @param {string} name
 * @param {string} words
 */
function cell(name, words) {
  const span = document.createElement("span");
  span.className = name;
  span.textContent = words;
  return span;
}
