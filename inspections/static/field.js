// Comfort for the field pages: steppers, a look at chosen photographs, a warning before leaving.
// Every page works without it; nothing here decides what is saved.

/** @param {number} bytes */
const megabytes = (bytes) => `${Math.round(bytes / 1024 / 1024)} MB`;

/** Where the words about a choice of photographs stand. @type {WeakMap<HTMLInputElement, HTMLElement>} */
const wordsBeside = new WeakMap();

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

/**
 * Why what was chosen cannot be sent, said beside the field that was changed last; "" when it can.
 * The limits stand on the field: the form refuses the same, but only after all of it was uploaded.
 * @param {HTMLInputElement} input
 */
function sayWhatIsTooMuch(input) {
  const inputs = /** @type {HTMLInputElement[]} */ (
    [...(input.form ?? document).querySelectorAll("input[data-photos]")]);
  const all = inputs.flatMap((each) => [...(each.files ?? [])]);
  const [each, together, count] = ["each", "together", "count"].map((name) => Number(input.dataset[name]));
  const large = all.filter((file) => file.size > each).map((file) => file.name);
  const sum = all.reduce((total, file) => total + file.size, 0);
  let words = "";
  if (large.length) words = `照片超过 ${megabytes(each)}，请压缩后再选：${large.join("、")}`;
  else if (all.length > count) words = `一次最多上传 ${count} 张照片，现有 ${all.length} 张，请减少后保存。`;
  else if (sum > together) {
    words = `所选照片合计 ${megabytes(sum)}，一次最多 ${megabytes(together)}，请减少后保存。`;
  }
  for (const other of inputs) {
    const place = wordsBeside.get(other);
    if (place) place.textContent = other === input ? words : "";
  }
  return words;
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
  wordsBeside.set(input, words);
  input.after(count, words, strip);
  input.addEventListener("change", () => {
    strip.replaceChildren();
    const files = [...(input.files ?? [])];
    count.textContent = files.length ? ` 已选 ${files.length} 张，保存时上传` : "";
    sayWhatIsTooMuch(input);
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
    const chosen = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("input[data-photos]")])
      .filter((each) => each.files?.length);
    const first = chosen[0];
    if (first && sayWhatIsTooMuch(first)) {
      wordsBeside.get(first)?.scrollIntoView({ block: "center" });
      first.focus({ preventScroll: true });
      return event.preventDefault();
    }
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
