// What this tablet holds for one person: visits, what was told, what waits, drafts.

import { all, answer, get, put, setting, under, within } from "./db.js";
import * as films from "./films.js";
import * as rows from "./rows.js";
import { open, seal } from "./seal.js";

export * from "./films.js";
export * from "./papers.js";
export * from "./rows.js";
export { device, hasRoom, isFull, keepRoom, newId, set, setting, wipe } from "./db.js";

/** @param {any} visit */
async function opened({ box, ...visit }) {
  const whole = box ? { ...(await open(visit.user, box)), ...visit } : visit;
  return { ...whole, closed: whole.closed || whole.end < today() };
}
/** As the tablet's calendar has it. @param {number} [ago] so many days before */
const today = (ago = 0) => new Date(Date.now() - ago * 24 * 3600_000).toLocaleDateString("sv-SE");

/** Whether a stay that ended then stays here no longer. @param {string} end @param {number} days that the county keeps one */
const isOver = (end, days) => Boolean(days) && end < today(days);

/**
 * The person's visits become these; of one that may no longer be seen only its name stays, while something of it waits.
 * @param {string} user @param {any[]} visits whole, as the server told them @param {number} days that an ended one is kept
 */
export async function keepVisits(user, visits, days) {
  const sealed = [];
  for (const { id, state, ...visit } of visits.filter((each) => !isOver(each.end, days))) {
    const closed = Boolean(visit.closed);
    sealed.push({ id, user, closed, end: visit.end, gone: 0, box: await seal(user, { id, ...visit, closed, state }) });
  }
  await within(["visits"], "readwrite", async (store) => {
    for (const visit of sealed) store.put(visit);
  });
  for (const each of await all("visits", under(user))) {
    if (!visits.some((visit) => visit.id === each.id)) await goneFrom(user, each.id);
  }
}

/**
 * People, days and rights of the visits, as the server says now: whether anything is different, and whether a visit
 * came or changed its list, so that all of it is needed. @param {string} user @param {any[]} brief @param {number} days
 */
export async function refreshVisits(user, brief, days) {
  let [stale, changed] = [false, false];
  for (const { id, ...said } of brief) {
    const known = await get("visits", [user, id]);
    if (!known && isOver(said.end, days)) continue;
    const visit = known && !known.gone && (await opened(known));
    if (!visit || visit.checklist.version !== said.checklist.version) stale = true;
    else {
      const [before, after] = [visit, { ...visit, ...said, id, closed: Boolean(said.closed) }];
      if (Object.keys(after).every((key) => key === "seq" || JSON.stringify(before[key]) === JSON.stringify(after[key]))) continue;
      changed = true;
      await put("visits", { ...known, closed: after.closed, end: after.end, box: await seal(user, after) });
    }
  }
  for (const each of await all("visits", under(user))) {
    if (!brief.some((visit) => visit.id === each.id)) await goneFrom(user, each.id);
  }
  return { stale, changed };
}

/** So long own words stay after a visit is gone: a server restored from a backup may ask for them again. */
const KEPT = 3 * 24 * 3600_000;

/** What the server told of a visit that this person may no longer see is wiped; own words stay until they are safe. @param {string} user @param {string} id */
async function goneFrom(user, id) {
  const row = await get("visits", [user, id]);
  if (row?.gone) return Date.now() - row.gone > KEPT && (await isDelivered(user, id)) ? wipeVisit(user, id) : undefined;
  const { unit, sections, start, end, checklist, people } = await opened(row);
  const box = await seal(user, { id, unit, sections, start, end, checklist, people, leads: false, closed: true, state: {} });
  return within(["visits", "told", "findings"], "readwrite", async (visits, told, findings) => {
    visits.put({ id, user, closed: true, gone: Date.now(), end: row.end, box });
    told.delete(under(user, id));
    for (const paper of await answer(findings.index("visit").getAll([user, id]))) {
      if (!paper.begun) findings.delete([user, paper.id]);
    }
  });
}

