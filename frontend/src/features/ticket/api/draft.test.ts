/** What is written into the ticket, and what is wrong with it. */
import { describe, expect, it } from 'vitest';
import { EMPTY, problemsOf, withType, type Draft } from './draft';

const rules = { symbol: 'AAPL', tick: 500n, lot: 10 };
const draft = (parts: Partial<Draft>): Draft => ({ ...EMPTY, quantity: '10', price: '189.35', ...parts });

describe('a draft', () => {
  it('that is complete has no problem', () => expect(problemsOf(draft({}), rules)).toEqual({}));

  it('names the lot and the tick it misses', () => {
    expect(problemsOf(draft({ quantity: '15', price: '189.37' }), rules)).toEqual({
      quantity: 'AAPL trades in lots of 10 shares.',
      price: 'AAPL is priced in steps of 0.05.',
    });
  });

  it('to sell leaves it to the exchange whether an odd quantity is the remainder of a lot', () => {
    expect(problemsOf(draft({ side: 'sell', quantity: '15' }), rules)).toEqual({});
  });

  it('for the market needs no price', () => {
    expect(problemsOf(draft({ type: 'market', price: 'nonsense' }), rules)).toEqual({});
  });

  it('takes the time in force its new type starts with, and keeps it otherwise', () => {
    expect(withType(draft({ timeInForce: 'gtc' }), 'market').timeInForce).toBe('ioc');
    expect(withType(draft({ timeInForce: 'fok' }), 'market').timeInForce).toBe('fok');
    expect(withType(draft({ type: 'market', timeInForce: 'ioc' }), 'limit').timeInForce).toBe('day');
    expect(withType(draft({ timeInForce: 'ioc' }), 'limit').timeInForce).toBe('ioc');
  });
});
