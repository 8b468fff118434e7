/** Positions and activities for tests, in which only what matters needs to be said. */
import type { Activity } from './activities';
import type { History } from './history';
import type { OwnedShares } from './valuation';

export function owned(told: Partial<OwnedShares> = {}): OwnedShares {
  return {
    symbol: 'AAPL',
    qty: '10',
    qty_available: '10',
    avg_entry_price: '100.00',
    cost_basis: '1000.00',
    current_price: '110.00',
    realized_pl: '0.00',
    price_stale: false,
    ...told,
  };
}

export function fill(told: Partial<Extract<Activity, { activity_type: 'FILL' }>> = {}): Activity {
  return {
    id: '20261123043000123::7',
    account_id: 'a',
    activity_type: 'FILL',
    transaction_time: '2026-11-23T04:30:00.123456Z',
    type: 'fill',
    price: '189.37',
    qty: '10',
    side: 'buy',
    symbol: 'AAPL',
    leaves_qty: '0',
    cum_qty: '10',
    order_id: 'order-1',
    order_status: 'filled',
    trade_id: 'trade-1',
    ...told,
  };
}

export function history(told: Partial<History> = {}): History {
  return {
    timestamp: [600, 660, 720],
    equity: [1_000, 1_010, 1_020],
    profit_loss: [0, 10, 20],
    profit_loss_pct: [0, 0.01, 0.02],
    base_value: 1_000,
    timeframe: '1Min',
    cashflow: {},
    ...told,
  };
}
