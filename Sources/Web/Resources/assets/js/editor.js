// The editor of one hotline: findings while typing, picture, tests, differences, versions, publishing.

import { asking } from "./asking.js";
import { codeMirror } from "./codemirror.js";
import { showLines } from "./differences.js";
import { list, marks, next, showUnderCursor } from "./findings.js";
import { element, show, text } from "./page.js";
import { picture } from "./picture.js";
import { tabs } from "./tabs.js";
import { showResults } from "./tests.js";
import { history } from "./versions.js";

const page = element("editor");
const outcome = element("outcome");
const note = /** @type {HTMLInputElement} */ (element("note"));
const against = /** @type {HTMLSelectElement} */ (element("against"));
const traffic = /** @type {HTMLInputElement} */ (element("traffic"));
const panels = { picture: draw, tests: () => {}, difference: compare, versions: listVersions };

/** The digest of the text on disk that this one was begun with. */
let base = "";
let lineEnd = "\n";
let cleanAt = 0;
let panel = /** @type {keyof typeof panels} */ ("picture");
/** @type {import("./findings.js").Checked} */
let checked = { findings: [], errors: 0, warnings: 0 };
/**
 * The text on disk, while its conflict with this one is shown.
 * @type {{text: string, digest: string} | null}
 */
let theirs = null;

const { ask, askNewest } = asking(page.dataset.api ?? "", sentence => say(sentence, "danger"));
const editor = codeMirror(element("code"), {
  check,
  locked: true,
  keys: {
    F8: () => goToFinding(1),
    "Shift-F8": () => goToFinding(-1),
    "Ctrl-S": () => note.focus(),
  },
});
const drawing = picture(element("picture"), goToStep);
const showVersions = history(version => {
  against.value = String(version.number);
  showTab("difference");
  element("tab-difference").focus();
}, rollBack);
const showTab = tabs(element("tabs"), name => {
  panel = /** @type {keyof typeof panels} */ (name);
  panels[panel]();
});

/**
 * @param {string | null} sentence
 * @param {"success" | "danger" | "warning"} kind
 */
function say(sentence, kind = "success") {
  outcome.className = `outcome outcome-${kind}`;
  show(outcome, sentence);
}

function value() { return editor.getValue(lineEnd); }

// MARK: The text

/**
 * Asked by CodeMirror when typing pauses.
 * @param {string} _
 * @param {(marks: import("./codemirror.js").Mark[]) => void} done
 */
async function check(_, done) {
  if (!page.dataset.ready) return;
  const found = await askNewest("/check", { text: value() });
  if (!found) return;
  done(marks(found));
  showFindings(found);
  panels[panel]();
}

/** @param {import("./findings.js").Checked} found */
function showFindings(found) {
  checked = found;
  list(checked, goTo);
  followCursor();
}

