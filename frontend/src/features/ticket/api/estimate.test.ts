/** The ticket's sums: cost, proceeds, what the book can give, the largest order. */
import { describe, expect, it } from 'vitest';
import { EMPTY, type Draft } from './draft';
import { collar, estimate, isFar, largestQuantity, type Market } from './estimate';

const market: Market = {
  asks: [
    { price: '100.10', quantity: 10 },
    { price: '100.20', quantity: 30 },
  ],
  bids: [{ price: '100.00', quantity: 5 }],
  lastPrice: 1_000_500n,
};
const rules = { symbol: 'AAPL', tick: 100n, lot: 10 };
const draft = (parts: Partial<Draft>): Draft => ({ ...EMPTY, quantity: '20', price: '99.99', ...parts });

describe('an estimate', () => {
  it('of a limit order is quantity times limit, exactly', () => {
    expect(estimate(draft({}), market)).toEqual({ amount: 19_998_000n, held: 19_998_000n, price: 999_900n, fills: 0, rest: 20 });
  });

  it('of a limit order that crosses walks the book up to its limit', () => {
    expect(estimate(draft({ price: '100.10' }), market)).toEqual({
      amount: 20_020_000n,
      held: 20_020_000n,
      price: 1_001_000n,
      fills: 10,
      rest: 10,
    });
    expect(estimate(draft({ price: '150' }), market)).toEqual({
      amount: 20_030_000n,
      held: 30_000_000n,
      price: 1_001_500n,
      fills: 20,
      rest: 0,
    });
    expect(estimate(draft({ side: 'sell', price: '50', quantity: '8' }), market)).toEqual({
      amount: 6_500_000n,
      held: 0n,
      price: 1_000_000n,
      fills: 5,
      rest: 3,
    });
  });

  it('of a market order walks the book', () => {
    expect(estimate(draft({ type: 'market' }), market)).toEqual({
      amount: 20_030_000n,
      held: 0n,
      price: 1_001_500n,
      fills: 20,
      rest: 0,
    });
  });

  it('says what the book cannot give', () => {
    expect(estimate(draft({ type: 'market', side: 'sell' }), market)).toEqual({
      amount: 5_000_000n,
      held: 0n,
      price: 1_000_000n,
      fills: 5,
      rest: 15,
    });
  });

  it('takes the last price where the book is empty', () => {
    const empty = { ...market, asks: [] };
    expect(estimate(draft({ type: 'market' }), empty)).toEqual({
      amount: 20_010_000n,
      held: 0n,
      price: 1_000_500n,
      fills: 0,
      rest: 20,
    });
    expect(estimate(draft({ type: 'market' }), { ...empty, lastPrice: undefined })).toBeUndefined();
  });

  it('waits for a quantity and a price', () => {
    expect(estimate(draft({ quantity: '' }), market)).toBeUndefined();
    expect(estimate(draft({ price: '' }), market)).toBeUndefined();
  });
});

describe('a limit', () => {
  it.each([
    ['buy', '105.05', false],
    ['buy', '105.06', true],
    ['buy', '1.00', false],
    ['sell', '95.05', false],
    ['sell', '95.04', true],
    ['sell', '500.00', false],
    ['buy', '', false],
  ] as const)('to %s at %j is far through the book: %j', (side, price, far) => {
    expect(isFar(draft({ side, price }), 1_000_500n)).toBe(far);
  });

  it('of a market order is none', () => expect(isFar(draft({ type: 'market', price: '900' }), 1_000_500n)).toBe(false));
});

describe('the largest order', () => {
  const funds = { buyingPower: 50_000_000n, available: 57 };

  it('to buy is what the buying power covers at the limit, on a lot', () => {
    expect(largestQuantity(draft({}), rules, 1n, funds)).toBe(50);
  });

  it('to buy at the market counts with the worst price it may trade at', () => {
    expect(collar('buy', 1_000_500n, 100n)).toBe(1_100_500n);
    expect(largestQuantity(draft({ type: 'market' }), rules, 1_000_500n, funds)).toBe(40);
  });

  it('to sell is all that is free, the odd remainder of a lot too', () => {
    expect(largestQuantity(draft({ side: 'sell' }), rules, 1n, funds)).toBe(57);
  });

  it('to buy without a limit yet counts with the last price', () => {
    expect(largestQuantity(draft({ price: '' }), rules, 1_000_500n, funds)).toBe(40);
  });
});

it('the collar of a sell is rounded up to a tick and never nothing', () => {
  expect(collar('sell', 1_000_500n, 100n)).toBe(900_500n);
  expect(collar('sell', 1_001n, 100n)).toBe(1_000n);
  expect(collar('sell', 90n, 100n)).toBe(100n);
});