/** Whether nothing of this person's words of that visit is still only here. @param {string} user @param {string} visit */
export async function isDelivered(user, visit) {
  const own = await all("operations", IDBKeyRange.only([user, visit]), "visit");
  if (own.some((row) => row.state === "waiting" || row.state === "refused")) return false;
  if ((await films.photosOfVisit(user, visit)).some((photo) => photo.state === "waiting" || photo.state === "refused")) return false;
  if ((await all("findings", IDBKeyRange.only([user, visit]), "visit")).some((paper) => paper.begun)) return false;
  return !(await all("drafts", IDBKeyRange.only(user), "author")).some((draft) => draft.visit === visit);
}

/** Nothing of that visit stays here for this person. @param {string} user @param {string} visit */
export const wipeVisit = (user, visit) =>
  within(["visits", "told", "operations", "photos", "thumbs", "bytes", "findings", "settings"], "readwrite",
    async (visits, told, operations, photos, thumbs, bytes, findings, settings) => {
      visits.delete([user, visit]);
      told.delete(under(user, visit));
      settings.delete(`pulled ${user} ${visit}`);
      for (const row of await answer(operations.index("visit").getAll([user, visit]))) operations.delete(row.n);
      for (const { id } of await answer(photos.index("place").getAll(under(user, visit)))) {
        for (const store of [photos, thumbs, bytes]) store.delete(id);
      }
      for (const { id } of await answer(findings.index("visit").getAll([user, visit]))) findings.delete([user, id]);
    });

/** Ended visits, delivered, whose end is this many days ago, leave the tablet. @param {string} user @param {number} days */
export async function wipeEnded(user, days) {
  for (const { id, end } of await all("visits", under(user))) {
    if (end && isOver(end, days) && (await isDelivered(user, id))) await wipeVisit(user, id);
  }
}

/** @param {string} user */
export const visits = async (user) => Promise.all((await all("visits", under(user))).map(opened));
/** @param {string} user @param {string} id */
export const visit = async (user, id) => {
  const found = await get("visits", [user, id]);
  return found && opened(found);
};
/** Which visits to ask the server about, without their contents. @param {string} user */
export const openVisits = async (user) => (await all("visits", under(user))).filter((each) => !each.gone).map((each) => each.id);

/** @param {any} row */
const edited = (row) => open(row.user, row.box);

/** Before anything was pulled: the answers that came with the visit. @param {string} user @param {string} id @param {string} [code] */
async function arrived(user, id, code) {
  if ((await pulled(user, id)) !== undefined) return [];
  const { state = {} } = (await visit(user, id)) ?? {};
  return Object.entries(state).filter(([item]) => !code || item === code).map(([item, said]) => (
    { item, visit: id, field: "answer", kind: "set", id: `${item} ${said.seq}`, author: "", base: null, ...said }));
}

/**
 * Everything known of a visit; before a pull, what came with it.
 * @param {string} user @param {string} visit
 */
export async function known(user, visit) {
  let told = await Promise.all((await all("told", under(user, visit))).map(edited));
  if (!told.length) told = await arrived(user, visit);
  const drafts = (await all("drafts", IDBKeyRange.only(user), "author")).filter((each) => each.visit === visit);
  return { told, rows: await rows.rowsOfVisit(user, visit), photos: await films.photosOfVisit(user, visit), drafts: await Promise.all(drafts.map(draftOf)) };
}

/** The same of one item: all that a key press reads. @param {string} user @param {string} visit @param {string} item */
export async function knownOf(user, visit, item) {
  const here = IDBKeyRange.only([user, visit, item]);
  const [sealed, own, photos] = await within(["told", "operations", "photos"], "readonly", (told, operations, films_) =>
    Promise.all([answer(told.index("item").getAll(here)), answer(operations.index("place").getAll(here)), answer(films_.index("place").getAll(here))]));
  const told = sealed.length ? await Promise.all(sealed.map(edited)) : await arrived(user, visit, item);
  told.sort((one, other) => one.seq - other.seq);
  return { told, rows: await Promise.all(own.map(rows.opened)), photos };
}

