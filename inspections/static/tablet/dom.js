// The page itself: elements, addresses, and the one screen that is shown. It knows nothing of what is written.

/**
 * An element; children that are null or "" are left out. Handlers are named on…
 * @param {string} tag @param {Record<string, any>} [given] @param {...any} children @returns {any}
 */
export function h(tag, given = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((each) => each !== null && each !== undefined && each !== ""));
  return node;
}

/** The element of the page with that id. */
export const at = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
/** @param {string} address */
export const go = (address) => (location.hash = address);
/** @param {number | string} instant */
export const clock = (instant) =>
  new Date(instant).toLocaleString("zh-CN", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });

/** The first line of a screen, where reading and the keyboard begin. @param {...any} words */
export const heading = (...words) => h("h1", { tabindex: "-1" }, ...words);

/** @type {(() => Promise<void>) | null} */
let refresh = null;
let shown = "";
/** Where a screen was left: who comes back stands there again. @type {Map<string, number>} */
const places = new Map();
addEventListener("scroll", () => shown === location.hash && places.set(shown, scrollY), { passive: true });

/**
 * Puts a screen up. `fresh` is called when others' answers have arrived.
 * @param {any[]} nodes @param {(() => Promise<void>) | null} [fresh]
 */
export function show(nodes, fresh = null) {
  refresh = fresh;
  at("screen").replaceChildren(...nodes);
  const first = at("screen").querySelector("h1");
  document.title = `${first?.textContent ?? "平板"} · 巡回驻点`;
  if (shown !== location.hash) {
    first?.focus({ preventScroll: true });
    scrollTo({ top: places.get(location.hash) ?? 0, behavior: "instant" });
  }
  shown = location.hash;
}

/** The screen paints anew what others have written. */
export const refreshed = () => refresh?.();
