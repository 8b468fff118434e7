/** Candles for the chart, fetched or built from trades, and moved on by every trade. Display only: prices are floats here. */
import type { components } from '@/shared/api';

type Bar = components['schemas']['Bar'];

/** `time` is the start in seconds since 1970 UTC. */
export interface Candle {
  time: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

/** What of a trade a candle is made of. */
export interface Print {
  number: number;
  price: string;
  size: number;
  at: string;
}

export interface Interval {
  name: string;
  words: string;
  spanS: number;
  /** What the exchange calls it; without one the candles are built from the tape. */
  timeframe?: '1Min' | '5Min' | '1Hour' | '1Day';
}

export const INTERVALS: readonly Interval[] = [
  { name: '10s', words: '10 seconds', spanS: 10 },
  { name: '1m', words: '1 minute', spanS: 60, timeframe: '1Min' },
  { name: '5m', words: '5 minutes', spanS: 300, timeframe: '5Min' },
  { name: '1h', words: '1 hour', spanS: 3_600, timeframe: '1Hour' },
  { name: '1D', words: '1 day', spanS: 86_400, timeframe: '1Day' },
];

export function candleOf({ t, o, h, l, c, v }: Bar): Candle {
  return { time: Date.parse(t) / 1_000, open: o, high: h, low: l, close: c, volume: v };
}

/** The candles on the chart: a fetched beginning, then every trade once. */
export class CandleRow {
  private readonly row: Candle[];

  /** `candles` oldest first; trades up to number `through` are in them already. */
  constructor(
    candles: readonly Candle[],
    private through: number,
    private readonly spanS: number,
  ) {
    this.row = [...candles];
  }

  all(): readonly Candle[] {
    return this.row;
  }

  /** Take in trades, newest first as on the tape; answers the candles that changed or are new, oldest first. */
  take(tape: readonly Print[]): readonly Candle[] {
    const touched = new Set<number>();
    for (const print of newerThan(this.through, tape)) {
      this.through = print.number;
      const changed = this.add(print);
      if (changed !== undefined) touched.add(changed);
    }
    return this.row.filter(({ time }) => touched.has(time));
  }

  private add({ at, price, size }: Print): number | undefined {
    const time = Math.floor(Date.parse(at) / 1_000 / this.spanS) * this.spanS;
    const value = Number(price);
    const last = this.row.at(-1);
    if (last && time < last.time) return undefined; // of a span that is over: the next fetch brings it
    if (last?.time === time) this.row[this.row.length - 1] = grown(last, value, size);
    else this.row.push({ time, open: value, high: value, low: value, close: value, volume: size });
    return time;
  }
}

/** Candles from nothing but trades, newest first. */
export function candlesFrom(tape: readonly Print[], spanS: number): Candle[] {
  const row = new CandleRow([], 0, spanS);
  row.take(tape);
  return [...row.all()];
}

/**
 * The number of the last trade that is in fetched bars: counted from the start of the last bar where the tape reaches
 * back that far, otherwise the newest one known when they came, which the next fetch corrects.
 */
export function countedThrough(last: Bar | undefined, tape: readonly Print[]): number {
  const newest = tape[0]?.number ?? 0;
  if (!last) return newest;
  const start = Date.parse(last.t);
  const inside = tape.filter(({ at }) => Date.parse(at) >= start);
  const first = inside.at(-1);
  const reachesBack = first !== undefined && (inside.length < tape.length || first.number === 1);
  return reachesBack ? first.number + last.n - 1 : newest;
}

function newerThan(number: number, tape: readonly Print[]): Print[] {
  return tape.filter((print) => print.number > number).reverse();
}

function grown(candle: Candle, price: number, size: number): Candle {
  return {
    ...candle,
    high: Math.max(candle.high, price),
    low: Math.min(candle.low, price),
    close: price,
    volume: candle.volume + size,
  };
}
