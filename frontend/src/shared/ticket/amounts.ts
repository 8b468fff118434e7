/** Quantities and prices as people type them: reading them, stepping them, and what is wrong with them in words. */
import { decimalText, formatPrice, formatQuantity, readDecimal } from '../format';

/** What quantities and prices of an instrument must be multiples of: `tick` in 1/10000 dollar, `lot` in shares. */
export interface Rules {
  symbol: string;
  tick: bigint;
  lot: number;
}

const LARGEST_QUANTITY = 100_000_000;
const LARGEST_PRICE = 1_000_000n * 10_000n;

/** Whole shares; undefined unless the text is a count of at least one. Spaces and commas between digits are fine. */
export function readQuantity(text: string): number | undefined {
  const digits = text.replaceAll(/[\s,]/g, '');
  return /^0*[1-9]\d{0,9}$/.test(digits) ? Number(digits) : undefined;
}

/** 1/10000 dollars; undefined unless the text is an amount above nothing. A leading $ and commas are fine. */
export function readPrice(text: string): bigint | undefined {
  const units = readDecimal(text.replaceAll(/[\s,$]/g, '').replace(/^\./, '0.'));
  return units !== undefined && units > 0n ? units : undefined;
}

/** Why the exchange would not take the text as a quantity; undefined if it would, or if only it knows: odd lots can be sold. */
export function quantityProblem(text: string, { symbol, lot }: Rules, side: 'buy' | 'sell'): string | undefined {
  const quantity = readQuantity(text);
  if (text.trim() === '') return 'Say how many shares.';
  if (quantity === undefined) return 'Write a whole number of shares, such as 10.';
  if (quantity > LARGEST_QUANTITY) return `One order takes ${formatQuantity(LARGEST_QUANTITY)} shares at most.`;
  if (quantity % lot !== 0 && side === 'buy') return `${symbol} trades in lots of ${formatQuantity(lot)} shares.`;
  return undefined;
}

/** Why the exchange would not take the text as a limit price; undefined if it would. */
export function priceProblem(text: string, { symbol, tick }: Rules): string | undefined {
  const price = readPrice(text);
  if (text.trim() === '') return 'Say the price you accept at worst.';
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
  if (price === undefined) return start === undefined ? '' : decimalText(start);
  const base = steps > 0 ? price / tick : (price + tick - 1n) / tick;
  const ticks = base + BigInt(steps) < 1n ? 1n : base + BigInt(steps);
  return decimalText(ticks * tick > LARGEST_PRICE ? (LARGEST_PRICE / tick) * tick : ticks * tick);
}
