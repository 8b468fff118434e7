/** Statuses, reasons and times in force in the words of the page. */
import { isOpen, remainingOf, type Order, type OrderStatus, type Reason } from './types';

const STATUS: Record<OrderStatus, string> = {
  pending_new: 'Pending',
  new: 'Open',
  partially_filled: 'Partly filled',
  filled: 'Filled',
  canceled: 'Canceled',
  expired: 'Expired',
  replaced: 'Replaced',
  rejected: 'Rejected',
};

const TIME_IN_FORCE: Record<Order['time_in_force'], string> = {
  day: 'Day',
  gtc: 'Good till canceled',
  ioc: 'Immediate or cancel',
  fok: 'Fill or kill',
};

const REASON: Record<Reason, string> = {
  insufficient_buying_power: 'Not enough buying power',
  insufficient_shares: 'Not enough shares',
  requested: 'As requested',
  nothing_to_match: 'Nothing left to trade with',
  cannot_fill_completely: 'Could not fill completely at once',
  too_late_to_enter: 'Was on its way for too long',
  self_trade: 'Would have traded with yourself',
  symbol_halted: 'Trading was halted',
  already_filled: 'Had filled already',
  order_not_open: 'Was no longer open',
};

/** One or two words; an order whose cancel is under way says so. */
export function statusWord(order: Pick<Order, 'status' | 'cancel_requested_at'>): string {
  return isCanceling(order) ? 'Canceling…' : STATUS[order.status];
}

export function isCanceling(order: Pick<Order, 'status' | 'cancel_requested_at'>): boolean {
  return isOpen(order) && order.cancel_requested_at !== null;
}

/** Why the order ended as it did, in a few words; empty where there is nothing to explain. */
export function reasonWord(order: Pick<Order, 'reason'>): string {
  return order.reason === null ? '' : REASON[order.reason];
}

/** The reason of an event, which may be one that this page does not know yet. */
export function reasonText(reason: string | undefined): string {
  return REASON[reason as Reason] ?? (reason ?? '').replaceAll('_', ' ');
}

/** "Limit · GTC" */
export function typeWords({ type, time_in_force }: Pick<Order, 'type' | 'time_in_force'>): string {
  return `${type === 'market' ? 'Market' : 'Limit'} · ${time_in_force === 'day' ? 'Day' : time_in_force.toUpperCase()}`;
}

export function timeInForceWord(timeInForce: Order['time_in_force']): string {
  return TIME_IN_FORCE[timeInForce];
}

export function sideWord(side: Order['side']): string {
  return side === 'buy' ? 'Buy' : 'Sell';
}

/** "buy 10 AAPL", for the labels of buttons. */
export function orderName({ side, qty, symbol }: Pick<Order, 'side' | 'qty' | 'symbol'>): string {
  return `${side} ${qty} ${symbol}`;
}

/** Why the order cannot be changed, or undefined if it can. */
export function whyNotAmend(order: Order): string | undefined {
  if (!isOpen(order)) return 'The order is no longer open.';
  if (isCanceling(order)) return 'The order is being canceled.';
  if (order.type === 'market') return 'A market order cannot be changed; it trades at once.';
  if (order.time_in_force === 'ioc' || order.time_in_force === 'fok') return 'This order trades at once or not at all.';
  return undefined;
}

/** How much has filled: 0 to 100. */
export function filledPercent(order: Pick<Order, 'qty' | 'filled_qty'>): number {
  return (100 * (Number(order.qty) - remainingOf(order))) / Number(order.qty);
}
