// Carries what waits to the server and brings back what others wrote. It decides nothing about an answer:
// an operation is delivered when the server names it, refused when the server says why, and waits otherwise.

import * as store from "./store.js";

/** What this program speaks; a server that needs more says so in `minimum_client`. */
export const CLIENT = 1;
const MOST_OPS = 50;
const MOST_BYTES = 190 * 1024;
const SECONDS = 15;
const PHOTO_SECONDS = 60;
const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 60_000;
/** A clock this wrong is said on the screen. */
const MOST_SKEW = 5 * 60_000;

/**
 * @typedef {"idle" | "sending" | "unreachable" | "busy" | "signed-out" | "forbidden" | "outdated" | "stale-token"} Phase
 * @type {{phase: Phase, done: number, of: number, last: number | null, skew: number, lost: number}}
 */
export const state = { phase: "idle", done: 0, of: 0, last: null, skew: 0, lost: 0 };
/** Tells the screens: "state" after every step, "pulled" with the visit that changed, "user" with who signed in. */
export const news = new EventTarget();

/** @param {string} name @param {any} [detail] */
export const tell = (name, detail) => news.dispatchEvent(new CustomEvent(name, { detail }));
/** @param {Partial<typeof state>} change */
function now(change) {
  Object.assign(state, change);
  tell("state");
}

/** Why a request was not delivered: the phase to show, and the server's sentence where there is one. */
class Undelivered extends Error {
  /** @param {Phase} phase @param {number} status @param {string} sentence */
  constructor(phase, status = 0, sentence = "") {
    super(phase);
    this.phase = phase;
    this.status = status;
    this.sentence = sentence;
  }
}

let token = "";

/**
 * The server's JSON. Delivered means: status 200, JSON, and it says that it is this application; a portal's
 * page, a redirect or silence is not.
 * @param {string} path @param {RequestInit} [options] @param {number} [seconds] @returns {Promise<any>}
 */
async function call(path, options = {}, seconds = SECONDS) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), seconds * 1000);
  try {
    const headers = { ...options.headers, ...(options.method ? { "X-CSRFToken": token } : {}) };
    const answer = await fetch(path, {
      ...options, headers, credentials: "same-origin", redirect: "error", cache: "no-store", signal: stop.signal,
    });
    const json = answer.headers.get("content-type")?.startsWith("application/json");
    const body = json ? await answer.json() : null;
    if (body?.app !== "inspections") throw new Undelivered("unreachable", json ? 0 : answer.status);
    if (answer.status === 200) return body;
    const phases = /** @type {Record<number, Phase>} */ ({ 401: "signed-out", 403: "forbidden", 429: "busy", 503: "busy" });
    const phase = phases[answer.status] ?? "unreachable";
    throw new Undelivered(phase, answer.status, body.error);
  } catch (fault) {
    throw fault instanceof Undelivered ? fault : new Undelivered("unreachable");
  } finally {
    clearTimeout(timer);
  }
}

