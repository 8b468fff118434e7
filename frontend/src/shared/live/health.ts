/** How much the live picture can be trusted at the moment, told from when something was heard last. */

export type LiveState = 'connecting' | 'live' | 'delayed' | 'offline';

export interface Health {
  state: LiveState;
  /** Since the exchange was heard or answered a poll last, in whole seconds as milliseconds; undefined before. */
  ageMs: number | undefined;
}

/** The exchange speaks at least every two seconds. */
export const DELAYED_MS = 5_000;
export const OFFLINE_MS = 4_000;

export class Pulse {
  private isConnected = false;
  private isBusConnected = true;
  private connectedAtMs = 0;
  private heardAtMs: number | undefined;
  private answeredAtMs: number | undefined;
  private isOffline = false;

  constructor(private lostAtMs: number) {}

  connectionIs(isConnected: boolean, nowMs: number): void {
    if (this.isConnected && !isConnected) this.lostAtMs = nowMs;
    if (!this.isConnected && isConnected) this.connectedAtMs = nowMs;
    this.isConnected = isConnected;
  }

  heard(isBusConnected: boolean, nowMs: number): void {
    this.heardAtMs = nowMs;
    this.isBusConnected = isBusConnected;
  }

  /** A poll was answered. */
  answered(nowMs: number): void {
    this.answeredAtMs = nowMs;
  }

  health(nowMs: number): Health {
    const newsAtMs = Math.max(this.heardAtMs ?? 0, this.answeredAtMs ?? 0);
    const ageMs = newsAtMs === 0 ? undefined : Math.floor((nowMs - newsAtMs) / 1_000) * 1_000;
    const state = this.stateAt(nowMs);
    this.isOffline = state === 'offline';
    return { state, ageMs };
  }

  private stateAt(nowMs: number): LiveState {
    if (!this.isConnected) return this.isOffline || nowMs - this.lostAtMs >= OFFLINE_MS ? 'offline' : 'connecting';
    const heardAtMs = Math.max(this.heardAtMs ?? 0, this.connectedAtMs);
    if (nowMs - heardAtMs >= DELAYED_MS || !this.isBusConnected) return 'delayed';
    return heardAtMs === this.heardAtMs ? 'live' : 'connecting';
  }
}
