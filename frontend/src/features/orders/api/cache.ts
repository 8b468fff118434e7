/** The orders that the page holds: each change of one reaches every list and card that shows it. */
import type { InfiniteData } from '@tanstack/react-query';
import { calmly, queryClient } from '@/shared/api';
import type { OrderEvent } from '@/shared/live';
import { applyEvent } from './patch';
import { KEY } from './queries';
import { recentEvents } from './recent';
import type { Order } from './types';

const REFETCH_PAUSE_MS = 1_000;

type Pages = InfiniteData<Order[], string | undefined>;

/** Change orders wherever they are shown; a `change` that answers the same object leaves things as they are. */
export function changeOrders(change: (order: Order) => Order): void {
  queryClient.setQueriesData<Pages>({ queryKey: KEY.lists }, (held) => held && changePages(held, change));
  queryClient.setQueriesData<Order>({ queryKey: ['orders', 'one'] }, (held) => held && change(held));
}

/** Apply events in their order. */
export function applyEvents(events: readonly OrderEvent[]): void {
  changeOrders((order) => events.reduce(applyEvent, order));
}

/** Show an order as the exchange has just answered it. */
export function putOrder(answered: Order): void {
  changeOrders((order) => (order.id === answered.id ? recentEvents.catchUp(answered) : order));
}

/** Ask again for everything about orders that is being looked at. */
export const refetchOrders = calmly(() => queryClient.invalidateQueries({ queryKey: KEY.all }), REFETCH_PAUSE_MS);

/** Let answers that are on their way come to nothing. */
export function stopFetching(): Promise<void> {
  return queryClient.cancelQueries({ queryKey: KEY.all });
}

function changePages(held: Pages, change: (order: Order) => Order): Pages {
  const pages = held.pages.map((page) => {
    const changed = page.map(change);
    return changed.some((order, position) => order !== page[position]) ? changed : page;
  });
  return pages.some((page, position) => page !== held.pages[position]) ? { ...held, pages } : held;
}
