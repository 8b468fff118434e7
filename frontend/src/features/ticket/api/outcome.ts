/** What became of an order, said in one line as soon as the exchange has answered. */
import { formatPrice, formatQuantity } from '@/shared/format';
import type { Order } from '@/shared/ticket/order';

export interface Outcome {
  tone: 'good' | 'plain' | 'bad' | 'doubtful';
  title: string;
  text: string;
}

/** The order as it was answered: filled, resting, ended or still on its way. */
export function outcomeOf(order: Order): Outcome {
  const left = Number(order.qty) - Number(order.filled_qty);
  switch (order.status) {
    case 'rejected':
      return { tone: 'bad', title: 'Rejected', text: reasonOf(order) };
    case 'pending_new':
      return { tone: 'plain', title: 'Accepted', text: 'It is on its way to the book.' };
    case 'new':
      return { tone: 'plain', title: 'Resting', text: `${standing(order, left)}.` };
    case 'partially_filled':
      return { tone: 'good', title: fillTitle(order), text: `${standing(order, left)}.` };
    case 'filled':
      return { tone: 'good', title: fillTitle(order), text: 'The order is filled.' };
    default:
      return ended(order, left);
  }
}

function ended(order: Order, left: number): Outcome {
  if (order.filled_qty === '0') return { tone: 'bad', title: 'Not filled', text: reasonOf(order) };
  const rest = `${formatQuantity(left)} not filled: ${reasonOf(order)}`;
  return { tone: 'good', title: fillTitle(order), text: rest };
}

function fillTitle(order: Order): string {
  const verb = order.side === 'buy' ? 'Bought' : 'Sold';
  return `${verb} ${formatQuantity(order.filled_qty)} ${order.symbol} at ${formatPrice(order.filled_avg_price)}`;
}

function standing(order: Order, left: number): string {
  const limit = order.limit_price === null ? '' : ` at ${formatPrice(order.limit_price)}`;
  return `${order.side === 'buy' ? 'Buying' : 'Selling'} ${formatQuantity(left)} ${order.symbol}${limit}`;
}

function reasonOf(order: Order): string {
  return order.reason_message ?? `The order was ${order.status}.`;
}
