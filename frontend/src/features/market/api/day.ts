/** How a symbol's day stands: what its price is compared with, and how far it has been. */
import type { components } from '@/shared/api';
import { compareDecimals, decimalText, parseDecimal, priceText, ratioOf } from '@/shared/format';

type Snapshot = components['schemas']['Snapshot'];

/** Prices are decimal strings. `reference` is what the price is compared with, and `referenceWords` what that is. */
export interface Day {
  last: string;
  reference: string;
  referenceWords: 'Prev. close' | 'Open' | 'Reference';
  high: string | undefined;
  low: string | undefined;
  volume: number;
  bid: string | undefined;
  ask: string | undefined;
}

export interface Move {
  change: string;
  ratio: number | undefined;
}

/** The day of a snapshot at a time in milliseconds since 1970; days are UTC days, as the exchange's candles are. */
export function dayOf(snapshot: Snapshot | undefined, referencePrice: string, nowMs: number): Day {
  const newest = snapshot?.dailyBar ?? undefined;
  const isToday = newest !== undefined && newest.t.slice(0, 10) === new Date(nowMs).toISOString().slice(0, 10);
  const today = isToday ? newest : undefined;
  const previousClose = isToday ? snapshot?.prevDailyBar?.c : newest?.c;
  const quote = snapshot?.latestQuote;
  const last = snapshot?.latestTrade?.p ?? previousClose;
  return {
    last: last === undefined ? referencePrice : priceText(last),
    reference: spelled(previousClose ?? today?.o) ?? referencePrice,
    referenceWords: previousClose !== undefined ? 'Prev. close' : today ? 'Open' : 'Reference',
    high: spelled(today?.h),
    low: spelled(today?.l),
    volume: today?.v ?? 0,
    bid: quote?.bs ? priceText(quote.bp) : undefined,
    ask: quote?.as ? priceText(quote.ap) : undefined,
  };
}

/** The day with a newer last price. */
export function withLast(day: Day, last: string | undefined): Day {
  if (last === undefined) return day;
  return {
    ...day,
    last,
    high: day.high !== undefined && compareDecimals(last, day.high) > 0 ? last : day.high,
    low: day.low !== undefined && compareDecimals(last, day.low) < 0 ? last : day.low,
  };
}

/** How far the price is from what it is compared with. */
export function moveOf({ last, reference }: Day): Move {
  const change = parseDecimal(last) - parseDecimal(reference);
  return { change: decimalText(change), ratio: ratioOf(change, parseDecimal(reference)) };
}

function spelled(price: number | undefined): string | undefined {
  return price === undefined ? undefined : priceText(price);
}
