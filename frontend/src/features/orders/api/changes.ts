/** What a person can do to orders that were placed: cancel one, cancel all, change one. */
import { useMutation } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api';
import { changeOrders, putOrder, refetchOrders, stopFetching } from './cache';
import type { Order } from './types';

/** Long enough for the book to speak, short enough not to be noticed when it does not. */
const PREFER = { Prefer: 'wait=2' };

/** What of an order is to be different; the quantity is the new total. */
export interface Amendment {
  order: Order;
  qty: string;
  limit_price: string;
}

/** Cancels one order: it shows as "Canceling…" at once, and as it was if the exchange says no. */
export function useCancelOrder(onRefused: (order: Order, error: unknown) => void) {
  return useMutation({
    mutationFn: ({ id }: Order): Promise<Order | undefined> =>
      unwrap(api.DELETE('/v2/orders/{order_id}', { params: { path: { order_id: id } }, headers: PREFER })),
    onMutate: async ({ id }) => {
      await stopFetching(); // an answer on its way does not know of the wish yet
      wishCanceled(id, new Date().toISOString());
    },
    onSuccess: (answered) => answered && putOrder(answered),
    onError: (error, order) => {
      wishCanceled(order.id, null);
      onRefused(order, error);
    },
    onSettled: refetchOrders,
  });
}

/** Cancels every open order of the account; answers how many were asked for. */
export function useCancelAll() {
  return useMutation({
    mutationFn: () => unwrap(api.DELETE('/v2/orders')),
    onSettled: refetchOrders,
  });
}

/** Replaces an order; the answer is the new one, which may have been rejected. A repeat is refused, for the order has been replaced by then. */
export function useAmendOrder(onAnswered: (answer: Order) => void, onRefused: (error: unknown) => void) {
  return useMutation({
    mutationFn: ({ order, qty, limit_price }: Amendment) =>
      unwrap(
        api.PATCH('/v2/orders/{order_id}', {
          params: { path: { order_id: order.id } },
          body: { qty, limit_price },
          headers: PREFER,
        }),
      ),
    onSuccess: onAnswered,
    onError: onRefused,
    onSettled: refetchOrders,
  });
}

function wishCanceled(id: string, at: string | null): void {
  changeOrders((order) => (order.id === id ? { ...order, cancel_requested_at: at } : order));
}
