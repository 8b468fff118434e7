/** The tabs of the orders page: which statuses each shows, and what of the API it asks for. */
import type { Order, OrderStatus } from './types';

export const VIEWS = ['pending', 'open', 'closed', 'canceled', 'all'] as const;
export type View = (typeof VIEWS)[number];

/** What the API calls the orders that a view is taken from. */
export type Asked = 'open' | 'closed' | 'all';

interface ViewWords {
  label: string;
  statuses: readonly OrderStatus[];
  asks: Asked;
  empty: string;
}

const OPEN: readonly OrderStatus[] = ['new', 'partially_filled'];
const UNFILLED: readonly OrderStatus[] = ['canceled', 'expired', 'replaced', 'rejected'];

export const VIEW: Record<View, ViewWords> = {
  pending: {
    label: 'Pending',
    statuses: ['pending_new'],
    asks: 'open',
    empty: 'No order is on its way. One shows here from the moment it is accepted until the book has it.',
  },
  open: {
    label: 'Open',
    statuses: OPEN,
    asks: 'open',
    empty: 'No order stands in the book. Place a limit order and what is not filled at once waits here.',
  },
  closed: {
    label: 'Closed',
    statuses: ['filled'],
    asks: 'closed',
    empty: 'No order has filled completely yet.',
  },
  canceled: {
    label: 'Canceled',
    statuses: UNFILLED,
    asks: 'closed',
    empty: 'No order was canceled, replaced or rejected, and none has expired.',
  },
  all: {
    label: 'All',
    statuses: ['pending_new', ...OPEN, 'filled', ...UNFILLED],
    asks: 'all',
    empty: 'This account has not placed an order yet.',
  },
};

/** The view a text names, "open" unless it names one. */
export function viewOf(text: string | null): View {
  return VIEWS.find((view) => view === text) ?? 'open';
}

/** Whether an order belongs on the tab as it stands now. */
export function shows(view: View, order: Order): boolean {
  return VIEW[view].statuses.includes(order.status);
}
