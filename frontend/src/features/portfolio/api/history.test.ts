/** The line of an account's worth ends at now, and gains are what prices did, not what was granted. */
import { describe, expect, it } from 'vitest';
import { gainOf, historyQuery, lineOf } from './history';
import { history } from './samples';

const OPENED = '2026-11-01T00:00:00Z';
const afterOpening = (seconds: number) => Date.parse(OPENED) + seconds * 1_000;

describe('what is asked for', () => {
  const HOUR_S = 3_600;
  const DAY_S = 24 * HOUR_S;

  it.each([
    ['1D', HOUR_S, '1Min'],
    ['1D', 40 * DAY_S, '5Min'],
    ['1W', HOUR_S, '1Min'],
    ['1W', 40 * DAY_S, '15Min'],
    ['1M', DAY_S, '5Min'],
    ['1M', 40 * DAY_S, '1H'],
    ['All', DAY_S, '5Min'],
    ['All', 900 * DAY_S, '1D'],
  ] as const)('of %s after %d seconds are steps of %s', (period, ageS, timeframe) => {
    expect(historyQuery(period, OPENED, afterOpening(ageS)).timeframe).toBe(timeframe);
  });

  it('begins with the account when that is younger than the period, and when all is asked for', () => {
    expect(historyQuery('1W', OPENED, afterOpening(HOUR_S)).start).toBe(new Date(OPENED).toISOString());
    expect(historyQuery('All', OPENED, afterOpening(900 * DAY_S)).start).toBe(new Date(OPENED).toISOString());
    expect(historyQuery('1D', OPENED, afterOpening(3 * DAY_S)).start).toBe('2026-11-03T00:00:00.000Z');
  });
});

describe('the line', () => {
  it('begins with what the period began with and ends with now, a window counting at its end', () => {
    expect(lineOf(history(), 10_300_000n, 770)).toEqual([
      { time: 600, value: 1_000 },
      { time: 660, value: 1_000 },
      { time: 720, value: 1_010 },
      { time: 770, value: 1_030 },
    ]);
  });

  it('never has a time twice, so that the chart can draw it', () => {
    for (const nowS of [599, 600, 660.4, 720, 780, 781]) {
      const times = lineOf(history(), 1n, nowS).map(({ time }) => time);
      expect(times, `at ${nowS}`).toEqual([...new Set(times)].sort((one, other) => one - other));
    }
  });

  it('is empty without a history', () => {
    expect(lineOf(history({ timestamp: [], equity: [], profit_loss: [] }), 1n, 1)).toEqual([]);
  });
});

describe('the gain', () => {
  it('is what the history counts and what prices did since', () => {
    expect(gainOf(history(), 10_300_000n)).toEqual({ amount: 300_000n, ratio: 300_000 / 10_000_000 });
  });

  it('leaves out what was granted', () => {
    const granted = history({ equity: [1_000, 6_000, 6_020], profit_loss: [0, 0, 20] });

    expect(gainOf(granted, 60_200_000n)).toEqual({ amount: 200_000n, ratio: 0.003333 });
  });

  it('can be a loss', () => {
    expect(gainOf(history(), 9_000_000n)).toEqual({ amount: -1_000_000n, ratio: -0.1 });
  });

  it('is nothing without a history', () => {
    expect(gainOf(history({ timestamp: [], equity: [], profit_loss: [] }), 10_000n).amount).toBe(0n);
  });
});
