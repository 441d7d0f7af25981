// The photographs of a question or a paper on the screen: choosing them, taking them in, looking at and removing them.

import { h } from "./dom.js";
import * as store from "./kept/store.js";
import * as rules from "./rules/rules.js";
import { photograph } from "./sent/looking.js";
import { context, kept, operation } from "./work.js";

/**
 * Where photographs hang. `section` is where to come back to when the camera has ended the page; `document` is
 * ticked for papers; `changed` paints anew what is on the disk.
 * @typedef {{visit: any, code: string, section: string | null, document: HTMLInputElement,
 *   say: (words: string) => void, changed: () => Promise<void>}} Place
 */

/** The tick for papers, whose small print needs a larger picture. @returns {HTMLInputElement} */
export const documentBox = () => h("input", { type: "checkbox", name: "document" });

/**
 * The ids of the chosen pictures that were taken in, one by one; each is on the disk with its operation before
 * the next. One that cannot be taken is named and does not stop the others.
 * @param {Place} place @param {File[]} files @param {string} caption @returns {Promise<string[]>}
 */
async function taken(place, files, caption) {
  const { NoPicture, place: position, shrunk } = await import("./photos.js");
  const where = (await store.setting("place")) ? position() : Promise.resolve(null);
  const user = context.user.id;
  const added = [];
  const faults = [];
  place.say("");
  for (const [n, file] of files.entries()) {
    try {
      const { bytes, thumb } = await shrunk(file, place.document.checked ? "document" : "scene");
      const id = store.newId();
      const value = { caption, taken_at: new Date(file.lastModified).toISOString() };
      const photo = { id, visit: place.visit.id, item: place.code, author: user };
      const said = operation(place.visit, place.code, { field: "photos", kind: "add", value });
      await kept(store.edit(said, { photo, bytes, thumb }));
      added.push(id);
      where.then((found) => found && store.placed(user, id, found));
    } catch (problem) {
      const words = problem instanceof NoPicture ? problem.message : "照片未保存，请再试一次";
      faults.push(files.length > 1 ? `第 ${n + 1} 张（${file.name}）没有收下：${words}` : words);
      if (!(problem instanceof NoPicture)) break; // the disk is full: the rest would fail alike
    }
  }
  try {
    await store.set("capturing", null); // a full disk may refuse even this
    await place.changed();
  } finally {
    if (faults.length) place.say(faults.join(" "));
  }
  return added;
}

/**
 * A button that opens the camera or the pictures on the tablet; `then` is told what was added.
 * @param {Place} place @param {string} words @param {boolean} camera
 * @param {{caption?: string, then?: (ids: string[]) => void}} [more]
 */
export function chooser(place, words, camera, { caption = "", then } = {}) {
  const field = h("input", { type: "file", accept: "image/*", class: "hidden-input", "aria-label": `${place.code} ${words}`,
    ...(camera ? { capture: "environment" } : { multiple: true }) });
  // what is written is safe before the camera opens: it may end this page
  field.addEventListener("click", () => place.section && store.set("capturing", {
    visit: place.visit.id, section: place.section, item: place.code, user: context.user.id, at: Date.now() }));
  field.addEventListener("cancel", () => store.set("capturing", null));
  field.addEventListener("change", async () => {
    const added = await taken(place, [...(field.files ?? [])], caption);
    field.value = "";
    if (added.length) then?.(added);
  });
  return h("label", { class: "button plain" }, words, field);
}

/** Both buttons and the tick. @param {Place} place @param {() => void} [then] */
export const choosers = (place, then) => h("div", { class: "extras" },
  chooser(place, "拍照", true, { then }), chooser(place, "选照片", false, { then }),
  h("label", { class: "choice" }, place.document, "拍的是票据、文件"));

/** @param {ArrayBuffer | Blob} bytes */
const addressOf = (bytes) => URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));

/** The picture over the page, until it is closed. @param {ArrayBuffer | Blob} bytes @param {string} caption */
function enlarged(bytes, caption) {
  const large = h("img", { alt: caption, src: addressOf(bytes) });
  const box = h("dialog", { class: "large", onclose: () => {
    URL.revokeObjectURL(large.src);
    box.remove();
  } }, large, h("button", { type: "button", onclick: () => box.close() }, "关闭"));
  document.body.append(box);
  box.showModal();
}

