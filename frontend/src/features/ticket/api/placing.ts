/** Sends an order, and never a second one: until its answer is known every attempt goes under the same name. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { api, newId, queryClient, unwrap } from '@/shared/api';
import { isRefusal } from '@/shared/ticket/refusals';
import { decimalText } from '@/shared/format';
import { readPrice, readQuantity } from '@/shared/ticket/amounts';
import type { Draft } from './draft';
import { refetchFunds } from './funds';
import type { Order } from '@/shared/ticket/order';

/** Long enough for the book to speak; when it has not, the order is shown as accepted. */
const PREFER = { Prefer: 'wait=2' };
const MOST_RETRIES = 2;
const RETRY_AFTER_MS = 700;
const ASK_AFTER_MS = 2_000;

export interface Placing {
  /** Send the draft, or, while the answer to an earlier one is not known, that one again. */
  send: (symbol: string, draft: Draft) => void;
  /** Send the order whose answer is not known once more. */
  sendAgain: () => void;
  /** Forget what was answered; an order whose answer is not known shows in the lists if it was taken. */
  reset: () => void;
  isSending: boolean;
  /** Nobody knows yet whether the exchange has taken the order. */
  isUnknown: boolean;
  order: Order | undefined;
  error: unknown;
}

/** Places one order at a time. */
export function usePlacing(onAnswered: (order: Order) => void, onRefused: (error: unknown) => void): Placing {
  const name = useRef<string>(undefined);
  const mutation = useMutation({
    mutationFn: (wish: ReturnType<typeof wishOf>) => unwrap(api.POST('/v2/orders', { body: wish, headers: PREFER })),
    retry: (failures, error) => failures < MOST_RETRIES && !isRefusal(error),
    retryDelay: RETRY_AFTER_MS,
    onSuccess: (order) => {
      name.current = undefined;
      announce(order);
      onAnswered(order);
    },
    onError: (error) => {
      if (!isRefusal(error)) return;
      name.current = undefined;
      onRefused(error);
    },
  });
  const { mutate, variables, isError, error } = mutation;
  const order = useLatest(mutation.data);
  return {
    send: (symbol, draft) => mutate(wishOf(symbol, draft, (name.current ??= newId()))),
    sendAgain: () => variables && mutate(variables),
    reset: () => {
      name.current = undefined;
      mutation.reset();
    },
    isSending: mutation.isPending,
    isUnknown: isError && !isRefusal(error),
    order,
    error,
  };
}

/** The order as it was last heard of; one whose answer came before the book has spoken is asked for until it has. */
function useLatest(answered: Order | undefined): Order | undefined {
  const { data } = useQuery({
    queryKey: outcomeKey(answered?.id ?? ''),
    queryFn: ({ queryKey: [, id], signal }): Promise<Order> =>
      unwrap(api.GET('/v2/orders/{order_id}', { params: { path: { order_id: id } }, signal })),
    enabled: ({ state }) => state.data?.status === 'pending_new',
    refetchInterval: ASK_AFTER_MS,
  });
  return answered && (data ?? answered);
}

/** Known to whoever tells news of orders: what stands here was shown, and what is heard is put here. */
function outcomeKey(id: string) {
  return ['outcome', id] as const;
}

function wishOf(symbol: string, draft: Draft, client_order_id: string) {
  const { side, type, timeInForce: time_in_force } = draft;
  const limit_price = type === 'limit' ? decimalText(readPrice(draft.price) ?? 0n) : null;
  return {
    symbol,
    side,
    type,
    time_in_force,
    qty: String(readQuantity(draft.quantity)),
    limit_price,
    client_order_id,
  };
}

/** What the ticket shows needs no notice any more; lists and funds have changed. */
function announce(order: Order): void {
  queryClient.setQueryData(outcomeKey(order.id), order);
  void queryClient.invalidateQueries({ queryKey: ['orders'] });
  refetchFunds();
}
