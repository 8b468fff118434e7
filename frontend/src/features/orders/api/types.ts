/** The words of orders as the API spells them. */
import type { components } from '@/shared/api/schema';
import type { Order } from '@/shared/ticket/order';

export type { Order };
export type OrderStatus = components['schemas']['OrderStatus'];
export type Reason = components['schemas']['Reason'];
export type Fill = components['schemas']['FillAnswer'];

const OPEN_STATUSES: readonly OrderStatus[] = ['pending_new', 'new', 'partially_filled'];

/** Whether the order can still trade, be changed or be canceled. */
export function isOpen(order: Pick<Order, 'status'>): boolean {
  return OPEN_STATUSES.includes(order.status);
}

/** Shares still to fill. */
export function remainingOf(order: Pick<Order, 'qty' | 'filled_qty'>): number {
  return Number(order.qty) - Number(order.filled_qty);
}
