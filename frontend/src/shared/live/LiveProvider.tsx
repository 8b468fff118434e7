/** Keeps one live connection for whoever is signed in, and what is cached true with it. */
import { useEffect, type ReactNode } from 'react';
import { noteHalts, noteListings } from '../api/assets';
import { api, unwrap } from '../api/client';
import { queryClient } from '../api/query';
import { useSession } from '../api/session';
import { priceText } from '../format/decimal';
import { Live } from './live';
import { LiveContext } from './liveContext';
import { LONGEST_TAPE } from './tape';

const MOST_SYMBOLS = 100;

const live = new Live({
  reach: () => unwrap(api.GET('/v2/clock')),
  depth: (symbol, levels) =>
    unwrap(api.GET('/v2/stocks/{symbol}/orderbook', { params: { path: { symbol }, query: { levels } } })),
  tape: async (symbol) => {
    const query = { limit: LONGEST_TAPE, sort: 'desc' } as const;
    return (await unwrap(api.GET('/v2/stocks/{symbol}/trades', { params: { path: { symbol }, query } }))).trades;
  },
  prices: async (symbols) => {
    const query = { symbols: symbols.slice(0, MOST_SYMBOLS).join(',') };
    const { trades } = await unwrap(api.GET('/v2/stocks/trades/latest', { params: { query } }));
    return Object.entries(trades).map(([symbol, { p, i, t }]) => [symbol, { price: priceText(p), number: i, at: t }] as const);
  },
});

/** Below it, the hooks of `shared/live` hear the exchange. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const { accountId } = useSession();
  useEffect(() => {
    if (!accountId) return;
    live.open();
    return () => live.close();
  }, [accountId]);
  useEffect(keepCacheTrue, []);
  return <LiveContext value={live}>{children}</LiveContext>;
}

function keepCacheTrue(): () => void {
  const { halts, listed, poll, resync } = live.subscribers;
  // Nothing comes by itself now: everything on the page that can age is fetched again.
  const refetch = () => void queryClient.invalidateQueries({ predicate: ({ meta }) => meta?.['poll'] !== false });
  halts.add(noteHalts);
  listed.add(noteListings);
  resync.add(noteListings);
  poll.add(refetch);
  return () => {
    halts.delete(noteHalts);
    listed.delete(noteListings);
    resync.delete(noteListings);
    poll.delete(refetch);
  };
}
