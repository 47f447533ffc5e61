// What came of a hotline's own tests.

import { element, text } from "./page.js";

/** @typedef {{name: string, line: number, hasPassed: boolean, text: string}} Result */

/**
 * @param {Result[] | null} results null: the text has errors and was not tested
 * @param {(line: number) => void} goTo
 */
export function showResults(results, goTo) {
  const verdict = element("tests-verdict");
  const failed = results?.filter(result => !result.hasPassed).length ?? 0;
  verdict.dataset.state = !results || failed > 0 ? "errors" : "clean";
  verdict.textContent = !results ? text("js_editor_untested")
    : results.length === 0 ? text("js_editor_no_tests")
      : failed === 0 ? text("js_editor_tests_passed", { count: results.length })
        : text("js_editor_tests_failed", { count: results.length, failed });
  element("tests").replaceChildren(...(results ?? []).map(result => item(result, goTo)));
}

/**
 * @param {Result} result
 * @param {(line: number) => void} goTo
 */
function item(result, goTo) {
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
    story.tabIndex = 0;
    story.textContent = result.text;
    item.append(story);
  }
  return item;
}
