// Carries what waits to the server and brings back what others wrote: pull, operations, pull, photographs. It decides
// nothing about an answer: one is delivered when the server names it, refused when the server says why, else it waits.

import { isOpen, Sealed } from "../kept/seal.js";
import * as store from "../kept/store.js";
import { call, called, CLIENT, json, news, now, state, tell, Undelivered } from "./calls.js";
import { entrust, session } from "./session.js";

export { clockIsWrong, hello, news, signOut, state, tell } from "./calls.js";

const MOST_OPS = 50;
const MOST_BYTES = 190 * 1024;
const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 60_000;
/** While photographs go up, others' answers are asked for this often. */
const PULL_BETWEEN = 30_000;

/** Who is at work; everything below goes out under this name only. @type {any} */
let me = null;
/** @param {any} user */
export function sendAs(user) {
  me = user;
  tell("began");
}

let told = "";

/** Tells the server how much this tablet still holds; it says when a browser has lost what it held before. */
async function introduce() {
  const people = await store.waitingOf();
  const waiting = Object.values(people).reduce((sum, each) => sum + each, 0);
  const word = JSON.stringify(people);
  if (word === told) return;
  const persisted = (await navigator.storage?.persisted?.()) ?? null;
  const said = { device: await store.device(), waiting, people, client: CLIENT, persisted };
  const { lost } = await called("/api/device", json("PUT", said));
  told = word;
  if (lost) now({ lost });
}

