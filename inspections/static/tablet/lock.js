// Who works here: the cover that asks for a PIN, and the change of person, with no network and in two taps. While the
// cover lies over the page nothing of anybody's stands on it.

import { at, h } from "./dom.js";
import * as keys from "./kept/people.js";
import { forget, isOpen, possible } from "./kept/seal.js";
import { set } from "./kept/store.js";
import * as outbox from "./sent/outbox.js";
import { recoverySecret } from "./sent/session.js";
import { context } from "./work.js";

const MINUTES = 5;

const box = () => at("lock");

/** The page is covered and bare; the key of who worked goes with the last piece that is just being sent. @param {any[]} nodes */
function cover(nodes) {
  document.querySelectorAll("body > :not(#lock)").forEach((each) => each.setAttribute("inert", ""));
  box().replaceChildren(h("div", { class: "card" }, ...nodes));
  box().hidden = false;
}

/** The cover comes off. */
export function opened() {
  box().hidden = true;
  box().replaceChildren();
  document.querySelectorAll("body > [inert]").forEach((each) => each.removeAttribute("inert"));
}

/** Closes the store of who works here, once what is just being sent is through. */
function close() {
  const { user } = context;
  at("screen").replaceChildren();
  Promise.resolve(outbox.busy()).finally(() => {
    if (user && !(context.user?.id === user.id && box().hidden)) forget(user.id);
  });
}

/** Asks this person for the PIN. @param {any} person */
export async function ask(person) {
  const row = /** @type {keys.Person} */ (await keys.person(person.id));
  const input = h("input", { id: "pin", type: "password", inputmode: "numeric", autocomplete: "off", maxlength: "8" });
  const said = h("p", { role: "alert" });
  let busy = false;
  const attempt = async () => {
    if (busy || !input.value) return;
    busy = true;
    said.textContent = "正在打开…";
    const left = await keys.unlock(person.id, input.value);
    busy = false;
    input.value = "";
    if (left < 0) return outbox.tell("entered", person);
    said.textContent = left ? `PIN 不正确，还可以试 ${left} 次。` : LOCKED;
    return input.focus();
  };
  input.addEventListener("input", () => input.value.length === row.digits && attempt());
  cover([
    h("form", { onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      attempt();
    } },
    h("h1", {}, `${person.name}，请输入 PIN`), h("p", {}, "填写的内容都在本机，用本人的 PIN 打开。"),
    h("label", { for: "pin" }, "PIN"), input, h("button", {}, "解锁")), said,
    h("p", {}, h("button", { type: "button", class: "plain", onclick: choose }, "换人"),
      h("button", { type: "button", class: "plain", onclick: () => forgotten(person, said) }, "忘记 PIN")),
  ]);
  if (keys.isLocked(row)) said.textContent = LOCKED;
  input.focus();
}
const LOCKED = `已错 ${keys.MOST_WRONG} 次，本机内容已锁住、没有丢失。请联网点“忘记 PIN”，用账号密码打开。`;

/** Everybody who has worked here; whoever has a PIN goes on without a network. */
export async function choose() {
  close();
  const people = (await keys.people()).sort((one, other) => one.name.localeCompare(other.name, "zh-CN"));
  const rows = people.map((each) => keys.hasPin(each)
    ? h("li", {}, h("button", { type: "button", onclick: () => ask(each) }, each.name))
    : h("li", {}, h("button", { type: "button", class: "plain", onclick: signIn }, `${each.name}（没有 PIN，联网登录）`)));
  cover([h("h1", {}, "谁来填写"), h("ul", { class: "people" }, ...rows),
    h("p", {}, h("button", { type: "button", class: "plain", onclick: signIn }, "第一次使用本机：联网登录"))]);
  box().querySelector("button")?.focus();
}

/** Whoever signs in next by password works here then. */
export async function signIn() {
  await set("cookie", null);
  location.assign("/sign-in?next=/tablet/");
}

/** The cover, where the person has a PIN. */
export async function lock() {
  const row = context.user && (await keys.person(context.user.id));
  if (!keys.hasPin(row)) return;
  close();
  await ask(row);
}

/** The server's half of the key opens what the PIN opened; it is given to a session begun by password. @param {any} person @param {HTMLElement} said */
async function forgotten(person, said) {
  const { user } = (await outbox.hello().catch(() => null)) ?? {};
  if (user?.id === person.id) {
    const secret = await recoverySecret().catch(() => null);
    if (secret && (await keys.recover(person.id, secret))) return outbox.tell("entered", person);
    if (await outbox.signOut()) return signIn();
  } else if (user) {
    return signIn();
  }
  said.textContent = navigator.onLine === false || !user
    ? "现在没有网络，或没有登录：请联网用账号密码登录，再点“忘记 PIN”。内容都在本机，不会丢失。"
    : "没有打开，请再试一次。";
  said.append(h("button", { type: "button", class: "plain", onclick: signIn }, "去登录"));
  return undefined;
}

/** @param {string} pin four to eight digits */
export async function setPin(pin) {
  await keys.setPin(context.user.id, pin);
  await set("touched", Date.now());
  watch();
}

/** A field and a button for a new PIN; `done` is called when it is set. @param {() => void} [done] */
export function pinForm(done) {
  if (!possible()) return h("p", {}, "普通 http 下不能设 PIN，内容不加密。");
  const pin = h("input", { id: "new-pin", type: "password", inputmode: "numeric", autocomplete: "off", maxlength: "8" });
  const said = h("p", { role: "status" });
  return h("form", { class: "typed", onsubmit: async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!/^\d{4,8}$/.test(pin.value)) return (said.textContent = "PIN 为 4 至 8 位数字。");
    await setPin(pin.value);
    pin.value = "";
    said.textContent = "已设定。5 分钟不动就锁屏，换人、重新打开都用它。";
    outbox.soon();
    return done?.();
  } }, h("label", { for: "new-pin" }, "设定本人 PIN（4 至 8 位数字，建议 6 位）"), pin, h("button", {}, "保存"), said);
}

let watching = false;
let touched = Date.now();

/** Locks after the minutes. */
export function watch() {
  if (watching) return;
  watching = true;
  touched = Date.now();
  const note = () => (touched = Date.now());
  for (const name of ["pointerdown", "keydown", "input"]) addEventListener(name, note, { passive: true });
  setInterval(() => {
    if (box().hidden && context.user && isOpen(context.user.id) && Date.now() - touched > MINUTES * 60_000) lock();
  }, 5000);
}