/** @param {1 | -1} step */
function goToFinding(step) {
  const place = next(checked, editor.getCursor(), step);
  if (place) goTo(place.line + 1, place.ch);
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

/** The lines, from 0, on which steps begin, by their names. */
function stepLines() {
  /** @type {Map<string, number>} */
  const lines = new Map();
  let inSteps = false;
  let depth = 0;
  for (let line = 0; line < editor.lineCount(); line++) {
    const words = editor.getLine(line) ?? "";
    if (/^[^\s#]/.test(words)) {
      inSteps = words.startsWith("steps:");
      depth = 0;
    }
    const name = /^( +)["']?([^"':#\s]+)["']?\s*:/.exec(words);
    if (!inSteps || !name?.[1] || !name[2]) continue;
    depth ||= name[1].length;
    if (name[1].length === depth) lines.set(name[2], line);
  }
  return lines;
}

/** @param {string} step */
function goToStep(step) {
  const line = stepLines().get(step);
  if (line !== undefined) goTo(line + 1);
}

/** The finding of the cursor's line is said, its step shown in the picture. */
function followCursor() {
  const { line } = editor.getCursor();
  showUnderCursor(checked, line + 1);
  const steps = [...stepLines()];
  const isInSteps = steps.length > 0 && line >= (steps[0]?.[1] ?? 0) && !afterSteps(line, steps.at(-1)?.[1] ?? 0);
  drawing.point(isInSteps ? steps.filter(([, begin]) => begin <= line).at(-1)?.[0] : undefined);
}

/**
 * @param {number} line
 * @param {number} last the line on which the last step begins
 */
function afterSteps(line, last) {
  for (let number = last + 1; number <= line; number++) if (/^[^\s#]/.test(editor.getLine(number) ?? "")) return true;
  return false;
}

// MARK: Panels

async function draw() {
  const answer = await askNewest("/picture", { text: value(), traffic: traffic.checked });
  if (!answer) return;
  if (answer.svg) {
    drawing.draw(answer.svg);
    followCursor();
  }
  element("picture-note").hidden = Boolean(answer.svg);
}

async function runTests() {
  element("tests-verdict").textContent = text("js_editor_testing");
  const answer = await ask("/tests", { text: value() });
  if (answer) showResults(answer.content?.results ?? null, goTo);
}

async function compare() {
  const version = against.value === "" ? {} : { version: Number(against.value) };
  const answer = /** @type {import("./differences.js").Difference | null} */ (
    await askNewest("/difference", { text: value(), ...version }));
  if (!answer) return;
  element("difference-verdict").textContent = answer.lines.length === 0 ? text("js_editor_same")
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
  const answer = await ask("/versions");
  if (answer) showVersions(answer.content);
}

/** @param {import("./versions.js").Version} version */
async function rollBack(version) {
  const answer = await ask(`/versions/${version.number}`);
  if (!answer) return;
  editor.setValue(answer.content.text);
  note.value = text("js_editor_roll_back_note", { number: version.number });
  say(text("js_editor_roll_back_ready", { number: version.number }), "warning");
  element("publish").focus();
}

// MARK: Publishing

async function publish() {
  const button = /** @type {HTMLButtonElement} */ (element("publish"));
  button.disabled = true;
  say(text("js_editor_publishing"), "warning");
  const sent = value();
  const answer = await ask("/publish", { text: sent, base, note: note.value });
  button.disabled = false;
  if (answer?.status === 409) return askAboutConflict(answer.content);
  if (answer?.status === 422) {
    showFindings(answer.content);
    say(text("js_editor_refused"), "danger");
  } else if (answer) {
    published(sent, answer.content);
  }
  outcome.focus();
}

/**
 * @param {string} sent
 * @param {{digest: string, report: string}} answer
 */
function published(sent, { digest, report }) {
  base = digest;
  if (value() === sent) cleanAt = editor.changeGeneration(true);
  note.value = "";
  element("not-served").hidden = true;
  element("conflict").hidden = true;
  say(`${text("js_editor_published")}\n${report}`);
  listVersions();
  panels[panel]();
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

/**
 * A button that is pressed or not.
 * @param {string} id
 * @param {(isOn: boolean) => void} changed
 */
function toggle(id, changed) {
  const button = element(id);
  button.addEventListener("click", () => {
    const isOn = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(isOn));
    changed(isOn);
  });
}

toggle("fit", isOn => { element("picture").dataset.fit = isOn ? "yes" : "no"; });
toggle("enlarge", isOn => {
  element("columns").dataset.wide = isOn ? "yes" : "no";
  editor.refresh();
  if (isOn) element("tabs").scrollIntoView();
});
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
traffic.addEventListener("change", draw);
against.addEventListener("change", compare);
editor.on("cursorActivity", followCursor);
addEventListener("beforeunload", event => { if (!editor.isClean(cleanAt)) event.preventDefault(); });

const opened = await ask("");
if (opened) {
  page.dataset.ready = "yes";
  begin(opened.content.text, opened.content.digest);
  editor.clearHistory();
  editor.setOption("readOnly", false);
  element("not-served").hidden = opened.content.isServed;
  /** @type {HTMLButtonElement} */ (element("publish")).disabled = !opened.content.isWritable;
  listVersions();
}
