// The hotline's picture: its own style kept apart from the page's, its steps reachable by keyboard.

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
    if (key.key === "Enter" && name && !isLink) chosen(name);
  });

  /**
   * The server's SVG. Its style sheet is taken out of the text, where the page's policy would refuse it, and adopted.
   * @param {string} svg
   */
  return svg => {
    const drawn = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
    const style = drawn.querySelector("style");
    const sheet = new CSSStyleSheet();
    sheet.replaceSync((style?.textContent ?? "")
      + ":host([data-fit=yes]) svg{width:100%;height:auto}.step{cursor:default}svg{display:block}");
    style?.remove();
    root.adoptedStyleSheets = [sheet];
    root.replaceChildren(document.importNode(drawn, true));
  };
}
