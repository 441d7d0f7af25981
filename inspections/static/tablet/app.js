// The tablet's one page begins: who has never worked here sees at once what to do, and everything else follows.
// Nobody imports it.

import { at } from "./dom.js";
import { setting } from "./kept/db.js";
import { welcome } from "./welcome.js";

addEventListener("unhandledrejection", (event) => {
  console.error(event.reason);
  const box = at("fault");
  box.hidden = false;
  box.textContent = `程序出错（${event.reason?.name ?? "未知"}）。已存本机的内容都在，请刷新；仍出错时到“待传与导出”导出。`;
});

if (!(await setting("user"))) await welcome();
document.head.append(/** @type {HTMLTemplateElement} */ (at("then")).content);
await (await import("./start.js")).begin();
