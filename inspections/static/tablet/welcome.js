// The first screen of a tablet on which nobody works yet.

import { h, heading, show } from "./dom.js";
import { device } from "./kept/db.js";

/** @param {any} [more] another way in, for those who have been here */
export const welcome = async (more = "") => show([heading("请先登录"), h("p", {}, "第一次使用本机请先联网登录，再作下乡准备。"),
  h("p", {}, h("a", { class: "button", href: "/sign-in?next=/tablet/" }, "登录"), more),
  h("p", { class: "hint" }, `本机编号 ${await device()}。主屏幕图标与浏览器各存各的，找不到填写的内容时，请从原来的入口打开。`)]);