/** A colleague's photograph lies with the server only: a tap fetches it, where there is a line. @param {Place} place @param {string} id @param {string} caption */
const distant = (place, id, caption) =>
  h("button", { type: "button", class: "plain", "aria-label": `看${caption}`, onclick: async () => {
    try {
      place.say("正在取照片…");
      enlarged(await photograph(context.user.id, id), caption);
      place.say("");
    } catch (problem) {
      place.say(/** @type {import("./sent/calls.js").Undelivered} */ (problem).sentence || "照片打不开，请再试一次。");
    }
  } }, "看照片");

/** The small picture; a tap shows the large one as long as it is here. @param {Place} place @param {string} id @param {string} caption */
export function thumbnail(place, id, caption) {
  const user = context.user.id;
  const image = h("img", { alt: caption, loading: "lazy" });
  const button = h("button", { type: "button", class: "look", "aria-label": `看${caption}`, onclick: async () => {
    const bytes = (await store.bytesOf(user, id)) ?? (await store.thumbOf(user, id));
    if (bytes) enlarged(bytes, caption);
  } }, image);
  store.thumbOf(user, id).then((bytes) => {
    if (!bytes) return button.replaceWith(distant(place, id, caption));
    image.src = addressOf(bytes);
    return image.addEventListener("load", () => URL.revokeObjectURL(image.src));
  });
  return button;
}

/** Whether the person wanted it gone. One that never left is simply gone; else the original stays as evidence. @param {Place} place @param {string} id */
export async function removed(place, id) {
  const row = (await store.photosOf(context.user.id, place.visit.id, place.code)).find((photo) => photo.id === id);
  const only_here = row && row.state !== "delivered";
  if (!confirm(only_here ? "移除这张照片？还没有上传，移除后找不回来。" : "移除这张照片？已上传的原件仍留作证据。")) return false;
  if (!(await store.takenBack(id))) {
    await kept(store.edit(operation(place.visit, place.code, { field: "photos", kind: "remove", value: id })));
    await store.photoRemoved(id);
  }
  await place.changed();
  return true;
}

/** The photographs that hang there, each with what became of it; those of a case stand with their case. @param {Place} place @param {any} facts @param {any[]} photos @param {any[]} [cases] */
export function strip(place, facts, photos, cases = []) {
  const elsewhere = new Set(cases.flatMap((each) => each.photos));
  const refused = Object.values(facts.refused ?? {}).filter((row) => row.op.field === "photos" && row.op.kind === "add");
  return [...[...facts.photos.values()].filter((edit) => !elsewhere.has(edit.id)),
    ...refused.map((row) => ({ ...row.op, refused: row }))].map((edit) => picture(place, edit, photos));
}

/** @param {Place} place @param {any} edit @param {any[]} photos */
function picture(place, edit, photos) {
  const mine = photos.find((photo) => photo.id === edit.id);
  const caption = edit.value?.caption || "照片";
  const states = /** @type {Record<string, string>} */ (
    { waiting: "已存本机，未上传", delivered: "已上传", refused: `被退回：${mine?.sentence || edit.refused?.sentence}` });
  const state = mine ? states[mine.state] ?? "" : `${edit.author_name ?? ""} 已登记`;
  const remove = async () => {
    if (!edit.refused) return removed(place, edit.id);
    if (!confirm("放弃这张被退回的照片？放弃后找不回来。")) return undefined;
    await store.discard(edit.refused.n);
    return place.changed();
  };
  const may = edit.author === context.user.id || place.visit.leads;
  return h("li", {}, thumbnail(place, edit.id, mine || !edit.author_name ? caption : `${edit.author_name}的${caption}`), h("span", {}, `${caption} · ${state}`),
    may ? h("button", { type: "button", class: "plain", "aria-label": `移除${caption}`, onclick: remove }, "移除") : "");
}

/** The photographs of a working paper, which hang on the paper itself. @param {any} visit @param {string} code @param {() => void} then */
export function paperPhotos(visit, code, then) {
  const fault = h("p", { class: "fault", role: "alert" });
  const list = h("ul", { class: "photos" });
  /** @type {Place} */
  const place = {
    visit, code, section: null, document: documentBox(), say: (words) => (fault.textContent = words),
    changed: async () => {
      const known = await store.knownOf(context.user.id, visit.id, code);
      list.replaceChildren(...strip(place, rules.fold(known)(code), known.photos));
    },
  };
  place.changed();
  return h("div", { class: "typed" }, fault, list, choosers(place, then));
}
