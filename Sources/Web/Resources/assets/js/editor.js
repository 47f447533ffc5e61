// The editor of one hotline: findings while typing, picture, tests, differences, versions, publishing.

import { codeMirror } from "./codemirror.js";
import { showLines } from "./differences.js";
import { element, show, text } from "./page.js";
import { picture } from "./picture.js";
import { tabs } from "./tabs.js";

/**
 * @typedef {{file?: string, line: number, from: number, to: number, severity: string, code: string, message: string, hint?: string}} Finding
 * @typedef {{findings: Finding[], errors: number, warnings: number}} Checked
 * @typedef {{number: number, at: string, iso: string, by?: string, note: string, digest: string}} Version
 * @typedef {{name: string, line: number, hasPassed: boolean, text: string}} TestResult
 */

const page = element("editor");
const api = page.dataset.api ?? "";
const note = element("note");
const outcome = element("outcome");
const panels = { picture: draw, tests: () => {}, difference: compare, versions: listVersions };

/** The digest of the text on disk that this one was begun with. */
let base = "";
let lineEnd = "\n";
let cleanAt = 0;
let errors = 0;
let panel = /** @type {keyof typeof panels} */ ("picture");
/** @type {Finding[]} */
let findings = [];
/**
 * The newest version in the list.
 * @type {number | undefined}
 */
let newest;
/**
 * The text on disk, while its conflict with this one is shown.
 * @type {{text: string, digest: string} | null}
 */
let theirs = null;

const editor = codeMirror(element("code"), {
  check,
  locked: true,
  keys: {
    F8: () => nextFinding(1),
    "Shift-F8": () => nextFinding(-1),
    "Ctrl-S": () => note.focus(),
  },
});
const drawPicture = picture(element("picture"), goToStep);
const showTab = tabs(element("tabs"), name => {
  panel = /** @type {keyof typeof panels} */ (name);
  panels[panel]();
});

// MARK: Asking the server

/**
 * One request; an answer that says no is an `Error` with the sentence to be shown. 409 and 422 are answers.
 * @param {string} question
 * @param {object} [body]
 * @param {AbortSignal} [signal]
 */
async function ask(question, body, signal) {
  /** @type {RequestInit} */
  const request = body
    ? { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) } : {};
  const answer = await fetch(api + question, { ...request, signal: signal ?? null, cache: "no-store" })
    .catch(() => { throw new Error(text("js_editor_offline")); });
  if (answer.status === 401) throw new Error(text("js_editor_logged_out"));
  if (answer.status === 413) throw new Error(text("js_editor_too_long"));
  const content = await answer.json();
  if (content.reason) throw new Error(text("js_editor_not_written", { reason: content.reason }));
  if (!answer.ok && ![409, 422].includes(answer.status)) {
    throw new Error(text("js_editor_failed", { status: answer.status }));
  }
  return { status: answer.status, content };
}

/** @type {Record<string, AbortController>} */
const asking = {};

/**
 * The same for what typing makes old: an earlier question of the kind is given up. Null: this one was.
 * @param {string} question
 * @param {object} body
 */
async function askNewest(question, body) {
  asking[question]?.abort();
  const controller = asking[question] = new AbortController();
  try {
    const { content } = await ask(question, body, controller.signal);
    return content;
  } catch (error) {
    if (controller.signal.aborted) return null;
    say(error instanceof Error ? error.message : String(error), "danger");
    return null;
  }
}

/**
 * @param {string | null} sentence
 * @param {"success" | "danger" | "warning"} kind
 */
function say(sentence, kind = "success") {
  outcome.className = `outcome outcome-${kind}`;
  show(outcome, sentence);
}

function value() { return editor.getValue(lineEnd); }

function isChanged() { return !editor.isClean(cleanAt); }

// MARK: Findings

/**
 * Asked by CodeMirror when typing pauses.
 * @param {string} _
 * @param {(marks: import("./codemirror.js").Mark[]) => void} done
 */
