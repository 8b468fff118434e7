/** The order events of the last moments: an answer of the API that is older than them is brought up to date with them. */
import type { OrderEvent } from '@/shared/live/protocol';
import { applyEvent } from './patch';
import type { Order } from './types';

/** Longer than the exchange takes to show in its lists what it has told live. */
export const KEPT_MS = 15_000;
const MOST_KEPT = 2_000;

export interface RecentEvents {
  /** Take an event in; false if a newer one about its order came before, which makes it history. */
  note(event: OrderEvent): boolean;
  /** The order as the noted events leave it. */
  catchUp(order: Order): Order;
  forget(): void;
}

/** A memory of its own; `nowMs` is the clock. */
export function createRecentEvents(nowMs: () => number = Date.now): RecentEvents {
  let kept: { event: OrderEvent; atMs: number }[] = [];
  const newest = new Map<string, number>();
  return {
    note(event) {
      const sequence = event.sequence ?? 0;
      if (sequence > 0 && sequence < (newest.get(event.order_id) ?? 0)) return false;
      kept = [...kept.filter(({ atMs }) => atMs > nowMs() - KEPT_MS), { event, atMs: nowMs() }].slice(-MOST_KEPT);
      if (sequence > 0) newest.set(event.order_id, sequence);
      if (newest.size > MOST_KEPT) newest.delete(newest.keys().next().value ?? '');
      return true;
    },
    catchUp: (order) => kept.reduce((latest, { event }) => applyEvent(latest, event), order),
    forget() {
      kept = [];
      newest.clear();
    },
  };
}

/** The page's one memory; events come in through `useOrdersLive`. */
export const recentEvents = createRecentEvents();
