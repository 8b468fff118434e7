/** A ladder adds up from the best price outwards. */
import { describe, expect, it } from 'vitest';
import { ladderOf } from './ladder';

const level = (price: string, quantity: number) => ({ price, quantity, orders: 1 });

describe('ladder', () => {
  it('sums each side and measures both with the larger one', () => {
    const { bids, asks } = ladderOf({ bids: [level('9.90', 10), level('9.80', 30)], asks: [level('10.00', 20)] }, 10);
    expect(bids.map(({ total, part }) => [total, part])).toEqual([[10, 0.25], [40, 1]]);
    expect(asks.map(({ total, part }) => [total, part])).toEqual([[20, 0.5]]);
  });

  it('tells the spread exactly', () => {
    expect(ladderOf({ bids: [level('0.10', 1)], asks: [level('0.30', 1)] }, 10)).toMatchObject({ spread: '0.20', spreadRatio: 1 });
  });

  it('has no spread where a side is empty', () => {
    expect(ladderOf({ bids: [], asks: [level('1.00', 1)] }, 10).spread).toBeUndefined();
    expect(ladderOf({ bids: [], asks: [] }, 10)).toMatchObject({ bids: [], asks: [] });
  });

  it('is cut where the page has no more room', () => {
    const asks = ['1', '2', '3'].map((price) => level(price, 1));
    expect(ladderOf({ bids: [], asks }, 2).asks).toHaveLength(2);
  });
});
