/** How numbers and times are shown to people: grouped digits, explicit signs, the reader's own clock. */
import { decimalText, parseDecimal } from './decimal';

export const NOTHING = '–';
const MINUS = '−';
const NUMBER_LOCALE = 'en-US';

type Amount = string | number | bigint;

const whole = new Intl.NumberFormat(NUMBER_LOCALE, { maximumFractionDigits: 0 });
const timeOfDay = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
const dayAndTime = new Intl.DateTimeFormat(undefined, {
  year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false,
});

const dayOnly = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'short', day: 'numeric', timeZone: 'UTC' });

/** A price as it is quoted: at least two decimals, no currency sign. A bigint is 1/10000 dollars. */
export function formatPrice(price: Amount | null | undefined): string {
  return price === null || price === undefined ? NOTHING : grouped(unitsOf(price), false);
}

/** An amount of dollars, always rounded to cents: "$1,234.50", "−$3.00". */
export function formatMoney(amount: Amount | null | undefined): string {
  if (amount === null || amount === undefined) return NOTHING;
  const units = unitsOf(amount);
  return `${units < 0n ? MINUS : ''}$${grouped(magnitude(units), true)}`;
}

/** Whole shares: "1,200". */
export function formatQuantity(quantity: Amount | null | undefined): string {
  if (quantity === null || quantity === undefined) return NOTHING;
  return whole.format(BigInt(quantity)).replace('-', MINUS);
}

/** A ratio as a percentage with its sign: 0.0123 -> "+1.23%". */
export function formatPercent(ratio: number | null | undefined, signed = true): string {
  if (ratio === null || ratio === undefined || !Number.isFinite(ratio)) return NOTHING;
  const text = Math.abs(ratio * 100).toFixed(2);
  const sign = Number(text) === 0 ? '' : ratio < 0 ? MINUS : signed ? '+' : '';
  return `${sign}${text}%`;
}

/** A change of a price with its sign: "+1.20", "−0.05", "0.00". */
export function formatChange(change: Amount | null | undefined): string {
  if (change === null || change === undefined) return NOTHING;
  const units = unitsOf(change);
  return `${units > 0n ? '+' : units < 0n ? MINUS : ''}${grouped(magnitude(units), false)}`;
}

/** A gain or loss of money with its sign: "+$12.00". */
export function formatGain(amount: Amount | null | undefined): string {
  if (amount === null || amount === undefined) return NOTHING;
  const text = formatMoney(amount);
  return unitsOf(amount) > 0n ? `+${text}` : text;
}

/** The time of day on the reader's clock: "14:03:59". */
export function formatTime(at: string | number | Date | null | undefined): string {
  return at === null || at === undefined ? NOTHING : timeOfDay.format(new Date(at));
}

/** Date and time on the reader's clock. */
export function formatDateTime(at: string | number | Date | null | undefined): string {
  return at === null || at === undefined ? NOTHING : dayAndTime.format(new Date(at));
}

/** A day (UTC, "2026-11-23") as it is written beside times. */
export function formatDay(at: string): string {
  return dayOnly.format(new Date(at));
}

function unitsOf(amount: Amount): bigint {
  return typeof amount === 'bigint' ? amount : parseDecimal(amount);
}

function magnitude(units: bigint): bigint {
  return units < 0n ? -units : units;
}

function grouped(units: bigint, toCents: boolean): string {
  const shown = toCents ? roundedToCents(units) : units;
  const [dollars = '0', part] = decimalText(magnitude(shown)).split('.');
  return `${units < 0n ? MINUS : ''}${whole.format(BigInt(dollars))}.${part}`;
}

function roundedToCents(units: bigint): bigint {
  return ((units + 50n) / 100n) * 100n;
}
