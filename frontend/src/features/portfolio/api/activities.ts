/** What happened to an account, row by row, in the words of the page and of its CSV file. */
import type { components } from '@/shared/api';
import { decimalText, formatDateTime, formatDay, parseDecimal } from '@/shared/format';

export type Activity = components['schemas']['Activities'][number];

export const KINDS = ['All', 'Trades', 'Grants'] as const;
export type Kind = (typeof KINDS)[number];

/** The API's `activity_types` for a kind; undefined asks for all. */
export const TYPES_OF_KIND: Record<Kind, string | undefined> = { All: undefined, Trades: 'FILL', Grants: 'JNLC,JNLS' };

const HEAD = ['time', 'what', 'symbol', 'shares', 'price', 'cash', 'order_id', 'trade_id', 'id'];

/** An activity as the page shows it; amounts in 1/10000 dollar, what was paid or sold is below zero. */
export interface Movement {
  id: string;
  what: string;
  /** As the exchange wrote it: a time, or the day (UTC) of a grant. */
  at: string;
  symbol: string | undefined;
  shares: bigint | undefined;
  price: bigint | undefined;
  cash: bigint;
  orderId: string | undefined;
  tradeId: string | undefined;
}

export function movementOf(activity: Activity): Movement {
  const none = { symbol: undefined, shares: undefined, price: undefined, orderId: undefined, tradeId: undefined };
  switch (activity.activity_type) {
    case 'FILL': {
      const { id, transaction_time: at, symbol, order_id: orderId, trade_id: tradeId } = activity;
      const isSale = activity.side === 'sell';
      const price = parseDecimal(activity.price);
      const shares = isSale ? -BigInt(activity.qty) : BigInt(activity.qty);
      return { id, what: isSale ? 'Sold' : 'Bought', at, symbol, shares, price, cash: -shares * price, orderId, tradeId };
    }
    case 'JNLC': {
      const { id, date: at, description: what, net_amount } = activity;
      return { ...none, id, what, at, cash: parseDecimal(net_amount) };
    }
    case 'JNLS': {
      const { id, date: at, description: what, symbol, net_amount } = activity;
      const price = parseDecimal(activity.per_share_amount);
      return { ...none, id, what, at, symbol, shares: BigInt(activity.qty), price, cash: parseDecimal(net_amount) };
    }
  }
}

/** A time on the reader's clock; a day as it is. */
export function momentText(at: string): string {
  return at.includes('T') ? formatDateTime(at) : formatDay(at);
}

/** The activities as rows of a CSV file, the head first. */
export function activityRows(activities: readonly Activity[]): (string | undefined)[][] {
  return [HEAD, ...activities.map((activity) => rowOf(movementOf(activity)))];
}

function rowOf({ at, what, symbol, shares, price, cash, orderId, tradeId, id }: Movement): (string | undefined)[] {
  const priceText = price === undefined ? undefined : decimalText(price);
  return [at, what, symbol, shares?.toString(), priceText, decimalText(cash), orderId, tradeId, id];
}
