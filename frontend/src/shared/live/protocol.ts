/** The words of the live connection, as the exchange speaks them. */

export interface LivePrice {
  price: string;
  size: number;
  number: number;
  volume: number;
  at: string;
}

export type LiveLevel = readonly [side: 'buy' | 'sell', price: string, quantity: number, orders: number];

/** The levels that changed in commands (previous_sequence, sequence]; quantity 0 says that a level is gone. */
export interface LiveBook {
  previous_sequence: number;
  sequence: number;
  levels: readonly LiveLevel[];
}

export interface LiveTrade {
  number: number;
  price: string;
  size: number;
  taker_side: 'buy' | 'sell';
  at: string;
}

export type OrderEventName =
  | 'placed'
  | 'rejected'
  | 'rested'
  | 'filled'
  | 'canceled'
  | 'expired'
  | 'replaced'
  | 'replace_requested'
  | 'replace_rejected'
  | 'cancel_requested'
  | 'cancel_rejected';

/** What happened to one of the account's own orders. `sequence` is the book's; 0 or absent before the book. */
export interface OrderEvent {
  event: OrderEventName;
  order_id: string;
  symbol: string;
  sequence?: number;
  at: string;
  side?: 'buy' | 'sell';
  type?: 'market' | 'limit';
  time_in_force?: 'day' | 'gtc' | 'ioc' | 'fok';
  qty?: number | string;
  limit_price?: string | null;
  trade_id?: string;
  quantity?: number;
  price?: string;
  remaining?: number;
  is_maker?: boolean;
  reason?: string;
  replaces?: string;
  kept_place?: boolean;
}

/** What the exchange sends; absent keys say that nothing happened there. */
export interface LiveUpdate {
  number: number;
  at: string;
  bus_connected: boolean;
  prices?: Record<string, LivePrice>;
  books?: Record<string, LiveBook>;
  trades?: Record<string, { trades: readonly LiveTrade[]; missed: number }>;
  halts?: Record<string, boolean>;
  listed?: readonly string[];
  orders?: readonly OrderEvent[];
  portfolio_changed?: boolean;
  resync?: readonly string[];
}

export interface LiveRefusal {
  code: number;
  name: string;
  message: string;
}

export interface Subscription {
  prices: readonly string[];
  markets: readonly string[];
}
