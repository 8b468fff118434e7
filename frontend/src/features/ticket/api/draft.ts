/** What is being written into the ticket, and what is wrong with it, in words beside the field they are about. */
import { priceProblem, quantityProblem, type Rules } from '@/shared/ticket/amounts';
import type { Field } from '@/shared/ticket/refusals';

export type Side = 'buy' | 'sell';
export type OrderType = 'limit' | 'market';
export type TimeInForce = 'day' | 'gtc' | 'ioc' | 'fok';
export type Problems = Partial<Record<Field, string>>;

/** `quantity` and `price` are as typed. */
export interface Draft {
  side: Side;
  type: OrderType;
  timeInForce: TimeInForce;
  quantity: string;
  price: string;
}

export const EMPTY: Draft = { side: 'buy', type: 'limit', timeInForce: 'day', quantity: '', price: '' };

/** A market order never waits in the book, so it cannot wait for a day's end either. */
export const TIMES: Record<OrderType, readonly TimeInForce[]> = {
  limit: ['day', 'gtc', 'ioc', 'fok'],
  market: ['ioc', 'fok'],
};

/** The draft with that type. Another type starts with a time in force of its own: no limit order is IOC by accident. */
export function withType(draft: Draft, type: OrderType): Draft {
  if (type === draft.type) return draft;
  const isKept = type === 'market' && draft.timeInForce === 'fok';
  return { ...draft, type, timeInForce: isKept ? 'fok' : (TIMES[type][0] ?? 'ioc') };
}

/** What the exchange would refuse for sure; empty if nothing is wrong. */
export function problemsOf(draft: Draft, rules: Rules): Problems {
  const quantity = quantityProblem(draft.quantity, rules, draft.side);
  const price = draft.type === 'limit' ? priceProblem(draft.price, rules) : undefined;
  return { ...(quantity && { quantity }), ...(price && { price }) };
}