async function check(_, done) {
  if (!page.dataset.ready) return;
  const checked = /** @type {Checked | null} */ (await askNewest("/check", { text: value() }));
  if (!checked) return;
  showFindings(checked);
  done(findings.filter(finding => !finding.file).map(finding => ({
    from: { line: finding.line - 1, ch: finding.from }, to: { line: finding.line - 1, ch: Math.max(finding.to, finding.from + 1) },
    severity: finding.severity, message: sentence(finding),
  })));
  panels[panel]();
}

/** @param {Finding} finding */
function sentence({ code, message, hint }) { return `${code}: ${message}${hint ? ` (${hint})` : ""}`; }

/** @param {Checked} checked */
function showFindings(checked) {
  findings = checked.findings;
  errors = checked.errors;
  const verdict = element("verdict");
  verdict.textContent = findings.length === 0
    ? text("js_editor_clean") : text("js_editor_found", { errors: checked.errors, warnings: checked.warnings });
  verdict.dataset.state = checked.errors > 0 ? "errors" : checked.warnings > 0 ? "warnings" : "clean";
  element("findings").replaceChildren(...findings.map(finding => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = `finding finding-${finding.severity}`;
    button.lang = "en";
    const place = document.createElement("strong");
    place.textContent = finding.file ? `${finding.file}:${finding.line}` : `${finding.line}:${finding.from + 1}`;
    button.append(place, ` ${sentence(finding)}`);
    button.addEventListener("click", () => { if (!finding.file) goTo(finding.line, finding.from); });
    item.append(button);
    return item;
  }));
  showUnderCursor();
}

function showUnderCursor() {
  const line = editor.getCursor().line + 1;
  const words = findings.filter(finding => !finding.file && finding.line === line).map(sentence).join(" · ");
  const place = element("under-cursor");
  if (place.textContent !== words) place.textContent = words;
}

/** @param {1 | -1} step */
function nextFinding(step) {
  const own = findings.filter(finding => !finding.file);
  if (own.length === 0) return;
  const { line, ch } = editor.getCursor();
  const places = own.map(finding => ({ line: finding.line - 1, ch: finding.from }))
    .sort((a, b) => a.line - b.line || a.ch - b.ch);
  const next = step > 0
    ? places.find(place => place.line > line || (place.line === line && place.ch > ch)) ?? places[0]
    : places.filter(place => place.line < line || (place.line === line && place.ch < ch)).at(-1) ?? places.at(-1);
  if (next) goTo(next.line + 1, next.ch);
}

/**
 * @param {number} line from 1
 * @param {number} [ch] from 0
 */
function goTo(line, ch = 0) {
  editor.focus();
  editor.setCursor({ line: line - 1, ch });
  editor.scrollIntoView({ line: line - 1, ch }, 80);
}

/** @param {string} step */
function goToStep(step) {
  let inSteps = false;
  for (let line = 0; line < editor.lineCount(); line++) {
    const words = editor.getLine(line) ?? "";
    if (/^\S/.test(words)) inSteps = words.startsWith("steps:");
    const name = /^ +["']?([^"':]+)["']?\s*:/.exec(words);
    if (inSteps && name?.[1] === step) return goTo(line + 1);
  }
}

// MARK: Panels

async function draw() {
  const isTraffic = element("traffic") instanceof HTMLInputElement && /** @type {HTMLInputElement} */ (element("traffic")).checked;
  const answer = await askNewest("/picture", { text: value(), traffic: isTraffic });
  if (!answer) return;
  if (answer.svg) drawPicture(answer.svg);
  element("picture-note").hidden = Boolean(answer.svg);
}

async function runTests() {
  const verdict = element("tests-verdict");
  verdict.textContent = text("js_editor_testing");
  const answer = /** @type {{results: TestResult[]} | null} */ (await askNewest("/tests", { text: value() }));
  verdict.dataset.state = "";
  verdict.textContent = "";
  element("tests").replaceChildren();
  if (!answer) {
    if (errors > 0) verdict.textContent = text("js_editor_untested");
    return;
  }
  const failed = answer.results.filter(result => !result.hasPassed).length;
  verdict.dataset.state = failed > 0 ? "errors" : "clean";
  verdict.textContent = answer.results.length === 0 ? text("js_editor_no_tests")
    : failed === 0 ? text("js_editor_tests_passed", { count: answer.results.length })
      : text("js_editor_tests_failed", { count: answer.results.length, failed });
  element("tests").replaceChildren(...answer.results.map(testItem));
}

