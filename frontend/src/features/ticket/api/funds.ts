/** What the account can spend and sell, kept in step with the exchange. */
import { useQuery } from '@tanstack/react-query';
import { api, calmly, queryClient, unwrap, useSession } from '@/shared/api';
import { parseDecimal } from '@/shared/format';
import { useLive, usePortfolioChanged, useResync } from '@/shared/live';

const KEY = ['ticket', 'funds'];
const REFETCH_PAUSE_MS = 1_000;
const POLL_MS = 5_000;

/** `buyingPower` in 1/10000 dollar; `owned` and `available` in shares of the symbol. */
export interface Funds {
  buyingPower: bigint;
  owned: number;
  available: number;
}

/** undefined while nobody is signed in or the exchange has not answered. */
export function useFunds(symbol: string): Funds | undefined {
  usePortfolioChanged(refetchFunds);
  useResync(refetchFunds);
  const isOffline = useLive().state === 'offline';
  const { data } = useQuery({
    queryKey: KEY,
    queryFn: fetchFunds,
    enabled: useSession().status === 'signed-in',
    refetchInterval: isOffline && POLL_MS,
  });
  if (!data) return undefined;
  const position = data.positions.find((owned) => owned.symbol === symbol);
  return {
    buyingPower: parseDecimal(data.account.buying_power),
    owned: Number(position?.qty ?? 0),
    available: Number(position?.qty_available ?? 0),
  };
}

/** Ask again: an order was answered, or the exchange says that something changed. */
export const refetchFunds = calmly(() => queryClient.invalidateQueries({ queryKey: KEY }), REFETCH_PAUSE_MS);

async function fetchFunds({ signal }: { signal: AbortSignal }) {
  const [account, positions] = await Promise.all([
    unwrap(api.GET('/v2/account', { signal })),
    unwrap(api.GET('/v2/positions', { signal })),
  ]);
  return { account, positions };
}
