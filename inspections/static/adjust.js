/** Changes by hand: one seat or visit dragged (or carried with X) onto another, or a candidate of the panel,
 * is tried on the server first; the dialog shows the price or the broken rules and takes the step. */

const matrix = document.querySelector(".matrix");
const dialog = document.getElementById("trial");
const side = document.getElementById("side");
let held = null; // the seat or visit in hand

/** The seat or visit at or around a node, or null. */
const piece = (node) => node instanceof Element ? node.closest(".seat:not(.free), .visit") : null;
const kind = (one) => (one.classList.contains("visit") ? "visit" : "seat");

function pickUp(one) {
  putDown();
  held = one;
  one.classList.add("held");
}

function putDown() {
  held?.classList.remove("held");
  held = null;
}

/** What exchanging the piece in hand with another means; null when they do not fit together. */
function stepOnto(other) {
  if (!held || !other || other === held || kind(other) !== kind(held)) return null;
  if (kind(held) === "visit") return { act: "visit", out: held.dataset.u, into: other.dataset.u };
  const [team, there] = [held, other].map((seat) => seat.closest("td").dataset.code);
  if (team === there || held.dataset.p === other.dataset.p) return null;
  return { act: "trade", team, out: held.dataset.p, other: there, into: other.dataset.p };
}

/** Asks what the step would do and shows the answer. */
async function attempt(step) {
  putDown();
  const form = new FormData(document.getElementById("bench"));
  for (const [name, value] of Object.entries(step)) form.set(name, value);
  const answer = await fetch(matrix.dataset.try, { method: "POST", body: form }).catch(() => null);
  if (answer && (answer.ok || answer.status === 422) && !answer.redirected) {
    dialog.innerHTML = await answer.text();
  } else {
    dialog.innerHTML = "<p>没有连上服务器，或登录已过期；什么也没有改动，请刷新页面。</p>"
      + '<form method="dialog"><button class="btn btn-outline-secondary btn-sm">好</button></form>';
  }
  dialog.showModal();
  dialog.querySelector("input:not([type=hidden])")?.focus();
}

function onto(target) {
  const step = stepOnto(target);
  if (step) attempt(step);
  else putDown();
}

if (matrix?.dataset.try) {
  for (const one of matrix.querySelectorAll(".seat:not(.free), .visit")) one.draggable = true;
  for (const link of matrix.querySelectorAll(".visit a")) link.draggable = false;
  matrix.addEventListener("dragstart", (event) => {
    const one = piece(event.target);
    if (!one) return;
    pickUp(one);
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", one.textContent.trim());
  });
  matrix.addEventListener("dragover", (event) => {
    const fits = stepOnto(piece(event.target)) !== null;
    for (const one of matrix.querySelectorAll(".target")) one.classList.remove("target");
    if (!fits) return;
    event.preventDefault();
    piece(event.target).classList.add("target");
  });
  matrix.addEventListener("drop", (event) => {
    event.preventDefault();
    onto(piece(event.target));
  });
  matrix.addEventListener("dragend", () => {
    for (const one of matrix.querySelectorAll(".target")) one.classList.remove("target");
    if (!dialog.open) putDown();
  });
  matrix.addEventListener("keydown", (event) => {
    if (event.key === "Escape") putDown();
    if (event.key.toLowerCase() !== "x" || event.ctrlKey || event.metaKey) return;
    const one = piece(event.target);
    if (!one) return;
    event.preventDefault();
    if (held === null) pickUp(one);
    else onto(one);
  });
  side.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-into]");
    const seat = matrix.querySelector(".seat.picked");
    if (!chosen || !seat) return;
    attempt({
      act: "seat", team: seat.closest("td").dataset.code, slot: seat.dataset.s,
      out: seat.dataset.p, into: chosen.dataset.into,
    });
  });
}
