// Comfort for the field pages: steppers, a look at chosen photographs, a warning before leaving.
// Every page works without it; nothing here decides what is saved.

const MOST_BYTES = 15 * 1024 * 1024;
const MOST_TOGETHER = 60 * 1024 * 1024;

/** @param {HTMLInputElement} input @param {number} by */
function step(input, by) {
  const least = input.min === "" ? -Infinity : Number(input.min);
  input.value = String(Math.max(least, (Number(input.value) || 0) + by));
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

/** @param {HTMLInputElement} input */
function addStepper(input) {
  const name = input.closest("label")?.firstChild?.textContent?.trim() ?? "";
  for (const [sign, by, place] of /** @type {const} */ ([["−", -1, "beforebegin"], ["+", 1, "afterend"]])) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = sign;
    button.setAttribute("aria-label", `${name}${by > 0 ? "加一" : "减一"}`);
    button.addEventListener("click", () => step(input, by));
    input.insertAdjacentElement(place, button);
  }
}

/** What was looked at and what was not exclude each other. @param {HTMLElement} card */
function keepOneAnswer(card) {
  const figures = /** @type {NodeListOf<HTMLInputElement>} */ (card.querySelectorAll(".figures input"));
  if (!figures.length) return;
  card.addEventListener("input", (event) => {
    const target = /** @type {HTMLInputElement} */ (event.target);
    if (target.type === "radio" && target.value !== "seen") figures.forEach((each) => (each.value = ""));
    if ([...figures].includes(target) && target.value !== "") {
      const seen = /** @type {HTMLInputElement | null} */ (card.querySelector("input[value=seen]"));
      if (seen) seen.checked = true;
    }
  });
}

/** @param {HTMLInputElement} input */
function previewPhotos(input) {
  const strip = document.createElement("ul");
  strip.className = "photos";
  const count = document.createElement("span");
  count.setAttribute("role", "status");
  const words = document.createElement("p");
  words.className = "field-error";
  words.setAttribute("role", "alert");
  input.after(count, words, strip);
  input.addEventListener("change", () => {
    strip.replaceChildren();
    const files = [...(input.files ?? [])];
    count.textContent = files.length ? ` 已选 ${files.length} 张，保存时上传` : "";
    const large = files.filter((file) => file.size > MOST_BYTES).map((file) => file.name);
    const all = [...document.querySelectorAll("input[data-photos]")].flatMap((each) => [...each.files]);
    const together = all.reduce((sum, file) => sum + file.size, 0);
    words.textContent = large.length
      ? `照片超过 15 MB，请压缩后再选：${large.join("、")}`
      : together > MOST_TOGETHER ? "所选照片合计超过 60 MB，请分几次保存。" : "";
    for (const file of files) {
      const image = document.createElement("img");
      image.alt = `待上传：${file.name}`;
      image.src = URL.createObjectURL(file);
      image.addEventListener("load", () => URL.revokeObjectURL(image.src));
      const place = document.createElement("li");
      place.append(image);
      strip.append(place);
    }
  });
}

/** @param {HTMLFormElement} form */
function watch(form) {
  let changed = false;
  const state = form.querySelector("[data-unsaved]");
  form.addEventListener("input", () => {
    changed = true;
    if (state) state.textContent = "有未保存的填写";
  });
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    changed = false;
    return undefined;
  });
  addEventListener("pageshow", () => delete form.dataset.sent);
  addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
}

document.querySelectorAll("input[data-step]").forEach((each) => addStepper(/** @type {HTMLInputElement} */ (each)));
document.querySelectorAll("[data-item]").forEach((each) => keepOneAnswer(/** @type {HTMLElement} */ (each)));
document.querySelectorAll("input[data-photos]").forEach((each) => previewPhotos(/** @type {HTMLInputElement} */ (each)));
document.querySelectorAll("form[data-field]").forEach((each) => watch(/** @type {HTMLFormElement} */ (each)));
