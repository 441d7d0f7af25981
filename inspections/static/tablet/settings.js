// This tablet and who uses it: screen lock, position of photographs, signing out.

import { h, heading, show as put } from "./dom.js";
import * as lock from "./lock.js";
import * as outbox from "./outbox.js";
import * as store from "./store.js";
import { context } from "./work.js";

/** @param {HTMLElement} said */
async function leave(said) {
  const { waiting } = await store.counts();
  const here = Object.values(waiting).reduce((sum, each) => sum + each, 0);
  if (outbox.state.phase === "unreachable" || navigator.onLine === false) {
    said.textContent = `现在没有网络，不能退出登录。${here} 条待传仍在本机；离开时请锁屏。`;
    return;
  }
  if (here && !confirm(`还有 ${here} 条未上传。退出后仍留在本机，由填写人本人登录后上传。确定退出？`)) return;
  if (await outbox.signOut()) location.assign("/sign-in?next=/tablet/");
  else said.textContent = "没有退出：连不上服务器。";
}

/** The screen. */
export async function show() {
  const pin = h("input", { id: "new-pin", type: "password", inputmode: "numeric", autocomplete: "off", maxlength: "8" });
  const said = h("p", { role: "status" });
  const left = h("p", { role: "alert" });
  const has = context.user && (await lock.hasPin());
  const save = async () => {
    if (!/^\d{4,8}$/.test(pin.value)) return (said.textContent = "锁屏密码为 4 至 8 位数字。");
    await lock.setPin(pin.value);
    await lock.watch();
    pin.value = "";
    return (said.textContent = "已设定。5 分钟不动就锁屏。");
  };
  const place = h("input", { type: "checkbox", id: "place", checked: Boolean(await store.setting("place")) });
  place.addEventListener("change", () => store.set("place", place.checked));
  put([
    h("p", { class: "crumbs" }, h("a", { href: "#/" }, "我的驻点")),
    heading("锁屏与退出"),
    h("p", {}, context.user ? `${context.user.name} 正在使用本机。` : "本机还没有人登录。"),
    h("h2", {}, "锁屏"),
    context.user && lock.possible()
      ? h("div", { class: "typed" }, h("label", { for: "new-pin" }, has ? "换一个锁屏密码（4 至 8 位数字）" : "设定锁屏密码（4 至 8 位数字）"), pin,
          h("button", { type: "button", onclick: save }, "保存"), has ? h("button", { type: "button", class: "plain", onclick: () => lock.lock() }, "立即锁屏") : "")
      : h("p", {}, context.user ? "普通 http 下不能设锁屏密码。" : "登录后可以设定。"),
    said, h("p", { class: "hint" }, "锁屏挡住旁人，不加密：平板本身也请设开机密码。"),
    h("h2", {}, "照片"), h("label", { class: "choice" }, place, "照片附上拍摄位置（经纬度与精度；20 秒内定不了位就不附）"),
    h("h2", {}, "换人与退出"),
    h("p", {}, "每个人用自己的账号填写；换人时先退出，前一人未上传的留在本机，由其本人登录后上传。"),
    h("p", {}, h("button", { type: "button", onclick: () => leave(left) }, "退出登录"), h("a", { class: "button plain", href: "/tablet/check" }, "检查本机能否离线")), left,
    h("p", { class: "hint" }, `本机编号 ${await store.device()}`),
  ]);
}
