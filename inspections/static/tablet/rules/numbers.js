// Exact decimals as text: no binary fraction ever rounds somebody's money.

export const NUMBER = /^([+-]?)(\d+)(?:\.(\d+))?$/;

/** A number as written, exact: its digits without the point, and how many stand behind it. @param {any} text */
export function exact(text) {
  const found = NUMBER.exec(String(text).trim());
  if (!found) throw new RangeError(`no number: ${text}`);
  const [, sign, whole, part = ""] = found;
  return { digits: BigInt(whole + part) * (sign === "-" ? -1n : 1n), places: part.length };
}

/** @param {bigint} digits @param {number} places without zeros at either end */
function written(digits, places) {
  const sign = digits < 0n ? "-" : "";
  const text = String(digits < 0n ? -digits : digits).padStart(places + 1, "0");
  const [whole, part] = [text.slice(0, text.length - places), places ? text.slice(-places).replace(/0+$/, "") : ""];
  return sign + whole.replace(/^0+(?=\d)/, "") + (part && `.${part}`);
}

/** Below, at or above zero as the first number is smaller, equal or greater. @param {any} one @param {any} other */
export function compare(one, other) {
  const [a, b] = [exact(one), exact(other)];
  const [left, right] = [a.digits * 10n ** BigInt(b.places), b.digits * 10n ** BigInt(a.places)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The number times a power of ten. @param {string} text @param {number} scale 10000, or 0.01 */
export function times(text, scale) {
  const { digits, places } = exact(text);
  return scale < 1 ? written(digits, places + Math.round(-Math.log10(scale))) : written(digits * BigInt(scale), places);
}

/** The percentage that a share means: "0.125" → "12.5". @param {string} value */
export const percent = (value) => times(value, 100);
/** The share that a percentage means: "12.5" → "0.125". @param {string} value */
export const share = (value) => times(value, 0.01);
/** How many digits stand behind the point. @param {string} text */
export const placesOf = (text) => exact(text).places;