/** Batches of whole operations within the limits of the protocol. @param {store.Row[]} rows */
function batches(rows) {
  const size = new TextEncoder();
  /** @type {store.Row[][]} */
  const made = [];
  let bytes = 0;
  for (const row of rows) {
    // a sealed box is as long as its words; the rest of the body is some four hundred bytes
    const own = (row.box?.sealed?.byteLength ?? 0) + size.encode(JSON.stringify(row.op)).length + 100;
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

/** Sends one batch; what the server cannot read as a whole is sent in halves, down to the one that it refuses. @param {store.Row[]} batch @param {any} said */
async function send(batch, said) {
  const rows = await store.leaving(batch);
  if (!rows.length) return;
  let acks;
  try {
    const two = said.epoch ? { protocol: 2, epoch: said.epoch, user_id: said.user.id, skew_ms: Math.round(state.skew) } : {};
    const body = { ...two, device: await store.device(), ops: rows.map((row) => row.op) };
    acks = (await called("/api/ops", json("POST", body))).acks;
  } catch (fault) {
    const { status, sentence } = /** @type {Undelivered} */ (fault);
    if (![413, 422, 500].includes(status)) throw fault;
    if (rows.length > 1) {
      const middle = Math.ceil(rows.length / 2);
      await send(rows.slice(0, middle), said);
      await send(rows.slice(middle), said);
    } else if (status !== 500) {
      await store.acked([{ id: rows[0].id, status: "refused", reason: "unreadable", sentence }]);
    }
    return; // one that breaks the server waits, and holds up nobody
  }
  await store.acked(acks.filter((/** @type {any} */ ack) => rows.some((row) => row.id === ack.id)));
  now({ done: state.done + rows.length });
}

/** Nothing goes out for somebody whose place another has taken. @param {any} said */
function stillAtWork(said) {
  if (me?.id !== said.user.id) throw new Sealed(said.user.id);
}

/** @param {any} said */
async function sendOperations(said) {
  const tried = new Set();
  for (;;) {
    const rows = (await store.waiting(said.user.id)).filter((row) => !tried.has(row.id));
    if (!rows.length) return;
    now({ of: state.done + rows.length });
    for (const batch of batches(rows)) {
      stillAtWork(said);
      for (const row of batch) tried.add(row.id);
      await send(batch, said);
    }
  }
}

/** What others wrote in that visit since the last time. @param {string} user @param {string} visit */
export async function pull(user, visit) {
  const first = await store.pulled(user, visit);
  let since = first ?? 0;
  for (let ended = false; !ended;) {
    const { ops, seq } = await call(`/api/changes?visit=${visit}&since=${since}`);
    ended = seq === since;
    if (!ended || first === undefined) await store.take(user, visit, ops, seq);
    since = seq;
  }
  if (since !== first || !(await store.setting(`papers ${user} ${visit}`)) || fullPull) {
    const { papers } = await call(`/api/papers?visit=${visit}`);
    await store.takePapers(user, visit, papers);
  }
  if (since !== first || fullPull) tell("pulled", visit);
}
let fullPull = false;

/** @param {any} said @param {boolean} full with the papers of every visit, whose states move without an operation */
async function pullAll(said, full) {
  fullPull = full;
  for (const visit of await store.openVisits(said.user.id)) {
    try {
      await pull(said.user.id, visit);
    } catch (fault) {
      // no longer to be seen, or no room for it: neither holds up what is to be sent
      if (!store.isFull(fault) && ![403, 404].includes(/** @type {Undelivered} */ (fault).status)) throw fault;
    }
  }
}

/** The person's visits, anew, whole. @param {string} user @returns {Promise<any[]>} */
export async function fetchVisits(user) {
  const { visits, vocabulary } = await call("/api/visits");
  await store.keepVisits(user, visits, state.keep);
  await store.set("vocabulary", vocabulary);
  return visits;
}

/** People, days and rights of the visits; whole where one is new. @param {any} said */
async function refreshVisits(said) {
  const user = said.user.id;
  const { visits } = await call("/api/visits?brief=1");
  const { stale, changed } = await store.refreshVisits(user, visits, state.keep);
  if (stale) await fetchVisits(user);
  if (stale || changed) tell("visits");
  await store.wipeEnded(user, state.keep);
}

/** On another ledger (restored from a backup): all it holds is asked for again, and what it does not name goes out again. @param {any} said */
async function meet(said) {
  const user = said.user.id;
  const before = await store.setting(`epoch ${user}`);
  if (!said.epoch || said.epoch === before) return;
  if (before) {
    await store.forgetTold(user);
    const [ops, photos] = [await store.sent(user), await store.photosSent(user)];
    const device = await store.device();
    for (let at = 0; at < Math.max(ops.length, photos.length); at += 2000) {
      const asked = { device, ops: ops.slice(at, at + 2000), photos: photos.slice(at, at + 2000) };
      const { missing_ops, missing_photos } = await called("/api/have", json("POST", asked));
      await store.again(missing_ops);
      await store.photosAgain(missing_photos);
    }
  }
  await store.set(`epoch ${user}`, said.epoch);
}

/** The session is that of the person at work, or the reason why not is thrown. */
export async function signedIn() {
  const said = await session(() => me);
  // who has just signed in by password comes to work first
  if (me?.id !== said.user.id) await new Promise((good) => news.addEventListener("began", good, { once: true }));
}

async function once() {
  const said = await session(() => me);
  const user = said.user.id;
  if (me?.id !== user || !isOpen(user)) return; // who has just signed in opens the own store first
  now({ phase: "sending", done: 0, of: 0 });
  await meet(said);
  await introduce();
  await refreshVisits(said);
  await pullAll(said, false);
  await sendOperations(said);
  await pullAll(said, true);
  await store.set(`last ${user}`, Date.now());
  now({ last: Date.now() });
  let looked = Date.now();
  const { sendPhotos } = await import("./uploads.js");
  await sendPhotos(user, async () => {
    stillAtWork(said);
    if (again) {
      again = false;
      await sendOperations(said);
    }
    if (Date.now() - looked > PULL_BETWEEN) {
      looked = Date.now();
      await pullAll(said, false);
    }
  });
  await store.freeBytes(user, !(await store.hasRoom()));
  await store.keepRoom();
  await introduce();
  await entrust(user);
  await store.set(`last ${user}`, Date.now());
  now({ phase: "idle", last: Date.now() });
}

let pause = FIRST_PAUSE;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** @type {Promise<void> | null} */
let running = null;
let again = false;

/** @param {any} fault */
function failed(fault) {
  if (fault instanceof Sealed) return now({ phase: "idle" }); // its owner has gone: the rest leaves when they are back
  const phase = fault instanceof Undelivered ? (fault.body?.user_id ? "another" : fault.phase) : "unreachable";
  now({ phase });
  // another ledger, or another token: the next round begins with `hello` and finds out
  plan(fault instanceof Undelivered && fault.status === 409 ? 200 : (pause = Math.min(pause * 2, LONGEST_PAUSE)));
  if (!(fault instanceof Undelivered)) throw fault;
}

/** One tab of this browser at a time; where the browser has no locks, the server recognises what comes twice. */
async function alone() {
  const work = async () => {
    try {
      await once();
      const { mine } = await store.counts(me?.id);
      if (mine && !again) plan((pause = Math.min(pause * 2, LONGEST_PAUSE)));
      else pause = FIRST_PAUSE;
    } catch (fault) {
      failed(fault);
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
/** What is running now, or nothing. */
export const busy = () => running;

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
  store.setAside().catch((fault) => console.error(fault)).then(drain);
}
