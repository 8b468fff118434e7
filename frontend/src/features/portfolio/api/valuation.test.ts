/** What shares are worth is reckoned exactly, at the newest prices. */
import { describe, expect, it } from 'vitest';
import { owned } from './samples';
import { valueAccount } from './valuation';

const unheard = () => undefined;

describe('an account', () => {
  it('is worth its cash and its shares at their last prices', () => {
    const valuation = valueAccount('500.25', [owned(), owned({ symbol: 'MSFT', qty: '2', cost_basis: '50', current_price: '20.1234' })], unheard);

    expect(valuation.equity).toBe(5_002_500n + 11_000_000n + 402_468n);
    expect(valuation.unrealized).toBe(1_000_000n - 97_532n);
    expect(valuation.holdings.map(({ symbol }) => symbol)).toEqual(['AAPL', 'MSFT']);
  });

  it('moves with a price that was heard since', () => {
    const [holding] = valueAccount('0', [owned()], (symbol) => (symbol === 'AAPL' ? '90.00' : undefined)).holdings;

    expect(holding).toMatchObject({ price: 900_000n, marketValue: 9_000_000n, unrealized: -1_000_000n, unrealizedRatio: -0.1 });
  });

  it('keeps every digit of sums that a float would lose', () => {
    const valuation = valueAccount('90071992547409.9301', [owned({ qty: '9007199254740993', current_price: '0.0001', cost_basis: '0' })], unheard);

    expect(valuation.equity).toBe(900_719_925_474_099_301n + 9_007_199_254_740_993n);
  });

  it('counts a price as old only until a newer one is heard', () => {
    const stale = [owned({ price_stale: true })];

    expect(valueAccount('0', stale, unheard).isStale).toBe(true);
    expect(valueAccount('0', stale, () => '110.00').isStale).toBe(false);
  });

  it('shows what part of the whole each holding is, cash included', () => {
    const [holding] = valueAccount('3300', [owned()], unheard).holdings;

    expect(holding?.share).toBe(0.25);
  });

  it('has no rate of profit on shares that cost nothing', () => {
    expect(valueAccount('1', [owned({ cost_basis: '0' })], unheard).unrealizedRatio).toBeUndefined();
  });

  it('leaves out what was sold', () => {
    expect(valueAccount('1', [owned({ qty: '0', qty_available: '0' })], unheard).holdings).toEqual([]);
  });
});
