/** The table of units to tick: counts what is chosen, and ticks a zone with one button. */

const form = document.querySelector(".cycle-form");
const boxes = [...form.querySelectorAll('input[name="groups"]')];
const leftOut = [...form.querySelectorAll('input[name="left_out"]')];
const chosen = document.getElementById("chosen");

/** Says how many units are chosen now. */
function count() {
  const ticked = boxes.filter((box) => box.checked);
  const keys = new Set(ticked.map((box) => box.value));
  const without = leftOut.filter((box) => box.checked && keys.has(box.dataset.group)).length;
  const units = ticked.reduce((sum, box) => sum + Number(box.dataset.count), 0) - without;
  chosen.textContent = `已选 ${units} 个单位。`;
}

for (const section of form.querySelectorAll("[data-section]")) {
  for (const [name, checked] of [["all", true], ["none", false]]) {
    const button = section.querySelector(`[data-${name}]`);
    button.hidden = false;
    button.addEventListener("click", () => {
      for (const box of section.querySelectorAll('input[name="groups"]')) box.checked = checked;
      count();
    });
  }
}
form.addEventListener("change", count);
count();
