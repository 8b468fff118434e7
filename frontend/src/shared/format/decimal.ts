/** Money and prices as whole numbers of 1/10000 dollar, exact like the exchange's own: no float ever holds a sum. */

const UNITS_PER_DOLLAR = 10_000n;
const DECIMAL = /^([+-]?)(\d{1,20})(?:\.(\d{0,20}))?$/;

/** Read a decimal string; undefined when it is not one or finer than 1/10000. */
export function readDecimal(text: string): bigint | undefined {
  const found = DECIMAL.exec(text.trim());
  if (!found) return undefined;
  const [, sign, whole = '0', part = ''] = found;
  if (/[1-9]/.test(part.slice(4))) return undefined;
  const units = BigInt(whole) * UNITS_PER_DOLLAR + BigInt(part.slice(0, 4).padEnd(4, '0'));
  return sign === '-' ? -units : units;
}

/** Read a decimal string or number that the exchange sent; RangeError when it is not one. */
export function parseDecimal(value: string | number): bigint {
  const units = readDecimal(typeof value === 'number' ? value.toFixed(4) : value);
  if (units === undefined) throw new RangeError(`not a decimal number: ${value}`);
  return units;
}

/** Write 1/10000 dollars as a plain decimal string with at least `places` decimals: 1000500n -> "100.05". */
export function decimalText(units: bigint, places = 2): string {
  const size = units < 0n ? -units : units;
  const part = (size % UNITS_PER_DOLLAR).toString().padStart(4, '0').replace(/0+$/, '').padEnd(places, '0');
  return `${units < 0n ? '-' : ''}${size / UNITS_PER_DOLLAR}${part && `.${part}`}`;
}

/** The one spelling of a price, whether it came as text or as a JSON number: 189.3 -> "189.30". */
export function priceText(value: string | number): string {
  return decimalText(parseDecimal(value));
}

/** Add decimal strings. */
export function addDecimals(...texts: string[]): string {
  return decimalText(texts.reduce((sum, text) => sum + parseDecimal(text), 0n));
}

/** A price times a whole number of shares, both as text or the quantity as a whole number. */
export function multiplyDecimal(price: string, quantity: string | number | bigint): string {
  return decimalText(parseDecimal(price) * BigInt(quantity));
}

/** -1, 0 or 1, as sorting wants it. */
export function compareDecimals(one: string, other: string): number {
  const difference = parseDecimal(one) - parseDecimal(other);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** One amount divided by another as a plain ratio (0.01 is one percent), for show only; undefined when dividing by 0. */
export function ratioOf(amount: bigint, whole: bigint): number | undefined {
  return whole === 0n ? undefined : Number((amount * 1_000_000n) / whole) / 1_000_000;
}
