/** What is asked for all the time is done now and then, and never left out at the end. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { calmly } from './calmly';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const takes = (ms: number) => () => new Promise((done) => setTimeout(done, ms));

describe('calm work', () => {
  it('is done at once when nothing was asked for lately', () => {
    const work = vi.fn(takes(10));
    calmly(work, 1_000)();

    expect(work).toHaveBeenCalledOnce();
  });

  it('is done once more after many asked while it was being done', async () => {
    const work = vi.fn(takes(5_000));
    const ask = calmly(work, 1_000);
    for (let times = 0; times < 50; times += 1) {
      ask();
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(work).toHaveBeenCalledOnce();

    await vi.advanceTimersByTimeAsync(60_000);
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('comes at most once a pause', async () => {
    const work = vi.fn(takes(0));
    const ask = calmly(work, 1_000);
    for (let times = 0; times < 100; times += 1) {
      ask();
      await vi.advanceTimersByTimeAsync(100);
    }

    expect(work.mock.calls.length).toBeLessThanOrEqual(11);
    expect(work.mock.calls.length).toBeGreaterThan(5);
  });

  it('goes on after it failed', async () => {
    const work = vi.fn(() => Promise.reject(new Error('no answer')));
    const ask = calmly(work, 1_000);
    ask();
    await vi.advanceTimersByTimeAsync(2_000);
    ask();

    expect(work).toHaveBeenCalledTimes(2);
  });
});
