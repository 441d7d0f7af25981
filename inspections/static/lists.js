// Lists go up one by one as plain bodies, never as a form: a form would lie on the server's disk in clear.
const input = /** @type {HTMLInputElement} */ (document.getElementById("lists"));
const said = document.getElementById("brought");

input?.addEventListener("change", async () => {
  input.disabled = true;
  let good = true;
  for (const file of input.files ?? []) {
    const line = document.createElement("li");
    line.textContent = `${file.name}：正在传…`;
    said?.append(line);
    try {
      const answer = await fetch(input.dataset.to ?? "", { method: "POST", body: file,
        headers: { "X-CSRFToken": input.dataset.csrf ?? "", "X-File-Name": encodeURIComponent(file.name), "Content-Type": "application/octet-stream" } });
      const told = await answer.json();
      good &&= answer.ok;
      line.textContent = answer.ok ? `${file.name}：${told.kind} ${told.rows} 行，不能用 ${told.bad} 行` : `${file.name}：${told.error}`;
    } catch {
      good = false;
      line.textContent = `${file.name}：没有传完，请再选一次`;
    }
  }
  input.disabled = false;
  if (good) location.reload();
});
