// Passes over all that lies here, each rarely: sealing what an older program left open, and what leaves with the tablet.

import { all, answer, get, put, set, under, within } from "./db.js";
import { opened } from "./rows.js";
import { isBox, seal } from "./seal.js";
import { draftOf, keepDraft } from "./store.js";

/** What this person wrote before there were seals is sealed now. @param {string} user */
async function sealOlder(user) {
  const rows = (await all("operations", under(user), "own")).filter((row) => !isBox(row.box) && row.op?.id);
  for (const row of rows) {
    const { value, reason } = row.box ?? row.op;
    const box = await seal(user, { value, ...(reason === undefined ? {} : { reason }) });
    if (!isBox(box)) return;
    await within(["operations"], "readwrite", async (operations) => {
      const now = await answer(operations.get(row.n));
      if (!now || isBox(now.box) || now.tries !== row.tries) return;
      const { value: _, reason: __, ...op } = now.op;
      operations.put({ ...now, op, box, ...(value?.seen !== undefined && row.op.field === "paper" ? { seen: value.seen } : {}) });
    });
  }
}

/** What was taken before there were seals is sealed now, one at a time. @param {string} user */
async function sealPhotos(user) {
  for (const { id } of await all("photos", under(user), "own")) {
    for (const store of ["thumbs", "bytes"]) {
      const row = await get(store, id);
      if (row && !isBox(row.data)) await put(store, { id, data: await seal(user, row.data) });
    }
  }
}

/** What an older program left in clear text is sealed, in the background. @param {string} user */
export async function sealAll(user) {
  await sealOlder(user);
  await sealPhotos(user);
  for (const row of await all("visits", under(user))) {
    if (!row.box) await put("visits", { id: row.id, user, closed: Boolean(row.closed), end: row.end, gone: 0, box: await seal(user, row) });
  }
  for (const row of await all("told", under(user))) {
    if (!isBox(row.box)) await put("told", { ...row, box: await seal(user, row.box) });
  }
  for (const row of await all("drafts", IDBKeyRange.only(user), "author")) {
    if (!row.box) await keepDraft(row);
  }
  for (const row of await all("findings", under(user))) {
    if (isBox(row.value)) continue;
    const boxes = await Promise.all([row.value, row.base, row.server].map((each) => seal(user, each)));
    await put("findings", { ...row, value: boxes[0], base: boxes[1], server: boxes[2] });
  }
  await set(`sealed ${user}`, true);
}

/** Who has something half done or refused here, and how much. @returns {Promise<[string, number][]>} */
export const unfinished = () =>
  within(["drafts", "findings", "operations", "photos"], "readonly", async (drafts, findings, operations, photos) => {
    const owners = [
      ...(await answer(drafts.getAll())).map((row) => row.author),
      ...(await answer(findings.getAll())).filter((row) => row.begun).map((row) => row.user),
      ...(await answer(operations.index("state").getAll("refused"))).map((row) => row.author),
      ...(await answer(photos.index("state").getAll("refused"))).map((row) => row.author),
    ];
    return [...new Set(owners)].map((id) => [id, owners.filter((each) => each === id).length]);
  });

/** The ids of all that anybody's server once named. */
export const everSent = () =>
  within(["operations", "photos"], "readonly", async (operations, photos) => ({
    ops: (await answer(operations.index("state").getAll("sent"))).map((row) => row.id),
    photos: (await answer(photos.index("state").getAll("delivered"))).map((row) => row.id),
  }));

/** Everything of that person that no server has named yet, for a file; photographs without their bytes. @param {string} user */
export async function undelivered(user) {
  const own = [];
  for (const state of ["waiting", "refused"]) own.push(...(await all("operations", IDBKeyRange.only([user, state]), "own")));
  const photos = [];
  for (const state of ["waiting", "refused"]) photos.push(...(await all("photos", IDBKeyRange.only([user, state]), "own")));
  const drafts = await Promise.all((await all("drafts", IDBKeyRange.only(user), "author")).map(draftOf));
  return { rows: await Promise.all(own.sort((a, b) => a.n - b.n).map(opened)), photos, drafts, spoiled: await all("spoiled") };
}
