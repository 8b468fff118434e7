/** What the market's panels fetch: snapshots and sparklines of all symbols, candles of one. */
import { useQuery } from '@tanstack/react-query';
import { api, unwrap, useAssets, type components } from '@/shared/api';
import { priceText } from '@/shared/format';
import { candleOf, candlesFrom, type Candle, type Interval, type Print } from './candles';

type Snapshot = components['schemas']['Snapshot'];
type Bar = components['schemas']['Bar'];

export interface FetchedCandles {
  candles: readonly Candle[];
  lastBar: Bar | undefined;
  /** The last trade that is in them, where that is known. */
  through: number | undefined;
}

const MOST_SYMBOLS = 80; // times the minutes of a sparkline, this stays below the largest page
const SHOWN_CANDLES = 600;
const ENOUGH_CANDLES = 15;
const TAPE_FOR_CANDLES = 5_000;
const SPARKLINE_MINUTES = 120;
const SNAPSHOTS_EVERY_MS = 15_000;
const SPARKLINES_EVERY_MS = 60_000;
const CANDLES_EVERY_MS = 60_000;

/** Snapshots of every listed symbol. */
export function useSnapshots() {
  const symbols = useSymbols();
  return useQuery({
    queryKey: ['snapshots', symbols],
    queryFn: () => inChunks<Snapshot>(symbols, (some) => unwrap(api.GET('/v2/stocks/snapshots', query({ symbols: some })))),
    enabled: symbols.length > 0,
    refetchInterval: SNAPSHOTS_EVERY_MS,
    placeholderData: (previous) => previous,
  });
}

/** The closes of the last two hours' minutes, by symbol, oldest first. */
export function useSparklines() {
  const symbols = useSymbols();
  return useQuery({
    queryKey: ['sparklines', symbols],
    queryFn: () => inChunks<number[]>(symbols, fetchCloses),
    enabled: symbols.length > 0,
    refetchInterval: SPARKLINES_EVERY_MS,
    meta: { poll: false },
    placeholderData: (previous) => previous,
  });
}

/** A symbol's candles so far. */
export function useCandles(symbol: string, interval: Interval) {
  return useQuery({
    queryKey: ['candles', symbol, interval.name],
    queryFn: () => (interval.timeframe ? fetchBars(symbol, interval.timeframe) : fetchTape(symbol, interval.spanS)),
    refetchInterval: CANDLES_EVERY_MS,
    staleTime: 0,
    gcTime: 0, // what the chart made of it since is better than what was fetched then
    meta: { poll: false },
  });
}

/** Whether minutes would make too few candles yet; decided once, so that nothing changes under the reader's eyes. */
export function useIsYoung(symbol: string) {
  return useQuery({
    queryKey: ['is young', symbol],
    queryFn: async () => (await fetchBars(symbol, '1Min', ENOUGH_CANDLES)).candles.length < ENOUGH_CANDLES,
    staleTime: Infinity,
    gcTime: Infinity,
    meta: { poll: false },
  });
}

function useSymbols(): readonly string[] {
  return useAssets().data?.map(({ symbol }) => symbol) ?? [];
}

async function fetchCloses(symbols: string): Promise<Record<string, number[]>> {
  const start = new Date(Date.now() - SPARKLINE_MINUTES * 60_000).toISOString();
  const asked = query({ symbols, timeframe: '1Min' as const, start, limit: 10_000 });
  const { bars } = await unwrap(api.GET('/v2/stocks/bars', asked));
  return Object.fromEntries(Object.entries(bars).map(([symbol, some]) => [symbol, some.map(({ c }) => c)]));
}

async function fetchBars(symbol: string, timeframe: NonNullable<Interval['timeframe']>, limit = SHOWN_CANDLES): Promise<FetchedCandles> {
  const params = { path: { symbol }, query: { timeframe, limit, sort: 'desc' as const } };
  const { bars } = await unwrap(api.GET('/v2/stocks/{symbol}/bars', { params }));
  return { candles: bars.map(candleOf).reverse(), lastBar: bars[0], through: undefined };
}

async function fetchTape(symbol: string, spanS: number): Promise<FetchedCandles> {
  const params = { path: { symbol }, query: { limit: TAPE_FOR_CANDLES, sort: 'desc' as const } };
  const { trades } = await unwrap(api.GET('/v2/stocks/{symbol}/trades', { params }));
  const prints: Print[] = trades.map(({ i, p, s, t }) => ({ number: i, price: priceText(p), size: s, at: t }));
  return { candles: candlesFrom(prints, spanS), lastBar: undefined, through: prints[0]?.number ?? 0 };
}

async function inChunks<T>(symbols: readonly string[], fetch: (some: string) => Promise<Record<string, T>>) {
  const chunks = [];
  for (let from = 0; from < symbols.length; from += MOST_SYMBOLS) chunks.push(symbols.slice(from, from + MOST_SYMBOLS).join(','));
  return Object.assign({}, ...(await Promise.all(chunks.map(fetch)))) as Record<string, T>;
}

function query<Q>(asked: Q) {
  return { params: { query: asked } };
}
