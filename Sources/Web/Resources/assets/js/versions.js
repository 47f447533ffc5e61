// The history of a hotline: who published what when, to be compared with and to be rolled back to.

import { element, text } from "./page.js";

/** @typedef {{number: number, at: string, iso: string, by?: string, note: string, digest: string, isDeletion: boolean}} Version */

/**
 * @param {(version: Version) => void} compare
 * @param {(version: Version) => void} rollBack
 * @returns {(versions: Version[]) => void} shows them, the newest first
 */
export function history(compare, rollBack) {
  /**
   * The newest one in the list.
   * @type {number | undefined}
   */
  let newest;

  /**
   * @param {Version} version
   * @param {boolean} isLive
   */
  const item = (version, isLive) => {
    const row = document.createElement("li");
    row.value = version.number;
    row.dataset.testid = "version";
    const time = document.createElement("time");
    time.dateTime = version.iso;
    time.textContent = version.at;
    const who = document.createElement("strong");
    who.textContent = version.by ?? text("js_editor_from_file");
    const when = document.createElement("div");
    when.append(time, " · ", who);
    const words = document.createElement("div");
    words.className = "quiet";
    words.textContent = [version.isDeletion ? text("js_editor_deleted") : isLive ? text("js_editor_live") : "", version.note].filter(Boolean).join(" · ");
    const buttons = document.createElement("span");
    buttons.className = "buttons";
    if (!version.isDeletion) buttons.append(button("compare", version, compare), button("roll_back", version, rollBack));
    row.append(when, words, buttons);
    return row;
  };

  return versions => {
    // What is the same stays: a button that somebody is about to press does not move away.
    if (versions[0]?.number === newest) return;
    newest = versions[0]?.number;
    element("versions").replaceChildren(...versions.map((version, index) => item(version, index === 0)));
    const select = /** @type {HTMLSelectElement} */ (element("against"));
    const chosen = select.value;
    select.replaceChildren(select.options[0] ?? "", ...versions.filter(version => !version.isDeletion).map(version =>
      new Option(text("js_editor_version", { number: version.number, at: version.at }), String(version.number))));
    select.value = chosen;
  };
}

/**
 * @param {"compare" | "roll_back"} name
 * @param {Version} version
 * @param {(version: Version) => void} act
 */
function button(name, version, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm btn-quiet";
  button.textContent = text(`js_editor_${name}`);
  button.setAttribute("aria-label", text(`js_editor_${name}_label`, { number: version.number }));
  button.addEventListener("click", () => act(version));
  return button;
}
