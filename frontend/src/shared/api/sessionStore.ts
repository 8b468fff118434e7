/** Who is signed in, in this tab and in step with the others; owns both tokens and their renewal. */
import { ApiError } from './errors';

export interface Tokens {
  account_id: string;
  name: string;
  access_token: string;
  refresh_token: string;
  expires_in: number;
}

export type SessionState =
  | { status: 'loading' | 'anonymous'; accountId: undefined; accountName: undefined; hasEnded: boolean }
  | { status: 'signed-in'; accountId: string; accountName: string; hasEnded: false };

/** What the store lives on; tests give it their own. `exclusively` runs work while no other tab runs such work. */
export interface SessionGround {
  shared: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  ofTab: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  exclusively: <T>(work: () => Promise<T>) => Promise<T>;
  refresh: (refreshToken: string) => Promise<Tokens>;
  nowMs: () => number;
}

interface Kept {
  refreshToken: string;
  accountId: string;
  accountName: string;
}

interface Access {
  token: string;
  accountId: string;
  endsAtMs: number;
}

export const KEPT_KEY = 'stock-exchange.session';
const ACCESS_KEY = 'stock-exchange.access';
const RENEW_EARLY_MS = 60_000;
const STILL_GOOD_MS = 5_000;

export class SessionStore {
  private state: SessionState;
  private access: Access | undefined;
  private renewing: Promise<string | undefined> | undefined;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly ground: SessionGround) {
    const kept = this.kept();
    this.access = this.keptAccess(kept);
    this.state = kept ? (this.access ? signedIn(kept) : LOADING) : anonymous(false);
  }

  readonly getState = (): SessionState => this.state;

  /** Hear of every change of state and of every new access token; answers how to stop hearing. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Take the first look at the kept session: afterwards the status is no longer `loading`. */
  async start(): Promise<void> {
    const kept = this.kept();
    if (!kept || this.access) return;
    await this.renew().catch(() => this.enter(signedIn(kept))); // no answer yet is no reason to ask for the password
  }

  /** An access token that still counts; undefined when nobody is signed in. Rejects with an ApiError when it cannot be had now. */
  async accessToken(): Promise<string | undefined> {
    if (this.access && this.access.endsAtMs - this.ground.nowMs() > STILL_GOOD_MS) return this.access.token;
    return this.renew();
  }

  /** The access token in hand, whatever its age. */
  tokenInHand(): string | undefined {
    return this.access?.token;
  }

  /** Milliseconds until the access token should be renewed; undefined without one. */
  renewInMs(): number | undefined {
    return this.access && Math.max(this.access.endsAtMs - RENEW_EARLY_MS - this.ground.nowMs(), 0);
  }

  /** Get a new access token instead of `refused`; undefined when the session is over. */
  async renew(refused?: string): Promise<string | undefined> {
    if (refused !== undefined && this.access && this.access.token !== refused) return this.access.token;
    this.renewing ??= this.ground.exclusively(() => this.rotate()).finally(() => (this.renewing = undefined));
    return this.renewing;
  }

  /** Somebody logged in here. */
  signIn(tokens: Tokens): void {
    this.take(tokens);
  }

  /** Forget the session, in every tab. `hasEnded` says that it was not the person's wish. */
  signOut(hasEnded = false): void {
    this.access = undefined;
    this.ground.ofTab.removeItem(ACCESS_KEY);
    this.ground.shared.removeItem(KEPT_KEY);
    this.enter(anonymous(hasEnded));
  }

  /** Another tab changed what is kept: follow it. */
  follow(): void {
    const kept = this.kept();
    if (kept?.accountId === this.state.accountId) return;
    this.access = undefined;
    this.ground.ofTab.removeItem(ACCESS_KEY);
    this.enter(kept ? signedIn(kept) : anonymous(false));
  }

  private async rotate(): Promise<string | undefined> {
    const kept = this.kept(); // read inside the lock: a token that another tab has used would end the session
    if (!kept) {
      if (this.state.status !== 'anonymous') this.enter(anonymous(false));
      return undefined;
    }
    try {
      const tokens = await this.ground.refresh(kept.refreshToken);
      if (this.kept()?.refreshToken !== kept.refreshToken) return this.access?.token; // logged out or in meanwhile
      return this.take(tokens);
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401)) throw error;
      if (this.kept()?.refreshToken === kept.refreshToken) this.signOut(true);
      return undefined;
    }
  }

  private take(tokens: Tokens): string {
    const kept: Kept = { refreshToken: tokens.refresh_token, accountId: tokens.account_id, accountName: tokens.name };
    this.access = {
      token: tokens.access_token,
      accountId: tokens.account_id,
      endsAtMs: this.ground.nowMs() + tokens.expires_in * 1_000,
    };
    this.ground.shared.setItem(KEPT_KEY, JSON.stringify(kept));
    // A reload takes the access token up again: each refresh spared is one that a page left too early cannot lose.
    this.ground.ofTab.setItem(ACCESS_KEY, JSON.stringify(this.access));
    this.enter(signedIn(kept));
    return tokens.access_token;
  }

  private enter(state: SessionState): void {
    this.state = state.status === this.state.status && state.accountId === this.state.accountId ? this.state : state;
    for (const listener of this.listeners) listener();
  }

  private kept(): Kept | undefined {
    const kept = read<Kept>(this.ground.shared, KEPT_KEY);
    return kept && typeof kept.refreshToken === 'string' && typeof kept.accountId === 'string' ? kept : undefined;
  }

  private keptAccess(kept: Kept | undefined): Access | undefined {
    const access = read<Access>(this.ground.ofTab, ACCESS_KEY);
    const isGood = access && access.accountId === kept?.accountId && access.endsAtMs - this.ground.nowMs() > STILL_GOOD_MS;
    return isGood ? access : undefined;
  }
}

const LOADING: SessionState = { status: 'loading', accountId: undefined, accountName: undefined, hasEnded: false };

function anonymous(hasEnded: boolean): SessionState {
  return { status: 'anonymous', accountId: undefined, accountName: undefined, hasEnded };
}

function signedIn({ accountId, accountName }: Kept): SessionState {
  return { status: 'signed-in', accountId, accountName, hasEnded: false };
}

function read<T>(storage: SessionGround['shared'], key: string): T | undefined {
  try {
    return JSON.parse(storage.getItem(key) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}
