/** Quantities and prices as people type them: reading them, stepping them, and what is wrong with them in words. */
import { decimalText, formatPrice, formatQuantity, parseDecimal, readingsOf, type Reading } from '../format';

/** What quantities and prices of an instrument must be multiples of: `tick` in 1/10000 dollar, `lot` in shares. */
export interface Rules {
  symbol: string;
  tick: bigint;
  lot: number;
}

const LARGEST_QUANTITY = 100_000_000;
const LARGEST_PRICE = 1_000_000n * 10_000n;

const MOST_READ = 9_999_999_999n;
const SHARE = 10_000n;

/** Whole shares; undefined unless the text is a count of at least one, and of nothing else. `locale` is the reader's. */
export function readQuantity(text: string, locale?: string): number | undefined {
  const [found, ...others] = quantitiesIn(text, locale);
  const shares = (found?.units ?? 0n) / SHARE;
  return found?.isWhole && others.length === 0 && shares > 0n && shares <= MOST_READ ? Number(shares) : undefined;
}

/** 1/10000 dollars; undefined unless the text is one amount above nothing. A leading $ is fine. */
export function readPrice(text: string, locale?: string): bigint | undefined {
  const [found, ...others] = readingsOf(text, locale);
  return found && others.length === 0 && found.units > 0n ? found.units : undefined;
}

/** A price as a field has it: with as many decimals as nobody takes for thousands. */
export function priceFieldText(price: bigint | string): string {
  const units = typeof price === 'string' ? parseDecimal(price) : price;
  const text = decimalText(units);
  return /\.\d{3}$/.test(text) ? decimalText(units, 4) : text;
}

/** What the text may mean as a number of shares: nobody means a part of one. */
function quantitiesIn(text: string, locale?: string): readonly Reading[] {
  return readingsOf(text, locale).filter(({ units }) => units % SHARE === 0n);
}

/** A question where a text has two meanings. */
function question(text: string, [one, other]: readonly Reading[]): string | undefined {
  if (!one || !other) return undefined;
  const write = (units: bigint) => (units % SHARE === 0n ? String(units / SHARE) : priceFieldText(units));
  return `Is ${text.trim()} meant as ${write(one.units)} or as ${write(other.units)}? Write it like that.`;
}

/** Why the exchange would not take the text as a quantity; undefined if it would, or if only it knows: odd lots can be sold. */
export function quantityProblem(
  text: string,
  { symbol, lot }: Rules,
  side: 'buy' | 'sell',
  locale?: string,
): string | undefined {
  const quantity = readQuantity(text, locale);
  if (text.trim() === '') return 'Say how many shares.';
  const asked = question(text, quantitiesIn(text, locale));
  if (asked) return asked;
  if (quantity === undefined) return 'Write a whole number of shares, such as 10.';
  if (quantity > LARGEST_QUANTITY) return `One order takes ${formatQuantity(LARGEST_QUANTITY)} shares at most.`;
  if (quantity % lot !== 0 && side === 'buy') return `${symbol} trades in lots of ${formatQuantity(lot)} shares.`;
  return undefined;
}

/** Why the exchange would not take the text as a limit price; undefined if it would. */
export function priceProblem(text: string, { symbol, tick }: Rules, locale?: string): string | undefined {
  const price = readPrice(text, locale);
  if (text.trim() === '') return 'Say the price you accept at worst.';
  const asked = question(text, readingsOf(text, locale));
  if (asked) return asked;
  if (price === undefined) return 'Write a price in dollars, such as 189.37.';
  if (price > LARGEST_PRICE) return `A price can be ${formatPrice(LARGEST_PRICE)} at most.`;
  if (price % tick !== 0n) return `${symbol} is priced in steps of ${decimalText(tick)}.`;
  return undefined;
}

/** The quantity some lots up or down as text, on a lot and at least one. */
export function stepQuantity(text: string, steps: number, lot: number): string {
  const quantity = readQuantity(text) ?? 0;
  const base = steps > 0 ? Math.floor(quantity / lot) : Math.ceil(quantity / lot);
  return String(Math.min(Math.max(base + steps, 1) * lot, Math.floor(LARGEST_QUANTITY / lot) * lot));
}

/** The price some ticks up or down as text, on a tick and at least one; from `start` when nothing is written yet. */
export function stepPrice(text: string, steps: number, tick: bigint, start: bigint | undefined): string {
  const price = readPrice(text);
  if (price === undefined) return start === undefined ? '' : priceFieldText(start);
  const base = steps > 0 ? price / tick : (price + tick - 1n) / tick;
  const ticks = base + BigInt(steps) < 1n ? 1n : base + BigInt(steps);
  return priceFieldText(ticks * tick > LARGEST_PRICE ? (LARGEST_PRICE / tick) * tick : ticks * tick);
}
