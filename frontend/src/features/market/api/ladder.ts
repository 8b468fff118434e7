/** The depth as a ladder: what stands at each price, and what stands up to it. */
import type { Book, Level } from '@/shared/live';
import { decimalText, parseDecimal, ratioOf } from '@/shared/format';

export interface Rung extends Level {
  /** Shares from the best price up to this one. */
  total: number;
  /** `total` as a part of the larger side's, 0 to 1. */
  part: number;
}

export interface Ladder {
  bids: readonly Rung[];
  asks: readonly Rung[];
  /** Best ask minus best bid as a decimal string, and as a ratio to the middle; undefined when a side is empty. */
  spread: string | undefined;
  spreadRatio: number | undefined;
}

/** Up to `rungs` prices a side, best first. */
export function ladderOf(book: Pick<Book, 'bids' | 'asks'>, rungs: number): Ladder {
  const bids = summed(book.bids.slice(0, rungs));
  const asks = summed(book.asks.slice(0, rungs));
  const most = Math.max(bids.at(-1)?.total ?? 0, asks.at(-1)?.total ?? 0, 1);
  const inParts = (side: Rung[]) => side.map((rung) => ({ ...rung, part: rung.total / most }));
  return { bids: inParts(bids), asks: inParts(asks), ...spreadOf(book) };
}

function summed(levels: readonly Level[]): Rung[] {
  let total = 0;
  return levels.map((level) => ({ ...level, total: (total += level.quantity), part: 0 }));
}

function spreadOf({ bids, asks }: Pick<Book, 'bids' | 'asks'>): Pick<Ladder, 'spread' | 'spreadRatio'> {
  const [bid, ask] = [bids[0], asks[0]];
  if (!bid || !ask) return { spread: undefined, spreadRatio: undefined };
  const [low, high] = [parseDecimal(bid.price), parseDecimal(ask.price)];
  return { spread: decimalText(high - low), spreadRatio: ratioOf(high - low, (high + low) / 2n) };
}
