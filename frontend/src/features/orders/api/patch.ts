/** What an event of the live connection makes of an order that is shown: never backwards and never twice. */
import { parseDecimal, decimalText } from '@/shared/format';
import type { OrderEvent } from '@/shared/live/protocol';
import { isOpen, remainingOf, type Order, type Reason } from './types';

type Change = (order: Order, event: OrderEvent) => Order;

/** An event without a line here changes nothing that is shown. */
const CHANGES: Partial<Record<OrderEvent['event'], Change>> = {
  rested: (order, event) =>
    order.status === 'pending_new' ? { ...order, status: 'new', updated_at: event.at } : order,
  filled: fill,
  canceled: (order, event) => ({ ...ended(order, event, 'canceled'), canceled_at: event.at }),
  expired: (order, event) => ({ ...ended(order, event, 'expired'), expired_at: event.at }),
  rejected: (order, event) => ({ ...ended(order, event, 'rejected'), failed_at: event.at }),
  replace_rejected: (order, event) => ({ ...ended(order, event, 'rejected'), failed_at: event.at }),
  replaced: takePlace,
  cancel_requested: (order, event) => ({ ...order, cancel_requested_at: order.cancel_requested_at ?? event.at }),
  cancel_rejected: (order) => ({ ...order, cancel_requested_at: null }),
};

/** The order after the event; the very same object if the event is about another order or no news. */
export function applyEvent(order: Order, event: OrderEvent): Order {
  if (!isOpen(order)) return order;
  if (event.event === 'replaced' && event.replaces === order.id) return giveWay(order, event);
  if (event.order_id !== order.id) return order;
  return CHANGES[event.event]?.(order, event) ?? order;
}

function fill(order: Order, event: OrderEvent): Order {
  const { quantity = 0, price, remaining = 0 } = event;
  if (remaining >= remainingOf(order)) return order;
  const isNext = remaining + quantity === remainingOf(order);
  return {
    ...order,
    status: remaining === 0 ? 'filled' : 'partially_filled',
    filled_qty: String(Number(order.qty) - remaining),
    filled_avg_price: isNext && price !== undefined ? averageWith(order, quantity, price) : order.filled_avg_price,
    filled_at: remaining === 0 ? event.at : null,
    updated_at: event.at,
  };
}

/** Rounded half to even, as the exchange rounds it. */
function averageWith(order: Order, quantity: number, price: string): string {
  const filled = BigInt(order.filled_qty);
  const total = filled + BigInt(quantity);
  const notional = filled * parseDecimal(order.filled_avg_price ?? '0') + BigInt(quantity) * parseDecimal(price);
  const average = notional / total;
  const doubledRest = 2n * (notional % total);
  const roundsUp = doubledRest > total || (doubledRest === total && average % 2n === 1n);
  return decimalText(roundsUp ? average + 1n : average);
}

function ended(order: Order, event: OrderEvent, status: Order['status']): Order {
  const reason = (event.reason as Reason | undefined) ?? null;
  return { ...order, status, reason, reason_message: null, updated_at: event.at };
}

function giveWay(order: Order, event: OrderEvent): Order {
  return { ...ended(order, event, 'replaced'), replaced_at: event.at, replaced_by: event.order_id };
}

function takePlace(order: Order, event: OrderEvent): Order {
  if (order.status !== 'pending_new') return order;
  const filled = Number(order.qty) - (event.remaining ?? Number(order.qty));
  return {
    ...order,
    status: filled > 0 ? 'partially_filled' : 'new',
    filled_qty: String(filled),
    updated_at: event.at,
  };
}
