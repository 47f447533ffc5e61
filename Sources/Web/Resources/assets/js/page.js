// What every live page needs: finding elements, texts of the page's language, clocks.

/** @type {Record<string, string>} */
const texts = JSON.parse(document.body.dataset.texts ?? "{}");

/**
 * The text for a key of the catalogue, with {name} replaced.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function text(key, values = {}) {
  return (texts[key] ?? key).replace(/\{(\w+)\}/g, (all, name) => String(values[name] ?? all));
}

/**
 * The text for one of the server's words, or the word itself.
 * @param {string} prefix
 * @param {string} word
 */
export function word(prefix, word) {
  return texts[`${prefix}_${word}`] ?? word;
}

/**
 * The element with this id; the page's template promises that it is there.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
export function element(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no element #${id}`);
  return /** @type {T} */ (found);
}

/**
 * 3:07 or 1:02:03.
 * @param {number} seconds
 */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/**
 * An alert with a sentence, or nothing.
 * @param {HTMLElement} alert
 * @param {string | null} sentence
 */
export function show(alert, sentence) {
  if (sentence !== null && alert.textContent !== sentence) alert.textContent = sentence;
  alert.hidden = sentence === null;
}

/**
 * A table's rows, as text.
 * @param {HTMLElement} body
 * @param {(string | number)[][]} rows
 * @param {number[]} numeric columns that hold numbers
 */
export function fill(body, rows, numeric) {
  body.replaceChildren(...rows.map(cells => {
    const row = document.createElement("tr");
    row.append(...cells.map((cell, column) => {
      const td = document.createElement("td");
      td.textContent = String(cell);
      if (numeric.includes(column)) td.className = "num";
      return td;
    }));
    return row;
  }));
}

/**
 * The twelve keys of a telephone.
 * @param {HTMLElement} pad
 * @param {(digit: string) => void} press
 */
export function keypad(pad, press) {
  const letters = ["", "", "ABC", "DEF", "GHI", "JKL", "MNO", "PQRS", "TUV", "WXYZ", "", "", ""];
  pad.replaceChildren(...["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"].map(digit => {
    const key = document.createElement("button");
    key.type = "button";
    key.className = "key";
    key.dataset.digit = digit;
    key.dataset.testid = `key-${digit}`;
    const sign = document.createElement("strong");
    sign.textContent = digit;
    const small = document.createElement("small");
    small.textContent = letters[Number(digit)] ?? "";
    key.append(sign, small);
    key.addEventListener("click", () => press(digit));
    return key;
  }));
}
