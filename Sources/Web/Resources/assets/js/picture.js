// The hotline's picture: its own style kept apart from the page's, its steps reachable by keyboard.

const OWN_STYLE = `
  svg { display: block }
  :host([data-fit=yes]) svg { width: 100%; height: auto }
  .here .box { stroke: #0b5d68; stroke-width: 3 }
  @media (prefers-color-scheme: dark) { .here .box { stroke: #7fd8ce } }`;

/**
 * @param {HTMLElement} place
 * @param {(step: string) => void} chosen Enter or a double click on a step
 */
export function picture(place, chosen) {
  const root = place.attachShadow({ mode: "open" });

  /** @param {Event} event */
  const step = event => {
    const box = /** @type {Element} */ (event.target).closest(".step");
    return box?.id.replace(/^step-/, "");
  };

  // A link names a step of this picture; the browser would look for it in the page around.
  root.addEventListener("click", event => {
    const link = /** @type {Element} */ (event.target).closest("a");
    if (!link) return;
    event.preventDefault();
    const target = root.getElementById((link.getAttribute("href") ?? "").slice(1));
    if (!(target instanceof SVGElement)) return;
    target.focus();
    target.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  root.addEventListener("dblclick", event => {
    const name = step(event);
    if (name) chosen(name);
  });
  root.addEventListener("keydown", event => {
    const key = /** @type {KeyboardEvent} */ (event);
    const name = step(event);
    const isLink = /** @type {Element} */ (event.target).closest("a");
    if (key.key !== "Enter" || !name || isLink) return;
    // Otherwise the key would still be written where the focus goes.
    event.preventDefault();
    chosen(name);
  });

  return {
    /**
     * The server's SVG. Its style sheet is taken out of the text, where the page's policy would refuse it, and adopted.
     * @param {string} svg
     */
    draw(svg) {
      const drawn = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
      const style = drawn.querySelector("style");
      const sheet = new CSSStyleSheet();
      sheet.replaceSync((style?.textContent ?? "") + OWN_STYLE);
      style?.remove();
      root.adoptedStyleSheets = [sheet];
      root.replaceChildren(document.importNode(drawn, true));
    },

    /**
     * Marks one step and brings it into sight, unless somebody walks through the picture just now.
     * @param {string | undefined} name
     */
    point(name) {
      const before = root.querySelector(".here");
      const now = name === undefined ? null : root.getElementById(`step-${name}`);
      if (before === now) return;
      before?.classList.remove("here");
      now?.classList.add("here");
      if (!now || root.activeElement) return;
      const [box, frame] = [now.getBoundingClientRect(), place.getBoundingClientRect()];
      const margin = 24;
      const move = (/** @type {number} */ low, /** @type {number} */ high, /** @type {number} */ from, /** @type {number} */ to) =>
        low < from + margin ? low - from - margin : high > to - margin ? high - to + margin : 0;
      place.scrollBy(move(box.left, box.right, frame.left, frame.right), move(box.top, box.bottom, frame.top, frame.bottom));
    },
  };
}
