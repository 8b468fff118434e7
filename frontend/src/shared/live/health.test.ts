/** The badge in the header says neither more nor less than what is known. */
import { describe, expect, it } from 'vitest';
import { DELAYED_MS, OFFLINE_MS, Pulse } from './health';

describe('pulse', () => {
  it('connects, is live, is delayed when nothing comes, and live again', () => {
    const pulse = new Pulse(0);
    expect(pulse.health(0).state).toBe('connecting');
    pulse.connectionIs(true, 100);
    expect(pulse.health(100).state).toBe('connecting');
    pulse.heard(true, 200);
    expect(pulse.health(200)).toEqual({ state: 'live', ageMs: 0 });
    expect(pulse.health(200 + DELAYED_MS)).toEqual({ state: 'delayed', ageMs: DELAYED_MS });
    pulse.heard(true, 9_000);
    expect(pulse.health(9_500).state).toBe('live');
  });

  it('is delayed while the exchange itself hears nothing', () => {
    const pulse = new Pulse(0);
    pulse.connectionIs(true, 0);
    pulse.heard(false, 10);
    expect(pulse.health(20).state).toBe('delayed');
  });

  it('gives a lost connection a moment before it says offline, however often it fails', () => {
    const pulse = new Pulse(0);
    pulse.connectionIs(true, 0);
    pulse.heard(true, 0);
    pulse.connectionIs(false, 1_000);
    pulse.connectionIs(false, 1_000 + OFFLINE_MS - 1);
    expect(pulse.health(1_000 + OFFLINE_MS - 1).state).toBe('connecting');
    expect(pulse.health(1_000 + OFFLINE_MS).state).toBe('offline');
  });

  it('counts its age from the last poll that was answered', () => {
    const pulse = new Pulse(0);
    expect(pulse.health(OFFLINE_MS).ageMs).toBeUndefined();
    pulse.answered(OFFLINE_MS + 500);
    expect(pulse.health(OFFLINE_MS + 3_600)).toEqual({ state: 'offline', ageMs: 3_000 });
  });

  it('stays offline until it is connected again', () => {
    const pulse = new Pulse(0);
    expect(pulse.health(OFFLINE_MS).state).toBe('offline');
    pulse.connectionIs(false, OFFLINE_MS + 1);
    expect(pulse.health(OFFLINE_MS + 2).state).toBe('offline');
    pulse.connectionIs(true, OFFLINE_MS + 3);
    expect(pulse.health(OFFLINE_MS + 3).state).toBe('connecting');
  });
});
