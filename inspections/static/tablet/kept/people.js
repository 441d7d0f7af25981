// The people of this tablet: each has a key of the own store, which a PIN wraps; ten wrong PINs lock it and lose nothing.

import { all, answer, get, within } from "./db.js";
import * as seal from "./seal.js";

/**
 * @typedef {{id: string, name: string, role: string, raw?: Uint8Array<ArrayBuffer> | null, salt?: Uint8Array<ArrayBuffer>,
 *   rounds?: number, digits?: number, box?: any, spare?: any, wrong?: number, token?: any}} Person
 */

const ROUNDS = 600_000;
export const MOST_WRONG = 10;

/** @returns {Promise<Person[]>} */
export const people = () => all("people");
/** @param {string} id @returns {Promise<Person | undefined>} */
export const person = (id) => get("people", id);
/** @param {Person | undefined} row */
export const hasPin = (row) => Boolean(row?.box);
/** @param {Person | undefined} row */
export const isLocked = (row) => (row?.wrong ?? 0) >= MOST_WRONG;

/** The row with these changes, on the disk. @param {string} id @param {Partial<Person>} change */
export const amend = (id, change) =>
  within(["people"], "readwrite", async (store) => {
    const row = { ...(await answer(store.get(id))), id, ...change };
    await answer(store.put(row));
    return /** @type {Person} */ (row);
  });

/**
 * Whether this person's store is open now: it is made where there is none, and opens by itself where no PIN is set.
 * @param {{id: string, name: string, role: string}} user
 */
export async function admit({ id, name, role }) {
  // the key is made in the transaction that looks for it: two who ask at once get the same
  const { raw } = await within(["people"], "readwrite", async (store) => {
    const known = await answer(store.get(id));
    const fresh = known?.raw ?? (known?.box ? null : crypto.getRandomValues(new Uint8Array(32)));
    const row = { ...known, id, name, role, raw: fresh };
    await answer(store.put(row));
    return row;
  });
  if (raw && seal.possible()) await seal.hold(id, raw);
  return seal.isOpen(id);
}

/** From here on only the PIN opens the store. The person is at work. @param {string} id @param {string} pin four to eight digits */
export async function setPin(id, pin) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const box = await seal.wrapped(await seal.derived(pin, salt, ROUNDS), seal.rawOf(id));
  await amend(id, { salt, rounds: ROUNDS, digits: pin.length, box, wrong: 0, raw: null });
}

/**
 * How many tries are left, or -1 when the PIN was right and the store is open. The try is on the disk before it is made.
 * @param {string} id @param {string} pin
 */
export async function unlock(id, pin) {
  const row = /** @type {Person} */ (await person(id));
  if (isLocked(row)) return 0;
  const wrong = (row.wrong ?? 0) + 1;
  await amend(id, { wrong });
  const key = await seal.derived(pin, /** @type {any} */ (row.salt), row.rounds ?? ROUNDS);
  const raw = await seal.unwrapped(key, row.box);
  if (!raw) return MOST_WRONG - wrong;
  await seal.hold(id, raw);
  await amend(id, { wrong: 0 });
  return -1;
}

/** The same key, wrapped by a secret that only the server keeps: for a forgotten PIN. @param {string} id @param {string} secret */
export async function keepSpare(id, secret) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  await amend(id, { spare: { salt, box: await seal.wrapped(await seal.derived(secret, salt, 1000), seal.rawOf(id)) } });
}

/** Whether the server's secret has opened the store; a new PIN is chosen then. @param {string} id @param {string} secret */
export async function recover(id, secret) {
  const row = /** @type {Person} */ (await person(id));
  if (!row.spare) return false;
  const raw = await seal.unwrapped(await seal.derived(secret, row.spare.salt, 1000), row.spare.box);
  if (!raw) return false;
  await seal.hold(id, raw);
  await amend(id, { box: null, raw, wrong: 0 });
  return true;
}

/** This person has worked here: the last one stands first in the list. @param {string} id */
export const entered = (id) => amend(id, /** @type {any} */ ({ at: Date.now() }));
