/** What is heard of the account's orders: into what is shown at once, into words after a moment, and then the API's truth. */
import { useEffect, useRef } from 'react';
import { queryClient, useSession } from '@/shared/api';
import { useOrderEvents, useResync, type OrderEvent } from '@/shared/live';
import { applyEvents, refetchOrders } from './cache';
import { newsOf, type News } from './news';
import { applyEvent } from './patch';
import { recentEvents } from './recent';
import type { Order } from './types';

/** Fills of one order often come in a row: they are told as one. By then the ticket has shown its own order's answer. */
const GATHER_MS = 500;
/** The lists of the exchange show an event a little after it was told. */
const REFETCH_AFTER_MS = 1_500;

/** `tell` is called for what is news: not for what the answer to this page's own order has shown already. */
export function useOrdersLive(tell: (news: News) => void): void {
  const waiting = useRef<OrderEvent[]>([]);
  const gather = useDelay(GATHER_MS, () => newsOf(waiting.current.splice(0).filter(isNews)).forEach(tell));
  const refetch = useDelay(REFETCH_AFTER_MS, refetchOrders);
  const { accountId } = useSession();

  useEffect(() => () => recentEvents.forget(), [accountId]);
  useOrderEvents((events) => {
    const fresh = events.filter((event) => recentEvents.note(event));
    applyEvents(fresh);
    waiting.current.push(...fresh);
    gather();
    refetch();
  });
  useResync((what) => {
    if (what.includes('orders')) refetchOrders();
  });
}

/** Whether the ticket's answer, if there was one, did not show yet what the event says. */
function isNews(event: OrderEvent): boolean {
  const answered = queryClient.getQueryData<Order>(['outcome', event.order_id]);
  if (!answered) return true;
  const after = applyEvent(answered, event);
  if (after === answered) return false;
  queryClient.setQueryData(['outcome', event.order_id], after);
  return true;
}

/** A function that runs `work` once, a while after it was first called, however often that is. */
function useDelay(delayMs: number, work: () => unknown): () => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      work();
    }, delayMs);
  };
}
