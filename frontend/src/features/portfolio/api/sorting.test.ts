/** The table of holdings sorts by any column and never shuffles equals. */
import { describe, expect, it } from 'vitest';
import { owned } from './samples';
import { LARGEST_FIRST, nextSorting, sortHoldings } from './sorting';
import { valueAccount } from './valuation';

const { holdings } = valueAccount(
  '0',
  [owned({ symbol: 'B', current_price: '5' }), owned({ symbol: 'C', current_price: '9' }), owned({ symbol: 'A', current_price: '5' })],
  () => undefined,
);

describe('sorting holdings', () => {
  it('starts with the largest, equals by symbol', () => {
    expect(sortHoldings(holdings, LARGEST_FIRST).map(({ symbol }) => symbol)).toEqual(['C', 'A', 'B']);
  });

  it('turns round when the same column is asked for again', () => {
    const turned = nextSorting(LARGEST_FIRST, 'marketValue');

    expect(sortHoldings(holdings, turned).map(({ symbol }) => symbol)).toEqual(['A', 'B', 'C']);
  });

  it('shows another column with its most telling end first', () => {
    expect(nextSorting(LARGEST_FIRST, 'unrealized')).toEqual({ key: 'unrealized', descending: true });
    expect(nextSorting(LARGEST_FIRST, 'symbol')).toEqual({ key: 'symbol', descending: false });
  });

  it('leaves the list it was given as it was', () => {
    sortHoldings(holdings, LARGEST_FIRST);

    expect(holdings.map(({ symbol }) => symbol)).toEqual(['B', 'C', 'A']);
  });
});
