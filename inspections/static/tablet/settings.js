// This tablet and who uses it: PIN, position of photographs, signing out, and giving the tablet back.

import { h, heading, show as put } from "./dom.js";
import { person } from "./kept/people.js";
import * as store from "./kept/store.js";
import * as lock from "./lock.js";
import * as outbox from "./sent/outbox.js";
import { context } from "./work.js";

/** @param {HTMLElement} said */
async function leave(said) {
  const { here } = await store.counts(context.user?.id);
  if (outbox.state.phase === "unreachable" || navigator.onLine === false) {
    said.textContent = `现在没有网络，不能退出登录。${here} 条待传仍在本机；离开时请锁屏。`;
    return;
  }
  if (here && !confirm(`还有 ${here} 条未上传。退出后仍留在本机，由填写人本人登录后上传。确定退出？`)) return;
  if (await outbox.signOut()) await lock.signIn();
  else said.textContent = "没有退出：连不上服务器。";
}

/** @param {HTMLElement} said */
async function giveBack(said) {
  if (!confirm("交回平板：核对全部已上传后，清除本机上所有人的内容。确定交回？")) return;
  const { handBack } = await import("./sent/handback.js");
  const problem = await handBack((words) => (said.textContent = `${words}…`));
  said.textContent = problem;
  if (problem) return;
  await outbox.signOut();
  location.replace("/tablet/#/returned");
  location.reload();
}

/** The screen. */
export async function show() {
  const { user } = context;
  const [left, back] = [h("p", { role: "alert" }), h("p", { role: "alert" })];
  const has = Boolean(user && (await person(user.id))?.box);
  const place = h("input", { type: "checkbox", id: "place", checked: Boolean(await store.setting("place")) });
  place.addEventListener("change", () => store.set("place", place.checked));
  put([
    h("p", { class: "crumbs" }, h("a", { href: "#/" }, "我的驻点")),
    heading("本机与交回"),
    h("p", {}, user ? `${user.name} 正在使用本机。` : "本机还没有人登录。"),
    h("h2", {}, has ? "锁屏与 PIN" : "PIN"),
    h("p", {}, "每人一个 PIN：本人填写的内容用它加密，换人、重新打开都用它；别人看不到您未上传的内容。错 10 次锁住，内容不丢失，联网用账号密码打开。"),
    user ? lock.pinForm(() => show()) : h("p", {}, "登录后可以设定。"),
    has ? h("p", {}, h("button", { type: "button", class: "plain", onclick: () => lock.lock() }, "立即锁屏")) : "",
    h("h2", {}, "照片"), h("label", { class: "choice" }, place, "照片附上拍摄位置（经纬度与精度；20 秒内定不了位就不附）"),
    h("h2", {}, "换人"),
    h("p", {}, "点上方的姓名换人，没有网络也可以；各填各的，各自上传。第一次使用本机的人要联网登录一次。"),
    h("p", {}, h("button", { type: "button", class: "plain", onclick: () => lock.choose() }, "换人"),
      h("button", { type: "button", class: "plain", onclick: () => leave(left) }, "退出登录"), h("a", { class: "button plain", href: "/tablet/check" }, "检查本机能否离线")), left,
    h("h2", {}, "交回平板"),
    h("p", {}, "轮次结束交回平板时用：与服务器逐条核对，都收到了才清除本机上所有人的内容。"),
    h("p", {}, h("button", { type: "button", class: "plain", onclick: () => giveBack(back) }, "交回平板")), back,
    h("p", { class: "hint" }, `本机编号 ${await store.device()}`),
  ]);
}
