/** A change is compared with the right day, also on the morning after and before anything ever traded. */
import { describe, expect, it } from 'vitest';
import { dayOf, moveOf, withLast } from './day';

const NOW_MS = Date.parse('2026-11-23T12:00:00Z');
const bar = (t: string, o: number, c: number) => ({ t, o, h: Math.max(o, c) + 1, l: Math.min(o, c) - 1, c, v: 100, n: 5, vw: o });
const trade = (p: number) => ({ t: '2026-11-23T11:59:59Z', p, s: 1, i: 9, tks: 'B' as const });
const nothing = { latestTrade: null, latestQuote: null, minuteBar: null, dailyBar: null, prevDailyBar: null };

describe('day', () => {
  it('compares with the previous close', () => {
    const day = dayOf(
      { ...nothing, latestTrade: trade(110), dailyBar: bar('2026-11-23T00:00:00Z', 101, 110), prevDailyBar: bar('2026-11-22T00:00:00Z', 90, 100) },
      '50.00',
      NOW_MS,
    );
    expect(day).toMatchObject({ last: '110.00', reference: '100.00', high: '111.00', low: '100.00', volume: 100 });
    expect(moveOf(day)).toEqual({ change: '10.00', ratio: 0.1 });
  });

  it('compares with the open on the first day', () => {
    const day = dayOf({ ...nothing, latestTrade: trade(99), dailyBar: bar('2026-11-23T00:00:00Z', 100, 99) }, '50.00', NOW_MS);
    expect(moveOf(day)).toEqual({ change: '-1.00', ratio: -0.01 });
  });

  it('has not moved on a day without a trade: the newest bar is yesterday', () => {
    const day = dayOf({ ...nothing, latestTrade: trade(120), dailyBar: bar('2026-11-22T00:00:00Z', 100, 120) }, '50.00', NOW_MS);
    expect(day).toMatchObject({ last: '120.00', reference: '120.00', high: undefined, volume: 0 });
    expect(moveOf(day).ratio).toBe(0);
  });

  it('shows the reference price before anything traded, and no quote where nobody stands', () => {
    const quote = { t: '2026-11-23T11:00:00Z', bp: 0, bs: 0, ap: 51, as: 5 };
    expect(dayOf(undefined, '50.00', NOW_MS)).toMatchObject({ last: '50.00', reference: '50.00' });
    expect(dayOf({ ...nothing, latestQuote: quote }, '50.00', NOW_MS)).toMatchObject({ bid: undefined, ask: '51.00' });
  });

  it('lets a newer price widen the day', () => {
    const day = dayOf({ ...nothing, dailyBar: bar('2026-11-23T00:00:00Z', 100, 101) }, '50.00', NOW_MS);
    expect(withLast(day, '200.00')).toMatchObject({ last: '200.00', high: '200.00', low: '99.00' });
    expect(withLast(day, '9.00')).toMatchObject({ low: '9.00', high: '102.00' });
    expect(withLast(day, undefined)).toBe(day);
  });
});
