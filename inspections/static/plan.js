/** The plan's matrix: filters dim what does not fit, a click on a seat shows why who sits there and all teams
 * of that person. */

const matrix = document.querySelector(".matrix");
const cells = [...matrix.querySelectorAll("td[data-team]")];
const filters = document.getElementById("filters");
const found = document.getElementById("found");
const side = document.getElementById("side");
const fields = { township: "f-area", office: "f-office", q: "f-person" };
const value = (name) => document.getElementById(fields[name]).value.trim();

/** Dims seats and villages that do not fit; a village stays when its team has a seat that fits. */
function filter() {
  const [township, office, words] = ["township", "office", "q"].map(value);
  const active = Boolean(township || office || words);
  let seats = 0;
  let teams = 0;
  for (const cell of cells) {
    const visits = [...cell.querySelectorAll(".visit")];
    const village = visits.map((visit) =>
      !office && (!township || visit.dataset.a === township) && (!words || visit.textContent.includes(words)));
    const here = village.some(Boolean);
    let any = false;
    for (const seat of cell.querySelectorAll(".seat")) {
      const fits = (!township || seat.dataset.a === township) && (!office || seat.dataset.o === office)
        && (!words || seat.textContent.includes(words));
      any ||= fits;
      seats += active && fits ? 1 : 0;
      seat.classList.toggle("dim", active && !fits && !(here && !office));
    }
    visits.forEach((visit, n) => visit.classList.toggle("dim", active && !village[n] && !any));
    teams += active && (here || any) ? 1 : 0;
  }
  found.textContent = active ? `${teams} 个小组、${seats} 个席位符合` : "";
}

/** Marks every seat of one person and tells of this one beside the matrix; the same seat again takes it back. */
function pick(seat) {
  const again = seat.classList.contains("picked");
  for (const other of matrix.querySelectorAll(".seat")) other.classList.remove("chosen", "picked");
  side.hidden = again;
  side.replaceChildren();
  if (again) return;
  seat.classList.add("picked");
  const account = document.createElement("div");
  account.textContent = "正在查询……";
  side.append(account);
  if (seat.dataset.p) side.append(...teamsOf(seat));
  tell(seat, account);
}

/** Fills the account of a seat, unless another was picked meanwhile. */
async function tell(seat, account) {
  const asked = new URLSearchParams({
    unit: seat.closest("td").dataset.unit, person: seat.dataset.p, slot: seat.dataset.s,
    bench: matrix.dataset.try ? "1" : "",
  });
  const answer = await fetch(`${matrix.dataset.seats}?${asked}`).catch(() => null);
  if (!account.isConnected) return;
  if (answer?.ok && !answer.redirected) account.innerHTML = await answer.text();
  else account.textContent = "没有查到，请刷新页面。";
}

/** All teams of the person in the seat, which are marked in the matrix: a heading and a list. */
function teamsOf(seat) {
  const all = [...matrix.querySelectorAll(".seat")].filter((other) => other.dataset.p === seat.dataset.p);
  const office = [...document.getElementById("f-office").options].find((one) => one.value === seat.dataset.o);
  const name = [...seat.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE)
    .map((node) => node.textContent.trim()).join("");
  const head = document.createElement("h3");
  head.textContent = `${name}（${office ? office.textContent : ""}，${seat.dataset.p}）共 ${all.length} 次`;
  const list = document.createElement("ul");
  const lines = all.map((other) => {
    other.classList.add("chosen");
    const cell = other.closest("td");
    const villages = [...cell.querySelectorAll(".visit")].map((visit) => visit.textContent.trim()).join("、");
    return { column: cell.cellIndex, text: `${cell.dataset.team}：${villages}` };
  });
  for (const line of lines.sort((a, b) => a.column - b.column)) {
    list.append(Object.assign(document.createElement("li"), { textContent: line.text }));
  }
  return [head, list];
}

/** One seat is in the tab order; arrow keys go on: up and down in a team and to the next, sideways by round. */
function walk(event) {
  const seat = event.target.closest(".seat");
  if (!seat) return;
  const cell = seat.closest("td");
  const own = [...cell.querySelectorAll(".seat")];
  const at = own.indexOf(seat);
  let next = null;
  if (event.key === "ArrowDown") next = own[at + 1] ?? seatsBelow(cell, 1)[0];
  else if (event.key === "ArrowUp") next = own[at - 1] ?? seatsBelow(cell, -1).at(-1);
  else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
    const step = event.key === "ArrowRight" ? 1 : -1;
    const beside = [...(cell.parentElement.cells[cell.cellIndex + step]?.querySelectorAll(".seat") ?? [])];
    next = beside[Math.min(at, beside.length - 1)];
  } else return;
  event.preventDefault();
  if (!next) return;
  seat.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
  next.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function seatsBelow(cell, step) {
  const row = matrix.tBodies[0].rows[cell.parentElement.sectionRowIndex + step];
  return row ? [...row.cells[cell.cellIndex].querySelectorAll(".seat")] : [];
}

const first = matrix.querySelector(".seat");
for (const seat of matrix.querySelectorAll(".seat")) seat.tabIndex = seat === first ? 0 : -1;
matrix.addEventListener("click", (event) => {
  const seat = event.target.closest(".seat");
  if (seat) pick(seat);
});
matrix.addEventListener("keydown", walk);

const asked = new URLSearchParams(location.search);
for (const [name, id] of Object.entries(fields)) document.getElementById(id).value = asked.get(name) ?? "";
/** Keeps the filters in the address, so that a look can be sent on. */
function change(event) {
  event.preventDefault();
  const now = new URLSearchParams();
  for (const name of Object.keys(fields)) if (value(name)) now.set(name, value(name));
  history.replaceState(null, "", now.size ? `?${now}` : location.pathname);
  filter();
}
for (const part of [filters, document.getElementById("how")]) part.hidden = false; // without script they do nothing
filters.addEventListener("submit", change);
filters.addEventListener("input", change);
filter();
