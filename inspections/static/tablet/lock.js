// The screen lock: five minutes without a touch ask for the PIN. It keeps eyes out, it does not encrypt.

import { h } from "./dom.js";
import * as outbox from "./outbox.js";
import * as store from "./store.js";
import { context } from "./work.js";

const MINUTES = 5;
const ROUNDS = 200_000;
const MOST_WRONG = 5;

/** @param {string} pin @param {Uint8Array<ArrayBuffer>} salt */
async function derived(pin, salt) {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS }, key, 256);
  return [...new Uint8Array(bits)].join();
}

const pinOf = () => store.setting(`pin ${context.user?.id}`);
export const possible = () => Boolean(globalThis.crypto?.subtle);
export const hasPin = async () => Boolean(await pinOf());

/** @param {string} pin four to eight digits */
export async function setPin(pin) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  await store.set(`pin ${context.user.id}`, { salt, hash: await derived(pin, salt), wrong: 0 });
  await store.set("touched", Date.now());
}

const box = () => /** @type {HTMLElement} */ (document.getElementById("lock"));

/** The page is covered until the PIN is given. */
export async function lock() {
  if (!(await hasPin())) return;
  await store.set("locked", true);
  document.querySelectorAll("body > :not(#lock)").forEach((each) => each.setAttribute("inert", ""));
  const input = h("input", { id: "pin", type: "password", inputmode: "numeric", autocomplete: "off", maxlength: "8" });
  const said = h("p", { role: "alert" });
  box().replaceChildren(
    h("form", { onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      unlock(input, said);
    } },
    h("h1", {}, "已锁屏"), h("p", {}, `${context.user.name} 的内容都在本机。`),
    h("label", { for: "pin" }, "锁屏密码"), input, h("button", {}, "解锁"), said,
    h("p", {}, h("button", { type: "button", class: "plain", onclick: () => forgotten(said) }, "忘记锁屏密码或换人使用"))),
  );
  box().hidden = false;
  input.focus();
}

/** The cover comes off: the PIN was right, or somebody else has signed in with a password. */
export function opened() {
  box().hidden = true;
  box().replaceChildren();
  document.querySelectorAll("body > [inert]").forEach((each) => each.removeAttribute("inert"));
}

/** @param {HTMLInputElement} input @param {HTMLElement} said */
async function unlock(input, said) {
  const pin = await pinOf();
  if (pin.wrong >= MOST_WRONG) {
    said.textContent = `已错 ${pin.wrong} 次，请联网后点“忘记锁屏密码”，用账号密码重新登录。`;
    return;
  }
  if ((await derived(input.value, pin.salt)) !== pin.hash) {
    await store.set(`pin ${context.user.id}`, { ...pin, wrong: pin.wrong + 1 });
    said.textContent = `锁屏密码不正确，还可以试 ${MOST_WRONG - pin.wrong - 1} 次。`;
    input.value = "";
    return;
  }
  await store.set(`pin ${context.user.id}`, { ...pin, wrong: 0 });
  await store.set("locked", false);
  opened();
}

/** Signs out on the server, so that only the account's password opens the tablet again. @param {HTMLElement} said */
async function forgotten(said) {
  if (!(await outbox.signOut())) {
    said.textContent = "现在没有网络，不能重新登录。内容都在本机，不会丢失。";
    return;
  }
  await store.set(`pin ${context.user.id}`, null);
  await store.set("locked", false);
  location.assign("/sign-in?next=/tablet/");
}

let watching = false;

/** Locks after the minutes, and at the start where the page was left longer ago. */
export async function watch() {
  if (watching) return;
  watching = true;
  let touched = Date.now();
  let written = 0;
  const note = () => {
    touched = Date.now();
    if (touched - written > 30_000) {
      written = touched;
      store.set("touched", touched).catch(() => {});
    }
  };
  for (const name of ["pointerdown", "keydown", "input"]) addEventListener(name, note, { passive: true });
  setInterval(() => {
    if (box().hidden && Date.now() - touched > MINUTES * 60_000) lock();
  }, 5000);
  const last = (await store.setting("touched")) ?? touched;
  if (Date.now() - last > MINUTES * 60_000) await lock();
}
