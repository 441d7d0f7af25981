// The working papers of one person on this tablet: begun ones, and what the server says of those they may read.

import { all, answer, get, newId, set, under, within } from "./db.js";
import { open, seal } from "./seal.js";

/** @param {string} user @param {any} row */
async function opened(user, row) {
  if (!row) return row;
  const [{ value, item }, base, server] = await Promise.all([row.value, row.base, row.server].map((box) => open(user, box)));
  return { id: row.id, visit: row.visit, begun: Boolean(row.begun), seen: row.seen, value, item, base: base?.value ?? null, server, author: user };
}

/** @param {string} user @param {string} visit */
export const papers = async (user, visit) =>
  Promise.all((await all("findings", [user, visit], "visit")).map((row) => opened(user, row)));
/** @param {string} user @param {string} id */
export const paper = async (user, id) => opened(user, await get("findings", [user, id]));

/**
 * What is being written is kept. `seen` and `base` are given where the server's newer words are before the eyes.
 * @param {string} user @param {{id: string, visit: string, value: any, item: any, seen?: number | null, base?: any}} paper
 */
export async function keepPaper(user, { id, visit, value, item, seen, base }) {
  const [said, before] = await Promise.all([seal(user, { value, item }), seal(user, { value: base ?? null })]);
  return within(["findings"], "readwrite", async (findings) => {
    const known = await answer(findings.get([user, id]));
    const newer = seen !== undefined && (known?.seen ?? 0) <= (seen ?? 0);
    await answer(findings.put({ server: null, seen: null, base: null, ...known, ...(newer ? { seen, base: before } : {}),
      user, id, visit, begun: 1, value: said }));
  });
}

/** What was begun and never handed over is thrown away; the server's words stay. @param {string} user @param {string} id */
export const dropPaper = (user, id) =>
  within(["findings"], "readwrite", async (findings) => {
    const known = await answer(findings.get([user, id]));
    if (!known?.server) return void findings.delete([user, id]);
    return void findings.put({ ...known, begun: 0, value: known.base ?? known.value });
  });

/**
 * The paper is complete: its row and its operation, together.
 * @param {string} user @param {{id: string, visit: string}} paper @param {any} said
 */
export async function finishPaper(user, { id, visit }, said) {
  const { value, ...rest } = said;
  const { item_code } = value;
  const [box, shown] = await Promise.all([seal(user, { value }), seal(user, { value, item: item_code })]);
  return within(["findings", "operations"], "readwrite", async (findings, operations) => {
    const known = await answer(findings.get([user, id]));
    findings.put({ server: null, seen: null, base: null, ...known, user, id, visit, begun: 0, value: shown });
    const rows = await answer(operations.index("place").getAll([user, visit, said.item]));
    const last = rows.findLast((row) => row.state === "waiting" && row.tries === 0 && row.op.field === "paper");
    const at = new Date().toISOString();
    if (last) return answer(operations.put({ ...last, op: { ...last.op, ...rest, at }, box }));
    const name = newId();
    return answer(operations.add({ id: name, author: user, state: "waiting", tries: 0, op: { ...rest, id: name, at }, box }));
  });
}

/**
 * What the server says of the visit's papers; what is being written here stays, what may no longer be read goes.
 * @param {string} user @param {string} visit @param {any[]} told
 */
export async function takePapers(user, visit, told) {
  const sealed = [];
  for (const { id, revision, number, state, said, author_name, item_code } of told) {
    const server = { revision, number, state, said, author_name };
    sealed.push({ id, seen: revision, server: await seal(user, server), value: await seal(user, { value: said, item: item_code }),
      base: await seal(user, { value: said }) });
  }
  const named = new Set(told.map((each) => each.id));
  await within(["findings", "operations", "told", "photos", "thumbs", "bytes"], "readwrite", async (findings, operations, edits, ...films) => {
    /** @param {string} id */
    const here = (id) => [user, visit, `finding:${id}`];
    /** @param {any} row */
    const isHere = (row) => ["waiting", "refused"].includes(row.state);
    /** @param {string} id */
    const waits = async (id) => (await answer(operations.index("place").getAll(here(id)))).some((row) => row.op.field === "paper" && isHere(row));
    for (const { id, ...each } of sealed) {
      const mine = await answer(findings.get([user, id]));
      if (mine && (mine.begun || (await waits(id)))) findings.put({ ...mine, server: each.server });
      else findings.put({ user, visit, id, begun: 0, ...each });
    }
    for (const mine of await answer(findings.index("visit").getAll([user, visit]))) {
      const pictures = await answer(films[0].index("place").getAll(here(mine.id)));
      if (named.has(mine.id) || mine.begun || (!mine.server && !mine.seen) || (await waits(mine.id)) || pictures.some(isHere)) continue;
      // it has become somebody else's business (a sealed lead): nothing of it stays on a tablet
      findings.delete([user, mine.id]);
      for (const edit of await answer(edits.index("item").getAll(here(mine.id)))) edits.delete([user, visit, edit.seq]);
      for (const row of await answer(operations.index("place").getAll(here(mine.id)))) {
        if (row.state === "sent") operations.put({ ...row, state: "gone", box: null });
      }
      for (const { id } of pictures) for (const store of films) store.delete(id);
    }
  });
  await set(`papers ${user} ${visit}`, Date.now());
}
