/** Tabs of the orders page. */
import { describe, expect, it } from 'vitest';
import { anOrder } from './samples';
import type { OrderStatus } from './types';
import { shows, viewOf, VIEWS } from './views';

const STATUSES: OrderStatus[] = [
  'pending_new',
  'new',
  'partially_filled',
  'filled',
  'canceled',
  'expired',
  'replaced',
  'rejected',
];

describe('the tabs', () => {
  it.each(STATUSES)('show an order that is %s on one of them and under All', (status) => {
    const tabs = VIEWS.filter((view) => shows(view, anOrder({ status })));
    expect(tabs).toHaveLength(2);
    expect(tabs).toContain('all');
  });

  it('are chosen by the address, Open unless it names one', () => {
    expect(viewOf('canceled')).toBe('canceled');
    expect(viewOf('nonsense')).toBe('open');
    expect(viewOf(null)).toBe('open');
  });
});
