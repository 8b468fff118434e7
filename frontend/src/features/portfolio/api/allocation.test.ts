/** How an account's worth is spread adds up to the whole. */
import { describe, expect, it } from 'vitest';
import { allocate } from './allocation';
import { owned } from './samples';
import { valueAccount } from './valuation';

const account = (cash: string, prices: string[]) =>
  valueAccount(cash, prices.map((price, index) => owned({ symbol: `S${index}`, qty: '1', current_price: price })), () => undefined);

describe('an allocation', () => {
  it('names the largest holdings first and the cash last', () => {
    expect(allocate(account('5', ['1', '3', '2'])).map(({ label }) => label)).toEqual(['S1', 'S2', 'S0', 'Cash']);
  });

  it('puts the many small ones into one slice', () => {
    const slices = allocate(account('0', ['5', '4', '3', '2', '1']), 2);

    expect(slices.map(({ label }) => label)).toEqual(['S0', 'S1', '3 others']);
    expect(slices.at(-1)?.amount).toBe(60_000n);
  });

  it('does not put a single holding into a slice called 1 others', () => {
    expect(allocate(account('0', ['3', '2', '1']), 2).map(({ label }) => label)).toEqual(['S0', 'S1', 'S2']);
  });

  it('adds up to all there is', () => {
    const valuation = account('123.45', ['5', '4', '3', '2', '1']);
    const total = allocate(valuation, 2).reduce((sum, { amount }) => sum + amount, 0n);

    expect(total).toBe(valuation.equity);
  });

  it('is empty when there is nothing to divide', () => {
    expect(allocate(account('0', []))).toEqual([]);
  });
});
