/** Activities on the page and in the CSV file: the sign says which way cash and shares went. */
import { describe, expect, it } from 'vitest';
import { activityRows, movementOf, type Activity } from './activities';
import { fill } from './samples';

const cashGrant: Activity = {
  id: 'g1',
  account_id: 'a',
  activity_type: 'JNLC',
  date: '2026-11-23',
  net_amount: '100000.00',
  status: 'executed',
  description: 'Starting cash',
};

const shareGrant: Activity = {
  id: 'g2',
  account_id: 'a',
  activity_type: 'JNLS',
  date: '2026-11-23',
  net_amount: '0.00',
  symbol: 'AAPL',
  qty: '100',
  per_share_amount: '189.25',
  status: 'executed',
  description: 'Starting shares',
};

describe('an activity', () => {
  it('of buying takes cash and brings shares', () => {
    expect(movementOf(fill())).toMatchObject({ what: 'Bought', shares: 10n, cash: -18_937_000n });
  });

  it('of selling brings cash and takes shares', () => {
    expect(movementOf(fill({ side: 'sell' }))).toMatchObject({ what: 'Sold', shares: -10n, cash: 18_937_000n });
  });

  it('of a grant says what was granted', () => {
    expect(movementOf(cashGrant)).toMatchObject({ what: 'Starting cash', cash: 1_000_000_000n, shares: undefined });
    expect(movementOf(shareGrant)).toMatchObject({ what: 'Starting shares', shares: 100n, price: 1_892_500n, cash: 0n });
  });

  it('is a row of the file with a cell for each of its columns', () => {
    const [head, bought, granted] = activityRows([fill(), cashGrant]);

    expect(head).toEqual(['time', 'what', 'symbol', 'shares', 'price', 'cash', 'order_id', 'trade_id', 'id']);
    expect(bought).toEqual([
      '2026-11-23T04:30:00.123456Z', 'Bought', 'AAPL', '10', '189.37', '-1893.70', 'order-1', 'trade-1', '20261123043000123::7',
    ]);
    expect(granted).toEqual(['2026-11-23', 'Starting cash', undefined, undefined, undefined, '100000.00', undefined, undefined, 'g1']);
  });
});
