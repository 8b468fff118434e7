/** One line about what became of an order. */
import { describe, expect, it } from 'vitest';
import type { Order } from '@/shared/ticket/order';
import { outcomeOf } from './outcome';

const order = (parts: Partial<Order>): Order =>
  ({
    symbol: 'AAPL',
    side: 'buy',
    qty: '10',
    filled_qty: '0',
    filled_avg_price: null,
    limit_price: '189.30',
    status: 'new',
    reason_message: null,
    ...parts,
  }) as Order;

describe('an outcome', () => {
  it('says what was bought and at which price', () => {
    const { tone, title } = outcomeOf(order({ status: 'filled', filled_qty: '10', filled_avg_price: '189.37' }));
    expect([tone, title]).toEqual(['good', 'Bought 10 AAPL at 189.37']);
  });

  it('says what rests', () => {
    expect(outcomeOf(order({}))).toEqual({ tone: 'plain', title: 'Resting', text: 'Buying 10 AAPL at 189.30.' });
  });

  it('says what filled and what still rests', () => {
    const parts = {
      status: 'partially_filled',
      side: 'sell',
      filled_qty: '4',
      filled_avg_price: '189.37',
    } as const;
    expect(outcomeOf(order(parts))).toEqual({
      tone: 'good',
      title: 'Sold 4 AAPL at 189.37',
      text: 'Selling 6 AAPL at 189.30.',
    });
  });

  it('says what filled before the rest was canceled, and why', () => {
    const parts = { status: 'canceled', filled_qty: '4', filled_avg_price: '189.37' } as const;
    expect(outcomeOf(order({ ...parts, reason_message: 'Nothing was left.' })).text).toBe(
      '6 not filled: Nothing was left.',
    );
  });

  it('gives the reason of an order that came to nothing', () => {
    expect(outcomeOf(order({ status: 'rejected', reason_message: 'Not enough.' }))).toEqual({
      tone: 'bad',
      title: 'Rejected',
      text: 'Not enough.',
    });
    expect(outcomeOf(order({ status: 'canceled', reason_message: 'Nothing was left.' })).title).toBe('Not filled');
  });

  it('does not pretend to know what is still on its way', () => {
    expect(outcomeOf(order({ status: 'pending_new' })).title).toBe('Accepted');
  });
});
