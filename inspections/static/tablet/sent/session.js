// Whose session a drain goes out under: the person at work, and nobody else. Where the line is back, a token that only
// that person's PIN opens renews the session, once; not everybody of a shared tablet has to type a password.

import { amend, person } from "../kept/people.js";
import { isOpen, open, possible, seal } from "../kept/seal.js";
import * as store from "../kept/store.js";
import { anonymous, called, call, hello, json, known, tell, Undelivered } from "./calls.js";

/** @param {string} text */
async function sha256(text) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
const fresh = () => [...crypto.getRandomValues(new Uint8Array(32))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * What `hello` says, with the session of the person at work: renewed where it was another's or had ended, and handed
 * to whoever has just signed in by password. Raises Undelivered("another") where it is neither.
 * @param {() => any} atWork the person at work now
 */
export async function session(atWork) {
  let said = null;
  try {
    said = await hello();
  } catch (fault) {
    if (/** @type {Undelivered} */ (fault).phase !== "signed-out") throw fault;
  }
  const before = await store.setting("cookie");
  const me = atWork();
  if (said && (!me || (said.user.id !== me.id && said.user.id !== before))) {
    // somebody has signed in here by password since: the screens follow
    await store.set("cookie", said.user.id);
    await store.set("user", said.user);
    tell("user", said.user);
    return said;
  }
  if (said && said.user.id !== me.id) {
    const mine = await renewed(me.id);
    if (!mine) throw new Undelivered("another");
    said = mine;
  } else if (!said) {
    said = me && (await renewed(me.id));
    if (!said) throw new Undelivered("signed-out", 401);
  }
  if (said.user.id !== before) await store.set("cookie", said.user.id);
  if (me.name !== said.user.name || me.role !== said.user.role) {
    await store.set("user", said.user);
    tell("user", said.user);
  }
  return said;
}

/** What `hello` says after a renewal by this person's token, or null. @param {string} user */
async function renewed(user) {
  if (!possible() || !isOpen(user)) return null;
  const row = await person(user);
  const tokens = row?.token ? await open(user, row.token) : [];
  const device = await store.device();
  for (const token of tokens) {
    const next = fresh();
    // the next one is on the disk before this one is spent: if the reply is lost, one of the two still works
    await amend(user, { token: await seal(user, [next, token]) });
    try {
      await anonymous();
      const said = await call("/api/renew", json("POST", { device, user_id: user, token, next: await sha256(next) }));
      await amend(user, { token: await seal(user, [next]) });
      known(said);
      return said;
    } catch (fault) {
      const { status } = /** @type {Undelivered} */ (fault);
      if (status !== 401) throw fault; // it may have worked: the pair stays
      await amend(user, { token: await seal(user, tokens) });
    }
  }
  return null;
}

/** This person's tablet may renew the session later, and a forgotten PIN is no loss. Signed in. @param {string} user */
export async function entrust(user) {
  const row = await person(user);
  if (!possible() || !row?.box) return;
  const { keepSpare } = await import("../kept/people.js");
  const device = await store.device();
  if (!row.token) {
    const next = fresh();
    await amend(user, { token: await seal(user, [next]) });
    try {
      await called("/api/token", json("PUT", { device, next: await sha256(next) }));
    } catch (fault) {
      await amend(user, { token: null });
      if (/** @type {Undelivered} */ (fault).status !== 404) throw fault;
    }
  }
  if (!row.spare) {
    const secret = fresh();
    await keepSpare(user, secret);
    try {
      await called("/api/recovery", json("PUT", { device, secret }));
    } catch (fault) {
      await amend(user, { spare: null });
      if (/** @type {Undelivered} */ (fault).status !== 404) throw fault;
    }
  }
}

/** The secret with which a forgotten PIN is got over, after signing in by password; null where there is none. */
export async function recoverySecret() {
  return (await call(`/api/recovery?device=${await store.device()}`)).secret ?? null;
}
