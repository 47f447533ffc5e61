// Tabs after the pattern of the ARIA Authoring Practices: arrows move among them, Tab goes into the panel.

/**
 * @param {HTMLElement} list
 * @param {(name: string) => void} shown with the id of the tab, without `tab-`
 * @returns {(name: string) => void} shows one
 */
export function tabs(list, shown) {
  const all = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[role=tab]")]);

  /** @param {HTMLElement} tab */
  const show = tab => {
    for (const other of all) {
      const isIt = other === tab;
      other.setAttribute("aria-selected", String(isIt));
      other.tabIndex = isIt ? 0 : -1;
      const panel = document.getElementById(other.getAttribute("aria-controls") ?? "");
      if (panel) panel.hidden = !isIt;
    }
    shown(tab.id.replace(/^tab-/, ""));
  };

  list.addEventListener("click", event => {
    const tab = all.find(tab => tab.contains(/** @type {Node} */ (event.target)));
    if (tab) show(tab);
  });
  list.addEventListener("keydown", event => {
    const now = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const goal = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: all.length - 1 }[event.key];
    if (goal === undefined || now < 0) return;
    event.preventDefault();
    const tab = all[(goal + all.length) % all.length];
    if (!tab) return;
    tab.focus();
    show(tab);
  });
  return name => {
    const tab = all.find(tab => tab.id === `tab-${name}`);
    if (tab) show(tab);
  };
}
