// One call to the server, and who answers it. Delivered means: status 200, JSON, and it says that it is this
// application; a portal's page, a redirect or silence is not.

/** What this program speaks; a server that needs more says so in `minimum_client`. */
export const CLIENT = 2;
const SECONDS = 15;
/** A clock this wrong is said on the screen. */
const MOST_SKEW = 5 * 60_000;

/**
 * @typedef {"idle" | "sending" | "unreachable" | "busy" | "signed-out" | "another" | "forbidden" | "outdated" | "stale-token" | "password"} Phase
 * @type {{phase: Phase, done: number, of: number, last: number | null, skew: number, lost: number, cookie: any, keep: number}}
 */
export const state = { phase: "idle", done: 0, of: 0, last: null, skew: 0, lost: 0, cookie: null, keep: 0 };
/** Tells the screens: "state" after every step, "pulled" with the visit that changed, "user" with who signed in. */
export const news = new EventTarget();

/** @param {string} name @param {any} [detail] */
export const tell = (name, detail) => news.dispatchEvent(new CustomEvent(name, { detail }));
/** @param {Partial<typeof state>} change */
export function now(change) {
  Object.assign(state, change);
  tell("state");
}

/** Why a request was not delivered: the phase to show, the server's sentence and whatever else it said. */
export class Undelivered extends Error {
  /** @param {Phase} phase @param {number} [status] @param {any} [body] */
  constructor(phase, status = 0, body = {}) {
    super(phase);
    this.phase = phase;
    this.status = status;
    this.body = body;
    this.sentence = body?.error ?? "";
  }
}

let token = "";

/**
 * The server's JSON, or for a HEAD its headers.
 * @param {string} path @param {RequestInit} [options] @param {number} [seconds] @returns {Promise<any>}
 */
export async function call(path, options = {}, seconds = SECONDS) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), seconds * 1000);
  try {
    const headers = { ...options.headers, ...(options.method ? { "X-CSRFToken": token } : {}) };
    const answer = await fetch(path, {
      ...options, headers, credentials: "same-origin", redirect: "error", cache: "no-store", signal: stop.signal,
    });
    if (options.method === "HEAD" && answer.headers.has("Upload-Offset")) return answer.headers;
    const json = answer.headers.get("content-type")?.startsWith("application/json");
    const body = json ? await answer.json() : null;
    if (body?.app !== "inspections") throw new Undelivered("unreachable", json ? 0 : answer.status);
    if (answer.status === 200) return body;
    const phases = /** @type {Record<number, Phase>} */ ({ 401: "signed-out", 403: "forbidden", 429: "busy", 503: "busy" });
    const phase = body.reason === "password" ? "password" : phases[answer.status] ?? "unreachable";
    throw new Undelivered(phase, answer.status, body);
  } catch (fault) {
    throw fault instanceof Undelivered ? fault : new Undelivered("unreachable");
  } finally {
    clearTimeout(timer);
  }
}

/** The same call with a token fetched anew, once, where the first was stale. @param {Parameters<typeof call>} given */
export async function called(...given) {
  try {
    return await call(...given);
  } catch (fault) {
    const refused = /** @type {Undelivered} */ (fault);
    if (refused.status !== 400) throw refused;
    token = (await call("/api/hello")).csrf;
    try {
      return await call(...given);
    } catch (again) {
      throw /** @type {Undelivered} */ (again).status === 400 ? new Undelivered("stale-token", 400) : again;
    }
  }
}

/** @param {string} method @param {any} body @returns {RequestInit} */
export const json = (method, body) => ({
  method, body: JSON.stringify(body), headers: { "Content-Type": "application/json" },
});

/** Whose session this is and what the server says of itself. @returns {Promise<any>} */
export async function hello() {
  const said = await call("/api/hello");
  known(said);
  if (said.minimum_client > CLIENT) throw new Undelivered("outdated");
  return said;
}

/** @param {any} said what `hello` answers */
export function known(said) {
  token = said.csrf;
  state.skew = Date.now() - Date.parse(said.time);
  state.cookie = said.user;
  state.keep = said.keep_days ?? 0;
}

/** The token of a page on which nobody is signed in. */
export async function anonymous() {
  token = (await call("/api/renew")).csrf;
}

export const clockIsWrong = () => Math.abs(state.skew) > MOST_SKEW;

/** Whether the server has ended the session; nothing on the tablet changes. */
export async function signOut() {
  try {
    await hello();
    const headers = { "X-CSRFToken": token };
    const answer = await fetch("/sign-out", { method: "POST", headers, redirect: "manual", credentials: "same-origin" });
    return answer.type === "opaqueredirect" || answer.ok;
  } catch (fault) {
    return /** @type {any} */ (fault).phase === "signed-out";
  }
}
