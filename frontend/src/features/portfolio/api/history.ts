/** An account's worth over time, as the exchange tells it, and how the newest prices continue it. */
import type { components } from '@/shared/api';
import { parseDecimal, ratioOf } from '@/shared/format';

export type History = components['schemas']['PortfolioHistory'];
export type Timeframe = History['timeframe'];

export const PERIODS = ['1D', '1W', '1M', 'All'] as const;
export type Period = (typeof PERIODS)[number];

export const PERIOD_WORDS: Record<Period, string> = {
  '1D': 'past 24 hours',
  '1W': 'past 7 days',
  '1M': 'past 30 days',
  All: 'since the account was opened',
};

/** A point of the chart: seconds since 1970 and dollars. Floats are for drawing only. */
export interface Point {
  time: number;
  value: number;
}

export interface Gain {
  amount: bigint;
  ratio: number | undefined;
}

const DAY_S = 86_400;
const LENGTH_S: Record<Period, number> = { '1D': DAY_S, '1W': 7 * DAY_S, '1M': 30 * DAY_S, All: Infinity };
const SPAN_S: Record<Timeframe, number> = { '1Min': 60, '5Min': 300, '15Min': 900, '1H': 3_600, '1D': DAY_S };
const MOST_POINTS = 750;

/** What to ask for: the finest steps that a chart can still show, from the account's opening on at most. */
export function historyQuery(period: Period, openedAt: string, nowMs: number): { start: string; timeframe: Timeframe } {
  const startMs = Math.max(Date.parse(openedAt), nowMs - LENGTH_S[period] * 1_000);
  const lengthS = (nowMs - startMs) / 1_000;
  const timeframes = Object.keys(SPAN_S) as Timeframe[];
  const timeframe = timeframes.find((each) => lengthS <= MOST_POINTS * SPAN_S[each]) ?? '1D';
  return { start: new Date(startMs).toISOString(), timeframe };
}

/** The line up to `nowS`, where it ends at the equity (1/10000 dollar) at the newest prices; each time once. */
export function lineOf({ timestamp, equity, base_value, timeframe }: History, nowEquity: bigint, nowS: number): Point[] {
  const [startS] = timestamp;
  if (startS === undefined) return [];
  const now = { time: Math.max(Math.floor(nowS), startS + 1), value: Number(nowEquity) / 10_000 };
  const ends = timestamp.map((windowS, index) => ({ time: windowS + SPAN_S[timeframe], value: equity[index] ?? 0 }));
  return [{ time: startS, value: base_value }, ...ends.filter(({ time }) => time < now.time), now];
}

/** What the period earned up to now: what the history counts (grants are no gain), and what prices did since. */
export function gainOf({ equity, profit_loss }: History, nowEquity: bigint): Gain {
  const amount = parseDecimal(profit_loss.at(-1) ?? 0) + nowEquity - parseDecimal(equity.at(-1) ?? Number(nowEquity) / 10_000);
  return { amount, ratio: ratioOf(amount, nowEquity - amount) };
}
