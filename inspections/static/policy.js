/** The crossing table: says while it is being changed whom it bars and how many people it leaves. */

const form = document.querySelector(".policy");
const effect = document.getElementById("effect");
let asked = 0;

/** Asks for the sentences of the table as it stands; an answer that a later one has overtaken is dropped. */
async function tell() {
  const mine = ++asked;
  const data = new FormData(form);
  data.delete("csrf_token");
  const answer = await fetch(`${form.dataset.effect}?${new URLSearchParams(data)}`);
  if (answer.ok && mine === asked) effect.innerHTML = await answer.text();
}

form.addEventListener("change", tell);
