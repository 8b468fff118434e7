/** What the page asks the exchange about orders. */
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api';
import { useLive } from '@/shared/live';
import { span, untilAfter, type Filter } from './paging';
import { recentEvents } from './recent';
import type { Fill, Order } from './types';
import type { Asked } from './views';

const PAGE_SIZE = 100;
const EXPORT_PAGE_SIZE = 500;
const POLL_MS = 5_000;
const LONGEST_CHAIN = 50;

/** `all` is above every other key; the ticket knows it too: after an order it asks for the lists again. */
export const KEY = {
  all: ['orders'],
  lists: ['orders', 'list'],
  list: (asked: Asked, filter: Filter) => ['orders', 'list', asked, filter],
  one: (id: string) => ['orders', 'one', id],
  fills: (id: string) => ['orders', 'fills', id],
  chain: (id: string) => ['orders', 'chain', id],
} as const;

/** The newest orders that the filter lets through, and further pages on demand. */
export function useOrders(asked: Asked, filter: Filter) {
  return useInfiniteQuery({
    queryKey: KEY.list(asked, filter),
    queryFn: ({ pageParam, signal }) => fetchPage(asked, filter, PAGE_SIZE, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => nextUntil(page, PAGE_SIZE),
    refetchInterval: usePollWhileOffline(),
  });
}

/** One order, whatever list shows it. */
export function useOrder(id: string) {
  return useQuery({
    queryKey: KEY.one(id),
    queryFn: async ({ signal }) => recentEvents.catchUp(await fetchOrder(id, signal)),
    refetchInterval: usePollWhileOffline(),
  });
}

/** The order's fills, oldest first. */
export function useFills(id: string) {
  return useQuery({
    queryKey: KEY.fills(id),
    queryFn: ({ signal }): Promise<Fill[]> =>
      unwrap(
        api.GET('/v2/orders/{order_id}/fills', {
          params: { path: { order_id: id }, query: { limit: 1_000 } },
          signal,
        }),
      ),
    refetchInterval: usePollWhileOffline(),
  });
}

/** The orders this one came out of and those it became, oldest first, itself included. */
export function useChain(id: string) {
  const client = useQueryClient();
  return useQuery({
    queryKey: KEY.chain(id),
    queryFn: async ({ signal }) => {
      const order = await client.ensureQueryData({
        queryKey: KEY.one(id),
        queryFn: () => fetchOrder(id, signal),
      });
      const before = await follow(order, 'replaces', signal);
      return [...before.reverse(), order, ...(await follow(order, 'replaced_by', signal))];
    },
  });
}

/** Everything the filter lets through, page after page. Rejects with an ApiError. */
export async function fetchAll(asked: Asked, filter: Filter): Promise<Order[]> {
  const found: Order[] = [];
  let until: string | undefined;
  do {
    const page = await fetchPage(asked, filter, EXPORT_PAGE_SIZE, until);
    found.push(...page);
    until = nextUntil(page, EXPORT_PAGE_SIZE);
  } while (until !== undefined);
  return found;
}

async function fetchPage(
  asked: Asked,
  filter: Filter,
  limit: number,
  until: string | undefined,
  signal?: AbortSignal,
): Promise<Order[]> {
  const { symbol, side } = filter;
  const query = { status: asked, limit, ...span(filter), ...(until && { until }), ...(side && { side }) };
  const found = await unwrap(
    api.GET('/v2/orders', {
      params: { query: { ...query, ...(symbol && { symbols: symbol }) } },
      ...(signal && { signal }),
    }),
  );
  return found.map((order) => recentEvents.catchUp(order));
}

function nextUntil(page: readonly Order[], limit: number): string | undefined {
  const last = page.at(-1);
  return last && page.length >= limit ? untilAfter(last.created_at) : undefined;
}

function fetchOrder(id: string, signal: AbortSignal): Promise<Order> {
  return unwrap(api.GET('/v2/orders/{order_id}', { params: { path: { order_id: id } }, signal }));
}

async function follow(order: Order, link: 'replaces' | 'replaced_by', signal: AbortSignal): Promise<Order[]> {
  const found: Order[] = [];
  for (let next = order[link]; next && found.length < LONGEST_CHAIN; next = found.at(-1)?.[link] ?? null) {
    found.push(await fetchOrder(next, signal));
  }
  return found;
}

function usePollWhileOffline(): number | false {
  return useLive().state === 'offline' && POLL_MS;
}
