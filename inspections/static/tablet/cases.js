// The rows of the abnormal cases of a sample: each with its words and its own photographs, and each removable.

import { h } from "./dom.js";
import { chooser, removed, thumbnail } from "./pictures.js";

/**
 * Paints the rows anew; `save` is called when something changed.
 * @param {{node: HTMLElement, cases: any[], file: any, place: import("./pictures.js").Place}} card @param {() => void} save
 */
export function paintCases(card, save) {
  const box = card.node.querySelector(".cases");
  if (!box) return;
  const again = () => {
    paintCases(card, save);
    save();
  };
  const rows = card.cases.map((each, n) => {
    const field = h("input", { "aria-label": `异常 ${n + 1} 说明`, ...(card.file ? { maxlength: card.file.lengths.case } : {}),
      placeholder: `异常 ${n + 1}：户名隐去，写情形、金额` });
    field.value = each.what;
    field.addEventListener("input", () => (each.what = field.value));
    const drop = () => {
      if ((each.what.trim() || each.photos.length) && !confirm(`删去异常 ${n + 1}？照片留在本题下。`)) return;
      card.cases.splice(n, 1);
      again();
    };
    const pictures = each.photos.map((/** @type {string} */ id) => h("li", {}, thumbnail(card.place, id, `异常 ${n + 1} 照片`),
      h("button", { type: "button", class: "plain", "aria-label": `移除异常 ${n + 1} 照片`, onclick: async () => {
        if (!(await removed(card.place, id))) return;
        each.photos = each.photos.filter((/** @type {string} */ other) => other !== id);
        again();
      } }, "移除")));
    return h("div", { class: "case" }, field, h("span", {}, each.photos.length ? `照片 ${each.photos.length} 张` : ""),
      chooser(card.place, "拍照", true, { caption: "异常", then: (ids) => {
        each.photos.push(...ids);
        again();
      } }),
      h("button", { type: "button", class: "plain", "aria-label": `删去异常 ${n + 1}`, onclick: drop }, "删去"),
      pictures.length ? h("ul", { class: "photos" }, ...pictures) : "");
  });
  const more = h("button", { type: "button", class: "plain", onclick: () => {
    card.cases.push({ what: "", photos: [] });
    paintCases(card, save);
    /** @type {HTMLInputElement | null} */ (box.querySelector(".case:last-of-type input"))?.focus();
  } }, "加一条异常明细");
  const most = card.file && card.cases.length >= card.file.most.cases;
  box.replaceChildren(...rows, most ? h("span", { class: "hint" }, `异常明细最多 ${card.file.most.cases} 条。`) : more);
}
