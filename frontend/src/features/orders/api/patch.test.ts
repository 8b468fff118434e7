/** Events of the live connection applied to orders that are shown. */
import { describe, expect, it } from 'vitest';
import { applyEvent } from './patch';
import { aFill, anEvent, anOrder } from './samples';

describe('an order that is shown', () => {
  it('fills in parts, its average price exact', () => {
    const once = applyEvent(anOrder(), aFill(4, 6, '189.30'));
    const twice = applyEvent(once, aFill(6, 0, '189.35'));

    expect(once).toMatchObject({ status: 'partially_filled', filled_qty: '4', filled_avg_price: '189.30' });
    expect(twice).toMatchObject({ status: 'filled', filled_qty: '10', filled_avg_price: '189.33' });
  });

  it('rounds its average half to even, as the exchange does', () => {
    const once = applyEvent(anOrder({ qty: '2' }), aFill(1, 1, '0.0001'));
    expect(applyEvent(once, aFill(1, 0, '0.0002')).filled_avg_price).toBe('0.0002');
    expect(applyEvent(once, aFill(1, 0, '0.0004')).filled_avg_price).toBe('0.0002');
  });

  it('does not count a fill twice', () => {
    const filled = applyEvent(anOrder(), aFill(4, 6));
    expect(applyEvent(filled, aFill(4, 6))).toBe(filled);
  });

  it('keeps its average until it is fetched when a fill was missed', () => {
    const jumped = applyEvent(anOrder(), aFill(2, 2));
    expect(jumped).toMatchObject({ filled_qty: '8', filled_avg_price: null });
  });

  it('never leaves a state it has ended in', () => {
    const canceled = anOrder({ status: 'canceled' });
    for (const event of [aFill(4, 6), anEvent('rested'), anEvent('expired'), anEvent('cancel_requested')]) {
      expect(applyEvent(canceled, event)).toBe(canceled);
    }
  });

  it('does not go back from partly filled to open', () => {
    const partly = anOrder({ status: 'partially_filled', filled_qty: '4' });
    expect(applyEvent(partly, anEvent('rested', { remaining: 6 }))).toBe(partly);
  });

  it('goes from pending to open, canceled, expired or rejected', () => {
    const pending = anOrder({ status: 'pending_new' });
    expect(applyEvent(pending, anEvent('rested', { remaining: 10 })).status).toBe('new');
    expect(applyEvent(pending, anEvent('expired')).status).toBe('expired');
    expect(applyEvent(pending, anEvent('rejected', { reason: 'insufficient_shares' }))).toMatchObject({
      status: 'rejected',
      reason: 'insufficient_shares',
    });
    expect(applyEvent(pending, anEvent('canceled', { reason: 'requested' }))).toMatchObject({
      status: 'canceled',
      canceled_at: '2026-11-23T04:31:00.000000Z',
    });
  });

  it('says that its cancel is under way until the book has refused it', () => {
    const canceling = applyEvent(anOrder(), anEvent('cancel_requested'));
    expect(canceling.cancel_requested_at).toBe('2026-11-23T04:31:00.000000Z');
    expect(applyEvent(canceling, anEvent('cancel_rejected')).cancel_requested_at).toBeNull();
  });

  it('gives way to its replacement, which takes over what had filled', () => {
    const replaced = anEvent('replaced', { order_id: 'order-2', replaces: 'order-1', remaining: 6 });
    const old = anOrder({ status: 'partially_filled', filled_qty: '4' });
    const next = anOrder({ id: 'order-2', replaces: 'order-1', status: 'pending_new' });

    expect(applyEvent(old, replaced)).toMatchObject({ status: 'replaced', replaced_by: 'order-2' });
    expect(applyEvent(next, replaced)).toMatchObject({ status: 'partially_filled', filled_qty: '4' });
  });

  it('stands as it was when its replacement is refused', () => {
    const refused = anEvent('replace_rejected', { order_id: 'order-2', replaces: 'order-1' });
    const old = anOrder();
    expect(applyEvent(old, refused)).toBe(old);
    expect(applyEvent(anOrder({ id: 'order-2', status: 'pending_new' }), refused).status).toBe('rejected');
  });

  it('is not touched by what happens to another', () => {
    const order = anOrder();
    expect(applyEvent(order, { ...aFill(4, 6), order_id: 'order-9' })).toBe(order);
  });
});
