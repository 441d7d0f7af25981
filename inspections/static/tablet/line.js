// The line above every screen that says what has been delivered, and the notices about this tablet.

import { at, clock, h } from "./dom.js";
import * as store from "./kept/store.js";
import * as outbox from "./sent/outbox.js";
import * as work from "./work.js";

const PHASES = {
  unreachable: "现在连不上服务器，连上后自动上传",
  busy: "服务器正忙，稍后自动上传",
  "signed-out": "请重新登录后上传",
  another: "网上登录的是另一位同志，请本人重新登录后上传",
  password: "请先联网改掉初始密码，再上传",
  forbidden: "本账号没有填写权限，不能上传",
  outdated: "请先更新程序，更新不影响待传内容",
  "stale-token": "登录已过期，请重新登录后上传",
};

let asked = false;
let painting = false;

/** Paints the line soon; what happens in one moment paints it once. */
export function showState() {
  if (asked) return;
  asked = true;
  setTimeout(async () => {
    if (painting) return void ((asked = false), showState());
    [asked, painting] = [false, true];
    try {
      await paint();
    } finally {
      painting = false;
    }
  }, 60);
}

async function paint() {
  const { user } = work.context;
  const { mine, others, refused, begun, photos, delivered } = await store.counts(user?.id);
  const { phase } = outbox.state;
  const last = user && (await store.setting(`last ${user.id}`));
  const away = phase in PHASES ? PHASES[/** @type {keyof typeof PHASES} */ (phase)] : "";
  let [kind, sign, words] = ["good", "✓", "全部已上传"];
  if (work.unsaved) [kind, sign, words] = ["bad", "✕", `未保存：${work.unsaved}`];
  else if (mine) {
    words = phase === "sending" ? `正在上传，还有 ${mine} 条待传` : `已存本机，${mine} 条待传`;
    [kind, sign] = ["waits", "▲"];
    if (away) words += `（${away}）`;
  } else if (!last) [kind, sign, words] = ["waits", "▲", `还没有上传过${away && `（${away}）`}`];
  else if (refused) words = "其余已上传";
  const more = [
    photos && delivered < photos ? `照片 ${delivered}/${photos} 张已上传` : "",
    begun ? `${begun} 处未填完，只在本机` : "",
    others ? `他人 ${others} 条待其本人解锁后上传` : "",
    last ? `上次上传 ${clock(last)}` : "",
  ].filter(Boolean);
  const line = at("state");
  line.className = kind;
  const text = `${words}${more.length ? ` · ${more.join(" · ")}` : ""}`;
  if (line.dataset.said !== text) {
    line.dataset.said = text;
    line.replaceChildren(h("span", { "aria-hidden": "true" }, `${sign} `), text);
  }
  const link = at("needs");
  link.hidden = !refused;
  link.textContent = `需处理 ${refused}`;
  at("sign-in").hidden = !["signed-out", "stale-token", "another", "password"].includes(phase);
  const who = at("who");
  who.hidden = !user;
  who.textContent = user ? `${user.name} · 换人` : "";
}

/** The notices above every screen: what is wrong with this tablet, not with an answer. */
export function showNotices() {
  const notices = [];
  if (!window.isSecureContext) {
    notices.push(h("p", { class: "alarm", role: "alert" }, "本页不是 https，断网后打不开，内容也不加密，请只在有网时填写。",
      h("a", { href: "/tablet/check" }, "怎样改成 https")));
  }
  if (outbox.clockIsWrong()) {
    const minutes = Math.round(Math.abs(outbox.state.skew) / 60_000);
    notices.push(h("p", { class: "notice" }, `本机时钟与服务器相差 ${minutes} 分钟。先后以服务器为准，请校准本机时间。`));
  }
  if (outbox.state.lost) {
    notices.push(h("p", { class: "alarm", role: "alert" },
      `本机上次还有 ${outbox.state.lost} 条未上传，现在找不到了（可能被浏览器清理）。请与县统筹联系，并核对清单。`));
  }
  at("notices").replaceChildren(...notices);
}