/** @param {TestResult} result */
function testItem(result) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.className = `finding finding-${result.hasPassed ? "passed" : "error"}`;
  const sign = document.createElement("strong");
  sign.textContent = result.hasPassed ? `✓ ${text("js_editor_passed")}` : `✗ ${text("js_editor_failed_test")}`;
  button.append(sign, ` ${result.name}`);
  button.addEventListener("click", () => goTo(result.line));
  item.append(button);
  if (!result.hasPassed) {
    const story = document.createElement("pre");
    story.lang = "en";
    story.tabIndex = 0;
    story.textContent = result.text;
    item.append(story);
  }
  return item;
}

async function compare() {
  const against = /** @type {HTMLSelectElement} */ (element("against")).value;
  const version = against === "" ? {} : { version: Number(against) };
  const answer = /** @type {import("./differences.js").Difference | null} */ (
    await askNewest("/difference", { text: value(), ...version }));
  if (!answer) return;
  const verdict = element("difference-verdict");
  verdict.textContent = answer.lines.length === 0 ? text("js_editor_same")
    : !answer.sentences ? text("js_editor_difference_errors")
      : answer.sentences.length === 0 ? text("js_editor_same_meaning") : "";
  element("sentences").replaceChildren(...(answer.sentences ?? []).map(words => {
    const item = document.createElement("li");
    item.textContent = words;
    return item;
  }));
  showLines(element("lines"), answer.lines);
}

async function listVersions() {
  try {
    const { content } = await ask("/versions");
    const versions = /** @type {Version[]} */ (content);
    // What is the same stays: a button that somebody is about to press does not move away.
    if (versions[0]?.number === newest) return;
    newest = versions[0]?.number;
    element("versions").replaceChildren(...versions.map((version, index) => versionItem(version, index === 0)));
    const select = /** @type {HTMLSelectElement} */ (element("against"));
    const chosen = select.value;
    select.replaceChildren(select.options[0] ?? "", ...versions.map(version =>
      new Option(text("js_editor_version", { number: version.number, at: version.at }), String(version.number))));
    select.value = chosen;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error), "danger");
  }
}

/**
 * @param {Version} version
 * @param {boolean} isNewest
 */
function versionItem(version, isNewest) {
  const item = document.createElement("li");
  item.value = version.number;
  item.dataset.testid = "version";
  const time = document.createElement("time");
  time.dateTime = version.iso;
  time.textContent = version.at;
  const who = document.createElement("strong");
  who.textContent = version.by ?? text("js_editor_from_file");
  const words = document.createElement("div");
  words.className = "quiet";
  words.textContent = isNewest ? [text("js_editor_live"), version.note].filter(Boolean).join(" · ") : version.note;
  const buttons = document.createElement("span");
  buttons.className = "buttons";
  buttons.append(
    smallButton(text("js_editor_compare"), text("js_editor_compare_label", { number: version.number }), () => {
      /** @type {HTMLSelectElement} */ (element("against")).value = String(version.number);
      showTab("difference");
      element("tab-difference").focus();
    }),
    smallButton(text("js_editor_roll_back"), text("js_editor_roll_back_label", { number: version.number }), () => rollBack(version)));
  const when = document.createElement("div");
  when.append(time, " · ", who);
  item.append(when, words, buttons);
  return item;
}

/**
 * @param {string} words
 * @param {string} label
 * @param {() => void} act
 */
function smallButton(words, label, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm btn-quiet";
  button.textContent = words;
  button.setAttribute("aria-label", label);
  button.addEventListener("click", act);
  return button;
}

