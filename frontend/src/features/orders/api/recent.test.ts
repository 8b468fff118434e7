/** Answers of the API that are older than what was heard already. */
import { describe, expect, it } from 'vitest';
import { createRecentEvents, KEPT_MS } from './recent';
import { aFill, anEvent, anOrder } from './samples';

describe('recent events', () => {
  it('bring an older answer up to date, whatever they have been applied to before', () => {
    const recent = createRecentEvents();
    recent.note(aFill(4, 6));
    recent.note(aFill(6, 0));

    expect(recent.catchUp(anOrder())).toMatchObject({ status: 'filled', filled_qty: '10' });
    const partly = anOrder({ status: 'partially_filled', filled_qty: '4', filled_avg_price: '189.30' });
    expect(recent.catchUp(partly)).toMatchObject({
      status: 'filled',
      filled_qty: '10',
      filled_avg_price: '189.30',
    });
  });

  it('do not let an older fact of the book speak after a newer one', () => {
    const recent = createRecentEvents();
    expect(recent.note(anEvent('cancel_rejected', { sequence: 9 }))).toBe(true);
    expect(recent.note(anEvent('rested', { sequence: 8 }))).toBe(false);
    expect(recent.note(anEvent('cancel_requested', { sequence: 0 }))).toBe(true);
    expect(recent.note(anEvent('rested', { sequence: 8, order_id: 'order-2' }))).toBe(true);
  });

  it('are forgotten after a while', () => {
    let nowMs = 0;
    const recent = createRecentEvents(() => nowMs);
    recent.note(anEvent('cancel_requested'));
    nowMs = KEPT_MS + 1;
    recent.note(anEvent('rested', { order_id: 'order-2' }));

    expect(recent.catchUp(anOrder()).cancel_requested_at).toBeNull();
  });

  it('are of one account only', () => {
    const recent = createRecentEvents();
    recent.note(aFill(10, 0));
    recent.forget();
    expect(recent.catchUp(anOrder()).status).toBe('new');
  });
});
