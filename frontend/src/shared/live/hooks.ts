/** What components hear live: freshness, prices, one market, and news of the account. */
import { useCallback, useEffect, useEffectEvent, useMemo, useSyncExternalStore } from 'react';
import type { Health } from './health';
import type { Subscribers } from './live';
import { useLivePicture } from './liveContext';
import { NO_MARKET, type MarketState } from './market';
import type { Quote } from './prices';
import type { OrderEvent } from './protocol';
import { slowly } from './slowly';

const NO_SYMBOLS: readonly string[] = [];

/** How fresh the page is. */
export function useLive(): Health {
  const live = useLivePicture();
  return useSyncExternalStore(live.subscribeHealth, live.getHealth);
}

/** A symbol's last price, live, but no more often than every `pauseMs`; undefined before its first trade is known. */
export function usePrice(symbol: string, pauseMs = 0): Quote | undefined {
  const live = useLivePicture();
  useEffect(() => live.wantPrice(symbol), [live, symbol]);
  return useSyncExternalStore(usePaced(live.prices.subscribe, pauseMs), () => live.prices.get(symbol));
}

/** All last prices known; those of `symbols` are kept live, but move no more often than every `pauseMs`. */
export function usePrices(symbols: readonly string[] = NO_SYMBOLS, pauseMs = 0): ReadonlyMap<string, Quote> {
  const live = useLivePicture();
  const wanted = symbols.join(',');
  useEffect(() => {
    const releases = wanted.split(',').filter(Boolean).map((symbol) => live.wantPrice(symbol));
    return () => releases.forEach((release) => release());
  }, [live, wanted]);
  return useSyncExternalStore(usePaced(live.prices.subscribe, pauseMs), live.prices.getAll);
}

/** A symbol's depth and tape, live, but no more often than every `pauseMs`. */
export function useMarket(symbol: string, pauseMs = 0): MarketState {
  const live = useLivePicture();
  const subscribe = useCallback(
    (listener: () => void) => {
      const release = live.wantMarket(symbol);
      const stop = live.market(symbol)?.subscribe(listener);
      return () => {
        stop?.();
        release();
      };
    },
    [live, symbol],
  );
  return useSyncExternalStore(usePaced(subscribe, pauseMs), () => live.market(symbol)?.getState() ?? NO_MARKET);
}

/** Hear what happens to the account's orders, in order. */
export function useOrderEvents(handler: (events: readonly OrderEvent[]) => void): void {
  useNews('orderEvents', handler);
}

/** Hear that cash, holds or positions have changed, and the API shows it. */
export function usePortfolioChanged(handler: () => void): void {
  useNews('portfolioChanged', handler);
}

/** Hear what must be fetched again because something may have been missed: "orders", "portfolio", "prices", symbols. */
export function useResync(handler: (what: readonly string[]) => void): void {
  useNews('resync', handler);
}

function usePaced(subscribe: Parameters<typeof slowly>[0], pauseMs: number): typeof subscribe {
  return useMemo(() => (pauseMs > 0 ? slowly(subscribe, pauseMs) : subscribe), [subscribe, pauseMs]);
}

function useNews<Name extends keyof Subscribers>(name: Name, handler: Subscribers[Name] extends Set<infer H> ? H : never): void {
  const live = useLivePicture();
  const latest = useEffectEvent(handler as (...args: unknown[]) => void);
  useEffect(() => {
    const heard = (...args: unknown[]) => latest(...args);
    const hearers = live.subscribers[name] as Set<(...args: unknown[]) => void>;
    hearers.add(heard);
    return () => void hearers.delete(heard);
  }, [live, name]);
}
