/** Whoever hears slowly hears the first at once, the last in the end, and not all between. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { slowly } from './slowly';

const PAUSE_MS = 100;

function heardSlowly() {
  const listeners = new Set<() => void>();
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const heard = vi.fn();
  const stop = slowly(subscribe, PAUSE_MS)(heard);
  return { heard, stop, tell: () => listeners.forEach((listener) => listener()) };
}

describe('slowly', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('tells at once, and what came meanwhile once, after the pause', () => {
    const { heard, tell } = heardSlowly();
    tell();
    expect(heard).toHaveBeenCalledTimes(1);

    tell();
    tell();
    expect(heard).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(PAUSE_MS);
    expect(heard).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(10 * PAUSE_MS);
    expect(heard).toHaveBeenCalledTimes(2);
  });

  it('tells at once again after a quiet time', () => {
    const { heard, tell } = heardSlowly();
    tell();
    vi.advanceTimersByTime(PAUSE_MS);
    tell();
    expect(heard).toHaveBeenCalledTimes(2);
  });

  it('tells nobody who has gone', () => {
    const { heard, stop, tell } = heardSlowly();
    tell();
    tell();
    stop();
    vi.advanceTimersByTime(PAUSE_MS);
    tell();
    expect(heard).toHaveBeenCalledTimes(1);
  });
});
