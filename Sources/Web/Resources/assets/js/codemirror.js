// Debian's CodeMirror 5, with the parts that the editor needs. It makes one global, because it is older than modules.

import "/assets/codemirror/lib/codemirror.js";
import "/assets/codemirror/mode/yaml/yaml.js";
import "/assets/codemirror/addon/lint/lint.js";
import "/assets/codemirror/addon/hint/show-hint.js";
import "/assets/codemirror/addon/hint/anyword-hint.js";
import "/assets/codemirror/addon/dialog/dialog.js";
import "/assets/codemirror/addon/search/searchcursor.js";
import "/assets/codemirror/addon/search/search.js";
import { text } from "./page.js";

/**
 * What this project uses of it.
 * @typedef {{line: number, ch: number}} Place
 * @typedef {{from: Place, to: Place, message: string, severity: string}} Mark
 * @typedef {{
 *   getValue(end?: string): string, setValue(text: string): void, focus(): void, refresh(): void,
 *   getCursor(): Place, setCursor(place: Place): void, getLine(line: number): string | undefined, lineCount(): number,
 *   scrollIntoView(place: Place, margin?: number): void, performLint(): void, clearHistory(): void,
 *   changeGeneration(close?: boolean): number, isClean(generation: number): boolean,
 *   setOption(name: string, value: unknown): void, showHint(options: object): void, on(event: string, listener: () => void): void, getInputField(): HTMLElement,
 * }} CodeMirror
 */

const library = /** @type {any} */ (globalThis).CodeMirror;

/**
 * An editor in this place. `check` answers with what is to be marked, when typing pauses.
 * @param {HTMLElement} place
 * @param {{check: (text: string, done: (marks: Mark[]) => void) => void, keys: Record<string, () => void>, locked: boolean}} wishes
 * @returns {CodeMirror}
 */
export function codeMirror(place, { check, keys, locked }) {
  const word = /[\p{L}\p{N}_-]+/u;
  return library(place, {
    mode: "yaml", lineNumbers: true, indentUnit: 2, tabSize: 2, indentWithTabs: false, lineWrapping: true, readOnly: locked,
    screenReaderLabel: text("js_editor_label"),
    gutters: ["CodeMirror-linenumbers", "CodeMirror-lint-markers"],
    lint: { getAnnotations: check, async: true, delay: 300 },
    extraKeys: {
      // Tab leaves the editor, as everywhere on a page; YAML is indented by blanks anyway.
      Tab: false, "Shift-Tab": false,
      "Ctrl-Space": (/** @type {CodeMirror} */ editor) =>
        editor.showHint({ hint: library.hint.anyword, word, completeSingle: false }),
      ...keys,
    },
    phrases: {
      "Search:": text("js_editor_search"), "(Use /re/ syntax for regexp search)": "",
    },
  });
}