/** The same call with a token fetched anew, once, where the first was stale. @param {Parameters<typeof call>} given */
async function called(...given) {
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
const json = (method, body) => ({
  method, body: JSON.stringify(body), headers: { "Content-Type": "application/json" },
});

/** Who is signed in, as the server says; the screens follow. @returns {Promise<any>} */
export async function hello() {
  const said = await call("/api/hello");
  token = said.csrf;
  state.skew = Date.now() - Date.parse(said.time);
  const before = await store.setting("user");
  if (before?.id !== said.user.id || before?.name !== said.user.name) {
    await store.set("user", said.user);
    tell("user", said.user);
  }
  if (said.minimum_client > CLIENT) throw new Undelivered("outdated");
  return said.user;
}

export const clockIsWrong = () => Math.abs(state.skew) > MOST_SKEW;

let told = -1;

/** Tells the server how much this tablet still holds; it says when a browser has lost what it held before. */
async function introduce() {
  const { waiting } = await store.counts();
  const here = Object.values(waiting).reduce((sum, each) => sum + each, 0);
  if (here === told) return;
  const persisted = (await navigator.storage?.persisted?.()) ?? null;
  const said = { device: await store.device(), waiting: here, client: CLIENT, persisted };
  const { lost } = await called("/api/device", json("PUT", said));
  told = here;
  if (lost) now({ lost });
}

/** Batches of whole operations within the limits of the protocol. @param {store.Row[]} rows */
function batches(rows) {
  const size = new TextEncoder();
  /** @type {store.Row[][]} */
  const made = [];
  let bytes = 0;
  for (const row of rows) {
    const own = size.encode(JSON.stringify(row.op)).length + 2;
    const last = made.at(-1);
    if (!last || last.length === MOST_OPS || bytes + own > MOST_BYTES) {
      made.push([row]);
      bytes = own;
    } else {
      last.push(row);
      bytes += own;
    }
  }
  return made;
}

/** Sends one batch; what the server cannot read as a whole is sent in halves, down to the one that it refuses. @param {store.Row[]} batch */
async function send(batch) {
  const rows = await store.leaving(batch);
  if (!rows.length) return;
  let acks;
  try {
    const body = { device: await store.device(), ops: rows.map((row) => row.op) };
    acks = (await called("/api/ops", json("POST", body))).acks;
  } catch (fault) {
    const { status, sentence } = /** @type {Undelivered} */ (fault);
    if (![413, 422, 500].includes(status)) throw fault;
    if (rows.length > 1) {
      const middle = Math.ceil(rows.length / 2);
      await send(rows.slice(0, middle));
      await send(rows.slice(middle));
    } else if (status !== 500) {
      await store.acked([{ id: rows[0].id, status: "refused", reason: "unreadable", sentence }]);
    }
    return; // one that breaks the server waits, and holds up nobody
  }
  await store.acked(acks.filter((/** @type {any} */ ack) => rows.some((row) => row.id === ack.id)));
  now({ done: state.done + rows.length });
}

/** @param {string} user */
async function sendOperations(user) {
  const tried = new Set();
  for (;;) {
    const rows = (await store.waiting(user)).filter((row) => !tried.has(row.id));
    if (!rows.length) return;
    now({ of: state.done + rows.length });
    for (const batch of batches(rows)) {
      for (const row of batch) tried.add(row.id);
      await send(batch);
    }
  }
}

/** @param {string} user */
async function sendPhotos(user) {
  const names = await store.photosToSend(user);
  now({ of: state.of + names.length });
  for (const name of names) {
    const bytes = await store.bytesOf(name);
    if (!bytes) {
      await store.photoRefused(name, "本机已读不出这张照片，请重拍。");
      continue;
    }
    try {
      const type = { "Content-Type": "image/jpeg" };
      const said = await called(`/api/photos/${name}`, { method: "PUT", body: bytes, headers: type }, PHOTO_SECONDS);
      if (said.id === name) await store.photoDelivered(name);
    } catch (fault) {
      const { status, sentence } = /** @type {Undelivered} */ (fault);
      if (![404, 409, 413, 422].includes(status)) throw fault;
      await store.photoRefused(name, sentence);
    }
    now({ done: state.done + 1 });
  }
}

/** What others wrote in that visit since the last time. @param {string} visit */
export async function pull(visit) {
  let since = await store.pulled(visit);
  for (;;) {
    const { ops, seq } = await call(`/api/changes?visit=${visit}&since=${since}`);
    if (seq === since) break;
    await store.take(visit, ops, seq);
    since = seq;
  }
  const { papers } = await call(`/api/papers?visit=${visit}`);
  await store.takePapers(visit, papers);
  tell("pulled", visit);
}

/** The person's visits, anew. @param {string} user @returns {Promise<any[]>} */
export async function fetchVisits(user) {
  const { visits, vocabulary } = await call("/api/visits");
  await store.keepVisits(user, visits);
  await store.set("vocabulary", vocabulary);
  return visits;
}

async function once() {
  const user = await hello();
  now({ phase: "sending", done: 0, of: 0 });
  await store.setAside();
  await introduce();
  await sendOperations(user.id);
  await sendPhotos(user.id);
  await introduce();
  for (const visit of await store.visits(user.id)) {
    if (visit.closed) continue;
    try {
      await pull(visit.id);
    } catch (fault) {
      if (/** @type {Undelivered} */ (fault).status !== 404) throw fault;
    }
  }
  await store.set("last", Date.now());
  now({ phase: "idle", last: Date.now() });
}

let pause = FIRST_PAUSE;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** @type {Promise<void> | null} */
let running = null;
let again = false;

/** One tab of this browser at a time; where the browser has no locks, the server recognises what comes twice. */
async function alone() {
  const work = async () => {
    try {
      await once();
      const { waiting } = await store.counts();
      const mine = waiting[(await store.setting("user"))?.id] ?? 0;
      if (mine && !again) plan(pause = Math.min(pause * 2, LONGEST_PAUSE));
      else pause = FIRST_PAUSE;
    } catch (fault) {
      const phase = fault instanceof Undelivered ? fault.phase : "unreachable";
      now({ phase });
      plan((pause = Math.min(pause * 2, LONGEST_PAUSE)));
      if (!(fault instanceof Undelivered)) throw fault;
    }
  };
  if (!navigator.locks) return work();
  return navigator.locks.request("outbox", { ifAvailable: true }, (lock) =>
    lock ? work() : plan(FIRST_PAUSE * 2));
}

/** @param {number} milliseconds */
function plan(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(drain, milliseconds * (0.75 + Math.random() / 2));
}

/** Sends and pulls now, or right after what is running; never throws. */
export function drain() {
  if (running) {
    again = true;
    return running;
  }
  again = false;
  running = alone()
    .catch((fault) => console.error(fault))
    .finally(() => {
      running = null;
      // what was written meanwhile leaves at once, unless the line is down: then it waits like the rest
      if (again && state.phase === "idle") plan(100);
    });
  return running;
}

/** Something was written: it leaves in a moment, with what is written until then. */
export const soon = () => plan(800);

/** Sends when the browser says that there is a network, when the page is looked at, and every minute. */
export function begin() {
  addEventListener("online", () => {
    pause = FIRST_PAUSE;
    drain();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") drain();
  });
  setInterval(() => {
    if (document.visibilityState === "visible") drain();
  }, LONGEST_PAUSE);
  drain();
}

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
