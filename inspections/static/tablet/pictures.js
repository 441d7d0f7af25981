// The photographs of a question or a paper on the screen: choosing them, taking them in, showing and removing them.

import { h } from "./dom.js";
import * as rules from "./rules.js";
import * as store from "./store.js";
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
 * the next. @param {Place} place @param {File[]} files @param {string} caption @returns {Promise<string[]>}
 */
async function taken(place, files, caption) {
  const { NoPicture, place: position, shrunk } = await import("./photos.js");
  const where = (await store.setting("place")) ? position() : Promise.resolve(null);
  const added = [];
  let fault = "";
  for (const file of files) {
    try {
      const { bytes, thumb } = await shrunk(file, place.document.checked ? "document" : "scene");
      const id = store.newId();
      const value = { caption, taken_at: new Date(file.lastModified).toISOString() };
      const photo = { id, visit: place.visit.id, item: place.code, author: context.user.id, state: "waiting", thumb };
      const said = operation(place.visit, place.code, { field: "photos", kind: "add", value });
      await kept(store.edit(said, { photo, bytes }));
      added.push(id);
      where.then((found) => found && store.placed(id, found));
    } catch (problem) {
      fault = problem instanceof NoPicture ? problem.message : "照片未保存，请再试一次";
      break;
    }
  }
  await store.set("capturing", null);
  await place.changed();
  if (fault) place.say(fault);
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

/** The photographs that hang there, each with what became of it. @param {Place} place @param {any} facts @param {any[]} photos */
export const strip = (place, facts, photos) => [...facts.photos.values()].map((edit) => picture(place, edit, photos));

/** @param {Place} place @param {any} edit @param {any[]} photos */
function picture(place, edit, photos) {
  const mine = photos.find((photo) => photo.id === edit.id);
  const caption = edit.value?.caption || "照片";
  const image = mine?.thumb
    ? h("img", { alt: caption, src: URL.createObjectURL(new Blob([mine.thumb], { type: "image/jpeg" })) }) : "";
  if (image) image.addEventListener("load", () => URL.revokeObjectURL(image.src));
  const states = /** @type {Record<string, string>} */ (
    { waiting: "已存本机，未上传", delivered: "已上传", refused: `被退回：${mine?.sentence}` });
  const state = mine ? states[mine.state] ?? "" : `${edit.author_name ?? ""} 已登记`;
  const remove = async () => {
    if (!confirm("移除这张照片？已上传的原件仍留作证据。")) return;
    await kept(store.edit(operation(place.visit, place.code, { field: "photos", kind: "remove", value: edit.id })));
    await place.changed();
  };
  const may = edit.author === context.user.id || place.visit.leads;
  return h("li", {}, image, h("span", {}, `${caption} · ${state}`),
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
      const known = await store.known(visit.id);
      list.replaceChildren(...strip(place, rules.fold(known, context.user.id)(code), known.photos));
    },
  };
  place.changed();
  return h("div", { class: "typed" }, fault, list, choosers(place, then));
}
