/** A market on the page agrees with the exchange's, whatever order the news and the snapshot arrive in. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Market, type MarketSource } from './market';
import type { LiveLevel } from './protocol';

interface Depth {
  sequence: number;
  bids: { p: number; s: number; n: number }[];
  asks: { p: number; s: number; n: number }[];
}

const at = '2026-01-01T00:00:00Z';
const depth = (sequence: number, size: number): Depth => ({ sequence, bids: [{ p: 99, s: size, n: 1 }], asks: [] });
const change = (previous_sequence: number, sequence: number, ...levels: LiveLevel[]) => ({ previous_sequence, sequence, levels });
const print = (i: number) => ({ t: at, p: 99, s: 1, i, tks: 'B' });
const heard = (number: number) => ({ number, price: '99.00', size: 1, taker_side: 'buy' as const, at });
const bestBid = (market: Market) => market.getState().book?.bids[0]?.quantity;

function sourceOf(...depths: Depth[]) {
  const answers = [...depths];
  const source: MarketSource & { asked: number } = {
    asked: 0,
    depth: async () => {
      source.asked += 1;
      return (answers.length > 1 ? answers.shift() : answers[0]) as Depth;
    },
    tape: async () => [print(2), print(1)],
  };
  return source;
}

describe('market', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('applies what was heard while the snapshot was under way', async () => {
    const market = new Market('AAPL', sourceOf(depth(10, 5)));

    market.fetch();
    market.hearBook(change(9, 10, ['buy', '99.00', 1, 1]));
    market.hearBook(change(10, 11, ['buy', '99.00', 8, 1]));
    await vi.advanceTimersByTimeAsync(0);

    expect(market.getState().status).toBe('ready');
    expect(bestBid(market)).toBe(8);
  });

  it('fetches again after a gap, until the snapshot has caught up', async () => {
    const source = sourceOf(depth(10, 5), depth(11, 6), depth(13, 7));
    const market = new Market('AAPL', source);
    market.fetch();
    await vi.advanceTimersByTimeAsync(0);

    market.hearBook(change(12, 13, ['buy', '99.00', 7, 1]));
    market.hearBook(change(13, 14, ['buy', '98.00', 1, 1]));
    await vi.advanceTimersByTimeAsync(2_000);

    expect(source.asked).toBe(3);
    expect(market.getState().book?.sequence).toBe(14);
    expect(bestBid(market)).toBe(7);
  });

  it('never goes back to an older book', async () => {
    const market = new Market('AAPL', sourceOf(depth(10, 5), depth(9, 1)));
    market.fetch();
    await vi.advanceTimersByTimeAsync(0);

    market.fetch();
    await vi.advanceTimersByTimeAsync(0);

    expect(bestBid(market)).toBe(5);
  });

  it('believes an older book after the connection was away', async () => {
    const market = new Market('AAPL', sourceOf(depth(10, 5), depth(2, 1)));
    market.fetch();
    await vi.advanceTimersByTimeAsync(0);

    market.startOver();
    await vi.advanceTimersByTimeAsync(0);

    expect(market.getState().book?.sequence).toBe(2);
  });

  it('puts heard trades before fetched ones, each once', async () => {
    const market = new Market('AAPL', sourceOf(depth(10, 5)));
    market.fetch();
    market.hearTrades([heard(2), heard(3)], 0);
    await vi.advanceTimersByTimeAsync(0);

    expect(market.getState().trades.map(({ number }) => number)).toEqual([3, 2, 1]);
  });

  it('says that it could not be fetched, and recovers by itself', async () => {
    let isDown = true;
    const source = sourceOf(depth(10, 5));
    const market = new Market('AAPL', { ...source, tape: async () => (isDown ? Promise.reject(new Error('down')) : []) });
    market.fetch();
    await vi.advanceTimersByTimeAsync(0);
    expect(market.getState().status).toBe('error');

    isDown = false;
    await vi.advanceTimersByTimeAsync(6_000);
    expect(market.getState().status).toBe('ready');
  });
});
