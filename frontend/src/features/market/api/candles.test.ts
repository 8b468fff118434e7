/** Every trade is in exactly one candle, once, whether it was fetched or heard. */
import { describe, expect, it } from 'vitest';
import { CandleRow, candlesFrom, countedThrough, type Print } from './candles';

const at = (second: number) => new Date(Date.UTC(2026, 10, 23, 12, 0, second)).toISOString();
const print = (number: number, second: number, price: number, size = 1): Print => ({ number, price: price.toFixed(2), size, at: at(second) });
const tape = (...prints: Print[]) => prints.reverse();
const shape = (candles: readonly { open: number; high: number; low: number; close: number; volume: number }[]) =>
  candles.map(({ open, high, low, close, volume }) => [open, high, low, close, volume]);

describe('candles', () => {
  it('are built from the tape', () => {
    const candles = candlesFrom(tape(print(1, 0, 10, 5), print(2, 3, 12), print(3, 9, 9), print(4, 10, 11)), 10);
    expect(shape(candles)).toEqual([[10, 12, 9, 9, 7], [11, 11, 11, 11, 1]]);
  });

  it('grow with a trade, and a new one begins at the boundary', () => {
    const row = new CandleRow(candlesFrom(tape(print(1, 0, 10)), 10), 1, 10);

    expect(shape(row.take(tape(print(1, 0, 10), print(2, 5, 11))))).toEqual([[10, 11, 10, 11, 2]]);
    expect(shape(row.take(tape(print(2, 5, 11), print(3, 12, 8))))).toEqual([[8, 8, 8, 8, 1]]);
    expect(row.all()).toHaveLength(2);
  });

  it('count a trade once, however often the tape shows it', () => {
    const row = new CandleRow([], 0, 10);
    const shown = tape(print(1, 0, 10), print(2, 1, 10));
    row.take(shown);
    expect(row.take(shown)).toEqual([]);
    expect(row.all()[0]?.volume).toBe(2);
  });

  it('do not take up a trade of a span that is over', () => {
    const row = new CandleRow(candlesFrom(tape(print(5, 30, 10)), 10), 5, 10);
    expect(row.take([print(6, 2, 99)])).toEqual([]);
  });

  it('know how many trades a fetched bar has, from where the tape reaches back', () => {
    const bar = { t: at(10), o: 1, h: 1, l: 1, c: 1, v: 2, n: 2, vw: 1 };
    const heard = tape(print(7, 5, 1), print(8, 11, 1), print(9, 12, 1), print(10, 13, 1));

    expect(countedThrough(bar, heard)).toBe(9);
    expect(countedThrough(bar, heard.slice(0, 2))).toBe(10);
    expect(countedThrough(undefined, [])).toBe(0);
  });
});
