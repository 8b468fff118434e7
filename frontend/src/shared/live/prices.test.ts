/** A price on the page only ever moves to a newer trade. */
import { describe, expect, it, vi } from 'vitest';
import { PriceStore } from './prices';

const trade = (price: string, number: number, at = `2026-01-01T00:00:${String(number).padStart(2, '0')}Z`) => ({ price, number, at });

describe('prices', () => {
  it('remembers the different price before', () => {
    const prices = new PriceStore();
    prices.hear([['AAPL', trade('10.00', 1)]]);
    prices.hear([['AAPL', trade('11.00', 2)]]);
    prices.hear([['AAPL', trade('11.00', 3)]]);
    expect(prices.get('AAPL')).toMatchObject({ price: '11.00', previous: '10.00', number: 3 });
  });

  it('ignores what is old, and tells nobody', () => {
    const prices = new PriceStore();
    prices.hear([['AAPL', trade('10.00', 5)]]);
    const told = vi.fn();
    prices.subscribe(told);
    const before = prices.getAll();

    prices.hear([['AAPL', trade('9.00', 4)]]);

    expect(prices.get('AAPL')?.price).toBe('10.00');
    expect(prices.getAll()).toBe(before);
    expect(told).not.toHaveBeenCalled();
  });

  it('believes a later trade with a lower number: the exchange was set up anew', () => {
    const prices = new PriceStore();
    prices.hear([['AAPL', trade('10.00', 50)]]);
    prices.hear([['AAPL', trade('12.00', 1, '2026-02-01T00:00:00Z')]]);
    expect(prices.get('AAPL')?.price).toBe('12.00');
  });
});
