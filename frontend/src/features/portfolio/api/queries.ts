/** Asking for what an account owns, how its worth came about, and keeping the answers in step with the exchange. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, calmly, queryClient, unwrap } from '@/shared/api';
import { usePortfolioChanged, useResync } from '@/shared/live';
import { TYPES_OF_KIND, type Activity, type Kind } from './activities';
import { historyQuery, type Period } from './history';

const PORTFOLIO = 'portfolio';
const HISTORY = 'portfolio-history';
const REFETCH_PAUSE_MS = 1_000;
const HISTORY_PAUSE_MS = 60_000;
const PAGE_SIZE = 25;
const LARGEST_PAGE = 100;
const MOST_PAGES = 500;

/** The account and its positions, fetched together so that cash and shares belong to one moment. */
export function useOwned() {
  return useQuery({
    queryKey: [PORTFOLIO, 'owned'],
    queryFn: async ({ signal }) => {
      const [account, positions] = await Promise.all([
        unwrap(api.GET('/v2/account', { signal })),
        unwrap(api.GET('/v2/positions', { signal })),
      ]);
      return { account, positions };
    },
  });
}

/** The worth over a period of an account opened at `openedAt`; waits until that is known. */
export function useHistory(period: Period, openedAt: string | undefined) {
  return useQuery({
    queryKey: [HISTORY, period, openedAt],
    queryFn: ({ signal }) => {
      const query = historyQuery(period, openedAt ?? '', Date.now());
      return unwrap(api.GET('/v2/account/portfolio/history', { signal, params: { query } }));
    },
    enabled: openedAt !== undefined,
    refetchInterval: HISTORY_PAUSE_MS,
    meta: { poll: false },
  });
}

/** The account's activities of a kind, newest first, a page at a time. */
export function useActivities(kind: Kind) {
  return useInfiniteQuery({
    queryKey: [PORTFOLIO, 'activities', kind],
    queryFn: ({ pageParam, signal }) => fetchActivities(kind, PAGE_SIZE, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => (page.length < PAGE_SIZE ? undefined : page.at(-1)?.id),
  });
}

/** All activities of a kind, for a file. */
export async function fetchAllActivities(kind: Kind): Promise<Activity[]> {
  const all: Activity[] = [];
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await fetchActivities(kind, LARGEST_PAGE, all.at(-1)?.id);
    all.push(...page);
    if (page.length < LARGEST_PAGE) break;
  }
  return all;
}

/** Fetch again what is on show when the exchange says that it changed. A history only grows, so it is not among it. */
export function usePortfolioInStep(): void {
  usePortfolioChanged(refetch);
  useResync(refetch);
}

const refetch = calmly(() => queryClient.invalidateQueries({ queryKey: [PORTFOLIO] }), REFETCH_PAUSE_MS);

async function fetchActivities(kind: Kind, page_size: number, page_token?: string, signal?: AbortSignal): Promise<Activity[]> {
  const query = { page_size, page_token, activity_types: TYPES_OF_KIND[kind] };
  return unwrap(api.GET('/v2/account/activities', { params: { query }, ...(signal && { signal }) }));
}