/** @param {Version} version */
async function rollBack(version) {
  try {
    const { content } = await ask(`/versions/${version.number}`);
    editor.setValue(content.text);
    /** @type {HTMLInputElement} */ (note).value = text("js_editor_roll_back_note", { number: version.number });
    say(text("js_editor_roll_back_ready", { number: version.number }), "warning");
    element("publish").focus();
  } catch (error) {
    say(error instanceof Error ? error.message : String(error), "danger");
  }
}

// MARK: Publishing

async function publish() {
  const button = /** @type {HTMLButtonElement} */ (element("publish"));
  button.disabled = true;
  say(text("js_editor_publishing"), "warning");
  const sent = value();
  try {
    const words = /** @type {HTMLInputElement} */ (note).value;
    const { status, content } = await ask("/publish", { text: sent, base, note: words });
    if (status === 409) {
      askAboutConflict(content);
    } else if (status === 422) {
      showFindings(content);
      say(text("js_editor_refused"), "danger");
    } else {
      base = content.digest;
      if (value() === sent) cleanAt = editor.changeGeneration(true);
      /** @type {HTMLInputElement} */ (note).value = "";
      element("not-served").hidden = true;
      element("conflict").hidden = true;
      say(`${text("js_editor_published")}\n${content.report}`);
      listVersions();
      panels[panel]();
    }
  } catch (error) {
    say(error instanceof Error ? error.message : String(error), "danger");
  }
  button.disabled = false;
  if (element("conflict").hidden) outcome.focus();
}

/** @param {{text: string, digest: string, difference: import("./differences.js").Difference}} conflict */
function askAboutConflict(conflict) {
  theirs = conflict;
  say(null);
  showLines(element("conflict-lines"), conflict.difference.lines);
  element("conflict").hidden = false;
  element("conflict").focus();
}

element("take-theirs").addEventListener("click", () => {
  if (!theirs) return;
  begin(theirs.text, theirs.digest);
  say(text("js_editor_took_theirs"), "warning");
  editor.focus();
});

element("keep-mine").addEventListener("click", () => {
  if (!theirs) return;
  base = theirs.digest;
  element("conflict").hidden = true;
  say(text("js_editor_kept_mine"), "warning");
  element("publish").focus();
});

/**
 * Goes on from a text that is on disk. What was typed before comes back by undoing.
 * @param {string} content
 * @param {string} digest
 */
function begin(content, digest) {
  base = digest;
  lineEnd = content.includes("\r\n") ? "\r\n" : "\n";
  editor.setValue(content);
  cleanAt = editor.changeGeneration(true);
  theirs = null;
  element("conflict").hidden = true;
}

// MARK: The page

element("publish-form").addEventListener("submit", event => {
  event.preventDefault();
  if (page.dataset.writable) publish();
});
element("download").addEventListener("click", () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([value()], { type: "application/yaml" }));
  link.download = page.dataset.file ?? "";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
});
element("run-tests").addEventListener("click", runTests);
element("traffic").addEventListener("change", draw);
element("against").addEventListener("change", compare);
for (const [id, change] of /** @type {[string, (on: boolean) => void][]} */ ([
  ["fit", on => { element("picture").dataset.fit = on ? "yes" : "no"; }],
  ["enlarge", on => { element("columns").dataset.wide = on ? "yes" : "no"; }],
])) {
  element(id).addEventListener("click", () => {
    const on = element(id).getAttribute("aria-pressed") !== "true";
    element(id).setAttribute("aria-pressed", String(on));
    change(on);
    editor.refresh();
  });
}
editor.on("cursorActivity", showUnderCursor);
addEventListener("beforeunload", event => { if (isChanged()) event.preventDefault(); });

try {
  const { content } = await ask("");
  page.dataset.ready = "yes";
  begin(content.text, content.digest);
  editor.clearHistory();
  /** @type {any} */ (editor).setOption("readOnly", false);
  element("not-served").hidden = content.isServed;
  /** @type {HTMLButtonElement} */ (element("publish")).disabled = !content.isWritable;
  listVersions();
} catch (error) {
  say(error instanceof Error ? error.message : String(error), "danger");
}
