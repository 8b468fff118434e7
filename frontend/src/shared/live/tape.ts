/** One symbol's prints: newest first, each once, whether fetched or heard. */
import { priceText } from '../format/decimal';
import type { LiveTrade } from './protocol';

export interface Trade {
  number: number;
  price: string;
  size: number;
  takerSide: 'buy' | 'sell';
  at: string;
}

export const LONGEST_TAPE = 200;

/** A print as GET /v2/stocks/{symbol}/trades tells it. */
export function tradeOf(print: { t: string; p: number; s: number; i: number; tks: string }): Trade {
  return { number: print.i, price: priceText(print.p), size: print.s, takerSide: print.tks === 'B' ? 'buy' : 'sell', at: print.t };
}

/** A print as the live connection tells it. */
export function heardTrade({ number, price, size, taker_side, at }: LiveTrade): Trade {
  return { number, price: priceText(price), size, takerSide: taker_side, at };
}

/** Both tapes in one; the same tape if there is nothing new. */
export function mergeTape(tape: readonly Trade[], more: readonly Trade[]): readonly Trade[] {
  const known = new Set(tape.map(({ number }) => number));
  const fresh = more.filter(({ number }) => !known.has(number) && known.add(number));
  if (fresh.length === 0) return tape;
  return [...tape, ...fresh].sort((one, other) => other.number - one.number).slice(0, LONGEST_TAPE);
}

/** Whether prints are missing between the newest and the oldest on the tape. */
export function hasGap(tape: readonly Trade[]): boolean {
  const newest = tape[0];
  const oldest = tape.at(-1);
  return newest !== undefined && oldest !== undefined && newest.number - oldest.number !== tape.length - 1;
}