/** @param {any} row */
export const draftOf = async ({ box, ...draft }) => (box ? { ...draft, raw: await open(draft.author, box) } : draft);

/** The next place to pull from, if ever it was. @param {string} user @param {string} visit @returns {Promise<number | undefined>} */
export const pulled = (user, visit) => setting(`pulled ${user} ${visit}`);

/**
 * What the server told is kept; an own operation that came back has arrived.
 * @param {string} user @param {string} visit @param {any[]} operations @param {number} seq
 */
export async function take(user, visit, operations, seq) {
  const sealed = [];
  for (const each of operations) {
    const { item, field, seq: place, id } = each;
    sealed.push({ user, visit, item, field, seq: place, id, box: await seal(user, each) });
  }
  await within(["told", "operations", "settings"], "readwrite", async (told, own, settings) => {
    for (const each of sealed) {
      told.put(each);
      const mine = await answer(own.index("id").get(each.id));
      if (mine && mine.author === user) own.put({ ...mine, state: mine.state === "gone" ? "gone" : "sent", seq: each.seq });
    }
    settings.put({ name: `pulled ${user} ${visit}`, value: seq });
  });
}

/** The server was restored from a backup: all is asked for again. @param {string} user */
export const forgetTold = (user) =>
  within(["told", "settings"], "readwrite", async (told, settings) => {
    told.delete(under(user));
    settings.delete(IDBKeyRange.bound(`pulled ${user} `, `pulled ${user} \uffff`));
  });

/** What is half typed and no answer yet. @param {{visit: string, item: string, author: string, raw: any, at: number}} draft */
export const keepDraft = async ({ raw, ...draft }) => put("drafts", { ...draft, box: await seal(draft.author, raw) });
/** @param {string} visit @param {string} item @param {string} author */
export const dropDraft = (visit, item, author) =>
  within(["drafts"], "readwrite", (drafts) => answer(drafts.delete([visit, item, author])));

/** How much of that person waits, was refused or is half done; and how much of others waits; no row is read. @param {string} user */
export async function counts(user) {
  const [mine, all_, begun, photos, delivered, spoiled] = await within(
    ["operations", "photos", "drafts", "findings", "spoiled"], "readonly", async (operations, films_, drafts, findings, spoilt) => {
      /** @param {IDBObjectStore} store @param {string} index @param {any} key */
      const count = (store, index, key) => answer(store.index(index).count(key));
      const who = user ?? "";
      return [
        (await count(operations, "own", IDBKeyRange.only([who, "waiting"]))) + (await count(films_, "own", IDBKeyRange.only([who, "waiting"]))),
        (await count(operations, "state", "waiting")) + (await count(films_, "state", "waiting")),
        (await count(drafts, "author", who)) + (await count(findings, "begun", IDBKeyRange.only([who, 1]))),
        await count(films_, "own", under(who)),
        await count(films_, "own", IDBKeyRange.only([who, "delivered"])),
        await answer(spoilt.count()),
      ];
    });
  const { length } = user ? await refusals(user) : [];
  return { mine, others: all_ - mine, here: all_, refused: length + spoiled, begun, photos, delivered };
}

/** How much each person still has here. @returns {Promise<Record<string, number>>} */
export const waitingOf = () =>
  within(["operations", "photos"], "readonly", async (...stores) => {
    /** @type {Record<string, number>} */
    const found = {};
    for (const store of stores) {
      for (const { author } of await answer(store.index("state").getAll("waiting"))) found[author] = (found[author] ?? 0) + 1;
    }
    return found;
  });

/** Every single thing of that person that needs a hand: a refused operation, or a photograph refused by itself. @param {string} user */
export async function refusals(user) {
  const refused = await rows.refused(user);
  const alone = (await all("photos", IDBKeyRange.only([user, "refused"]), "own")).filter((photo) => !refused.some((row) => row.id === photo.id));
  return [...refused.map((row) => ({ row, photo: null })), ...alone.map((photo) => ({ row: null, photo }))];
}
export const spoiled = () => all("spoiled");
