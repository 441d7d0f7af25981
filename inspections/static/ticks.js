// One box that ticks all boxes of a list. Without it each is ticked by hand.
for (const all of document.querySelectorAll("input[data-ticks]")) {
  const boxes = [...document.querySelectorAll(`input[type=checkbox][name="${all.dataset.ticks}"]`)];
  const told = document.querySelector("[data-ticked]");
  const count = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
    if (told) told.textContent = ticked ? `已勾选 ${ticked} 人` : "还没有勾选";
  };
  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    count();
  });
  for (const box of boxes) box.addEventListener("change", count);
  count();
}
