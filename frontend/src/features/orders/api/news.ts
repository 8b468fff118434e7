/** What order events are worth telling a person who may be looking elsewhere. */
import { formatPrice, formatQuantity, parseDecimal } from '@/shared/format';
import type { OrderEvent } from '@/shared/live/protocol';
import { reasonText } from './words';

export interface News {
  orderId: string;
  tone: 'good' | 'bad' | 'plain';
  title: string;
  text: string;
}

const ENDS: readonly OrderEvent['event'][] = ['rejected', 'replace_rejected', 'canceled', 'expired'];

/** One piece of news per order, in the order of their first events; orders without anything to tell are left out. */
export function newsOf(events: readonly OrderEvent[]): News[] {
  const orderIds = [...new Set(events.map((event) => event.order_id))];
  return orderIds.flatMap((orderId) => newsOfOne(events.filter((event) => event.order_id === orderId)) ?? []);
}

function newsOfOne(events: readonly OrderEvent[]): News | undefined {
  const end = events.findLast(({ event }) => ENDS.includes(event));
  const fills = events.filter(({ event }) => event === 'filled');
  return fills.length > 0 ? fillNews(fills, end) : end && endNews(end);
}

function fillNews(fills: readonly OrderEvent[], end: OrderEvent | undefined): News | undefined {
  const last = fills.at(-1);
  if (last === undefined) return undefined;
  const quantity = fills.reduce((total, { quantity = 0 }) => total + quantity, 0);
  return {
    orderId: last.order_id,
    tone: 'good',
    title: `${last.side === 'sell' ? 'Sold' : 'Bought'} ${formatQuantity(quantity)} ${last.symbol}`,
    text: `${priceWords(fills, quantity)}. ${restWords(last.remaining ?? 0, end)}`,
  };
}

function restWords(left: number, end: OrderEvent | undefined): string {
  if (left === 0) return 'The order is filled.';
  return `${formatQuantity(left)} ${end === undefined ? 'still to fill' : 'were not filled'}.`;
}

function priceWords(fills: readonly OrderEvent[], quantity: number): string {
  const prices = new Set(fills.map(({ price }) => price ?? '0'));
  const [only = '0'] = prices;
  if (prices.size === 1) return `At ${formatPrice(only)}`;
  const notional = fills.reduce((sum, fill) => sum + BigInt(fill.quantity ?? 0) * parseDecimal(fill.price ?? '0'), 0n);
  return `At ${formatPrice(notional / BigInt(quantity))} on average`;
}

function endNews(end: OrderEvent): News | undefined {
  if (end.event === 'canceled' && end.reason === 'requested') return undefined;
  const left = end.remaining ? ` ${restWords(end.remaining, end)}` : '';
  const { title, text } = endWords(end);
  return { orderId: end.order_id, tone: end.event === 'expired' ? 'plain' : 'bad', title, text: `${text}.${left}` };
}

function endWords({ event, symbol, reason }: OrderEvent): { title: string; text: string } {
  if (event === 'expired') return { title: `${symbol} order expired`, text: 'Its day is over' };
  const text = reasonText(reason);
  if (event === 'canceled') return { title: `${symbol} order canceled`, text };
  if (event === 'rejected') return { title: `${symbol} order rejected`, text };
  return { title: `${symbol} order not changed`, text: `${text}. It stands as it was` };
}
