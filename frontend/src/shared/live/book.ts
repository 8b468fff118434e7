/** One symbol's depth: a snapshot, moved on by the changes that follow it without a gap. */
import { compareDecimals, priceText } from '../format/decimal';
import type { LiveBook } from './protocol';

export interface Level {
  price: string;
  quantity: number;
  orders: number;
}

/** Best levels first. `bidFloor` and `askCeiling` are where a cut-off snapshot ended: beyond them nothing is known. */
export interface Book {
  bids: readonly Level[];
  asks: readonly Level[];
  sequence: number;
  bidFloor: string | undefined;
  askCeiling: string | undefined;
}

interface DepthSnapshot {
  sequence: number;
  bids: readonly { p: number; s: number; n: number }[];
  asks: readonly { p: number; s: number; n: number }[];
}

/** The book of a depth answer that was asked for `depth` levels a side. */
export function bookOf(snapshot: DepthSnapshot, depth: number): Book {
  const bids = snapshot.bids.map(levelOf);
  const asks = snapshot.asks.map(levelOf);
  return {
    bids,
    asks,
    sequence: snapshot.sequence,
    bidFloor: bids.length >= depth ? bids.at(-1)?.price : undefined,
    askCeiling: asks.length >= depth ? asks.at(-1)?.price : undefined,
  };
}

/** The book after a change; the same book if it knows the change already; undefined if something in between is missing. */
export function applyChange(book: Book, change: LiveBook): Book | undefined {
  if (change.sequence <= book.sequence) return book;
  if (change.previous_sequence > book.sequence) return undefined;
  const sides = { buy: new Map(keyed(book.bids)), sell: new Map(keyed(book.asks)) };
  for (const [side, price, quantity, orders] of change.levels) {
    const key = priceText(price);
    if (quantity === 0) sides[side].delete(key);
    else sides[side].set(key, { price: key, quantity, orders });
  }
  return {
    ...book,
    bids: sorted(sides.buy, -1, book.bidFloor),
    asks: sorted(sides.sell, 1, book.askCeiling),
    sequence: change.sequence,
  };
}

/** The book after all changes that follow it; the first gap ends it: `missing` says so. */
export function applyChanges(book: Book, changes: readonly LiveBook[]): { book: Book; missing: boolean } {
  for (const change of changes) {
    const next = applyChange(book, change);
    if (!next) return { book, missing: true };
    book = next;
  }
  return { book, missing: false };
}

/** Whether a cut-off side has been eaten down to fewer than `shown` levels, so that deeper ones must be fetched. */
export function isThin(book: Book, shown: number): boolean {
  return (
    (book.bidFloor !== undefined && book.bids.length < shown) ||
    (book.askCeiling !== undefined && book.asks.length < shown)
  );
}

function levelOf({ p, s, n }: { p: number; s: number; n: number }): Level {
  return { price: priceText(p), quantity: s, orders: n };
}

function keyed(levels: readonly Level[]): [string, Level][] {
  return levels.map((level) => [level.price, level]);
}

function sorted(levels: Map<string, Level>, direction: 1 | -1, edge: string | undefined): Level[] {
  return [...levels.values()]
    .filter(({ price }) => edge === undefined || compareDecimals(price, edge) * direction <= 0)
    .sort((one, other) => compareDecimals(one.price, other.price) * direction);
}
