/** The socket: signed in, renewed, reconnected for ever, and asked for exactly what the page wants to hear. */
import { io, type Socket } from 'socket.io-client';
import { getAccessToken, onAccessToken, renewAccessToken } from '../api/session';
import type { LiveRefusal, LiveUpdate, Subscription } from './protocol';

export interface Hearer {
  /** Subscribed (again): fetch what is shown, whatever was missed in between is in it. */
  subscribed: () => void;
  /** Parts of the subscription are new: their snapshots can be fetched now. */
  widened: () => void;
  updated: (update: LiveUpdate) => void;
  connectionChanged: () => void;
}

const PATH = '/socket.io';
const ACK_TIME_LIMIT_MS = 10_000;
const GATHER_MS = 20;
const RESUBSCRIBE_MS = 2_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;

export class Connection {
  private readonly socket: Socket;
  private gathering: ReturnType<typeof setTimeout> | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private retryMs = FIRST_RETRY_MS;
  private isOpen = false;
  private hasSubscribed = false;
  private stopHearingTokens: (() => void) | undefined;

  constructor(
    private readonly wanted: () => Subscription,
    private readonly hearer: Hearer,
  ) {
    this.socket = io({
      path: PATH,
      transports: ['websocket'],
      autoConnect: false,
      reconnectionDelay: FIRST_RETRY_MS,
      reconnectionDelayMax: LONGEST_RETRY_MS,
      auth: (give) => void getAccessToken().then((token) => give({ token }), () => give({ token: '' })),
    });
    this.socket.on('connect', () => this.connected());
    this.socket.on('disconnect', () => this.disconnected());
    this.socket.on('connect_error', (error: Error & { data?: LiveRefusal }) => this.refused(error.data));
    this.socket.on('update', (update: LiveUpdate, acknowledge: () => void) => this.update(update, acknowledge));
  }

  isConnected(): boolean {
    return this.socket.connected;
  }

  open(): void {
    this.isOpen = true;
    this.stopHearingTokens = onAccessToken((token) => {
      if (token && this.socket.connected) this.socket.timeout(ACK_TIME_LIMIT_MS).emit('renew', { token }, () => undefined);
    });
    this.socket.connect();
  }

  close(): void {
    this.isOpen = false;
    this.stopHearingTokens?.();
    clearTimeout(this.retry);
    clearTimeout(this.gathering);
    this.socket.disconnect();
  }

  /** What is wanted has changed: say so soon, in one message for all changes of the moment. */
  subscriptionChanged(afterMs = GATHER_MS): void {
    clearTimeout(this.gathering);
    this.gathering = setTimeout(() => this.subscribe(), afterMs);
  }

  private connected(): void {
    this.retryMs = FIRST_RETRY_MS;
    this.hearer.connectionChanged();
    this.hasSubscribed = false;
    this.subscribe();
  }

  private subscribe(): void {
    if (!this.socket.connected) return;
    this.socket.timeout(ACK_TIME_LIMIT_MS).emit('subscribe', this.wanted(), (error: Error | null, answer?: { error?: LiveRefusal }) => {
      if (error || answer?.error) this.subscriptionChanged(RESUBSCRIBE_MS);
      else this.subscribed();
    });
  }

  private subscribed(): void {
    if (this.hasSubscribed) this.hearer.widened();
    else this.hearer.subscribed();
    this.hasSubscribed = true;
  }

  private update(update: LiveUpdate, acknowledge: () => void): void {
    this.hearer.updated(update);
    acknowledge(); // only now: a page that is slow to draw gets fewer and fuller updates
  }

  private disconnected(): void {
    this.hearer.connectionChanged();
    if (!this.socket.active) this.tryAgain();
  }

  private refused(refusal: LiveRefusal | undefined): void {
    this.hearer.connectionChanged();
    if (this.socket.active) return; // the network's fault: the socket tries again by itself
    const isAboutToken = refusal?.name === 'unauthenticated' || refusal?.name === 'session_ended';
    this.tryAgain(isAboutToken);
  }

  private tryAgain(withNewToken = false): void {
    if (!this.isOpen) return;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => void this.reconnect(withNewToken), this.retryMs * (0.5 + Math.random() / 2));
    this.retryMs = Math.min(this.retryMs * 2, LONGEST_RETRY_MS);
  }

  private async reconnect(withNewToken: boolean): Promise<void> {
    if (withNewToken) await renewAccessToken().catch(() => undefined);
    if (this.isOpen) this.socket.connect();
  }
}
