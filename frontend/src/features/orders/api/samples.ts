/** An order and an event for tests to start from. */
import type { OrderEvent } from '@/shared/live/protocol';
import type { Order } from './types';

/** A resting buy of 10 AAPL at 189.30. */
export function anOrder(parts: Partial<Order> = {}): Order {
  return {
    id: 'order-1',
    client_order_id: 'mine-1',
    created_at: '2026-11-23T04:30:00.000001Z',
    updated_at: '2026-11-23T04:30:00.000001Z',
    submitted_at: '2026-11-23T04:30:00.000001Z',
    filled_at: null,
    expired_at: null,
    expires_at: null,
    canceled_at: null,
    failed_at: null,
    replaced_at: null,
    replaced_by: null,
    replaces: null,
    cancel_requested_at: null,
    asset_id: 'asset-1',
    symbol: 'AAPL',
    asset_class: 'us_equity',
    qty: '10',
    filled_qty: '0',
    filled_avg_price: null,
    order_class: '',
    order_type: 'limit',
    type: 'limit',
    side: 'buy',
    time_in_force: 'day',
    limit_price: '189.30',
    extended_hours: false,
    status: 'new',
    reason: null,
    reason_message: null,
    ...parts,
  };
}

export function anEvent(event: OrderEvent['event'], parts: Partial<OrderEvent> = {}): OrderEvent {
  return { event, order_id: 'order-1', symbol: 'AAPL', sequence: 7, at: '2026-11-23T04:31:00.000000Z', ...parts };
}

/** A fill of the sample order that leaves `remaining`. */
export function aFill(quantity: number, remaining: number, price = '189.30'): OrderEvent {
  return anEvent('filled', { side: 'buy', trade_id: `trade-${remaining}`, quantity, price, remaining });
}
