// Figures as people write them (full width, separators, 万, 元, Chinese ones): exactly or not at all. Every pattern and
// word comes from the server's rule file; tests/fieldwork/figure_vectors.json holds both to one result.

import { times } from "./numbers.js";

/** What was typed is no figure; the message says why. */
export class NoFigure extends Error {}

/** @param {string} text */
const quoted = (text) => (text.length > 30 ? `“${text.slice(0, 30)}…”` : `“${text}”`);

/** Every run of Chinese figures in Arabic ones: 三十二 → 32, 二〇二六 → 2026. @param {any} chinese @param {string} text */
function arabic({ signs, powers, large }, text) {
  /** @type {Record<string, number>} */
  const digits = Object.fromEntries(signs.flatMap((/** @type {string} */ each, /** @type {number} */ n) => [...each].map((sign) => [sign, n])));
  const every = [digits, powers, large].flatMap((each) => Object.keys(each)).join("");
  const run = new RegExp(`(?<![0-9.${every}])(?=[${Object.keys(digits).join("")}十拾])[${every}]+(?![0-9.])`, "gu");
  return text.replace(run, (found) => {
    if ([...found].every((sign) => sign in digits)) return [...found].map((sign) => digits[sign]).join("");
    let [total, part, waits] = [0, 0, 0];
    [...found].forEach((sign, n) => {
      if (sign in digits) waits = digits[sign];
      else if (sign in powers) {
        part += (waits || (n === 0 || part === 0 ? 1 : 0)) * powers[sign];
        waits = 0;
      } else {
        total += (part + waits) * large[sign];
        part = waits = 0;
      }
    });
    return String(total + part + waits);
  });
}

/** The figure as an exact decimal text, and the unit that was said with it ("" where none was). @param {any} figures of the rule file @param {string} typed */
export function figure(figures, typed) {
  const pattern = (/** @type {string} */ name, flags = "gu") => new RegExp(figures[name], flags);
  const bare = typed.replace(pattern("invisible"), "").trim();
  const narrow = bare.normalize("NFKC").trim().replace(/^'/, "").trim().toUpperCase();
  let text = arabic(figures.chinese, narrow.replace(pattern("groups"), "")).replace(/\s+(?=\D)|(?<=\D)\s+/g, "");
  text = text.replace(pattern("front", "u"), "").replace(pattern("groups"), "");
  if (pattern("about", "u").test(text)) throw new NoFigure(`${quoted(bare)}不是准确的数字，应写准确的数字。`);
  const { sign, digits, small, large, unit } = new RegExp(`^(?:${figures.figure})$`, "u").exec(text)?.groups ?? {};
  const named = Object.keys(figures.units).find((each) => figures.units[each].includes(unit));
  if (digits === undefined || (unit && !named)) throw new NoFigure(`${quoted(bare)}不是数字，应写成 1200、1,200 或 1.2万。`);
  const scale = figures.small[small] * figures.large[large];
  return { value: times(`${sign === "-" ? "-" : ""}${digits.startsWith(".") ? `0${digits}` : digits}`, scale), unit: named ?? "" };
}

/** What was typed for a question of that type, as the ledger keeps it. Throws NoFigure. @param {any} file the rule file @param {string} type @param {string} typed */
export function typedValue(file, type, typed) {
  if (!file) return type === "money" || type === "ratio" ? typed : Number(typed); // the server decides alone
  const { value, unit } = figure(file.figures, typed);
  const units = file.figures.allowed[type];
  if (unit && !units.includes(unit)) throw new NoFigure(`“${typed.trim()}”的单位不对，应为${units.join("、")}。`);
  if (type === "money") return value;
  if (type === "ratio") return times(value, 0.01);
  if (value.includes(".")) throw new NoFigure("请填写整数。");
  return Number(value);
}
