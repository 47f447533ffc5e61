// What the checker found: marks in the text, the list, the line under the cursor.

import { element, text } from "./page.js";

/**
 * @typedef {{file?: string, line: number, from: number, to: number, severity: string, code: string, kind: string, message: string, hint?: string}} Finding
 * @typedef {{findings: Finding[], errors: number, warnings: number}} Checked
 */

/** @param {Finding} finding */
function title({ kind, code }) { return `${kind} (${code})`; }

/** @param {Finding} finding */
function details({ message, hint }) { return `${message}${hint ? ` (${hint})` : ""}`; }

/** @param {Finding} finding */
function sentence(finding) { return `${title(finding)}: ${details(finding)}`; }

/**
 * Those of the file that is edited.
 * @param {Finding[]} findings
 */
const own = findings => findings.filter(finding => !finding.file);

/**
 * As CodeMirror marks them.
 * @param {Checked} checked
 * @returns {import("./codemirror.js").Mark[]}
 */
export function marks(checked) {
  return own(checked.findings).map(finding => ({
    from: { line: finding.line - 1, ch: finding.from }, to: { line: finding.line - 1, ch: Math.max(finding.to, finding.from + 1) },
    severity: finding.severity, message: sentence(finding),
  }));
}

/**
 * A button for each.
 * @param {Checked} checked
 * @param {(line: number, ch: number) => void} goTo
 */
export function list(checked, goTo) {
  const verdict = element("verdict");
  const { findings, errors, warnings } = checked;
  verdict.textContent = findings.length === 0 ? text("js_editor_clean") : text("js_editor_found", { errors, warnings });
  verdict.dataset.state = errors > 0 ? "errors" : warnings > 0 ? "warnings" : "clean";
  element("findings").replaceChildren(...findings.map(finding => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = `finding finding-${finding.severity}`;
    const place = document.createElement("strong");
    place.textContent = finding.file ? `${finding.file}:${finding.line}` : `${finding.line}:${finding.from + 1}`;
    const words = document.createElement("span");
    words.className = "finding-details";
    words.textContent = details(finding);
    button.append(place, ` ${title(finding)}`, words);
    button.addEventListener("click", () => { if (!finding.file) goTo(finding.line, finding.from); });
    item.append(button);
    return item;
  }));
}

/**
 * @param {Checked} checked
 * @param {number} line from 1
 */
export function showUnderCursor(checked, line) {
  const words = own(checked.findings).filter(finding => finding.line === line).map(sentence).join(" · ");
  const place = element("under-cursor");
  if (place.textContent !== words) place.textContent = words;
}

/**
 * The place of the next finding after, or before, the cursor; round and round.
 * @param {Checked} checked
 * @param {import("./codemirror.js").Place} cursor
 * @param {1 | -1} step
 */
export function next(checked, { line, ch }, step) {
  const places = own(checked.findings).map(finding => ({ line: finding.line - 1, ch: finding.from }))
    .sort((a, b) => a.line - b.line || a.ch - b.ch);
  return step > 0
    ? places.find(place => place.line > line || (place.line === line && place.ch > ch)) ?? places[0]
    : places.filter(place => place.line < line || (place.line === line && place.ch < ch)).at(-1) ?? places.at(-1);
}
